"""Exposure: who is in a leak, asked without telling more than the answer needs."""
