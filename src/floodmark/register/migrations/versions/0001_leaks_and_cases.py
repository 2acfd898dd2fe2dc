"""The first schema: leaks with their arrays, cases with what they tie together, and the row of the workspace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "cases",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("aware_at", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.String(length=20), nullable=False),
        sa.Column("closed_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_cases")),
    )
    op.create_table(
        "leaks",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("disclosure_url", sa.Text(), nullable=False),
        sa.Column("breach_date", sa.String(length=10), nullable=True),
        sa.Column("published_date", sa.String(length=10), nullable=True),
        sa.Column("saved_at", sa.String(length=20), nullable=False),
        sa.Column("modified_at", sa.String(length=20), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("fabricated", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("spam_list", sa.Boolean(), nullable=False),
        sa.Column("malware", sa.Boolean(), nullable=False),
        sa.Column("stealer_log", sa.Boolean(), nullable=False),
        sa.Column("subscription_free", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("field_types", sa.JSON(), nullable=False),
        sa.Column("digest_key_id", sa.String(length=32), nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_leaks")),
        sa.UniqueConstraint("folder", name=op.f("uq_leaks_folder")),
    )
    op.create_table(
        "removals",
        sa.Column("folder", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("folder", name=op.f("pk_removals")),
    )
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_key_id", sa.String(length=32), nullable=True),
        sa.Column("signing_key", sa.String(length=64), nullable=True),
        sa.Column("wipe_due", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
    )
    op.create_table(
        "case_links",
        sa.Column("case_slug", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("linked_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_slug"], ["cases.slug"], name=op.f("fk_case_links_case_slug_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_slug", "kind", "reference", name=op.f("pk_case_links")),
    )
    op.create_index("ix_case_links_kind_reference", "case_links", ["kind", "reference"], unique=False)
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_slug", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_slug"], ["cases.slug"], name=op.f("fk_case_notes_case_slug_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index("ix_case_notes_case_slug", "case_notes", ["case_slug"], unique=False)
    op.create_table(
        "case_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_slug", sa.String(length=64), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("done_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_slug"], ["cases.slug"], name=op.f("fk_case_steps_case_slug_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
        sa.UniqueConstraint("case_slug", "duty", name=op.f("uq_case_steps_case_slug")),
    )
    op.create_table(
        "leak_arrays",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("xxh3", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug"], ["leaks.slug"], name=op.f("fk_leak_arrays_slug_leaks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", "name", name=op.f("pk_leak_arrays")),
    )
