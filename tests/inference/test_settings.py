"""Settings and variables: where they come from, what is refused, and whom a key is sent to."""

from __future__ import annotations

import pytest

from ocrkit.errors import EndpointNotConfiguredError, OptionError
from ocrkit.inference import EndpointSettings, configured, settings_from

VLM = {"OCRKIT_VLM_URL": "http://127.0.0.1:8000", "OCRKIT_VLM_KEY": "k", "OCRKIT_VLM_MODEL": "m"}


def test_the_variables_of_each_kind_are_read() -> None:
    environ = {**VLM, "OCRKIT_VLM_CONCURRENCY": "9", "OCRKIT_LLM_URL": "https://llm.example/api/v1"}
    vision = settings_from("vlm", environ=environ)
    assert (vision.url, vision.model, vision.concurrency) == ("http://127.0.0.1:8000/v1", "m", 9)
    assert vision.api_key is not None
    assert vision.api_key.get_secret_value() == "k"
    text = settings_from("llm", environ=environ)
    assert (text.url, text.api_key, text.model) == ("https://llm.example/api/v1", None, None)
    assert configured("vlm", environ=environ)
    assert not configured("llm", environ=VLM)


def test_what_is_chosen_goes_before_the_variables() -> None:
    settings = settings_from("vlm", environ=VLM, model="other", retries=0, url=None)
    assert (settings.model, settings.retries, settings.url) == ("other", 0, "http://127.0.0.1:8000/v1")


def test_a_key_goes_only_to_the_host_that_it_was_set_for() -> None:
    same = settings_from("vlm", environ=VLM, url="http://127.0.0.1:8000/other/v1")
    elsewhere = settings_from("vlm", environ=VLM, url="https://elsewhere.example/v1")
    port = settings_from("vlm", environ=VLM, url="http://127.0.0.1:8001/v1")
    alone = settings_from("vlm", environ={"OCRKIT_VLM_KEY": "k"}, url="https://elsewhere.example/v1")
    assert [bool(each.api_key) for each in (same, elsewhere, port, alone)] == [True, False, False, True]


def test_without_a_url_the_error_says_how_to_set_one() -> None:
    with pytest.raises(EndpointNotConfiguredError, match="OCRKIT_LLM_URL") as caught:
        settings_from("llm", environ=VLM)
    assert "language model" in caught.value.message


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("https://host.example/api/v1/", "https://host.example/api/v1"),
        (" http://[::1]:8080/v1 ", "http://[::1]:8080/v1"),
    ],
)
def test_a_url_is_made_one_that_paths_can_be_added_to(given: str, url: str) -> None:
    assert EndpointSettings(url=given).url == url


@pytest.mark.parametrize(
    "url", ["", "host:8000", "ftp://u:hidden@h/", "http://", "https://h/v1?key=hidden", "http://u:hidden@h:99999999/v1"]
)
def test_a_url_that_cannot_be_used_is_an_error_that_does_not_repeat_it(url: str) -> None:
    with pytest.raises(OptionError) as caught:
        EndpointSettings(url=url)
    assert "hidden" not in str(caught.value)


def test_plain_http_is_for_this_machine_unless_allowed() -> None:
    with pytest.raises(OptionError, match="https"):
        EndpointSettings(url="http://gpu.example:8000/v1")
    environ = {"OCRKIT_VLM_URL": "http://gpu:8000/v1", "OCRKIT_VLM_PLAIN_HTTP": "true"}
    assert settings_from("vlm", environ=environ).url == "http://gpu:8000/v1"
    assert EndpointSettings(url="http://gpu:8000/v1", plain_http=True).url == "http://gpu:8000/v1"


def test_a_key_and_a_login_at_once_are_refused() -> None:
    with pytest.raises(OptionError, match="one of them"):
        EndpointSettings.model_validate({"url": "https://u:p@h/v1", "api_key": "k"})


def test_an_option_that_is_wrong_is_named() -> None:
    with pytest.raises(OptionError, match="concurrency"):
        settings_from("vlm", environ=VLM, concurrency=0)
    with pytest.raises(OptionError, match="colour"):
        settings_from("vlm", environ=VLM, colour="red")
