"""What the blocks of a page are."""

from __future__ import annotations

import pytest
from tests.layout.pages import HEIGHT, LEADING, column, line, page, prose

from ocrkit.geometry import Affine, quad_of
from ocrkit.layout import arrange, arrange_document
from ocrkit.layout.pieces import letter_width, pieces_of, reading_frame
from ocrkit.model import Block, BlockKind, Document, EngineRun, Line, Page, Provenance
from ocrkit.usage import Usage


def test_a_gap_parts_paragraphs_and_lines_are_joined() -> None:
    lines = column(prose("a", 4), 100, 300) + column(prose("b", 4), 100, 300 + 5 * LEADING)
    texts = [block.text for block in arrange(page(lines)).blocks]
    assert texts == [" ".join(prose("a", 4)), " ".join(prose("b", 4))]


def test_an_indented_first_line_begins_a_paragraph() -> None:
    first, second = prose("a", 4), prose("b", 4)
    lines = [*column(first, 100, 300), line(second[0][:-4], 130, 300 + 4 * LEADING)]
    lines += column(second[1:], 100, 300 + 5 * LEADING)
    assert len(arrange(page(lines)).blocks) == 2


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("the quick devel-", "opment of things", "the quick development of things"),
        ("the North-", "South divide as is", "the North- South divide as is"),
        ("the years 1914-", "to 1918 as it were", "the years 1914- to 1918 as it were"),
        ("漢字の文章が続く", "ここに続きがある", "漢字の文章が続くここに続きがある"),
    ],
)
def test_line_ends_are_resolved(above: str, below: str, joined: str) -> None:
    (block,) = arrange(page(column([above, below], 100, 100))).blocks
    assert block.text == joined


def test_lines_that_end_before_they_had_to_stay_lines() -> None:
    poem = ["Short line", "A line that is quite a bit longer than that", "Small", "Tiny"]
    assert arrange(page(column(poem, 100, 100))).text == "\n".join(poem)


def centred(texts: list[str], middle: float, y: float) -> list[Line]:
    return [line(text, middle - 5 * len(text), y + LEADING * i) for i, text in enumerate(texts)]


def test_centred_lines_stay_lines() -> None:
    shop = ["Corner Shop and Sons of the Town", "12 Long Street in the North", "Springfield, at the great river"]
    lines = [*centred(shop, 400, 100), *column(prose("a", 6, 60), 100, 220)]
    assert arrange(page(lines)).blocks[0].text == "\n".join(shop)


def test_a_sentence_that_is_centred_runs_on() -> None:
    said = ["Please keep what you got here as a sign and proof of", "the sum that you have paid at the till this day"]
    assert breaks(said) == 0
    assert breaks([said[0], said[1].capitalize()]) == 1


def breaks(said: list[str]) -> int:
    """How often the first block has a line end where two lines are centred above a text of 60 letters."""
    lines = [*centred(said, 400, 100), *column(prose("a", 6, 60), 100, 220)]
    return arrange(page(lines)).blocks[0].text.count("\n")


def test_larger_type_heads_a_section_and_the_largest_is_the_title() -> None:
    lines = [line("The Grand Title", 100, 100, size=40), line("First Part", 100, 200, size=30)]
    lines += column(prose("a", 8, 60), 100, 260)
    kinds = [(b.kind, b.level) for b in arrange(page(lines)).blocks]
    assert kinds == [(BlockKind.TITLE, 1), (BlockKind.SECTION_HEADER, 2), (BlockKind.TEXT, None)]


def test_numbered_headings_take_their_level_from_the_number_on_every_page() -> None:
    pages = []
    for number, heading in ((2, "2 Methods"), (3, "2.1 Materials")):
        lines = [line(heading, 100, 200), *column(prose("a", 8, 60), 100, 260)]
        pages.append(arrange(page(lines, number=number)))
    document = arrange_document(Document(pages=tuple(pages)))
    assert [p.blocks[0].level for p in document.pages] == [1, 2]


def test_list_items_have_markers_and_levels() -> None:
    lines = [line("• apples", 100, 100), line("• pears", 100, 124), line("– green ones", 140, 148)]
    lines += [line("– yellow ones", 140, 172), line("• plums", 100, 196)]
    blocks = arrange(page(lines)).blocks
    assert [(b.kind, b.marker, b.level, b.text) for b in blocks] == [
        (BlockKind.LIST_ITEM, "•", 1, "apples"),
        (BlockKind.LIST_ITEM, "•", 1, "pears"),
        (BlockKind.LIST_ITEM, "–", 2, "green ones"),
        (BlockKind.LIST_ITEM, "–", 2, "yellow ones"),
        (BlockKind.LIST_ITEM, "•", 1, "plums"),
    ]


