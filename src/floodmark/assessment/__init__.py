"""Assessment: evidence on what is said of a leak."""
