"""The main paths of the API on PostgreSQL: the very tests that run on SQLite, with another server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.server.test_contract import (
    test_a_job_of_another_account_is_not_there,
    test_a_job_without_a_readable_page_fails_and_costs_nothing,
    test_a_page_that_cannot_be_read_fails_alone_and_costs_nothing,
    test_a_short_file_is_done_in_the_answer_of_the_post,
    test_an_anonymous_job_is_for_whoever_holds_its_uuid,
    test_downloads_hold_the_document,
    test_five_pages_are_done_at_once_and_six_are_polled,
    test_the_job_is_the_same_when_it_is_asked_for_again,
)
from tests.server.test_errors import (
    test_a_download_before_the_end_is_409,
    test_a_wrong_token_is_401_and_never_anonymous,
    test_out_of_pages_is_402_with_used_and_cap,
    test_what_is_not_there_is_404_in_json,
)
from tests.server.test_extras import (
    test_a_deleted_job_is_gone_with_all_that_belongs_to_it,
    test_a_webhook_is_told_of_the_end_in_a_message_that_its_receiver_verifies,
    test_deleting_a_running_job_gives_back_what_was_held,
    test_events_go_on_after_the_last_one_seen,
    test_events_tell_each_page_and_the_end,
    test_jobs_are_listed_newest_first_and_page_by_page,
    test_only_the_pages_asked_for_are_read_and_charged,
    test_the_same_key_and_payload_give_the_same_job_once,
    test_the_service_tells_how_it_is,
)

if TYPE_CHECKING:
    from tests.server.running import Running

pytestmark = pytest.mark.slow

__all__ = [
    "test_a_deleted_job_is_gone_with_all_that_belongs_to_it",
    "test_a_download_before_the_end_is_409",
    "test_a_job_of_another_account_is_not_there",
    "test_a_job_without_a_readable_page_fails_and_costs_nothing",
    "test_a_page_that_cannot_be_read_fails_alone_and_costs_nothing",
    "test_a_short_file_is_done_in_the_answer_of_the_post",
    "test_a_webhook_is_told_of_the_end_in_a_message_that_its_receiver_verifies",
    "test_a_wrong_token_is_401_and_never_anonymous",
    "test_an_anonymous_job_is_for_whoever_holds_its_uuid",
    "test_deleting_a_running_job_gives_back_what_was_held",
    "test_downloads_hold_the_document",
    "test_events_go_on_after_the_last_one_seen",
    "test_events_tell_each_page_and_the_end",
    "test_five_pages_are_done_at_once_and_six_are_polled",
    "test_jobs_are_listed_newest_first_and_page_by_page",
    "test_only_the_pages_asked_for_are_read_and_charged",
    "test_out_of_pages_is_402_with_used_and_cap",
    "test_the_job_is_the_same_when_it_is_asked_for_again",
    "test_the_same_key_and_payload_give_the_same_job_once",
    "test_the_service_tells_how_it_is",
    "test_what_is_not_there_is_404_in_json",
]


def test_the_server_is_on_postgresql_indeed(server: Running) -> None:
    assert server.settings.database_url.startswith("postgresql://")
    assert not (server.folder / "data" / "ocrkit.db").exists()
