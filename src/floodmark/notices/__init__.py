"""Notices: who must be told, what, and by when."""
