"""`python -m bench`: accuracy, speed, searchable PDF, memory, alignment, … each a command."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from bench import accuracy, alignment, chat, confidence, fields, memory, places, searchable, speed
from bench.chat.reader import Reader
from bench.contenders import COMMAND, FIND_TABLES, IMG2TABLE, OCRKIT, PEERS, STREAM, Format
from bench.dataset import NoDataError, items, mixed
from bench.limit import limit_line, physical_limit
from bench.measure import ContenderFailedError, measured
from bench.options import FILE, FOLDER, Common, common_options
from bench.report import heading, machine, percent, table, write_json
from bench.server import run as load_run
from bench.server.soak import soaked
from bench.tables import making
from bench.tables import run as tables_run
from ocrkit import Document, Recognizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.measure import Entry, Run

DEFAULT_COUNTS = (10, 100, 1000)
KEPT = click.Path(file_okay=False, path_type=Path)
PEER_NAMES = click.Choice([peer.name for peer in PEERS])


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns what a user can mend into one line."""
    try:
        yield
    except (NoDataError, ContenderFailedError) as error:
        raise click.ClickException(str(error)) from error


def tell_errors(run: Run) -> None:
    """A line on the terminal for each file that a contender could not read."""
    for name, error in run.errors.items():
        click.echo(f"{name}: {error}", err=True)


@click.group()
def main() -> None:
    """Measures ocrkit beside its peers, on data of yours: folders of <id>.jpg with <id>.gt.txt beside it."""


