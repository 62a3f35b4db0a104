from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from ocrkit.cli.languages import command as languages
from ocrkit.cli.tables import table_lines
from ocrkit.languages import LANGUAGES
from ocrkit.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Ocrkit

BROKEN = "raise RuntimeError('broken on purpose')\n"


def plant(site: Path, name: str, source: str) -> None:
    """An installed distribution with one plugin module, as `pip` would leave it in `site`."""
    info = site / f"ocrkit_{name}-2.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: ocrkit-{name}\nVersion: 2.5\nLicense-Expression: MIT\n"
    )
    (info / "entry_points.txt").write_text(f"[ocrkit]\n{name} = planted_{name}\n")
    (site / f"planted_{name}.py").write_text(source)


@pytest.mark.parametrize("command", ["engines", "formats"])
def test_a_listing_names_all_there_is(ocrkit: Ocrkit, command: str) -> None:
    registry = Registry.discover()
    names = [spec.name for spec in (registry.engines if command == "engines" else registry.exporters)]
    assert [line.split()[0] for line in ocrkit(command).stdout.splitlines()[1:]] == names
    assert [row["name"] for row in json.loads(ocrkit(command, "--json").stdout)] == names


def test_an_engine_by_name_is_shown_with_its_options(ocrkit: Ocrkit) -> None:
    done = ocrkit("engines", "rapidocr")
    fields = Registry.discover().engine_spec("rapidocr").options.model_fields
    assert all(str(field.description).split(".")[0] in done.stdout for field in fields.values())
    options = json.loads(ocrkit("engines", "rapidocr", "--json").stdout)["options"]
    assert [option["name"] for option in options] == list(fields)
    assert "number ≥ 0, ≤ 1" in {option["type"] for option in options}


@pytest.mark.parametrize("command", ["engines", "formats"])
def test_a_name_that_does_not_exist_is_one_line_with_those_that_do(ocrkit: Ocrkit, command: str) -> None:
    done = ocrkit(command, "nonsense")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert "rapidocr" in done.stderr or "json" in done.stderr


def test_every_language_is_listed(ocrkit: Ocrkit) -> None:
    rows = json.loads(ocrkit("languages", "--json").stdout)
    assert [row["code"] for row in rows] == [language.code for language in LANGUAGES]
    lines = ocrkit("languages").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:-2]] == [language.code for language in LANGUAGES]


def test_each_language_names_who_reads_it_here_and_how_to_get_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rus.traineddata").touch()
    monkeypatch.setattr("ocrkit.engines.tesseract.data._PLACES", ())
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    rows = {row["code"]: row for row in json.loads(CliRunner().invoke(languages, ["--json"]).stdout)}
    assert rows["ru"]["read_here_by"] == ["tesseract"]
    assert rows["en"]["read_here_by"] == ["ppocr", "rapidocr"]
    assert rows["en"]["lacking"] == {"tesseract": "apt-get install tesseract-ocr-eng"}
    assert rows["am"]["engines"] == ["tesseract"]
    assert (rows["am"]["read_here_by"], rows["am"]["get_it"]) == ([], "apt-get install tesseract-ocr-amh")
    table = CliRunner().invoke(languages).stdout
    assert "apt-get install tesseract-ocr-amh" in next(line for line in table.splitlines() if line.startswith("am "))
    here = sum(1 for row in rows.values() if row["read_here_by"])
    assert table.splitlines()[-1] == f"{here} of these {len(LANGUAGES)} languages can be read on this machine."


HALF = """
from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

@hookimpl
def ocrkit_engines():
    for name in ("half", "torn"):
        yield EngineSpec(name=name, summary="Half", load="planted_half:Half", licence="MIT", languages=("en", "am"),
                         lacking=f"planted_half:{name}")

def half():
    return {"am": "get-model am"}

def torn():
    raise SystemExit("torn on purpose")
"""


