"""Sufficient statistics: what later tests of a saved leak need, since its dump may be gone.

Fixed in size or bounded, and sums throughout: the statistics of several batches or files are the statistics of all
of them together. `docs/explanation/sufficient-statistics.md` says which test needs which.
"""
