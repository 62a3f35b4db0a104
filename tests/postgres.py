"""A private PostgreSQL cluster for tests: its own files, a Unix socket, no port; gone when the tests end."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from ocrkit.database import Database, migrate

_TEMPLATE = "migrated"


class Cluster:
    """A running server. PostgreSQL refuses to run as root; tests of root run it as the user `postgres`."""

    def __init__(self) -> None:
        # Not below pytest's folders: those may be closed to other users, and are too deep for a socket's path.
        self._folder = Path(tempfile.mkdtemp(prefix="ocrkit-pg-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        self._numbers = itertools.count(1)
        if self._user:
            shutil.chown(self._folder, self._user)
        self._call("initdb", "--auth=trust", "--username=ocrkit", "--no-sync", "--encoding=UTF8", "--locale=C")
        self.start()
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
        template = Database(self.url(_TEMPLATE))
        migrate(template)
        template.close()

    def url(self, name: str) -> str:
        """The URL of one database."""
        return f"postgresql://ocrkit@/{name}?host={self._folder}"

    def fresh(self, *, migrated: bool = True) -> str:
        """The URL of a database of its own, with the tables in it or without any."""
        name = f"test{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(_TEMPLATE if migrated else "template0")))
        return self.url(name)

    def stop(self) -> None:
        """Ends the server, whoever is connected; its databases stay."""
        self._call("pg_ctl", "--wait", "--mode=immediate", "stop")

    def start(self) -> None:
        """Starts the server, again after `stop`."""
        options = f"-c listen_addresses='' -c fsync=off -c max_connections=200 -k {self._folder}"
        self._call("pg_ctl", "--wait", f"--log={self._folder / 'log'}", f"--options={options}", "start")

    def remove(self) -> None:
        """Ends the server and deletes everything."""
        self.stop()
        shutil.rmtree(self._folder)

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _call(self, program: str, *arguments: str) -> None:
        # To a file, not a pipe: the server keeps what it inherits open, and a pipe would never end.
        report = self._folder / "calls"
        with report.open("ab") as out:
            done = subprocess.run(
                [_binary(program), f"--pgdata={self._folder / 'data'}", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
                cwd=self._folder,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
            )
        assert done.returncode == 0, report.read_text()


def _binary(program: str) -> str:
    # Debian keeps the server's programs off PATH, a folder for each version.
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    found = shutil.which(program) or (str(places[-1]) if places else None)
    assert found, f"{program} is not installed; as root: apt-get install postgresql"
    return found
