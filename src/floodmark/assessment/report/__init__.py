"""An overlap as people read it: sentences, a chart, one HTML page and CSV tables.

Nothing here is imported by the other modules of the room, so that a run that prints JSON loads no chart engine.
"""
