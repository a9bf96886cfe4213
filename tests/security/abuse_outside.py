"""Abuses of the threat model without a desk of one's own: by strangers, machines, the server's keepers."""

from __future__ import annotations

from tests.security.case import LIMITS, ROUTES, SESSIONS, Case

OUTSIDE = (
    Case(
        15,
        "try passwords, find out names",
        "one sentence and one cost for all; the account is locked, never an address",
        (
            "accounts/test_sign_in::test_a_wrong_pair_is_refused_in_one_and_the_same_sentence",
            "accounts/test_sign_in::test_five_failures_lock_the_account_and_only_that_account",
            SESSIONS + "test_an_unknown_name_costs_as_much_as_a_wrong_password",
            SESSIONS + "test_there_is_no_account_that_nobody_has_made",
            "accounts/test_second_factor::test_nothing_opens_before_an_authenticator_is_bound",
            "accounts/test_second_factor::test_five_wrong_codes_lock_the_question",
        ),
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
            "security/test_sizes::test_only_where_files_are_sent_is_much_taken",
            "watch/test_running::test_what_is_too_much_is_refused_and_the_pages_go_on",
            "watch/test_running::test_a_body_that_never_says_how_long_it_is_is_not_read",
            "county/test_reading::test_a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_does",
        ),
    ),
    Case(
        22,
        "hostile files: pages, programs, archives in disguise, cut short",
        "told by their bytes, named by us, never opened inline",
        (
            "episodes/test_attachments::test_the_sort_is_told_by_the_bytes",
            "episodes/test_attachments::test_a_picture_is_attached_shown_and_taken_down",
            "episodes/test_attachments::test_a_page_in_disguise_is_refused_with_a_sentence",
        ),
        "imaging (DICOM) is not built yet",
    ),
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
        "with a reason, for a day, told to whose data it is, and reviewed",
        (
            "residents/test_access::test_breaking_the_glass_opens_for_a_day_and_says_so",
            "residents/test_access::test_breaking_the_glass_needs_a_reason",
            "residents/test_access::test_breaking_the_glass_needs_the_permission_and_a_person",
            "residents/test_glass::test_those_whose_data_it_is_hear_of_it_and_nobody_else",
            "residents/test_glass::test_a_verdict_is_given_once_and_shown_to_the_second_reviewer",
        ),
    ),
    Case(
        26,
        "a stolen backup; a changed one",
        "sealed for two who hold one share each; a changed one is refused",
        (
            "ops/test_backup::test_a_changed_file_is_refused",
            "ops/test_backup::test_a_full_database_is_never_overwritten",
            "ops/test_sealing::test_a_planted_fault_is_refused",
            "ops/test_sealing::test_another_key_does_not_open",
            "ops/test_keys::test_one_share_or_one_twice_is_not_enough",
        ),
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