@main.command(name="accuracy")
@click.option("--data", type=FOLDER, required=True, help="Documents with their truth.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="New folder for outputs.")
@click.option("--peer", type=PEER_NAMES, help="Run this peer in the place of ocrkit.")
@click.option("--scorer", type=click.Path(exists=True, path_type=Path), help="Program to call as SCORER DATA OUT.")
@common_options
def accuracy_command(*, data: Path, out: Path, peer: str | None, scorer: Path | None, common: Common) -> None:
    """Writes <id>.txt (and .md, .csv) of every item, and tells how far that is from the truth."""
    if out.exists():
        raise click.BadParameter(f"{out} exists; name a new folder.")
    with told_plainly():
        wanted = items(data)
        if peer:
            found = common.peers([one for one in PEERS if one.name == peer], ("txt",))
        else:
            found = common.entries(OCRKIT, ("txt", "md", "csv"))[:1]
        if not found:
            raise click.ClickException(f"{peer} cannot be run here.")
        run = measured(found[0], [item.path for item in wanted], out)
    tell_errors(run)
    if scorer:
        click.echo(accuracy.run_scorer(scorer, data, out))
        return
    told = accuracy.scores(wanted, out)
    about = machine()
    click.echo(heading(f"Accuracy of {found[0].label} on {data.name}", about))
    click.echo(table(accuracy.HEAD, accuracy.rows(told)))
    write_json(
        common.json_file,
        {"machine": about, "contender": found[0].label, "items": {name: asdict(one) for name, one in told.items()}},
    )


@main.command(name="speed")
@click.option("--data", type=FOLDER, multiple=True, required=True, help="Pictures with truth; may be repeated: mixed.")
@click.option("--to", type=click.Choice(["txt", "pdf"]), default="txt", show_default=True, help="What all must make.")
@click.option("--pages", default=12, show_default=True, help="Pages a document.")
@click.option("--rounds", default=3, show_default=True, help="Rounds, each with a document of fresh pages.")
@click.option("--peer", type=PEER_NAMES, multiple=True, help="Peers to run; may be repeated. Default: all.")
@common_options
def speed_command(
    *, data: tuple[Path, ...], to: Format, pages: int, rounds: int, peer: tuple[str, ...], common: Common
) -> None:
    """Races ocrkit against its peers on scanned 300-dpi PDFs made of the data, error beside the ratio."""
    chosen = [one for one in PEERS if not peer or one.name in peer]
    rivals = common.peers(chosen, (to,))
    field = [*rivals, *common.entries(OCRKIT, (to,))]
    about = machine()
    with tempfile.TemporaryDirectory() as folder, told_plainly():
        course = speed.laps(mixed(data), Path(folder), pages=pages, rounds=rounds)
        results = list(speed.race(field, course, Path(folder)))
        last = course[-1]
        # Of programs nothing can be counted, and a PDF takes the same models as its text.
        counted = [one for one in field if to == "txt" and not one.contender.programs]
        limits = {one.label: physical_limit(one, last.document, pages=len(last.truths)) for one in counted}
    finished = [result for result in results if not result.failure]
    total = sum(len(lap.truths) for lap in course)
    click.echo(heading(f"Scanned PDFs to {to}: {total} pages in {len(course)} rounds", about))
    if finished:
        click.echo(table(speed.HEAD, speed.rows(results, finished[0])))
        click.echo(f"\nRatios are against {finished[0].label}.")
        click.echo("\n".join(speed.verdicts(results, finished[0])))
    for result in finished:
        if result.label in limits:
            click.echo(limit_line(result.label, limits[result.label], reached=result.warm_rate))
    content = {
        "machine": about,
        "to": to,
        "setups": {one.label: asdict(one.setup) for one in field},
        "results": [result.as_dict() for result in results],
        "limits": {label: asdict(limit) for label, limit in limits.items() if limit},
    }
    write_json(common.json_file, content)


@main.command(name="pdf")
@click.option("--data", type=FOLDER, multiple=True, required=True, help="Documents with truth; may be repeated.")
@click.option("--files", type=int, help="First files of each folder. Default: all.")
@click.option("--peer", type=PEER_NAMES, multiple=True, help="Peers to run; may be repeated. Default: all.")
@common_options
def pdf_command(*, data: tuple[Path, ...], files: int | None, peer: tuple[str, ...], common: Common) -> None:
    """Makes the same files searchable by each program: time, size, and words read back.

    ocrkit runs once for all files, and once a file as its peers do, with their start-up in the time of both.
    """
    chosen = [one for one in PEERS if not peer or one.name in peer]
    ours = [entry for contender in (COMMAND, OCRKIT) for entry in common.entries(contender, ("pdf",))]
    field = [*common.peers(chosen, ("pdf",)), *ours]
    about = machine()
    results: list[searchable.Result] = []
    for one in data:
        with tempfile.TemporaryDirectory() as folder, told_plainly():
            given = searchable.scans(items(one)[:files], Path(folder))
            results += searchable.race(field, given, Path(folder), data=one.name)
    for result in results:
        for name, error in result.errors.items():
            click.echo(f"{result.label}: {name}: {error}", err=True)
    click.echo(heading("Searchable PDF", about))
    click.echo(table(searchable.HEAD, searchable.rows(results)))
    write_json(common.json_file, {"machine": about, "results": [result.as_dict() for result in results]})


@main.command(name="places")
@click.option("--data", type=FOLDER, multiple=True, required=True, help="Documents with truth; may be repeated.")
@click.option("--files", type=int, help="First files of each folder. Default: all.")
@common_options
def places_command(*, data: tuple[Path, ...], files: int | None, common: Common) -> None:
    """Whether the words of searchable PDFs are found again within their boxes, by Poppler, PDFium and MuPDF."""
    (entry, *_) = common.entries(OCRKIT, ("pdf", "json"))
    told: list[list[str]] = []
    for one in data:
        found: dict[str, places.Places] = {}
        with tempfile.TemporaryDirectory() as folder, told_plainly():
            wanted = items(one)[:files]
            run = measured(entry, [item.path for item in wanted], Path(folder) / "out")
            tell_errors(run)
            for item in wanted:
                made = run.out / f"{item.ident}.pdf"
                if not made.exists():
                    continue
                document = Document.from_json(made.with_suffix(".json").read_bytes())
                of_pdf = item.path.suffix.lower() == ".pdf"
                for reader, part in places.count(document, made.read_bytes(), every_page=of_pdf).items():
                    found.setdefault(reader, places.Places()).add(part)
                if fault := places.faults(made):
                    click.echo(f"{made.name}: {fault}", err=True)
        told += places.rows(one.name, found)
    about = machine()
    click.echo(heading(f"Words of searchable PDFs found again, {entry.label}", about))
    click.echo(table(places.HEAD, told))
    write_json(common.json_file, {"machine": about, "rows": [dict(zip(places.HEAD, row, strict=True)) for row in told]})


@main.command(name="memory")
@click.option("--pages", type=int, multiple=True, help=f"Page counts; may be repeated. Default: {DEFAULT_COUNTS}.")
@click.option("--pdf", "kinds", type=click.Choice(get_args(memory.Kind)), multiple=True, help="Default: both.")
@common_options
def memory_command(*, pages: tuple[int, ...], kinds: tuple[memory.Kind, ...], common: Common) -> None:
    """Peak memory against page count, of the command, the library, and its stream, on PDFs made on the spot."""
    field = [one for contender in (COMMAND, OCRKIT, STREAM) for one in common.entries(contender, ("txt",))]
    about = machine()
    with tempfile.TemporaryDirectory() as folder, told_plainly():
        counts, chosen = pages or DEFAULT_COUNTS, kinds or get_args(memory.Kind)
        figures = list(memory.growth(field, Path(folder), counts=counts, kinds=chosen))
    click.echo(heading("Memory against page count", about))
    click.echo(table(memory.HEAD, memory.rows(figures)))
    write_json(common.json_file, {"machine": about, "results": figures})


@main.command(name="tables")
@click.option("--data", type=FOLDER, multiple=True, required=True, help="<id>.pdf, <id>.img.jpg with <id>.gt.csv.")
@click.option("--first-page", is_flag=True, help="The truth is of the first page of each PDF.")
@common_options
def tables_command(*, data: tuple[Path, ...], first_page: bool, common: Common) -> None:
    """Tables found in PDFs and in pictures, beside PyMuPDF's find_tables and img2table: F1 over neighbouring cells."""
    ours = common.entries(OCRKIT, ("csv",))
    readers = common.peers([IMG2TABLE], ("csv",))
    finders = common.peers([FIND_TABLES], ("csv",))
    field: dict[tables_run.Kind, list[Entry]] = {"pdf": [*ours, *finders, *readers], "picture": [*ours, *readers]}
    about = machine()
    told: dict[str, list[tables_run.Result]] = {}
    for one in data:
        with tempfile.TemporaryDirectory() as folder, told_plainly():
            told[one.name] = tables_run.race(field, one, Path(folder), first_page=first_page)
        for result in told[one.name]:
            for name, error in [*result.errors.items(), *([("all", result.failure)] if result.failure else [])]:
                click.echo(f"{result.label}: {name}: {error}", err=True)
        click.echo(heading(f"Tables of {one.name}", about))
        click.echo(table(tables_run.head(told[one.name]), tables_run.rows(told[one.name])))
    sets = {name: [asdict(result) for result in results] for name, results in told.items()}
    write_json(common.json_file, {"machine": about, "sets": sets})


@main.command(name="make-tables")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--count", default=40, show_default=True, help="Documents to make.")
@click.option("--seed", default=1, show_default=True, help="Decides what they are.")
def make_tables_command(*, folder: Path, count: int, seed: int) -> None:
    """Writes documents of tables into FOLDER, with their truth, for `bench tables`."""
    making.make(folder, count=count, seed=seed)
    click.echo(f"{count} documents in {folder}.")


@main.command(name="server")
@click.option("--jobs", default=1000, show_default=True, help="One-page jobs to queue.")
@click.option("--rounds", default=40, show_default=True, help="Inline submissions to time.")
@click.option("--polls", default=250.0, show_default=True, help="Status polls a second to try.")
@click.option(
    "--soak", default=0.0, show_default=True, help="Instead: seconds of work without pause, and what it holds."
)
def server_command(*, jobs: int, rounds: int, polls: float, soak: float) -> None:
    """Puts load on `ocrkit serve`, on 127.0.0.1 alone, with an engine that takes 50 ms a page; ends by itself."""
    click.echo(heading("Load on ocrkit serve", machine()))
    figures = soaked(seconds=soak) if soak else load_run.measured(jobs=jobs, rounds=rounds, polls=polls)
    click.echo(table(load_run.HEAD, figures))


@main.command(name="chat")
@click.option("--data", type=FOLDER, required=True, help="Folder below which the files of the questions are.")
@click.option("--questions", type=FILE, required=True, help="What is asked, as in bench/chat/held_out.toml.")
@click.option("--answerer", default="extractive", show_default=True, help="Answerer of `ocrkit answerers`.")
@click.option("--read", "kept", type=KEPT, help="Keeps what was read, as JSON.")
@click.option("--json", "json_file", type=FILE, help="Write the figures there too.")
def chat_command(*, data: Path, questions: Path, answerer: str, kept: Path | None, json_file: Path | None) -> None:
    """Asks questions whose answers are known: right page first, silence where due, no citation astray."""
    with told_plainly(), Recognizer() as recognizer:
        reader = Reader(recognizer.recognize, kept)
        results = [chat.asked(one, data, read=reader.read, answerer=answerer) for one in chat.documents(questions)]
    for result in results:
        for miss in result.misses:
            click.echo(miss, err=True)
    about = machine()
    click.echo(heading(f"Questions of {questions.name}, answered by {answerer}", about))
    click.echo(table(chat.HEAD, list(chat.rows(results))))
    write_json(json_file, {"machine": about, "results": [asdict(result) for result in results]})


@main.command(name="fields")
@click.option("--data", type=FOLDER, multiple=True, required=True, help="Files with <id>.gt.json; may be repeated.")
@click.option("--tool", default="receipt-to-json", show_default=True, help="Tool of `ocrkit tools` that finds fields.")
@click.option("--read", "kept", type=KEPT, help="Keeps what was read, as JSON.")
@click.option("--json", "json_file", type=FILE, help="Write the figures there too.")
def fields_command(*, data: tuple[Path, ...], tool: str, kept: Path | None, json_file: Path | None) -> None:
    """Fields of receipts and invoices beside those that are known: right, wrong, not found, not where they say."""
    told: dict[str, fields.Score] = {}
    with told_plainly(), Recognizer() as recognizer:
        reader = Reader(recognizer.recognize, kept)
        for one in data:
            told |= fields.scored(one, read=reader.read, tool=tool)
    about = machine()
    for name, score in told.items():
        click.echo("\n".join(score.misses), err=True)
        click.echo(heading(f"Fields of {score.documents} documents, {name}", about))
        click.echo(table(fields.HEAD, list(fields.rows(score))))
        click.echo(f"\n{len(score.astray)} values do not stand where they say. {' '.join(score.astray)}")
    write_json(json_file, {"machine": about, "sets": {name: asdict(score) for name, score in told.items()}})


@main.command(name="confidence")
@click.option("--data", type=FOLDER, multiple=True, required=True, help="Documents with truth; may be repeated.")
@common_options
def confidence_command(*, data: tuple[Path, ...], common: Common) -> None:
    """Reliability diagram and expected calibration error of the confidence of words."""
    entry = common.entries(OCRKIT, ("json",))[0]
    judged, unknown = [], 0
    with tempfile.TemporaryDirectory() as folder, told_plainly():
        for number, one in enumerate(data):
            wanted = items(one)
            run = measured(entry, [item.path for item in wanted], Path(folder) / str(number))
            tell_errors(run)
            for item in wanted:
                found = confidence.words_of(run.out / f"{item.ident}.json")
                known = [(text, sure) for text, sure in found if sure is not None]
                judged += confidence.claims(item.truth, known)
                unknown += len(found) - len(known)
    about = machine()
    click.echo(heading(f"Confidence of words, {entry.label}", about))
    if not judged:
        raise click.ClickException("No word came with a confidence.")
    diagram = confidence.reliability(judged)
    error = confidence.expected_calibration_error(diagram)
    spaced = [replace(claim, right=claim.letters) for claim in judged]
    letters = confidence.expected_calibration_error(confidence.reliability(spaced))
    click.echo(table(confidence.HEAD, confidence.rows(diagram)))
    click.echo(
        f"\nExpected calibration error {percent(error, 2)} over {len(judged)} words, {percent(letters, 2)} "
        f"if spaces are not judged; {unknown} without confidence."
    )
    content = {"error": error, "letters": letters, "unknown": unknown, "bins": [asdict(step) for step in diagram]}
    write_json(common.json_file, {"machine": about, "contender": entry.label, **content})


@main.command(name="alignment")
@click.argument("data", nargs=-1, required=True, type=FOLDER)
@click.option("--readings", type=KEPT, help="Folder where the cpu tier's readings are kept from run to run.")
@click.option("--rounds", default=3, show_default=True, help="Ways in which each page is spoilt.")
@click.option("--seed", default=1, show_default=True, help="Decides the ways.")
@click.option("--json", "json_file", type=FILE, help="Write the figures there too.")
def alignment_command(
    *, data: tuple[Path, ...], readings: Path | None, rounds: int, seed: int, json_file: Path | None
) -> None:
    """Spoils the text of pages as a vision model may, aligns it again, and counts boxes, flags and false flags."""
    told: dict[str, alignment.Count] = {}
    for one in data:
        with told_plainly():
            pages = list(alignment.readings(one, readings))
        told[one.name] = alignment.counted(pages, seed=seed, rounds=rounds)
    about = machine()
    click.echo(heading("Text without places, aligned with the cpu tier's words", about))
    click.echo(table(alignment.HEAD, [alignment.row(name, count) for name, count in told.items()]))
    write_json(json_file, {"machine": about, "sets": {name: asdict(count) for name, count in told.items()}})


if __name__ == "__main__":
    main()
