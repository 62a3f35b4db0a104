"""Reads options from outside (command line, HTTP, keyword arguments) into an options model, with clear errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from ocrkit.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

OptionsT = TypeVar("OptionsT", bound="BaseModel")


def parse_options(model: type[OptionsT], values: Mapping[str, object], *, owner: str) -> OptionsT:
    """The options model filled with the values; strings are converted as the fields ask.

    Args:
        model: the options model of a spec, or another model that outsiders fill, such as `Limits`.
        values: names and values as the user gave them.
        owner: who has these options, for the message: `engine rapidocr`.

    Raises:
        OptionError: a name does not exist or a value does not fit; the hint lists what there is.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"]))
        known = ", ".join(sorted(model.model_fields)) or "none"
        if first["type"] == "extra_forbidden":
            raise OptionError(f"Option {name!r} does not exist for {owner}.", hint=f"Options: {known}.") from error
        raise OptionError(f"Option {name!r} of {owner}: {first['msg']}.", hint=f"Given: {first['input']!r}.") from error
