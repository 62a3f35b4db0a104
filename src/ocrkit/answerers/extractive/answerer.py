"""Chooses the unit of the passages that says most of what was asked, and quotes it. Makes up no word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.answerers.extractive.claims import claim_of
from ocrkit.answerers.extractive.question import question_of
from ocrkit.answerers.extractive.scoring import Scores
from ocrkit.answerers.extractive.units import Unit, units_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.contracts import AnswererOptions, Claim, Inquiry

_AS_GOOD = 0.99
"""Part of the best score from which another unit is an answer too."""
_MOST_CLAIMS = 3


class ExtractiveAnswerer:
    """The best units of the passages, at most three, as claims that quote them."""

    def answer(self, inquiry: Inquiry, options: AnswererOptions, /) -> Sequence[Claim]:
        """What the passages say in their own words; nothing where they say too little of what was asked."""
        del options
        units = [unit for passage in inquiry.passages for unit in units_of(passage)]
        question = question_of(inquiry.question, units)
        scores = Scores(question, units)
        # Of equals, the one of the better passage goes first.
        ranked = sorted(((scores.of(unit), -place) for place, unit in enumerate(units)), reverse=True)
        best = ranked[0][0] if ranked else 0.0
        chosen: list[Unit] = []
        for score, place in ranked:
            unit = units[-place]
            if score > 0 and score >= best * _AS_GOOD and not any(map(unit.overlaps, chosen)):
                chosen.append(unit)
        claims = {claim.text: claim for claim in (claim_of(unit, question) for unit in chosen)}
        return list(claims.values())[:_MOST_CLAIMS]

    def close(self) -> None:
        """Holds nothing."""
