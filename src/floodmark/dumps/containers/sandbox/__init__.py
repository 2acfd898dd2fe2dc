"""A process of its own for libarchive, which reads hostile bytes in C: it can compute, and talk through its pipes."""
