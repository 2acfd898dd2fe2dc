"""Two dumps side by side: what both have, what one has alone. Nothing of it is kept."""