def test_a_page_number_at_the_foot_is_no_text() -> None:
    lines = [*column(prose("a", 20, 60), 100, 300), line("17", 800, 2100)]
    last = arrange(page(lines)).blocks[-1]
    assert (last.kind, last.text) == (BlockKind.PAGE_FOOTER, "17")


def test_what_repeats_in_the_margin_of_the_pages_is_a_page_header() -> None:
    pages = [
        arrange(page([line("Annual Report", 100, 60), *column(prose("a", 20, 60), 100, 300)], number=n))
        for n in (1, 2, 3)
    ]
    document = arrange_document(Document(pages=tuple(pages)))
    assert [p.blocks[0].kind for p in document.pages] == [BlockKind.PAGE_HEADER] * 3


def test_a_caption_is_told_from_a_sentence_about_a_figure() -> None:
    lines = [line("Figure 3: The apparatus.", 100, 100), *column(["Figure 3 shows " + prose("a", 1)[0]], 100, 300)]
    kinds = [b.kind for b in arrange(page(lines)).blocks]
    assert kinds == [BlockKind.CAPTION, BlockKind.TEXT]


def test_small_type_after_a_mark_at_the_foot_is_a_footnote() -> None:
    lines = column(prose("a", 20, 60), 100, 300) + column(["1 See the earlier work of the author."], 100, 900, size=15)
    assert arrange(page(lines)).blocks[-1].kind is BlockKind.FOOTNOTE


def test_a_picture_stands_where_it_is_in_the_order() -> None:
    lines = column(prose("a", 5, 60), 100, 100) + column(prose("b", 5, 60), 100, 700)
    blocks = arrange(page(lines), pictures=[(100, 300, 700, 650)]).blocks
    assert [b.kind for b in blocks] == [BlockKind.TEXT, BlockKind.PICTURE, BlockKind.TEXT]


def test_a_drop_cap_begins_its_word() -> None:
    lines = [line("O", 100, 300, size=60), line("nce upon a time there was", 135, 300)]
    lines += [line("a king who had no drop", 135, 324), line("of ink left in his house", 100, 364)]
    assert arrange(page(lines)).text.startswith("Once upon a time there was")


RECEIPT = [
    "CORNER SHOP LIMITED",
    "12 HIGH STREET",
    "TEL 555 0199",
    "TAX INVOICE",
    "MILK 1.20",
    "BREAD 3.45",
    "TOTAL 4.65",
]


def test_capitals_and_a_large_total_on_a_receipt_are_no_headings() -> None:
    lines = [*column(RECEIPT, 100, 100), line("TOTAL DUE 4.65", 100, 300, size=34), line("CASH 5.00", 100, 340)]
    kinds = {b.text: b.kind for b in arrange(page(lines, width=600, height=500)).blocks}
    assert BlockKind.SECTION_HEADER not in kinds.values()
    assert BlockKind.TITLE not in kinds.values()


def test_a_high_box_around_letters_of_ordinary_width_is_no_heading() -> None:
    lines = column(prose("a", 12, 60), 100, 300)
    x0, y0, x1, y1 = lines[0].bbox
    lines[0] = lines[0].model_copy(update={"bbox": (x0, y0 - 12, x1, y1)})
    assert {b.kind for b in arrange(page(lines)).blocks} == {BlockKind.TEXT}


def test_what_was_hardly_read_heads_nothing() -> None:
    scribble = line("Jrn Lrau", 100, 200, size=40)
    text = column(prose("a", 12, 60), 100, 300)
    sure, unsure = (scribble.model_copy(update={"confidence": value}) for value in (0.95, 0.6))
    kinds = [[b.kind for b in arrange(page([head, *text])).blocks] for head in (sure, unsure)]
    assert kinds == [[BlockKind.TITLE, BlockKind.TEXT], [BlockKind.TEXT, BlockKind.TEXT]]


