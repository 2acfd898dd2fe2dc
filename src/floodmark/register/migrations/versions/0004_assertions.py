"""Statements about leaks and incidents alike, cut into assertions, with what an advert does and who drew its sample."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables, and free statements from the leaks that are saved."""
    op.create_table(
        "incidents",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_incidents")),
    )
    # SQLite changes a table by making it anew, once for each block. Rows that are there need a default at first. What
    # is read back of a table does not tell AUTOINCREMENT, so that each block says it: no number is given again.
    op.drop_index("ix_statements_leak_slug", table_name="statements")
    with op.batch_alter_table("statements", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f("fk_statements_leak_slug_leaks"), type_="foreignkey")
        table.alter_column("leak_slug", new_column_name="about", existing_type=sa.String(length=64))
        table.add_column(sa.Column("offer", sa.String(length=8), nullable=False, server_default=""))
        table.add_column(sa.Column("sample", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("drawn", sa.String(length=12), nullable=False, server_default=""))
    with op.batch_alter_table("statements", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("offer", server_default=None, existing_type=sa.String(length=8))
        table.alter_column("drawn", server_default=None, existing_type=sa.String(length=12))
    op.create_index("ix_statements_about", "statements", ["about"])
    op.create_table(
        "assertions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statements.id"],
            name=op.f("fk_assertions_statement_id_statements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assertions")),
    )
    op.create_index("ix_assertions_statement_id", "assertions", ["statement_id"])
