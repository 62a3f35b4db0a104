"""Reading order of pages built in code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.layout.pages import HEIGHT, column, leftward, line, page, prose, upright

from ocrkit.geometry import union
from ocrkit.layout import arrange
from ocrkit.layout.grids import Ruling
from ocrkit.layout.order import regions_of
from ocrkit.layout.pieces import pieces_of, reading_frame
from ocrkit.layout.side_blocks import blocks_apart

if TYPE_CHECKING:
    from ocrkit.model import Line


def _order(text: str, *names: str) -> list[str]:
    return sorted(names, key=text.index)


def test_two_columns_are_read_one_after_the_other() -> None:
    lines = column(prose("left", 20), 100, 300) + column(prose("right", 20), 560, 300)
    lines = lines[::3] + lines[1::3] + lines[2::3]
    text = arrange(page(lines)).text
    assert _order(text, "right0", "left19", "left0", "right19") == ["left0", "left19", "right0", "right19"]


def test_three_columns_are_read_one_after_the_other() -> None:
    lines = [item for i, name in enumerate("abc") for item in column(prose(name, 20, 30), 100 + 340 * i, 300)]
    text = arrange(page(lines)).text
    assert _order(text, "c0", "b0", "a19", "a0", "b19") == ["a0", "a19", "b0", "b19", "c0"]


def test_a_line_across_the_columns_parts_what_stands_above_it_from_what_stands_below() -> None:
    lines = column(prose("topleft", 8), 100, 300) + column(prose("topright", 8), 560, 300)
    lines += [line("across " + "wide " * 15, 100, 560)]
    lines += column(prose("lowleft", 8), 100, 640) + column(prose("lowright", 8), 560, 640)
    text = arrange(page(lines)).text
    names = ["topleft0", "topright0", "across", "lowleft0", "lowright0"]
    assert _order(text, *sorted(names)) == names


def test_rows_of_a_receipt_stay_rows() -> None:
    items = [("Milk", "1.20"), ("Bread and butter", "3.45"), ("Eggs", "2.10"), ("TOTAL", "6.75")]
    lines = [
        part for i, (name, price) in enumerate(items) for part in (line(name, 50, 30 * i), line(price, 500, 30 * i))
    ]
    text = arrange(page(lines, width=600, height=400)).text
    assert [row.split() for row in text.splitlines() if row] == [f"{name} {price}".split() for name, price in items]


def test_keys_stay_with_their_values() -> None:
    pairs = [("Our reference:", "ABC-1"), ("Your reference:", "XYZ"), ("Date:", "12 March"), ("Subject:", "Offer")]
    pairs += [("Contact:", "Jane Doe"), ("Phone:", "none")]
    lines = [part for i, (a, b) in enumerate(pairs) for part in (line(a, 50, 30 * i), line(b, 300, 30 * i))]
    arranged = arrange(page(lines))
    assert not any(block.table for block in arranged.blocks)
    assert all(f"{a} {b}" in arranged.text for a, b in pairs)


def test_addresses_far_apart_are_read_one_after_the_other() -> None:
    sender = ["Acme Limited", "12 High Street", "Anytown AB1", "England"]
    receiver = ["Mrs Jane Doe", "7 Low Road", "Elsewhere CD2", "Scotland"]
    text = arrange(page(column(sender, 100, 100) + column(receiver, 900, 110))).text
    assert text.split() == " ".join(sender + receiver).split()


def test_columns_written_from_right_to_left_are_read_from_the_right() -> None:
    words = "كلمة أخرى في هذا السطر الطويل جدا من النص هنا"
    right = [leftward(f"يمين {words}", 1500, 300 + 24 * i) for i in range(10)]
    left = [leftward(f"يسار {words}", 800, 300 + 24 * i) for i in range(10)]
    text = arrange(page(left + right)).text
    assert text.rindex("يمين") < text.index("يسار")


def test_vertical_lines_are_read_from_the_right() -> None:
    lines = [upright(sign * 20, 1000 - 40 * i, 200) for i, sign in enumerate("一二三四")]
    (block,) = arrange(page(lines[::-1])).blocks
    assert block.text == "".join(sign * 20 for sign in "一二三四")


def test_a_page_on_its_side_is_read_as_if_it_stood_upright() -> None:
    lines = column(prose("first", 9), 100, 300) + column(prose("second", 9), 560, 300)
    upright_page = page(lines)
    turned = [
        item.model_copy(
            update={
                "bbox": (item.bbox[1], 1700 - item.bbox[2], item.bbox[3], 1700 - item.bbox[0]),
                "words": tuple(
                    w.model_copy(update={"bbox": (w.bbox[1], 1700 - w.bbox[2], w.bbox[3], 1700 - w.bbox[0])})
                    for w in item.words
                ),
            }
        )
        for item in lines
    ]
    sideways = page(turned[::-1], width=2200, height=1700).model_copy(update={"rotation": 90})
    assert arrange(sideways).text == arrange(upright_page).text


def test_a_tilted_page_keeps_its_rows_together() -> None:
    lines = []
    for i in range(12):
        for x, text in ((100, f"item{i}"), (1200, f"{i}.50")):
            item = line(text, x, 300 + 24 * i + x * 0.05)
            x0, y0, x1, y1 = item.bbox
            rise = (x1 - x0) * 0.05
            quad = ((x0, y0), (x1, y0 + rise), (x1, y1 + rise), (x0, y1))
            lines.append(item.model_copy(update={"quad": quad, "bbox": (x0, y0, x1, y1 + rise)}))
    rows = [row.split() for row in arrange(page(lines)).text.splitlines() if row]
    assert rows == [[f"item{i}", f"{i}.50"] for i in range(12)]


def test_one_slanted_label_does_not_tilt_a_page_of_upright_lines() -> None:
    slanted = line("New!", 1200, 200).model_copy(update={"quad": ((1200, 200), (1238, 215), (1230, 235), (1192, 220))})
    lines = [*column(prose("left", 9), 100, 300), *column(prose("right", 9), 560, 300)]
    text = arrange(page([slanted, *lines])).text
    assert _order(text, "right0", "left8", "left0", "right8") == ["left0", "left8", "right0", "right8"]


def test_a_row_that_the_engine_split_becomes_one_line() -> None:
    arranged = arrange(page([line("one two", 100, 100), line("three four", 190, 102), line("next line", 100, 130)]))
    assert [item.text for item in arranged.lines] == ["one two three four", "next line"]


def test_a_heading_set_off_below_the_left_column_is_read_after_the_right_one() -> None:
    lines = column(prose("left", 12), 100, 300) + column(prose("right", 12), 560, 300)
    lines += [line("WATCH", 100, 700), line("wide " * 16, 100, 760), line("wide " * 16, 100, 784)]
    text = arrange(page(lines)).text
    assert text.index("right11") < text.index("WATCH") < text.index("wide")


def test_the_markers_of_a_list_are_no_column() -> None:
    lines = []
    for i, marker in enumerate(("a)", "b)", "c)")):
        lines.append(line(marker, 100, 300 + 120 * i, size=15))
        lines += column(prose(marker[0] * 3, 3), 200, 295 + 120 * i)
    text = arrange(page(lines)).text
    assert text.index("a)") < text.index("aaa0") < text.index("b)") < text.index("bbb0") < text.index("c)")


def test_names_near_their_values_stay_rows_without_colons() -> None:
    pairs = [("Reference number", "ABC one"), ("Kind of goods", "Glassware"), ("Sent by", "Road haulage")]
    lines = [part for i, (a, b) in enumerate(pairs) for part in (line(a, 50, 30 * i), line(b, 270, 30 * i))]
    assert arrange(page(lines)).text.splitlines() == [f"{a} {b}" for a, b in pairs]


def _around_an_inset(inset: list[Line]) -> list[Line]:
    """Two columns, both narrower in the middle, where lines of type stand between them."""
    sides = ((8, 40), (16, 26), (8, 40))
    lines, y = inset, 300
    for part, (count, letters) in zip("abc", sides, strict=True):
        lines = [*lines, *column(prose(f"left{part}", count, letters), 100, y)]
        lines += column(prose(f"right{part}", count, letters), 530 + (40 - letters) * 10, y)
        y += 24 * count
    return lines


def test_columns_around_an_inset_are_read_one_after_the_other() -> None:
    inset = [line("the caption", 460, 300 + 24 * 10), line("of a picture", 455, 300 + 24 * 11)]
    text = arrange(page(_around_an_inset(inset))).text
    names = ["lefta0", "leftb0", "leftc7", "righta0", "rightb0", "rightc7"]
    assert _order(text, *sorted(names)) == names
    assert "the caption" in text


def test_a_line_that_the_engine_ran_across_the_gutter_is_cut_at_it() -> None:
    left, right = column(prose("left", 12), 100, 300), column(prose("right", 12), 530, 300)
    fused = [
        left[i].model_copy(
            update={
                "text": f"{left[i].text} {right[i].text}",
                "words": (*left[i].words, *right[i].words),
                "bbox": union([left[i].bbox, right[i].bbox]),
            }
        )
        for i in (0, 6)
    ]
    lines = [*fused, *(item for i in range(12) if i not in (0, 6) for item in (left[i], right[i]))]
    text = arrange(page(lines)).text
    names = ["left0", "left6", "left11", "right0", "right6", "right11"]
    assert _order(text, *sorted(names)) == names


def test_a_heading_across_the_columns_is_not_cut_at_their_gutter() -> None:
    heading = line("word " * 15 + "end", 100, 240)
    lines = [heading, *column(prose("left", 12), 100, 300), *column(prose("right", 12), 530, 300)]
    assert heading.text in [item.text for item in arrange(page(lines)).lines]


def test_a_line_whose_box_reaches_into_the_next_column_parts_nothing() -> None:
    left, right = column(prose("left", 12), 100, 300), column(prose("right", 12), 512, 300)
    x0, y0, _, y1 = left[6].bbox
    left[6] = left[6].model_copy(update={"bbox": (x0, y0, 519, y1)})
    text = arrange(page(left + right)).text
    names = ["left0", "left6", "left11", "right0", "right6", "right11"]
    assert _order(text, *sorted(names)) == names


def test_columns_of_text_and_short_lines_of_code_are_read_one_after_the_other() -> None:
    code = ["i = 0", "for p in range(x):", "offset = i", "end for", "while true do", "p = p + 1", "until p = q", "end"]
    lines = []
    for name, x in (("left", 100), ("right", 560)):
        lines += column([*prose(name, 7), *code, f"{name}code"], x, 300)
    text = arrange(page(lines)).text
    names = ["left0", "leftcode", "right0", "rightcode"]
    assert _order(text, *sorted(names)) == names


def test_two_pages_of_a_book_are_read_one_after_the_other_whatever_they_hold() -> None:
    asked = [
        "Does it pay at all, in your view?",
        "Yes, a little",
        "Yes, a great deal of money",
        "No, but it should pay",
    ]
    pages = [
        [line(f"{name}{i} {asked[i % 4]}", x, 300 + gap * i) for i in range(9)]
        for name, x, gap in (("left", 100, 50), ("right", 900, 37))
    ]
    spread = page([*pages[0], *pages[1]])
    regions = regions_of(pieces_of(spread.lines, reading_frame(spread, spread.lines)), HEIGHT)
    assert [[piece.line for piece in region] for region in regions] == pages


def test_lines_that_formulas_break_into_pieces_are_lines_of_their_column() -> None:
    lines = []
    for name, x in (("left", 100), ("right", 560)):
        for i in range(10):
            pieces = [f"{name}{i} a rocket at", "t = 3", "rises to", "h(t) = 5"]
            at = float(x)
            for text in pieces:
                lines.append(line(text, at, 300 + 24 * i + (3 if name == "right" else 0)))
                at = lines[-1].bbox[2] + 12
    text = arrange(page(lines)).text
    names = ["left0", "left9", "right0", "right9"]
    assert _order(text, *sorted(names)) == names


def _blocks_apart(lines: list[Line]) -> list[list[Line]]:
    pieces = pieces_of(lines, reading_frame(page(lines), lines))
    return [[piece.line for piece in part] for part in blocks_apart(pieces, HEIGHT)]


def test_addresses_under_their_labels_are_read_one_after_the_other_even_close_together() -> None:
    left, right = ["Bill to:", "Mrs Jane Doe", "7 Low Road"], ["Ship to:", "Mister John Roe", "12 High Street"]
    text = arrange(page(column(left, 100, 100) + column(right, 270, 100))).text
    assert text.split() == " ".join(left + right).split()


def test_close_blocks_with_lines_of_their_own_spacing_are_read_one_after_the_other() -> None:
    left = [line(f"Order detail {i}", 100, 100 + 40 * i) for i in range(6)]
    right = [line(f"address line {i}", 270, 100 + 24 * i) for i in range(9)]
    assert _blocks_apart(left + right) == [left, right]


def test_items_stay_beside_their_prices_below_an_address() -> None:
    address = column(["Mister John Roe", "12 High Street", "Anytown", "England"], 900, 100)
    items = [("Announcement", "45,93 €"), ("A copy on paper", "3,50 €"), ("A copy as a file", "0,75 €")]
    lines = [
        part for i, (a, b) in enumerate(items) for part in (line(a, 100, 220 + 50 * i), line(b, 910, 220 + 50 * i))
    ]
    lines = [line("To whom it may concern", 100, 100), *address, *lines]
    assert _blocks_apart(lines) == [lines]


def test_labels_without_colons_are_read_with_what_stands_below_them() -> None:
    left = [line("Bank Name", 100, 100), line("Corner Bank", 100, 122), line("Address", 100, 170)]
    left += [line("12 Long Street", 100, 192), line("Springfield", 100, 214)]
    right = [line("Account No.", 350, 100), line("00030340067212", 350, 122), line("Sort code", 350, 170)]
    right.append(line("HDFC0000003", 350, 192))
    assert _blocks_apart(left + right) == [left[:2], right[:2], left[2:], right[2:]]


def test_names_stay_beside_values_that_stand_far_away() -> None:
    names = [line("Invoice number", 100, 100), line("Invoice date", 100, 124), line("Customer", 100, 148)]
    values = [line("30064443", 400, 100), line("7. May 2014", 400, 124), line("47774", 400, 148)]
    rows = [part for row in zip(names, values, strict=True) for part in row]
    assert _blocks_apart(rows) == [rows]


def test_one_address_twice_is_read_twice() -> None:
    address = ["Jane Doe", "12 Long Street, Anytown", "NR1 2AB England"]
    left, right = column(address, 100, 100), column(address, 360, 100)
    assert _blocks_apart(left + right) == [left, right]


def test_a_sentence_beside_a_list_is_read_on_its_own() -> None:
    names = column(["Jane Doe", "12 Long Street", "NR1 2AB England"], 100, 100)
    said = column(["Keep this paper and the", "box in which it came for", "as long as it takes"], 280, 100)
    assert _blocks_apart(names + said) == [names, said]


def test_a_row_of_names_with_figures_below_is_not_cut_into_columns() -> None:
    rows = [line("Item", 100, 100), line("Price", 300, 100), line("Tea", 100, 122), line("2.00", 300, 122)]
    rows += [line("Cake", 100, 144), line("3.50", 300, 144)]
    assert _blocks_apart(rows) == [rows]


def test_blocks_end_at_a_ruling() -> None:
    left, right = ["Bill to:", "Mrs Jane Doe", "7 Low Road"], ["Ship to:", "Mister John Roe", "12 High Street"]
    lines = [*column(left, 100, 100), *column(right, 270, 100), line("Sold:", 100, 172), line("by hand", 270, 172)]
    pieces = pieces_of(lines, reading_frame(page(lines), lines))
    parts = blocks_apart(pieces, HEIGHT, [Ruling(170, 100, 430)])
    assert [len(part) for part in parts] == [3, 3, 2]


def test_no_label_heads_a_block_that_goes_on_beside_a_gap() -> None:
    left = [line("Invoice", 100, 100, size=40, bold=True), line("of goods", 100, 142, size=30)]
    left += column(["Jane Doe of Nowhere", "Anytown"], 100, 240)
    right = [
        line(text, 360, 110 + 26 * i) for i, text in enumerate(["Corner Shop", "Low Road", "Old Town", "Wales", "UK"])
    ]
    right[0] = right[0].model_copy(update={"bold": True})
    assert right in _blocks_apart(left + right)
