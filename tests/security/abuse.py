"""The abuses of the threat model: what is tried, what must happen, and the test that tries it.

A case without tests says why it cannot be tried yet. `python -m tests.security.pages` writes
docs/security/abuse-cases.md from this table.
"""

from __future__ import annotations

from dataclasses import dataclass

ROUTES, LIMITS, SESSIONS = "test_routes::", "security/test_limits::", "security/test_sessions::"
NO_DEVICES = "tablets that work without a line are not built yet"
NO_MONEY = "insurance settlement is not built yet; the same rule is shown by what is there"


@dataclass(frozen=True)
class Case:
    """One abuse. `not_yet` says what of it waits for a part that is not built."""

    number: int
    abuse: str
    expected: str
    tests: tuple[str, ...] = ()
    not_yet: str = ""


CASES = (
    Case(
        1,
        "read another institution's referral or record by its id",
        "404, byte for byte as if missing; the trail says refused",
        (
            ROUTES + "test_to_another_institution_it_is_as_if_it_were_not_there",
            ROUTES + "test_without_the_permission_there_is_no_such_page",
            "residents/test_pages::test_a_strangers_record_and_a_missing_one_answer_alike",
        ),
    ),
    Case(
        2,
        "the same by search, list, count, workbook, paper, bell, fragment",
        "no foreign row and no foreign number anywhere",
        (
            "security/test_leaks::test_no_page_tells_of_another_townships_record",
            "security/test_leaks::test_no_list_tells_of_work_between_others",
            "security/test_leaks::test_the_canaries_can_be_heard",
            ROUTES + "test_a_card_says_no_more_than_a_card",
            "test_row_security::test_without_a_scope_no_guarded_table_shows_a_row",
        ),
        "FHIR search is not built yet",
    ),
    Case(
        3,
        "a resident lists other residents",
        "only self and valid proxies",
        (),
        "residents do not sign in yet",
    ),
    Case(
        4,
        "send fields that a form does not show: role, owner, institution, id",
        "they are not read; the rows stay as they were",
        ("security/test_leaks::test_a_form_takes_no_field_that_it_does_not_show",),
    ),
    Case(
        5,
        "move a row out of one's scope or into it",
        "the database refuses the new row as well as the old one",
        (
            "residents/test_row_security::test_nobody_writes_into_a_closed_record",
            "episodes/test_row_security::test_nobody_writes_into_a_closed_record",
            "handoffs/test_guards::test_a_stranger_writes_nothing_into_a_handoff",
            "referrals/test_row_security::test_nobody_adds_to_a_referral_that_is_not_theirs",
        ),
    ),
    Case(
        6,
        "take one thing twice at once; impossible numbers",
        "one succeeds, the others are refused; 422 with a sentence",
        (
            "referrals/test_races::test_of_sixteen_acceptances_one_gets_the_bed",
            "referrals/test_races::test_without_its_constraint_the_bed_gets_many_holders_and_the_race_sees_it",
            "facilities/test_pages::test_a_number_that_cannot_be_is_asked_for_again",
        ),
        "stock of drugs is not built yet; beds stand for it",
    ),
    Case(
        7,
        "send one thing twice, again after a time-out, or with another body under the same key",
        "one effect; the same answer; another body is refused",
        (
            "test_bad_input::test_a_form_sent_twice_is_stored_once",
            "referrals/test_sending_refusals::test_another_content_under_the_same_id_is_not_swallowed",
            "referrals/test_sending_refusals::test_a_late_repeat_still_gets_its_answer",
            "handoffs/test_races::test_one_form_sent_sixteen_times_opens_one_handoff",
        ),
        NO_MONEY,
    ),
    Case(
        8,
        "change or delete what is done and sent",
        "no right to in the database",
        (
            "referrals/test_row_security::test_what_was_sent_is_never_changed_and_nothing_is_deleted",
            "handoffs/test_guards::test_not_even_the_owner_changes_history",
        ),
        NO_MONEY,
    ),
    Case(
        9,
        "an office that counts reads records or changes them",
        "404; masked names; sums only",
        (
            "handoffs/test_pages::test_the_office_sees_work_under_masked_names",
            "referrals/test_row_security::test_who_oversees_the_members_counts_but_does_not_write",
        ),
        "insurance and the health bureau have no desk yet; small cells are not suppressed yet",
    ),
    Case(
        10,
        "two take the last bed; 200 changes a minute from one account",
        "one wins, the other reads a conflict; 429 with Retry-After",
        (
            "referrals/test_races::test_of_sixteen_acceptances_one_gets_the_bed",
            LIMITS + "test_a_refused_request_has_done_nothing",
            LIMITS + "test_one_search_too_many_is_told_to_wait_and_others_notice_nothing",
            LIMITS + "test_nobody_at_work_meets_a_limit",
        ),
    ),
    Case(
        11,
        "skip a state, act for the other side",
        "refused with the present state; nothing else happens",
        (
            "handoffs/test_moving::test_a_refusal_changes_nothing",
            "handoffs/test_guards::test_an_engine_that_skips_the_event_is_stopped",
            "referrals/test_pages::test_a_step_is_asked_taken_once_and_refused_to_strangers",
            "referrals/test_answering_refusals::test_the_sender_cannot_answer_for_the_receiver",
        ),
    ),
    Case(
        12,
        "replay old work of a tablet, out of order, with a wrong clock",
        "once each; both kept",
        (),
        NO_DEVICES,
    ),
    Case(
        13, "send work on people who have moved away", "refused line by line, the rest taken", (), NO_DEVICES
    ),
    Case(
        14,
        "a stolen device",
        "its session ends",
        (
            SESSIONS + "test_a_new_password_ends_every_other_session",
            SESSIONS + "test_an_account_that_is_closed_is_out_at_its_next_request",
            "accounts/test_sign_in::test_fifteen_idle_minutes_sign_out",
        ),
        NO_DEVICES + "; a browser keeps no record, every page is no-store",
    ),
    Case(
        15,
        "try passwords, find out names",
        "one sentence and one cost for all; the account is locked, never an address",
        (
            "accounts/test_sign_in::test_a_wrong_pair_is_refused_in_one_and_the_same_sentence",
            "accounts/test_sign_in::test_five_failures_lock_the_account_and_only_that_account",
            SESSIONS + "test_an_unknown_name_costs_as_much_as_a_wrong_password",
            SESSIONS + "test_there_is_no_account_that_nobody_has_made",
        ),
        "the second factor is not built yet",
    ),
    Case(
        16,
        "an invented, old or foreign session or token",
        "nobody; a right that was taken away is gone at the next request",
        (
            SESSIONS + "test_an_invented_session_opens_nothing",
            SESSIONS + "test_a_session_is_worth_nothing_after_signing_out",
            ROUTES + "test_somebody_without_a_posting_harms_nothing",
            "watch/test_metrics::test_without_the_token_there_is_no_such_page",
        ),
        "there are no API tokens yet",
    ),
    Case(
        17,
        "a form of another house, a framed page, a foreign Origin",
        "403; frame-ancestors 'none'",
        (
            ROUTES + "test_a_form_without_its_token_is_refused",
            SESSIONS + "test_a_form_of_another_house_is_refused",
            "security/test_headers::test_every_answer_carries_the_policies",
        ),
    ),
    Case(
        18,
        "markup, scripts and formulas in every field, read on every screen",
        "shown as text; cells of a workbook run nothing; a policy without inline",
        (
            "test_bad_input::test_what_is_stored_is_shown_as_it_was_typed",
            "test_every_form::test_no_form_breaks",
            "kernel/test_workbook::test_a_word_is_kept_as_it_was_typed_and_runs_nothing",
            "handoffs/test_pages::test_the_workbook_is_the_list_and_runs_nothing",
            "web/test_static::test_templates_hold_no_inline_style_or_script",
        ),
    ),
    Case(
        19,
        "SQL in every filter, order, page and search",
        "searched for literally or left out; never a 5xx",
        (
            "security/test_injection::test_sql_in_an_address_is_no_sql",
            "security/test_injection::test_nothing_risky_stands_in_the_source",
            "test_bad_input::test_every_string_can_be_searched_for_as_one_types",
        ),
    ),
    Case(
        20,
        "make the server ask another machine; send people elsewhere",
        "no page can ask anybody; only own addresses are returned to",
        (
            "security/test_injection::test_no_page_can_ask_another_machine_for_anything",
            "accounts/test_sign_in::test_after_signing_in_one_is_not_sent_to_another_house",
            "handoffs/test_pages::test_after_a_step_one_goes_nowhere_outside",
        ),
    ),
    Case(
        21,
        "50 MB, thousands of fields, odd parts, entities, bombs",
        "413 or 400 before it is read; the pages go on",
        (
            "security/test_sizes::test_what_nobody_has_to_be_signed_in_for_bears_everything",
            "security/test_sizes::test_only_the_import_takes_a_large_file",
            "watch/test_running::test_what_is_too_much_is_refused_and_the_pages_go_on",
            "watch/test_running::test_a_body_that_never_says_how_long_it_is_is_not_read",
            "county/test_reading::test_a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_does",
        ),
    ),
    Case(22, "hostile DICOM files", "quarantined, never run or shown", (), "imaging is not built yet"),
    Case(23, "odd HL7 v2 messages", "answered AA, AE or AR; none lost", (), "the gateway is not built yet"),
    Case(
        24,
        "read without cause; change the trail",
        "every look is a line; the trail only grows, is chained, and a break is found",
        (
            "residents/test_pages::test_every_look_leaves_a_row",
            "audit/test_trail::test_the_application_can_neither_change_nor_delete_a_row",
            "audit/test_sealing::test_what_the_owner_of_the_database_touches_is_found",
        ),
        "the trail is not shipped to another machine yet",
    ),
    Case(
        25,
        "open a closed record in an emergency",
        "with a reason, for a day, and said so",
        (
            "residents/test_access::test_breaking_the_glass_opens_for_a_day_and_says_so",
            "residents/test_access::test_breaking_the_glass_needs_a_reason",
            "residents/test_access::test_breaking_the_glass_needs_the_permission_and_a_person",
        ),
    ),
    Case(
        26,
        "a stolen backup; a changed one",
        "a changed one is refused",
        (
            "ops/test_backup::test_a_changed_file_is_refused",
            "ops/test_backup::test_a_full_database_is_never_overwritten",
        ),
        "encryption and a restore by two persons are not shown here",
    ),
    Case(
        27,
        "expensive searches, many at once",
        "a statement ends after 5 s with 503 and Retry-After; one account is limited",
        (
            "security/test_trouble::test_a_page_says_what_is_the_matter",
            "security/test_trouble::test_pages_are_impatient_and_an_export_may_take_longer",
            LIMITS + "test_the_table_names_routes_that_are_there_and_every_expensive_one",
        ),
        "how long others wait meanwhile is a measurement, not a test",
    ),
    Case(
        28,
        "debug pages, admin, .git, paths out of the files, talkative faults",
        "nothing there; a fault says a number; every route is listed with its permission",
        (
            "security/test_nothing_there::test_there_is_nothing",
            "watch/test_running::test_no_path_leads_out_of_the_files",
            "security/test_headers::test_a_fault_says_nothing_of_itself",
            ROUTES + "test_every_route_has_a_row_and_every_row_a_route",
            "watch/test_logs::test_nothing_of_anybody_is_told",
        ),
    ),
)
