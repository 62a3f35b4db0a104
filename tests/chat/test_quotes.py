"""Quotes: found where they are, in the words of the page; not found where a number, a negation or a word differs."""

from __future__ import annotations

import pytest

from ocrkit.chat.quotes import Text, negations, numbers

PAGE = (
    "ARTICLE 4. The Ten-\nant shall pay $1,250.00 per month, due on the 1st day.\n"
    "Late fee: 5% after\u00a010 days. The deposit is not refundable \u2014 see \u201cSchedule B\u201d. "
    "De\u0301po\u0302t de garantie. Result: -18 points."
)
CHINESE = "我国钛白粉最大的消费市场是涂料行业。2023年出口不足10万吨。"


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("the tenant  shall PAY $1,250.00 per month", "The Ten-\nant shall pay $1,250.00 per month"),
        (
            'The deposit is not refundable - see "Schedule B"',
            "The deposit is not refundable \u2014 see \u201cSchedule B",
        ),
        ("5% after 10 days", "5% after\u00a010 days"),
        ("Depot de garantie", "De\u0301po\u0302t de garantie"),
        ("“Late fee: 5%”", "Late fee: 5%"),
        ("The Tenant shall pay ... the 1st day", "The Ten-\nant shall pay $1,250.00 per month, due on the 1st day"),
        ("-18 points", "-18 points"),
    ],
)
def test_a_quote_is_found_as_the_page_has_it(quote: str, words: str) -> None:
    span = Text(PAGE).find(quote)
    assert span is not None
    assert (PAGE[span.start : span.end], span.exact) == (words, True)


def test_a_wrong_letter_or_two_do_not_hide_a_quote() -> None:
    span = Text(PAGE).find("The Tenent shall pay $1,250.00 per rnonth, due")
    assert span is not None
    assert (PAGE[span.start : span.end], span.exact) == ("The Ten-\nant shall pay $1,250.00 per month, due", False)


@pytest.mark.parametrize(
    ("page", "quote"),
    [
        ("Cashier: C2000-\nQty Price", "Qty Price"),
        ("Smith-\nJones & Co", "Jones & Co"),
        ("REFUND-\nABLE", "refundable"),
        ("a well-\nknown firm", "a wellknown firm"),
    ],
)
def test_a_hyphen_at_a_lines_end_joins_a_word_only_where_it_parts_one(page: str, quote: str) -> None:
    assert Text(page).find(quote) is not None


@pytest.mark.parametrize(
    "quote",
    [
        "The Tenant shall pay $1,350.00 per month",  # another number
        "The deposit is refundable \u2014 see \u201cSchedule B\u201d. Depot de garantie",  # a negation less
        "The Tenant shall not pay $1,250.00 per month, due on the 1st day",  # a negation more
        "Tenant may sublet the premises with consent",
        "0% after 10 days",  # end of another number
        "1,250",  # beginning of another number
        "250.00 per month",
        "18 points",  # without its sign
        "fundable",  # end of another word
        "due on the 1st day ... The Tenant shall pay",  # the other way round
        "",
        "...",
        '""',
    ],
)
def test_what_the_page_does_not_say_is_not_found(quote: str) -> None:
    assert Text(PAGE).find(quote) is None


def test_a_quote_in_a_script_without_spaces_need_not_end_with_a_word() -> None:
    span = Text(CHINESE).find("消费市场是涂料")
    assert span is not None
    assert CHINESE[span.start : span.end] == "消费市场是涂料"
    assert Text(CHINESE).find("消费市场是涂料行业。2023年出口足10万吨") is None


def test_words_that_stand_twice_are_found_where_they_were_meant() -> None:
    text = Text("Total: 5.00\nTax: 1.00\nTotal: 5.00")
    first, second = text.find("Total: 5.00"), text.find("Total: 5.00", near=12)
    assert first is not None
    assert second is not None
    assert (first.start, second.start) == (0, 22)


def test_dots_of_the_page_itself_are_words_like_others() -> None:
    text = "Contents ... 5 Index ... 9 Contents again"
    span = Text(text).find("Index ... 9")
    assert span is not None
    assert text[span.start : span.end] == "Index ... 9"


def test_a_quote_of_a_whole_book_is_none() -> None:
    long = "word " * 400
    assert Text(long).find(long) is None


def test_numbers_are_the_same_however_their_thousands_are_parted() -> None:
    assert numbers("1,250.00 and 36 500") == numbers("1250.00 and 36500")
    assert numbers("1.25") != numbers("125")
    assert numbers("No 91\n80 4908") == {"91": 1, "80": 1, "4908": 1}
    assert numbers("5\t400") == {"5": 1, "400": 1}
    assert numbers("５０") == numbers("50")


def test_negations_are_counted_in_several_languages() -> None:
    assert negations("He can't, not ever") == {"n't": 1, "not": 1}
    assert negations("kein Geld ohne Arbeit") == {"kein": 1, "ohne": 1}
    assert negations("不足") == {"不": 1}
    assert not negations("noted")
