"""Tables of the register, portable between SQLite and PostgreSQL: the schema that migrations build.

Times are text, ISO 8601 in UTC to the second (`2026-01-31T13:05:00Z`), so that both databases sort and show them
alike. Nothing here holds an identifier, a name or a line of a dump.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row: which keys this workspace was made with, and whether freed pages still wait to be wiped.
workspace = Table(
    "workspace",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest_key_id", String(32)),
    Column("signing_key", String(64)),  # public Ed25519 key, hex
    Column("wipe_due", Boolean, nullable=False, default=False),
    Column("created_at", String(20), nullable=False),
)

# What is known of one published set; the model of a breach at Have I Been Pwned, and what triage counted.
leaks = Table(
    "leaks",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("domain", Text, nullable=False, default=""),
    Column("description", Text, nullable=False, default=""),
    Column("attribution", Text, nullable=False, default=""),
    Column("disclosure_url", Text, nullable=False, default=""),
    Column("breach_date", String(10)),
    Column("published_date", String(10)),
    Column("saved_at", String(20), nullable=False),
    Column("modified_at", String(20), nullable=False),
    Column("verified", Boolean, nullable=False, default=False),
    Column("fabricated", Boolean, nullable=False, default=False),
    Column("sensitive", Boolean, nullable=False, default=False),
    Column("retired", Boolean, nullable=False, default=False),
    Column("spam_list", Boolean, nullable=False, default=False),
    Column("malware", Boolean, nullable=False, default=False),
    Column("stealer_log", Boolean, nullable=False, default=False),
    Column("subscription_free", Boolean, nullable=False, default=False),
    Column("synthetic", Boolean, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("field_types", JSON, nullable=False),  # labels
    Column("digest_key_id", String(32), nullable=False),
    Column("profile_version", Integer, nullable=False),
    Column("folder", String(80), nullable=False, unique=True),  # below leaks/
)

# The arrays of a leak, each named with its length and checksum, so that a damaged one is found and named.
leak_arrays = Table(
    "leak_arrays",
    metadata,
    Column("slug", String(64), ForeignKey("leaks.slug", ondelete="CASCADE"), primary_key=True),
    Column("name", String(40), primary_key=True),  # phone, phone.fields, phone.values, domain, domain.counts
    Column("length", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the file, as custody.json signs it
    Column(
        "xxh3", String(32), nullable=False
    ),  # of the file too: checked at memory speed whenever it is used
)

# The sealed leak of a leak: the newest, whose files lie in sealed/<seal_id>/ of the leak's folder.
sealed = Table(
    "sealed",
    metadata,
    Column("slug", String(64), ForeignKey("leaks.slug", ondelete="CASCADE"), primary_key=True),
    Column("seal_id", String(32), nullable=False, unique=True),
    Column("epoch", Integer, nullable=False),
    Column("public_key", String(64), nullable=False),  # of the epoch, hex
    Column("members", JSON, nullable=False),  # identifiers by kind
    Column("m", BigInteger, nullable=False),  # rows of a bucket
    Column("bytes", BigInteger, nullable=False),  # of rows.npy
    Column("manifest_sha256", String(64), nullable=False),
    Column("sealed_at", String(20), nullable=False),
)

# Sets of sealed leaks that checks are answered from, in snapshots/<id>/ of the workspace.
snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("sha256", String(64), nullable=False),  # of the snapshot's text, which the next one names
    Column("epoch", Integer, nullable=False),
    Column("leaks", JSON, nullable=False),  # slugs, in their order
    Column("made_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
)

# Identifiers whose owners proved control and want no sealed leak to hold them, as digests.
optouts = Table(
    "optouts",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("digest", String(16), primary_key=True),  # hex, under the workspace's digest key
    Column("proven_at", String(20), nullable=False),
)

# Codes that were sent to prove control, as keyed hashes, until they are used or expire.
optout_requests = Table(
    "optout_requests",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("digest", String(16), primary_key=True),
    Column("code", String(64), nullable=False),  # hex of a keyed hash
    Column("attempts", Integer, nullable=False, default=0),
    Column("sent_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
)

# What statements are about where there is no dump, or was none yet; a leak may have the same slug.
incidents = Table(
    "incidents",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("recorded_at", String(20), nullable=False),
)

# What somebody said of a leak or an incident, with its source.
statements = Table(
    "statements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("about", String(64), nullable=False),  # slug of a leak, of an incident, or of both
    Column("kind", String(32), nullable=False),  # advert, denial, confirmation, ...
    Column("speaker_kind", String(32), nullable=False),  # seller, company, researcher, regulator, ...
    Column("speaker", Text, nullable=False),
    Column("said_on", String(10), nullable=False),  # a date, or the year or month of one
    Column("learnt_on", String(10)),
    Column("text", Text, nullable=False),
    Column("source_url", Text, nullable=False, default=""),
    Column("source", Text, nullable=False, default=""),
    Column("recorded_at", String(20), nullable=False),
    Column("offer", String(8), nullable=False, default=""),  # of an advert: sold, resold, free
    Column("sample", BigInteger),  # rows of the sample that came with it
    Column("drawn", String(12), nullable=False, default=""),  # who drew the sample
    Index("ix_statements_about", "about"),
    sqlite_autoincrement=True,  # people cite a statement by its number, which is never given again
)

# What of a statement can be tested, in the order in which it is claimed; `value` is as assessment.statements has it.
assertions = Table(
    "assertions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("statement_id", Integer, ForeignKey("statements.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("value", JSON, nullable=False),
    Index("ix_assertions_statement_id", "statement_id"),
)

# Keys of programs that use the HTTP API: random, shown once, kept as a hash.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),  # hex; the part of the key that is no secret
    Column("sha256", String(64), nullable=False),
    Column("label", Text, nullable=False),
    Column("scopes", JSON, nullable=False),  # evaluate, read
    Column("customers", BigInteger),  # attested, of an organisation that evaluates
    Column("made_at", String(20), nullable=False),
    Column("expires_at", String(20)),
    Column("revoked_at", String(20)),
)

# Who signs in to the pages that are not public.
analysts = Table(
    "analysts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password", Text, nullable=False),  # Argon2id, in its own notation
    Column("totp", Text, nullable=False),  # secret of RFC 6238, sealed under a key of the server
    Column(
        "totp_step", BigInteger, nullable=False, default=0
    ),  # the last that was used, so that none is twice
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", String(20)),
    Column("made_at", String(20), nullable=False),
    Column("changed_at", String(20), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("sha256", String(64), primary_key=True),  # of the cookie's random value
    Column("analyst", String(64), ForeignKey("analysts.name", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("made_at", String(20), nullable=False),
    Column("seen_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
    Index("ix_sessions_analyst", "analyst"),
)

# Folders of leaks that were forgotten or replaced and are still to be removed; nobody else's folder is.
removals = Table("removals", metadata, Column("folder", String(80), primary_key=True))

cases = Table(
    "cases",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("status", String(16), nullable=False),  # open, closed
    Column("aware_at", String(20), nullable=False),
    Column("opened_at", String(20), nullable=False),
    Column("closed_at", String(20)),
)

# What a case ties together: `kind` is leak, statement or assessment, `reference` its slug or number.
case_links = Table(
    "case_links",
    metadata,
    Column("case_slug", String(64), ForeignKey("cases.slug", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("reference", String(80), primary_key=True),
    Column("linked_at", String(20), nullable=False),
    Index("ix_case_links_kind_reference", "kind", "reference"),
)

case_notes = Table(
    "case_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_slug", String(64), ForeignKey("cases.slug", ondelete="CASCADE"), nullable=False),
    Column("written_at", String(20), nullable=False),
    Column("author", Text, nullable=False, default=""),
    Column("text", Text, nullable=False),
    Index("ix_case_notes_case_slug", "case_slug"),
)

# A duty of a case that was met, so that its clock stops: `duty` is a slug of notices.deadlines.
case_steps = Table(
    "case_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_slug", String(64), ForeignKey("cases.slug", ondelete="CASCADE"), nullable=False),
    Column("duty", String(40), nullable=False),
    Column("done_at", String(20), nullable=False),
    UniqueConstraint("case_slug", "duty"),
)
