"""Sealed leaks: the blinded index of one leak, publishable, of which nothing is readable without an evaluation."""
