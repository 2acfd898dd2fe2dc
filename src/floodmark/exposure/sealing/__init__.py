"""Sealing: a dump streamed once more, each of its identifiers evaluated once, into the bucket matrix."""