def test_bold_lines_of_an_invoice_head_what_stands_below_them() -> None:
    lines = []
    for y, head, rest in ((100, "Bill to", "Jane Doe"), (200, "Payment terms", "30 days net")):
        lines += [line(head, 100, y, bold=True), line(rest, 100, y + 24)]
    lines += [line("Total due", 100, 300, bold=True), line("€ 127.50", 600, 300, bold=True)]
    heads = [b.text for b in arrange(page(lines)).blocks if b.kind is BlockKind.SECTION_HEADER]
    assert heads == ["Bill to", "Payment terms"]


SHORT = "and that is how it came about."


def bold_within(text: str, *, above: str = SHORT) -> list[tuple[BlockKind, str]]:
    """What a line of measured weight becomes close below one paragraph and close above another."""
    texts = [*prose("a", 6, 60), above, text, *prose("b", 6, 60)]
    lines = [one.model_copy(update={"bold": one.text == text}) for one in column(texts, 100, 300)]
    return [(b.kind, b.text) for b in arrange(page(lines, number=2)).blocks]


def test_a_bold_line_between_two_paragraphs_heads_the_second() -> None:
    kinds = [kind for kind, _ in bold_within("Of the builders")]
    assert kinds == [BlockKind.TEXT, BlockKind.SECTION_HEADER, BlockKind.TEXT]


def test_a_line_that_was_weighed_wrong_parts_no_paragraph() -> None:
    middle = prose("c", 1, 60)[0]
    assert [kind for kind, _ in bold_within(middle, above=prose("d", 1, 60)[0])] == [BlockKind.TEXT]
    assert [kind for kind, _ in bold_within(middle)] == [BlockKind.TEXT, BlockKind.TEXT]


def test_a_line_of_an_address_that_was_weighed_wrong_stays_in_it() -> None:
    address = ["P. Blue", "Sesame street 32", "Amsterdam"]
    lines = [one.model_copy(update={"bold": "32" in one.text}) for one in column(address, 100, 300)]
    assert [b.text.split() for b in arrange(page(lines)).blocks] == [" ".join(address).split()]


def test_what_is_said_in_brackets_is_no_heading() -> None:
    assert BlockKind.SECTION_HEADER not in [kind for kind, _ in bold_within("(running to the window)")]


def test_a_numbered_heading_in_capitals_may_end_with_a_full_stop() -> None:
    assert (BlockKind.SECTION_HEADER, "2. DUTIES.") in bold_within("2. DUTIES.")
    assert (BlockKind.SECTION_HEADER, "2. Duties.") not in bold_within("2. Duties.")


def levels(heads: list[tuple[str, float]]) -> list[int | None]:
    lines = []
    for i, (text, size) in enumerate(heads):
        flat = line(text, 100, 200 + 300 * i, size=30)
        box = (flat.bbox[0], flat.bbox[1], flat.bbox[2], flat.bbox[1] + size)
        lines += [flat.model_copy(update={"bbox": box, "bold": True}), *column(prose("a", 6, 60), 100, 260 + 300 * i)]
    blocks = arrange_document(Document(pages=(arrange(page(lines, number=2)),))).pages[0].blocks
    return [b.level for b in blocks if b.kind is BlockKind.SECTION_HEADER]


def test_headings_whose_boxes_differ_little_are_on_one_level() -> None:
    assert levels([("First of them", 34), ("Second of them", 25)]) == [1, 1]


def test_headings_with_markers_of_one_kind_are_on_one_level() -> None:
    assert levels([("Of all of them", 50), ("(a) First", 50), ("(b) Second", 24)]) == [1, 1, 1]


def test_large_type_at_the_end_of_a_receipt_heads_nothing() -> None:
    lines = [line("Corner Shop", 100, 60, size=34), *column(RECEIPT[1:], 100, 120)]
    lines.append(line("Thank you all", 100, 320, size=34))
    kinds = [b.kind for b in arrange(page(lines, width=600, height=500)).blocks]
    assert kinds == [BlockKind.TITLE, BlockKind.TEXT, BlockKind.TEXT]


def test_a_large_item_of_a_list_is_no_heading() -> None:
    lines = [line("• The main point", 100, 100, size=34), *column(prose("a", 9, 60), 100, 160)]
    assert [b.kind for b in arrange(page(lines)).blocks] == [BlockKind.LIST_ITEM, BlockKind.TEXT]


