"""The HTTP API and the pages: what `floodmark serve` runs, and the only room that knows a web framework."""
