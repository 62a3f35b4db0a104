"""Which words of a question say what is asked about, and which only ask. Word lists are folded: no case, no accents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrkit.terms.tokens import Token, fold, is_unspaced, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

# The function words of each language that questions are made of, with the verbs that say nothing ("give", "have").
_WORDS: dict[str, str] = {
    "en": """
        a about above after all also am an and any are as at be been before being below between both but by can
        could did do does doing done during each for from further get gets give given gives got had has have
        having he her here him his how i if in into is it its itself let long made make makes many may me mean
        meaning means more most much must my named need needed needs of off on one or other our out over please
        s said same say says shall she should so some such t take taken takes tell than that the their them then
        there these they this those through to too took under until up upon us used very was we were what when
        where which while who whom whose why will with would you your
    """,
    "fr": """
        a ai appelle appellent au aux avec avoir c ce ceci cela ces cet cette combien comment d dans de depuis
        des dit donc dont du elle elles en entre est et etait etaient ete etre eu fait faut il ils j je l la
        laquelle le lequel les lesquelles lesquels leur lui m mais me mes moi mon n ne nos notre nous on ont ou
        par pas pendant plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa se ses si sil
        son sont sous sur t ta te tes toi ton tous tout toute toutes tu un une vers vos votre vous y
        """,
    "de": """
        ab aber als am an auch auf aus bei beim bin bis bist da damit dann das dass dem den denn der des die
        dies diese diesem diesen dieser dieses du durch ein eine einem einen einer eines er es fur gibt haben
        hat hatte heisst ich ihm ihn ihr ihre im in ist ja kann kein keine lautet lauten mit nach nicht noch nur
        ob oder ohne sein seine sich sie sind so uber um und uns unter vom von vor wann war waren warum was
        welche welchem welchen welcher welches wem wen wer werden wessen wie wieviel wird wo worden wurde wurden
        zu zum zur
        """,
    "es": """
        a al como con cual cuales cuando cuanta cuantas cuanto cuantos de del desde donde e el ella en entre era
        es esta este esto fue ha han hay la las lo los mas muy no o para pero por porque que quien quienes se
        ser si sin sobre son su sus tiene un una unas uno unos y ya
        """,
    "it": """
        a al alla anche che chi ci come con cosa cui da dal dalla dei del della delle di dove e era gli ha hanno
        i il in la le lo ma nel nella non o per perche piu qual quale quali quando quanta quante quanti quanto
        se si sono su sul sulla un una uno
        """,
    "pt": """
        a ao aos as com como da das de do dos e em entre era essa esse esta este foi ha mais na nas nao no nos o
        onde os ou para pela pelo por porque qual quais quando quanta quantas quanto quantos que quem se sem ser
        sao sobre sua suas seu seus um uma
        """,
    "nl": """
        aan al als bij dat de deze die dit door een en er had heb heeft het hij hoe hoeveel hun ik in is je kan
        maar met na naar niet nog of om onder ook op over te tot uit van voor waar wanneer waarom waren was wat
        welk welke werd wie wordt worden ze zich zijn zo
        """,
}

_EMPTY = {code: frozenset(words.split()) for code, words in _WORDS.items()}

_KIND_WORDS = """
    amount city cost country date day kind name nature number part percent percentage person place price rate
    share sum time type value year annee date datum jour montant nom numero part pays pourcentage prix taux
    ville anteil art betrag datum jahr land name nummer ort preis satz tag wert ano cantidad fecha nombre numero
    pais precio aantal bedrag jaar naam nummer plaats prijs waarde
    """
_KINDS = frozenset(_KIND_WORDS.split())
"""Nouns that say which kind of answer is wanted: it may well stand in the text without them."""

_ASKING = re.compile(
    r"ですか|でしょうか|ますか|ください|何[株年月日人円社歳％%歳個回件名]*|いくら|いつ|どこ|だれ|誰|どの|どれ|なに"
    r"|是什么|什么|是多少|多少|哪[些个里儿年家种]?|怎么|如何|吗|呢|请问|几[个年月日]"
    r"|是什麼|什麼|嗎|請問|[はがのをにへともやで]|[的是在了和与]|무엇|입니까|인가요|얼마|언제|누구|어디|몇"
)
"""What asks in Japanese, Chinese and Korean, and the particles between words."""

_LONGEST = 1000
"""Characters of a question that count; a longer one is a text, and its beginning says what it is about."""

_FOLLOWING = ("and ", "und ", "et ", "y ", "e ", "en ", "what about", "how about", "とは", "那么", "那")


def content_of(question: str) -> tuple[list[Token], list[Token], frozenset[str]]:
    """The words of a question: all that say something, those of them that it is about, and its mere kinds of answer.

    What it is about is its first unbroken run of content words ("home address" in "What is the home address of
    Mr Smith?"), nouns that only name the kind of answer aside.
    """
    question = question[:_LONGEST]
    asked = _ASKING.sub(lambda match: " " * len(match[0]), question)
    found = tokens(asked)
    empty = _empty_words([token.word for token in found])
    content: list[Token] = []
    runs: list[list[Token]] = [[]]
    for token in found:
        if token.word in empty:
            runs.append([])
            continue
        content.append(token)
        runs[-1].append(token)
    kinds = frozenset(token.key for token in content if token.word in _KINDS)
    about = next((run for run in ([t for t in run if t.key not in kinds] for run in runs) if run), [])
    return content, about, kinds


def opens_follow_up(question: str) -> bool:
    """Whether a question goes on with the one before ("And in 2022?")."""
    return fold(question).startswith(_FOLLOWING)


def _empty_words(words: Sequence[str]) -> frozenset[str]:
    """The empty words of the question's language: of that which has the most of its words among them."""
    spaced = [word for word in words if not is_unspaced(word[0])]
    hits = {code: sum(word in empty for word in spaced) for code, empty in _EMPTY.items()}
    most = max(hits.values())
    if most == 0:
        return frozenset()
    return frozenset().union(*(_EMPTY[code] for code, count in hits.items() if count == most))
