"""Floodmark: what is in a leaked file, is the claim true, am I in it, and whom to tell."""

__version__ = "0.1.0"
