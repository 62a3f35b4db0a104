"""What is printed: ratios, verdicts, limits, and who is left out."""

from __future__ import annotations

from math import nan
from pathlib import Path

import pytest

from bench.contenders import ALL, PEERS, Contender, Setup
from bench.flops import node_flops, profile_flops
from bench.limit import Limit, limit_line
from bench.measure import Run
from bench.options import Common
from bench.report import table
from bench.scoring import Score
from bench.speed import Result, rows, verdicts


def run(wall: float, *, peak: float = 100.0) -> Run:
    return Run(out=Path(), wall_s=wall, cpu_s=2 * wall, peak_mb=peak, total_mb=peak, errors={})


def result(label: str, walls: list[float], *, edits: int = 1) -> Result:
    return Result(
        label,
        pages=4 * len(walls),
        laps=[run(wall) for wall in walls],
        starts=[run(2.0) for _ in walls],
        score=Score(pages=4, word_f1=3.6, line_edits=edits, line_length=100),
    )


def test_rates_are_over_all_rounds_with_and_without_the_start_up() -> None:
    slow, fast = result("slow", [10.0, 14.0]), result("fast", [4.0, 4.0])
    assert slow.wall_s == 3.0
    assert slow.cpu_s == 6.0
    assert slow.warm_rate == 8 / 20
    line = rows([slow, fast], slow)[1]
    # 8 pages in 8 s against 24 s; less 2 s a round 4 s against 20 s
    assert line[:7] == ["fast", "1.00", "3.00", "2.00", "5.00", "90.0", "1.00"]


def test_documents_too_short_to_tell_from_the_start_up_say_so() -> None:
    assert rows([result("a", [1.5])], result("a", [1.5]))[0][3:5] == ["too short", "too short"]


def test_a_ratio_bought_with_errors_is_called_so_and_one_without_is_not() -> None:
    peer = result("peer", [10.0], edits=2)
    assert verdicts([peer, result("good", [1.0], edits=2)], peer) == []
    (said,) = verdicts([peer, result("bad", [1.0], edits=3)], peer)
    assert said.startswith("bad reads worse than peer: line error 3.00 against 2.00")


def test_who_failed_is_out_with_its_reason() -> None:
    peer = result("peer", [10.0])
    broken = Result("broken", failure="no such file")
    assert verdicts([peer, broken], peer) == ["broken is out: no such file"]
    assert [line[0] for line in rows([peer, broken], peer)] == ["peer"]


def test_a_peer_that_is_not_installed_is_left_out_with_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    absent = Contender(
        name="absent",
        summary="",
        load="nowhere",
        formats=frozenset({"txt"}),
        modules=("no_such_module", "json"),
        programs=("no-such-program", "python3"),
    )
    assert Common((), Setup(), None).peers([absent], ("txt",)) == []
    assert capsys.readouterr().err == "absent is left out: not installed: no_such_module, no-such-program.\n"


def test_text_races_against_text_and_pdf_against_pdf() -> None:
    able = {wanted: {peer.name for peer in PEERS if wanted in peer.formats} for wanted in ("txt", "pdf")}
    assert able == {"txt": {"rapidocr", "tesseract"}, "pdf": {"ocrmypdf"}}


def test_an_engine_is_named_with_its_options() -> None:
    common = Common(("ppocr:profile=fast,threads=1", "rapidocr"), Setup(), None)
    first, second = common.entries(ALL["ocrkit"], ("txt",))
    assert (first.label, first.setup.engine) == ("ocrkit:ppocr:profile=fast,threads=1", "ppocr")
    assert first.setup.options == {"profile": "fast", "threads": "1"}
    assert (second.setup.engine, second.setup.options) == ("rapidocr", {})


@pytest.mark.parametrize(
    ("kind", "inputs", "output", "flops"),
    [
        ("Conv", [(1, 3, 8, 8), (16, 3, 3, 3)], (1, 16, 4, 4), 2 * 16 * 4 * 4 * 3 * 3 * 3),
        ("Conv", [(1, 16, 4, 4), (16, 1, 3, 3)], (1, 16, 4, 4), 2 * 16 * 4 * 4 * 9),  # one channel a group
        ("ConvTranspose", [(1, 8, 4, 4), (8, 2, 2, 2)], (1, 2, 8, 8), 2 * 8 * 4 * 4 * 2 * 2 * 2),
        ("MatMul", [(1, 40, 120), (120, 360)], (1, 40, 360), 2 * 40 * 120 * 360),
        ("Relu", [(1, 16, 4, 4)], (1, 16, 4, 4), 0),
    ],
)
def test_operations_of_a_graph_node(
    kind: str, inputs: list[tuple[int, ...]], output: tuple[int, ...], flops: int
) -> None:
    assert node_flops(kind, inputs, output) == flops


def test_operations_of_a_profile_count_each_kernel_once() -> None:
    args = {
        "op_name": "MatMul",
        "input_type_shape": [{"float": [2, 3]}, {"float": [3, 4]}],
        "output_type_shape": [{"float": [2, 4]}],
    }
    events = [
        {"name": "model_run", "args": {}},
        {"name": "a_fence_before", "args": {"op_name": "MatMul"}},
        {"name": "a_kernel_time", "args": args},
    ]
    assert profile_flops(events) == 2 * 2 * 3 * 4


def test_the_limit_is_the_peak_over_the_work() -> None:
    line = limit_line("a", Limit(gflop_per_page=50, peak_gflops=200), reached=1.0)
    assert "allow 4.00 pages/s; reached 25%" in line
    assert "too short" in limit_line("a", Limit(gflop_per_page=50, peak_gflops=200), reached=nan)
    assert "not known" in limit_line("a", Limit(gflop_per_page=0, peak_gflops=200), reached=1.0)


def test_table_columns_line_up() -> None:
    assert table(["name", "x"], [["a", "10"], ["bcdef", "2"]]).splitlines() == [
        "| name  |  x |",
        "| ----- | -: |",
        "| a     | 10 |",
        "| bcdef |  2 |",
    ]