def test_a_heading_on_a_page_that_lies_on_its_side_is_found() -> None:
    turned = []
    for item in [line("First Part", 100, 200, size=30), *column(prose("a", 8, 60), 100, 260)]:
        words = tuple(
            w.model_copy(update={"bbox": (w.bbox[1], 1700 - w.bbox[2], w.bbox[3], 1700 - w.bbox[0])})
            for w in item.words
        )
        x0, y0, x1, y1 = item.bbox
        turned.append(item.model_copy(update={"bbox": (y0, 1700 - x1, y1, 1700 - x0), "words": words}))
    sideways = page(turned, width=2200, height=1700, number=2).model_copy(update={"rotation": 90})
    assert [b.kind for b in arrange(sideways).blocks] == [BlockKind.SECTION_HEADER, BlockKind.TEXT]
    letters = [letter_width(p) for p in pieces_of(turned, reading_frame(sideways, turned))]
    assert letters[1:] == [HEIGHT / 2] * 8


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_text_that_runs_another_way_on_an_upright_page_is_arranged_as_it_reads(turn: int) -> None:
    lines = [line("First Part", 100, 200, size=30), *column(prose("a", 8, 60), 100, 260)]
    width, height = (2200, 1700) if turn in (90, 270) else (1700, 2200)
    back = Affine.turn(turn, width, height)
    turned = [
        one.model_copy(
            update={
                "bbox": back.box(one.bbox),
                "quad": back.quad(quad_of(one.bbox)),
                "words": tuple(w.model_copy(update={"bbox": back.box(w.bbox)}) for w in one.words),
            }
        )
        for one in lines
    ]
    sideways = page(turned, width=1700, height=2200, number=2)
    assert [b.text for b in arrange(sideways).blocks] == [b.text for b in arrange(page(lines, number=2)).blocks]


def test_labels_head_the_addresses_below_them_whose_lines_stay_lines() -> None:
    lines = [line("Corner Shop Limited", 100, 60), line("12 High Street", 100, 84)]
    lines += column(["Bill to:", "Mrs Jane Doe", "7 Low Road", "Elsewhere"], 100, 200)
    lines += column(["Ship to:", "Mister Roe", "near the old station", "9 Mill Lane"], 100, 400)
    blocks = arrange(page(lines, number=2)).blocks
    assert [(b.kind, b.text) for b in blocks] == [
        (BlockKind.TEXT, "Corner Shop Limited\n12 High Street"),
        (BlockKind.SECTION_HEADER, "Bill to:"),
        (BlockKind.TEXT, "Mrs Jane Doe\n7 Low Road\nElsewhere"),
        (BlockKind.SECTION_HEADER, "Ship to:"),
        (BlockKind.TEXT, "Mister Roe\nnear the old station\n9 Mill Lane"),
    ]


def test_names_of_values_head_nothing() -> None:
    lines = column(["Order:", "Date: 3 May", "Place: Anytown", "Clerk:", "Till: 5"], 100, 100)
    assert BlockKind.SECTION_HEADER not in {b.kind for b in arrange(page(lines)).blocks}


def test_a_narrow_column_of_a_newspaper_is_running_text() -> None:
    texts = ["They were all on the", "ship which was to be", "at sea by the day on", "which Mister Keen of"]
    texts += ["Hull had sworn to go", "home and never be at", "sea again as long as", "he had money to rent"]
    (block,) = arrange(page(column(texts, 100, 100))).blocks
    assert block.text == " ".join(texts)


def test_levels_that_a_model_wrote_stay_and_others_are_found() -> None:
    def head(text: str, level: int | None) -> Block:
        return Block(kind=BlockKind.SECTION_HEADER, text=text, bbox=(0, 0, 9, 9), level=level)

    blocks = (head("Large", 1), head("Small", 3), head("Without", None))
    by_model = Provenance(runs=(EngineRun(engine="surya", usage=Usage(calls=1)),))
    read = Page(number=1, width=9, height=9, blocks=blocks, provenance=by_model)
    guessed = read.model_copy(update={"provenance": Provenance(runs=(EngineRun(engine="ppocr"),))})
    for page_given, levels in ((read, [1, 3, 1]), (guessed, [1, 1, 1])):
        [page_settled] = arrange_document(Document(pages=(page_given,))).pages
        assert [block.level for block in page_settled.blocks] == levels


def test_a_list_item_keeps_lines_that_ended_early_and_joins_those_that_go_on() -> None:
    texts = [
        "1. Assets without a body",
        *[text.replace("a", "A") for text in prose("a", 1, 60)],
        "and goes on to an end",
    ]
    items = [*texts, "2. Leases, which are on", "the balance sheet"]
    lines = [line(text, 100 + 25 * (not text[0].isdigit()), 100 + LEADING * i) for i, text in enumerate(items)]
    lines += column(prose("x", 8, 70), 100, 400)
    found = [b.text for b in arrange(page(lines)).blocks if b.kind is BlockKind.LIST_ITEM]
    assert found == [f"Assets without a body\n{texts[1]} {texts[2]}", "Leases, which are on the balance sheet"]


