"""Alembic migrations of the register, run by `floodmark.register.schema`."""
