"""The compiled kernel: work on many values that no library does in columns."""
