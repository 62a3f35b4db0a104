"""People, tokens, plans and credits: who may spend what. Knows no HTTP."""

from ocrkit.accounts.credits import Balance, Credits, Day, Entry, Usage
from ocrkit.accounts.keys import Secrets
from ocrkit.accounts.people import Account, Accounts
from ocrkit.accounts.plans import Plan, Plans
from ocrkit.accounts.sessions import Session, Sessions
from ocrkit.accounts.tokens import Tokens

__all__ = [
    "Account",
    "Accounts",
    "Balance",
    "Credits",
    "Day",
    "Entry",
    "Plan",
    "Plans",
    "Secrets",
    "Session",
    "Sessions",
    "Tokens",
    "Usage",
]