def test_a_word_parted_at_the_end_of_a_short_line_of_a_list_is_made_whole() -> None:
    lines = [line("• private law-", 100, 100), line("yers and others", 125, 124), line("• Staff", 100, 148)]
    found = [b.text for b in arrange(page([*lines, *column(prose("x", 8, 70), 100, 400)])).blocks]
    assert found[:2] == ["private lawyers and others", "Staff"]


def test_a_long_numbered_heading_goes_on_below_its_first_word() -> None:
    heading = ["3 A Heading That Is Almost As Long As All", "The Column Which It Heads"]
    lines = [line(heading[0], 100, 100, size=30), line(heading[1], 130, 136, size=30)]
    blocks = arrange(page([*lines, *column(prose("x", 8, 60), 100, 220)], number=2)).blocks
    assert (blocks[0].kind, blocks[0].text) == (BlockKind.SECTION_HEADER, " ".join(heading))


def test_a_formula_is_no_heading() -> None:
    lines = [line("Q = HWQ, V = HWV, K = HWK (1)", 100, 100), *column(prose("x", 8, 60), 100, 160)]
    assert arrange(page(lines)).blocks[0].kind is BlockKind.TEXT


REFERENCES = (
    ("1 British Almanac. Report on the smoke of towns and", "what became of it in the end, London 1847."),
    ("2 Wroe D. Campaign angers those who manage it. The Age", "17 May, in the second column."),
    ("3 Hirsch N. On the order of things in small print. Annals", "of the Society, second part."),
)


def referred(between: float) -> list[str]:
    lines = []
    for row, texts in enumerate(REFERENCES):
        lines += [line(texts[0], 100, 300 + 2 * row * LEADING), line(texts[1], 100 + between, 324 + 2 * row * LEADING)]
    return [block.text for block in arrange(page(lines)).blocks]


def test_references_numbered_without_a_point_are_one_paragraph_each() -> None:
    assert referred(between=20) == [" ".join(texts) for texts in REFERENCES]


def test_lines_that_begin_with_numbers_and_do_not_hang_are_no_references() -> None:
    assert len(referred(between=0)) == 1


def test_a_dash_between_paragraphs_is_no_list_item() -> None:
    said = ["— " + prose("b", 1)[0], "— " + prose("d", 1)[0]]
    lines = [*column(prose("a", 3), 100, 300), line(said[0], 100, 300 + 4 * LEADING)]
    lines += [*column(prose("c", 3), 100, 300 + 6 * LEADING), line(said[1], 100, 300 + 10 * LEADING)]
    blocks = arrange(page(lines)).blocks
    assert [block.kind for block in blocks] == [BlockKind.TEXT] * 4
    assert [block.text for block in blocks[1::2]] == said


def test_a_line_of_verse_that_begins_with_a_dash_stays_in_its_stanza() -> None:
    verse = [
        "Of the sea it sang and of the land,",
        "— the sea that was",
        "never so near that we saw it no more,",
        "sand",
    ]
    (block,) = arrange(page(column(verse, 100, 100))).blocks
    assert (block.kind, [item.text for item in block.lines]) == (BlockKind.TEXT, verse)


def test_dashes_below_one_another_are_a_list() -> None:
    blocks = arrange(page(column(["- one of these", "- two of these"], 100, 100))).blocks
    assert [block.kind for block in blocks] == [BlockKind.LIST_ITEM] * 2


@pytest.mark.parametrize("leader", ["." * 20, " ." * 20, "…" * 8])
def test_lines_with_leaders_stay_lines(leader: str) -> None:
    contents = [
        f"{title} {leader} {number}" for title, number in (("Of Islands", 3), ("of seas", 9), ("Of Rivers", 27))
    ]
    lines = [*column(contents, 100, 100), *column(prose("a", 6), 100, 300)]
    assert arrange(page(lines)).blocks[0].text == "\n".join(contents)


