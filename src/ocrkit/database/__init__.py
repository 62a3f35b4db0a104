"""The service's one database: its tables, its connections, its migrations.

SQLite (WAL) or PostgreSQL, the same statements on both. Knows no rule of jobs or accounts: those are the business of
the rooms above, which write in one transaction through what stands here.
"""

from ocrkit.database.connect import Database
from ocrkit.database.migrate import migrate

__all__ = ["Database", "migrate"]
