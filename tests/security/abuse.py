"""The abuses of the threat model: what is tried, what must happen, and the test that tries it.

A case without tests says why it cannot be tried yet. `python -m tests.security.pages` writes
docs/security/abuse-cases.md from this table.
"""

from __future__ import annotations

from tests.security.abuse_outside import OUTSIDE
from tests.security.case import LIMITS, NO_DEVICES, NO_MONEY, ROUTES, SESSIONS, Case

INSIDE = (
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
            "accounts/test_devices::test_a_device_is_signed_out_from_another",
            "residents/test_slip_pages::test_a_slip_used_where_staff_is_signed_in_leaves_their_session_as_it_was",
            "test_accounts_page::test_nobody_resets_what_one_signs_in_with_oneself",
            "accounts/test_sign_in::test_fifteen_idle_minutes_sign_out",
        ),
        NO_DEVICES + "; a browser keeps no record, every page is no-store",
    ),
)
CASES = (*INSIDE, *OUTSIDE)
