"""Pages for people: rendered here, complete without a script but for the private check."""
