from __future__ import annotations

import io
import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from ocrkit.accounts import Accounts, Plans, Tokens
from ocrkit.cli import main
from ocrkit.database import Database
from ocrkit.server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Ocrkit


@dataclass
class Done:
    """What a command gave and printed."""

    code: int
    out: str
    err: str


class Call(Protocol):
    def __call__(self, *args: str, stdin: str = "") -> Done: ...


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs `ocrkit` in this process, on a data folder of its own."""
    monkeypatch.setenv("OCRKIT_DATA", str(tmp_path / "data"))

    def run(*args: str, stdin: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        return Done(main(list(args)), *capsys.readouterr())

    return run


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of a server on the same data."""
    return Settings.load(environ={}, data=tmp_path / "data")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    with closing(Database(settings.database_url)) as opened:
        yield opened


@pytest.fixture
def tokens(database: Database, settings: Settings) -> Tokens:
    return Tokens(database, settings.secrets())


def test_an_account_is_made_with_a_token_that_the_server_takes(call: Call, tokens: Tokens) -> None:
    done = call("account", "create", "Ada@example.org")

    assert (done.code, done.err) == (0, "")
    found = tokens.check(done.out.strip())
    assert found is not None
    assert (found.email, found.plan) == ("ada@example.org", "free")
    assert call("account", "token", "ada@example.org").out == done.out


def test_a_password_comes_from_standard_input_and_changes(call: Call, database: Database, settings: Settings) -> None:
    call("account", "create", "ada@example.org", "--password", stdin="correct horse\n")
    accounts = Accounts(database, settings.secrets(), Plans())
    assert accounts.log_in("ada@example.org", "correct horse").email == "ada@example.org"

    done = call("account", "change", "ada@example.org", "--password", "--plan", "paid", stdin="another horse")

    assert done.code == 0
    assert accounts.log_in("ada@example.org", "another horse").plan == "paid"


def test_credits_are_given_taken_back_and_listed(call: Call) -> None:
    call("account", "create", "ada@example.org")

    assert (
        call("account", "credit", "ada@example.org", "50", "--note", "order 1").out
        == "50 of 50 bought credits are left.\n"
    )
    assert call("account", "credit", "ada@example.org", "--", "-20").out == "30 of 30 bought credits are left.\n"
    (row,) = json.loads(call("account", "list", "--json").out)
    assert (row["email"], row["used"], row["bought_left"], row["disabled"]) == ("ada@example.org", 0, 30, False)
    assert call("account", "list").out.splitlines()[0].split()[:2] == ["EMAIL", "PLAN"]
    assert json.loads(call("account", "usage", "ada@example.org", "--json").out) == []


def test_the_secret_of_webhooks_is_the_one_they_are_signed_with(call: Call, settings: Settings) -> None:
    call("account", "create", "ada@example.org")
    told = call("account", "webhook-secret", "ada@example.org").out.strip()
    with closing(Database(settings.database_url)) as database:
        account = Accounts(database, settings.secrets(), Plans()).get("ada@example.org")
    assert told == settings.secrets().webhook_secret(account.id)
    assert told.startswith("whsec_")


def test_an_account_is_shut_out_and_let_in_again(call: Call, tokens: Tokens) -> None:
    token = call("account", "create", "ada@example.org").out.strip()

    call("account", "disable", "ada@example.org")
    assert tokens.check(token) is None
    call("account", "disable", "ada@example.org", "--undo")
    assert tokens.check(token) is not None
    new = call("account", "token", "ada@example.org", "--rotate").out.strip()
    assert tokens.check(token) is None
    assert tokens.check(new) is not None


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["token", "bob@example.org"], 1, "There is no account 'bob@example.org'."),
        (["create", "ada@example.org"], 1, "ada@example.org has an account already."),
        (["create", "no email"], 1, "no email address"),
        (["create", "bob@example.org", "--plan", "gold"], 2, "Plans: anonymous, free, paid"),
        (["credit", "ada@example.org", "0"], 1, "0 credits cannot be granted"),
        (["credit", "ada@example.org", "many"], 2, "'many' is not a valid integer"),
        (["list", "--db", "mysql://x/y"], 2, "sqlite:///PATH"),
        (["list", "--config", "missing.toml"], 2, "missing.toml"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(call: Call, args: list[str], *, code: int, message: str) -> None:
    call("account", "create", "ada@example.org")

    done = call("account", *args)

    assert (done.code, done.out) == (code, "")
    assert message in done.err
    assert len(done.err.splitlines()) == 1


def test_migrating_says_what_it_did(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'ocrkit.db'}"

    assert call("migrate", "--db", url).out.startswith("The database went from nothing to revision ")
    monkeypatch.setenv("OCRKIT_DB", url)
    assert call("migrate").out.endswith(" already.\n")


def test_the_data_and_plans_may_be_those_of_a_settings_file(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ocrkit.toml"
    file.write_text(f'data = "{tmp_path / "state"}"\n[plans.team]\nbucket = "monthly"\ncap = 9\nmax_pages = 3\n')
    monkeypatch.delenv("OCRKIT_DATA")

    done = call("account", "create", "ada@example.org", "--plan", "team", "--config", str(file))

    assert done.code == 0, done.err
    monkeypatch.setenv("OCRKIT_CONFIG", str(file))
    (row,) = json.loads(call("account", "list", "--json").out)
    assert (row["plan"], row["cap"]) == ("team", 9)


def test_a_command_runs_as_a_process_of_its_own(ocrkit: Ocrkit, tmp_path: Path) -> None:
    done = ocrkit("account", "create", "ada@example.org", "--password", stdin=b"short", OCRKIT_DATA=str(tmp_path))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: A password has 8 to 1024 characters.\n"
