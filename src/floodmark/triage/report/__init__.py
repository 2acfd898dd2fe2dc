"""A profile as people read it: one HTML page, terminal text and CSV tables.

Nothing here is imported by the other modules of triage, so that a run that prints JSON loads no chart engine.
"""
