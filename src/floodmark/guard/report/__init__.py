"""What past lookups show, as a page and as JSON: who asked for how much, and what the guard makes of it.

The drawings and the page load the chart engine; import `guard_report` alone for the numbers.
"""
