"""The error tree: stable codes, one each, and errors that survive a trip between processes."""

from __future__ import annotations

import pickle

import pytest

from ocrkit.errors import OcrkitError


def tree(kind: type[OcrkitError] = OcrkitError) -> list[type[OcrkitError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in tree(child))]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in tree()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", tree())
def test_an_error_survives_pickling(kind: type[OcrkitError]) -> None:
    error = pickle.loads(pickle.dumps(kind("Broken.", hint="Mend it.")))  # noqa: S301 - our own bytes
    assert (type(error), str(error)) == (kind, "Broken. Mend it.")
