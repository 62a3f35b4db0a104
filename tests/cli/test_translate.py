"""`ocrkit translate`, `recognize --translate-to` and `translators`, through real Apertium."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import MakePdf, Ocrkit

TEXT = "This is the house of my good friend, who has 12 red books and 3 black dogs in the garden of his father."


def test_a_file_is_read_and_written_in_the_other_language(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    make_pdf("a.pdf", TEXT)
    done = ocrkit("translate", "a.pdf", "--to", "es", "-f", "txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert "12 libros rojos" in done.stdout
    assert ocrkit("recognize", "a.pdf", "--translate-to", "Spanish", "-f", "txt").stdout == done.stdout


def test_json_holds_the_source_beside_the_translation(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    make_pdf("a.pdf", TEXT)
    told = json.loads(ocrkit("translate", "a.pdf", "--to", "es", "-f", "json").stdout)
    assert told["translation"] == {"source": "en", "target": "es", "translator": "apertium"}
    assert told["pages"][0]["blocks"][0]["source_text"] == TEXT


def test_a_pair_that_nobody_serves_is_refused_before_anything_is_read(ocrkit: Ocrkit) -> None:
    done = ocrkit("translate", "absent.pdf", "--to", "fr")
    assert done.returncode == 2
    assert done.stderr == "error: No translator here translates into French (fr). Pairs: en-es, es-en (apertium).\n"


def test_the_language_that_is_told_counts(ocrkit: Ocrkit) -> None:
    done = ocrkit("translate", "absent.pdf", "--to", "es", "--language", "de")
    assert done.returncode == 2
    assert "from German (de) into Spanish" in done.stderr


def test_a_file_of_which_nothing_can_be_translated_is_written_as_read_and_fails(
    ocrkit: Ocrkit, make_pdf: MakePdf
) -> None:
    make_pdf("a.pdf", "Dies ist das Haus meines guten Freundes, der zwölf rote Bücher und drei schwarze Hunde hat.")
    done = ocrkit("translate", "a.pdf", "--to", "es", "-f", "txt")
    assert done.returncode == 1
    assert "guten Freundes" in done.stdout
    assert "nothing of it could be translated" in done.stderr
    assert "from German" in done.stderr


def test_the_target_must_be_told(ocrkit: Ocrkit) -> None:
    assert ocrkit("translate", "a.pdf").returncode == 2


def test_the_translator_may_be_named_by_a_variable(ocrkit: Ocrkit) -> None:
    done = ocrkit("translate", "a.pdf", "--to", "es", OCRKIT_TRANSLATOR="argos")
    assert "The translator argos does not translate" in done.stderr


def test_translators_are_listed_with_the_pairs_they_serve_here(ocrkit: Ocrkit) -> None:
    rows = {row["name"]: row for row in json.loads(ocrkit("translators", "--json").stdout)}
    assert {"en-es", "es-en"} <= set(rows["apertium"]["pairs"])
    assert rows["apertium"]["state"] == "ready"
    assert rows["argos"]["state"] == "needs argostranslate"
    assert (rows["llm"]["state"], rows["llm"]["pairs"]) == ("no pairs", [])
    configured = json.loads(ocrkit("translators", "llm", "--json", OCRKIT_LLM_URL="http://127.0.0.1:9/v1").stdout)
    assert configured["pairs"] == ["any-any"]


def test_one_translator_is_shown_with_its_licence_and_how_to_get_it(ocrkit: Ocrkit) -> None:
    told = ocrkit("translators", "apertium").stdout
    assert "GPL" in told
    assert "apt-get install apertium" in told


def test_a_service_that_is_away_is_said_where_no_other_serves(ocrkit: Ocrkit) -> None:
    done = ocrkit("translate", "a.pdf", "--to", "es", OCRKIT_APERTIUM_URL="http://127.0.0.1:9")
    assert done.returncode == 2
    assert "There are no pairs" in done.stderr
    assert "apertium: The Apertium service does not answer" in done.stderr


def test_the_doctor_says_who_can_translate_what_and_how_to_get_the_others(ocrkit: Ocrkit) -> None:
    rows = {row["what"]: row for row in json.loads(ocrkit("doctor", "--json").stdout)}
    assert rows["translator apertium"]["state"] == "ok"
    assert "en-es" in rows["translator apertium"]["detail"]
    assert rows["translator argos"]["state"] == "missing"
    assert "argospm" in rows["translator argos"]["detail"]
