"""`ocrkit account`: what an operator does to accounts, on the database itself, whether a server runs or not."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import asdict
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from ocrkit.accounts import Account, Accounts, Balance, Credits, Plans, Sessions, Tokens
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.service_settings import with_settings
from ocrkit.cli.tables import show
from ocrkit.database import Database, migrate

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrkit.server.settings import Settings

_LIST_COLUMNS = ("email", "plan", "used", "cap", "bought_left", "disabled", "id")
_USAGE_COLUMNS = ("date", "bucket", "pages", "credits")


class Office:
    """The accounts, tokens, log-ins and credits of the database that the settings name."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.secrets, plans = settings.secrets(), Plans(settings.plans)
        self.accounts = Accounts(database, self.secrets, plans)
        self.tokens = Tokens(database, self.secrets)
        self.sessions = Sessions(database, self.secrets)
        self.credits = Credits(database, plans)


def _with_office(function: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that say where the accounts are, and passes the command its `office`."""

    @with_settings
    @debug_option
    @wraps(function)
    def command(*args: Any, settings: Settings, **kwargs: Any) -> None:
        with closing(Database(settings.database_url)) as database:
            migrate(database)
            function(*args, office=Office(database, settings), **kwargs)

    return command


@click.group(name="account")
@debug_option
def command() -> None:
    """Makes accounts, gives them credits and tokens, shuts them out.

    WHO is the email of an account, or its id.
    """


@command.command()
@click.argument("email")
@click.option("--plan", default="free", show_default=True, metavar="NAME", help="Its plan.")
@click.option(
    "--password", "ask", is_flag=True, help="Ask for a password to log in with, or read it from standard input."
)
@_with_office
def create(email: str, *, office: Office, plan: str, ask: bool) -> None:
    """Makes an account and prints its API token.

    Without a password nobody can log in to it; its token works all the same.
    """
    made = office.accounts.create(email, plan=plan, password=_password() if ask else None)
    click.echo(office.tokens.show(made.id))


@command.command(name="list")
@json_option
@_with_office
def list_accounts(*, office: Office, as_json: bool) -> None:
    """Lists the accounts with what they have used; anonymous callers are not listed."""
    rows = [_row(account, office.credits.balances(account.id)) for account in office.accounts.everyone()]
    show(rows, as_json=as_json, columns=_LIST_COLUMNS)


@command.command()
@click.argument("who")
@json_option
@_with_office
def usage(who: str, *, office: Office, as_json: bool) -> None:
    """Lists what an account was charged on each of the last 30 days."""
    days = office.credits.usage(office.accounts.get(who).id).days
    show([asdict(day) for day in days], as_json=as_json, columns=_USAGE_COLUMNS)


@command.command()
@click.argument("who")
@click.argument("amount", type=int)
@click.option("--note", default="", metavar="TEXT", help="Why, for the books: an order, an invoice.")
@_with_office
def credit(who: str, amount: int, *, office: Office, note: str) -> None:
    """Gives an account credits, as if bought; after `--`, an AMOUNT below 0 takes some back."""
    balance = office.credits.grant(office.accounts.get(who).id, amount, note=note)
    click.echo(f"{balance.left} of {balance.cap} bought credits are left.")


@command.command()
@click.argument("who")
@click.option("--rotate", is_flag=True, help="Make a new one; the old one is void at once.")
@_with_office
def token(who: str, *, office: Office, rotate: bool) -> None:
    """Prints the API token of an account."""
    account = office.accounts.get(who)
    click.echo(office.tokens.rotate(account.id) if rotate else office.tokens.show(account.id))


@command.command()
@click.argument("who")
@_with_office
def webhook_secret(who: str, *, office: Office) -> None:
    """Prints the secret by which an account's receiver knows that a webhook is from this server.

    Messages are signed as Standard Webhooks has it; libraries for it take the secret as it is printed.
    """
    click.echo(office.secrets.webhook_secret(office.accounts.get(who).id))


@command.command()
@click.argument("who")
@click.option("--plan", metavar="NAME", help="Another plan.")
@click.option(
    "--password", "ask", is_flag=True, help="Ask for a new password, or read it from standard input; ends its log-ins."
)
@_with_office
def change(who: str, *, office: Office, plan: str | None, ask: bool) -> None:
    """Gives an account another plan or password."""
    account = office.accounts.get(who)
    if plan is not None:
        office.accounts.set_plan(account.id, plan)
    if ask:
        office.accounts.set_password(account.id, _password())
        office.sessions.end_all(account.id)


@command.command()
@click.argument("who")
@click.option("--undo", is_flag=True, help="Let it in again.")
@_with_office
def disable(who: str, *, office: Office, undo: bool) -> None:
    """Shuts an account out: its token and its log-ins are void; jobs it has submitted go on."""
    office.accounts.set_disabled(office.accounts.get(who).id, disabled=not undo)


def _row(account: Account, balances: tuple[Balance, ...]) -> dict[str, object]:
    own, paid = balances[0], balances[-1]
    return {**asdict(account), "used": own.used, "cap": own.cap, "bought_left": paid.left}


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer
