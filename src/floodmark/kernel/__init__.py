"""The compiled kernel: keyed hashes of many values, sorted sets of them, what shared rows say, and sealed rows.

Other rooms use `kernel.keyed_hash`, `kernel.sorted_sets`, `kernel.shared_rows` and `kernel.sealed_rows`. `compiled`
says whether the machine code was built with the package; without it the same functions run on the standard library and
NumPy, with the same results.

>>> import numpy as np
>>> from floodmark.kernel import sorted_sets
>>> a, b = np.array([2, 3, 5, 7], np.uint64), np.array([3, 4, 7], np.uint64)
>>> sorted_sets.count_common(a, b)
2
"""

from __future__ import annotations

from floodmark.kernel.library import compiled

__all__ = ["compiled"]
