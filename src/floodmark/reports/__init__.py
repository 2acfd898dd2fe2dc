"""What the reports of all rooms share: names and numbers for people, drawings, tables, the page and its style.

Nothing here knows what it shows. Other rooms import the modules: `labels`, `numbers`, `csv_tables`, `svg`, `page`.
Only `svg` is slow to load, for the chart engine.
"""
