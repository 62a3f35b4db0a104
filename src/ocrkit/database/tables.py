"""Every table of the service, as SQLAlchemy Core knows them; the migrations make them.

Times are seconds since 1970 (float, UTC), identifiers lower-case hex, amounts whole credits. No state says "running":
a page is `todo` until one transaction moves it on.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite numbers rows by itself only where the key is INTEGER; PostgreSQL wants the width said.
_SERIAL = BigInteger().with_variant(Integer, "sqlite")

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("email", Text, unique=True),
    Column("password_hash", Text),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Column("created", Double, nullable=False),
    # Fair queueing: virtual times at which the first pages of the jobs queued, and all their pages, would be through.
    Column("finish", Double, nullable=False, server_default="0"),
    Column("backlog", Double, nullable=False, server_default="0", index=True),
)
"""Who is charged. Anonymous callers have a row too: its id is derived from their address under the server's key."""

tokens = Table(
    "tokens",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created", Double, nullable=False),
    Column("last_used", Double),
)
"""API tokens: found by digest, shown again by decryption under the server's key; the token itself is not here."""

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", Double, nullable=False),
    Column("expires", Double, nullable=False, index=True),
)
"""Browser log-ins, by digest of the cookie."""

credit_entries = Table(
    "credit_entries",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("bucket", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("job", Text),
    Column("page", Integer),
    Column("note", Text, nullable=False, server_default=""),
    Column("at", Double, nullable=False),
    CheckConstraint("bucket IN ('daily', 'monthly', 'paid')", name="bucket"),
    CheckConstraint("kind IN ('grant', 'hold', 'release', 'charge')", name="kind"),
    # Whatever else goes wrong, no page is charged or released twice.
    UniqueConstraint("job", "page", "kind"),
    Index("ix_credit_entries_balance", "account", "bucket", "period", "id"),
)
"""Append-only. The sum of an account's amounts in a bucket and period is what has been spent (negative) or is left.

A job holds its price at submission (`hold`, negative, no page). Each page that ends gives its share of the hold back
(`release`, positive) and, if it was read, is charged (`charge`, negative). `paid` has period `''` and `grant` entries;
`daily` (`2026-11-23`) and `monthly` (`2026-11`) have a cap in the plan instead.
"""

closings = Table(
    "closings",
    metadata,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("bucket", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("last_entry", BigInteger, nullable=False),
    Column("granted", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("charged", BigInteger, nullable=False),
)
"""Sums of the entries up to and with `last_entry`, so that a balance need not add up years of them again.

Made from the entries and never instead of them: without this table every balance is the same, and slower.
"""

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("tool", Text),
    Column("translate_to", Text),
    # What the pages are read with: engine, text_layer, options, no password; validated before it comes here.
    Column("settings", JSON, nullable=False),
    Column("filename", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("file_pages", Integer, nullable=False),
    # Of those, the pages asked for.
    Column("page_count", Integer, nullable=False),
    Column("pages_done", Integer, nullable=False, server_default="0"),
    Column("pages_failed", Integer, nullable=False, server_default="0"),
    # Where the price is held, and how much a page.
    Column("bucket", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("page_price", Integer, nullable=False),
    Column("created", Double, nullable=False),
    Column("finished", Double),
    Column("expires", Double, index=True),
    Column("upload_deleted", Boolean, nullable=False, server_default=text("false")),
    # Of the whole document, written when the job ends.
    Column("mean_confidence", Double),
    Column("detected_language", Text),
    Column("error_code", Text),
    Column("error", Text),
    Column("webhook_url", Text),
    CheckConstraint("state IN ('open', 'assembling', 'done', 'failed', 'cancelled')", name="state"),
    Index("ix_jobs_account_created", "account", "created"),
    Index(
        "ix_jobs_state",
        "state",
        sqlite_where=text("state IN ('open', 'assembling')"),
        postgresql_where=text("state IN ('open', 'assembling')"),
    ),
)
"""`open`: pages are to do. `assembling`: every page has ended, the document is to be put together. The rest ended."""

pages = Table(
    "pages",
    metadata,
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", Text, nullable=False, server_default="todo"),
    Column("rank", Double, nullable=False),
    # Times it ended its worker; and times it was sent out at all, written before it is sent.
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("dispatches", Integer, nullable=False, server_default="0"),
    # Place among the pages of the job that have ended, from 1: what a reader of events resumes from.
    Column("ended_as", Integer),
    Column("tier", Text),
    Column("error_code", Text),
    Column("error", Text),
    CheckConstraint("state IN ('todo', 'done', 'failed', 'cancelled')", name="state"),
    Index("ix_pages_next", "rank", sqlite_where=text("state = 'todo'"), postgresql_where=text("state = 'todo'")),
)
"""Page by page; `number` is the page of the file, from 1. What was read lies in the blobs."""

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("account", Text, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("payload_digest", Text, nullable=False),
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("created", Double, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", Double, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("conversation", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("created", Double, nullable=False),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("event", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Double),
    Column("delivered", Double),
    Column("last_error", Text),
    UniqueConstraint("job", "event"),
    Index(
        "ix_webhook_deliveries_due",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
)
"""One row an event of a job; `next_at` is empty once it was delivered or given up."""
