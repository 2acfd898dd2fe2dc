"""The shared library beside this file, built from `c/` when the package was installed; or none.

Called through ctypes, which gives the interpreter's lock back for the time of a call.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from enum import IntFlag
from pathlib import Path
from typing import Final

ABI = 5  # FM_ABI of c/kernel.h
NAME = "floodmark_kernel.so"

_POINTER = ctypes.c_void_p
_SIZE = ctypes.c_size_t
_FEATURES = ctypes.c_uint
_TABLES = [_POINTER, _SIZE, _POINTER, _SIZE]
_PAIRS = [_POINTER, _POINTER, _SIZE]
_ROWS = [_POINTER, _SIZE, _SIZE]
_KEYED = [ctypes.c_char_p, _SIZE, ctypes.c_char_p, _SIZE]
_SIGNATURES: dict[str, tuple[type | None, list[type]]] = {
    "fm_source": (ctypes.c_char_p, []),
    "fm_features": (_FEATURES, []),
    "fm_hmac_numbers": (None, [*_KEYED, _POINTER, _SIZE, _POINTER, _FEATURES]),
    "fm_hmac_views": (None, [*_KEYED, _POINTER, _POINTER, _SIZE, _POINTER, _FEATURES]),
    "fm_common": (_SIZE, [_POINTER, _SIZE, _POINTER, _SIZE, _POINTER, _POINTER, _POINTER, _SIZE, _FEATURES]),
    "fm_count_common": (_SIZE, [_POINTER, _SIZE, _POINTER, _SIZE, _FEATURES]),
    "fm_patterns": (None, [_POINTER, _POINTER, _SIZE, _POINTER, _FEATURES]),
    "fm_first_not_ascending": (ctypes.c_int64, [_POINTER, _SIZE]),
    "fm_agreement": (_SIZE, [*_TABLES, _SIZE, _SIZE, *_PAIRS, _POINTER, _POINTER, _POINTER]),
    "fm_joint": (_SIZE, [_POINTER, _SIZE, _SIZE, _POINTER, _SIZE, _SIZE, *_PAIRS, _SIZE, _SIZE, _POINTER]),
    "fm_sealed_look_up": (None, [*_ROWS, _POINTER, _POINTER, _POINTER, _SIZE, ctypes.c_uint64, _POINTER]),
    "fm_sealed_first_descending": (ctypes.c_int64, [*_ROWS, _SIZE, _SIZE]),
    "fm_take": (None, [_POINTER, _POINTER, _POINTER]),
    "fm_oprf_lanes": (_SIZE, [_FEATURES]),
    "fm_oprf_evaluate": (ctypes.c_int, [_POINTER, _FEATURES]),
    "fm_oprf_places": (None, [_POINTER, _SIZE, ctypes.c_char_p, _SIZE, *[_POINTER] * 3, _FEATURES]),
}


class Features(IntFlag):
    """Instruction sets that the kernel has a path of its own for."""

    PORTABLE = 0
    SHA = 1
    AVX2 = 2
    AVX512 = 4
    IFMA = 8


@dataclass(frozen=True)
class Kernel:
    """The loaded library and what it may use of this processor.

    Attributes:
        functions: the `fm_` functions of `c/kernel.h`, with their argument types declared.
        features: instruction sets to use.
        source: SHA-256 of the C sources that it was built from, hexadecimal.
    """

    functions: ctypes.CDLL
    features: Features
    source: str

    def using(self, features: Features) -> Kernel:
        """The same library with none but these of its instruction sets, to test and measure the other paths."""
        return replace(self, features=self.features & features)


def load(path: Path) -> Kernel | None:
    """The library at a path; None when it is missing, of another system, or of another version of the package."""
    try:
        functions = ctypes.CDLL(str(path))
        if functions.fm_abi() != ABI:
            return None
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(functions, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    return Kernel(functions, Features(functions.fm_features()), functions.fm_source().decode())


kernel: Final = load(Path(__file__).with_name(NAME))
compiled: Final = kernel is not None