def test_what_dots_lead_from_is_no_heading() -> None:
    contents = ["1.1 Scope of the work " + "." * 30 + " 4", "1.2 METHODS " + "." * 40 + " 5"]
    lines = [*column(prose("a", 6), 100, 100), *(line(text, 100, 400 + 60 * i) for i, text in enumerate(contents))]
    assert all(block.kind is BlockKind.TEXT for block in arrange(page(lines)).blocks)


@pytest.mark.parametrize(
    "title", ["2、甲烷氯化物行业", "一、公司概况", "1.金融商品に関する事項", "第4【提出会社の状況】"]
)
def test_a_short_line_of_full_width_signs_above_a_paragraph_heads_it(title: str) -> None:
    text = "漢字の文章が続くここに続きがある" * 3
    lines = [
        line(item, 100, 100 + LEADING * i)
        for i, item in enumerate([text, text[:40], title, text, text, text, text[:20]])
    ]
    blocks = arrange(page(lines)).blocks
    assert [block.kind for block in blocks] == [BlockKind.TEXT, BlockKind.SECTION_HEADER, BlockKind.TEXT]
    assert blocks[1].text == title


def test_short_lines_of_full_width_signs_stay_lines() -> None:
    address = ["北陸電力株式会社", "富山県富山市牛島町", "電話"]
    assert arrange(page(column(address, 100, 100))).text == "\n".join(address)
    assert breaks(address) == 2


def test_a_numbered_paragraph_ends_where_the_next_is_indented() -> None:
    first, second, third = prose("a", 3, 60), prose("b", 3, 60), prose("c", 3, 60)
    numbered = [
        *column(prose("x", 2, 60), 100, 76),
        line("7) " + first[0][:-6], 130, 124),
        *column(first[1:], 100, 148),
    ]
    lines = [*numbered, line(second[0][:-3], 130, 196), *column(second[1:], 100, 220)]
    lines += [line(third[0][:-3], 130, 268), *column(third[1:], 100, 292)]
    blocks = arrange(page(lines)).blocks
    assert [block.text[:2] for block in blocks] == ["x0", "7)", "b0", "c0"]


def test_labels_above_the_caption_of_a_figure_are_no_headings() -> None:
    labels = [line(text, 100 + 90 * i, 300 + 60 * i, bold=True) for i, text in enumerate(["Nut case", "Core", "Lock"])]
    lines = [*column(prose("a", 6), 100, 100), *labels, line("Figure 7. A nut as it is.", 100, 520)]
    assert BlockKind.SECTION_HEADER not in [block.kind for block in arrange(page(lines)).blocks]
    above = [*lines[:9], line("The nut as it is here.", 100, 520)]
    assert BlockKind.SECTION_HEADER in [block.kind for block in arrange(page(above)).blocks]


def test_a_line_in_capitals_close_above_a_sentence_heads_it() -> None:
    text = [line(item.capitalize(), 100, 424 + LEADING * i) for i, item in enumerate(prose("below it", 3, 60))]
    lines = [*column(prose("a", 6, 60), 100, 100), line("SETTING THE DATE", 100, 400), *text]
    blocks = arrange(page(lines)).blocks
    assert [(block.kind, block.text) for block in blocks[1:2]] == [(BlockKind.SECTION_HEADER, "SETTING THE DATE")]
    assert len(blocks) == 3


@pytest.mark.parametrize(("gap", "kind"), [(0, BlockKind.TEXT), (30, BlockKind.SECTION_HEADER)])
def test_the_last_line_of_an_address_is_no_heading_though_one_above_it_passes_for_bold(
    gap: int, kind: BlockKind
) -> None:
    address = [
        line("Pino Bluebird", 100, 100, size=24),
        line("Sesame street 32", 100, 129, size=24, bold=True),
        line("Amsterdam harbour", 100, 157 + gap, size=26),
    ]
    below = [line(f"Number of bill: 99228860{i}", 100, 300 + 30 * i) for i in range(5)]
    blocks = arrange(page([*address, *below])).blocks
    (last,) = (block for block in blocks if "Amsterdam harbour" in block.text)
    assert last.kind is kind


def test_headings_with_letters_are_below_those_with_figures() -> None:
    lines = [
        line("12. Transactions with the manager", 100, 100, bold=True),
        line("(b) Holding of the manager", 100, 170, bold=True),
        *column(prose("a", 6, 80), 100, 240),
    ]
    headings = [b for b in arrange(page(lines)).blocks if b.kind is BlockKind.SECTION_HEADER]
    assert [(b.text[:3], b.level) for b in headings] == [("12.", 1), ("(b)", 2)]
