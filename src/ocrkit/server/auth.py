"""Who a request speaks for, and which jobs that caller may see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrkit.errors import NotAuthenticatedError, UnknownAccountError
from ocrkit.server.client import client_address
from ocrkit.server.problems import Problem, no_such_job

if TYPE_CHECKING:
    from starlette.requests import Request

    from ocrkit.accounts import Account
    from ocrkit.jobs.records import Job
    from ocrkit.server.service import Service

_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_TOKEN = 512
"""Characters; ours are far shorter, and nothing longer is worth a digest."""


def token_of(request: Request) -> str | None:
    """The token of the request: of its `Authorization` header, else of `?api_token=`; `None` where neither is there.

    Raises:
        NotAuthenticatedError: the header holds something else than a Bearer token.
    """
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.strip().partition(" ")
        if scheme.lower() != "bearer":
            raise NotAuthenticatedError("Authorize with `Authorization: Bearer TOKEN`.")
        return token.strip()
    return request.query_params.get("api_token")


def address_of(request: Request, service: Service) -> str:
    """The IP address of the caller."""
    peer = request.client.host if request.client else None
    return client_address(peer, request.headers, trusted=service.settings.trusted_proxies)


def account_of(request: Request, service: Service) -> Account | None:
    """The account of the request's token; `None` for a caller without one. Asks the database.

    Raises:
        NotAuthenticatedError: the token is nobody's, or there is none and callers need one here.
        Problem: the caller asks too often.
    """
    token = token_of(request)
    if token is None:
        _count(request, service, caller=address_of(request, service))
        if not service.settings.anonymous:
            raise NotAuthenticatedError("Send a token: `Authorization: Bearer TOKEN`.")
        return None
    account = service.tokens.check(token) if 0 < len(token) <= _LONGEST_TOKEN else None
    _count(request, service, caller=account.id if account else address_of(request, service))
    if account is None:
        raise NotAuthenticatedError("The token is not valid.")
    return account


def payer_of(request: Request, service: Service) -> Account:
    """Whose credits the request spends: the token's account, else that of the caller's address.

    Raises:
        NotAuthenticatedError, Problem: as for `account_of`.
    """
    return account_of(request, service) or service.accounts.anonymous(address_of(request, service))


def holder_of(request: Request, service: Service) -> Account:
    """The account of the request's token, where one is needed.

    Raises:
        NotAuthenticatedError: there is no token, or it is nobody's.
        Problem: the caller asks too often.
    """
    account = account_of(request, service)
    if account is None:
        raise NotAuthenticatedError("This needs the token of an account: `Authorization: Bearer TOKEN`.")
    return account


def visible_job(request: Request, service: Service) -> Job:
    """The job that the address names, if the caller may see it: its owner, or anyone where nobody owns it.

    Raises:
        NotAuthenticatedError: as for `account_of`.
        Problem: there is no such job, or it is another's, which must not be told apart.
    """
    return job_for(account_of(request, service), service, job_id=request.path_params["uuid"])


def job_for(account: Account | None, service: Service, *, job_id: str) -> Job:
    """The job, if this account (`None` for a caller without one) may see it.

    Raises:
        Problem: there is no such job, or it is another's.
    """
    # What is no id is no job either, and not every database can be asked for any text.
    job = service.jobs.job(job_id.lower()) if _ID.fullmatch(job_id.lower()) else None
    if job is None:
        raise no_such_job()
    owned = account is not None and job.account == account.id
    if not owned and not _is_nobodys(job, service):
        raise no_such_job()
    return job


def _is_nobodys(job: Job, service: Service) -> bool:
    try:
        return service.accounts.get(job.account).anonymous
    except UnknownAccountError:
        return False


def _count(request: Request, service: Service, *, caller: str) -> None:
    rate = service.rates.spend(caller)
    if rate is None:
        return
    request.state.rate = rate
    if not rate.allowed:
        raise Problem(429, "too_many_requests", message="Too many requests. Wait a moment.")
