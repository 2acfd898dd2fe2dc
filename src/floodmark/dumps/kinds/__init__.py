"""Kinds of records, a file each: how a text of that kind is told, cut into chunks, and split into records."""
