"""Whether an advert's numbers are those of a table that is known already; needs no data."""