def test_an_engine_of_a_plugin_says_what_it_lacks_here_and_one_that_cannot_say_reads_nothing(
    ocrkit: Ocrkit, tmp_path: Path
) -> None:
    plant(tmp_path / "site", "half", HALF)
    done = ocrkit("languages", "--json", PYTHONPATH=str(tmp_path / "site"))
    rows = {row["code"]: row for row in json.loads(done.stdout)}
    assert "half" in rows["en"]["read_here_by"]
    assert {"half", "torn"} <= set(rows["am"]["engines"])
    assert rows["am"]["lacking"]["half"] == "get-model am"
    assert "torn on purpose" in rows["en"]["lacking"]["torn"]
    assert "torn" not in rows["en"]["read_here_by"]


def test_a_broken_plugin_is_a_line_and_an_exit_code_only_if_strict(ocrkit: Ocrkit, tmp_path: Path) -> None:
    plant(tmp_path / "site", "bad", BROKEN)
    done = ocrkit("plugins", PYTHONPATH=str(tmp_path / "site"))
    assert done.returncode == 0
    assert "bad" in next(line for line in done.stdout.splitlines() if "broken" in line)
    assert "broken on purpose" in done.stderr
    row = next(
        row
        for row in json.loads(ocrkit("plugins", "--json", PYTHONPATH=str(tmp_path / "site")).stdout)
        if row["name"] == "bad"
    )
    assert (row["origin"], row["version"], row["licence"], row["state"]) == ("ocrkit-bad", "2.5", "MIT", "broken")
    assert ocrkit("plugins", "--strict", PYTHONPATH=str(tmp_path / "site")).returncode == 1


def test_a_sound_set_of_plugins_is_strict_enough(ocrkit: Ocrkit) -> None:
    assert ocrkit("plugins", "--strict").returncode == 0


@pytest.mark.parametrize(
    ("args", "disabled"),
    [
        (["--without-plugin", "bad"], ""),
        (["--without-plugin", "other,bad"], ""),
        (["--plugins", "other"], ""),
        ([], "other, bad"),
        ([], "all"),
    ],
)
def test_a_plugin_left_out_is_not_imported(ocrkit: Ocrkit, tmp_path: Path, args: list[str], disabled: str) -> None:
    site, witness = tmp_path / "site", tmp_path / "imported"
    plant(site, "bad", f"open({str(witness)!r}, 'w').close()\n")
    plant(site, "other", "")
    assert ocrkit("plugins", PYTHONPATH=str(site)).returncode == 0
    assert witness.exists(), "the plant must work for its absence to mean anything"
    witness.unlink()
    done = ocrkit("plugins", "--json", *args, PYTHONPATH=str(site), OCRKIT_DISABLE_PLUGINS=disabled)
    assert {row["name"]: row["state"] for row in json.loads(done.stdout)}["bad"] == "not loaded"
    assert not witness.exists()


@pytest.mark.slow
def test_the_doctor_finds_this_installation_in_health(ocrkit: Ocrkit) -> None:
    done = ocrkit("doctor", "--json")
    assert done.returncode == 0
    rows = {row["what"]: row for row in json.loads(done.stdout)}
    assert rows["default engine"]["state"] == "ok"
    assert rows["engine rapidocr"]["state"] == "ok"
    assert rows["format json"]["state"] == "ok"


@pytest.mark.slow
def test_the_doctor_finds_a_default_engine_that_does_not_load(ocrkit: Ocrkit, tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text("raise ImportError('no such library')\n")
    done = ocrkit("doctor", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "no such library" in next(line for line in done.stdout.splitlines() if line.startswith("default engine"))
    assert "Traceback" not in done.stderr


def test_a_table_aligns_wide_characters_and_wraps_its_last_column() -> None:
    rows = [{"name": "日本語", "text": "one two three four five six"}, {"name": "x", "text": ""}]
    assert table_lines(rows, columns=("name", "text"), width=30) == [
        "NAME    TEXT",
        "日本語  one two three four",
        "        five six",
        "x       -",
    ]
