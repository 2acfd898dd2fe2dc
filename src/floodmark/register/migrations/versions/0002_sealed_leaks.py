"""Sealed leaks, the snapshots that are made of them, and who opted out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "optout_requests",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("kind", "digest", name=op.f("pk_optout_requests")),
    )
    op.create_table(
        "optouts",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("proven_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("kind", "digest", name=op.f("pk_optouts")),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("leaks", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("number", name=op.f("uq_snapshots_number")),
    )
    op.create_table(
        "sealed",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("seal_id", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("m", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug"], ["leaks.slug"], name=op.f("fk_sealed_slug_leaks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_sealed")),
        sa.UniqueConstraint("seal_id", name=op.f("uq_sealed_seal_id")),
    )
