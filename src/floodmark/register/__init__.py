"""The store: leaks, cases and keys, in a workspace folder; the only room that knows SQL."""
