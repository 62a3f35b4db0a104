"""What kind of answer a question wants, and whether a text holds one."""

from __future__ import annotations

import re
from enum import Enum

from ocrkit.terms import fold, is_unspaced, keys


class Wanted(Enum):
    """The kind of answer."""

    ANYTHING = "anything"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"


_DATE_ASKED = re.compile(
    r"\b(?:when|(?:what|which) (?:date|day|year)|quand|quelle (?:date|annee)|wann|cuando|quando|wanneer)\b"
    r"|いつ|何[年月日]|什么时候|何时|哪[年天]|何時|언제"
)
_NUMBER_ASKED = re.compile(
    r"\b(?:how (?:much|many|long|old|far|high|large|big)|combien|wie ?viele?|hoeveel|cuant[oa]s?|quant[oaie]s?"
    r"|quel (?:est le )?(?:montant|taux|prix|chiffre)|what (?:percentage|share|rate|amount|price)"
    r"|costs?|coute|kostet|kosten|cuesta|costa|custa)\b"
    r"|いくら|何[株円人個件回歳％%社]|多少|几[个年月日]|얼마|몇"
)
_NUMBER_LABELS = "xnumber xphone xfax xtotal xamount xvat xprice xquantity xaccount id rate taux satz percent"
_NUMBER_KEYS = frozenset(_NUMBER_LABELS.split())
_PERSON_ASKED = re.compile(r"\b(?:who|whom|wer|wen|wem|qui|quien|chi|quem|wie is|wie zijn)\b|誰|谁|누구")
_NAME = re.compile(r"\b[A-ZÀ-Þ][a-zß-ÿ'’-]+,? (?:[A-ZÀ-Þ]\. ?)*[A-ZÀ-Þ][a-zß-ÿ'’-]+")
_NUMBER = re.compile(r"(?<![A-Za-z_\d])(?:[A-Z]{2,3})?\d+(?:(?![A-Za-z_])|[A-Za-z]{1,3}(?![A-Za-z_\d]))")
"""A number by itself or beside a unit or currency (RM100, 5kg), and none within a name (BZ2_read, tal197)."""
_ENUMERATION = re.compile(r"^\s*(?:\d+\.)+\d*\s+(?=\D)|^\s*\(?\d{1,2}\)\s")
"""The number of a heading or of an item of a list."""
_MONTH = (
    "jan feb fev mar apr avr may mai mei maart jun jul aug aou sep oct okt out nov dec dez ene abr ago dic gen mag giu "
    "lug set ott janv juin juil"
)
_DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b|年|월|\b(?:" + "|".join(_MONTH.split()) + r")[a-z]*\b"
)


def wanted(question: str) -> Wanted:
    """What the question wants."""
    asked = fold(question)
    found = set(keys(question))
    if _DATE_ASKED.search(asked) or "xdate" in found:
        return Wanted.DATE
    if _NUMBER_ASKED.search(asked) or found & _NUMBER_KEYS:
        return Wanted.NUMBER
    if _PERSON_ASKED.search(asked):
        return Wanted.PERSON
    return Wanted.ANYTHING


def holds(text: str, kind: Wanted, *, but: str) -> bool:
    """Whether a text holds what is wanted, apart from what the question `but` itself says."""
    if kind is Wanted.ANYTHING:
        return True
    if kind is Wanted.PERSON:
        return any(found not in but for found in _NAME.findall(text)) or any(map(is_unspaced, text))
    text = _ENUMERATION.sub("", text)
    known = set(re.findall(r"\w*\d\w*", but))
    rest = re.sub(r"\w*\d\w*", lambda found: " " if found[0] in known else found[0], text)
    return (_DATE.search(fold(rest)) if kind is Wanted.DATE else _NUMBER.search(rest)) is not None
