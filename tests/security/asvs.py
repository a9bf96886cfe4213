"""OWASP ASVS 5.0, level 1: its 70 requirements by number, in our own short words, and what shows each.

`python -m tests.security.pages` writes docs/security/asvs-level-1.md from this table.
"""

from __future__ import annotations

from tests.security.requirement import Row, State


def _none(number: str, words: str, why: str) -> Row:
    return Row(number, words, (), why, State.NONE)


S, H, J = "security/test_sessions::test_", "security/test_headers::test_", "security/test_injection::test_"
Z, R, B = "security/test_sizes::test_", "test_routes::test_", "test_bad_input::test_"
A, N, F = "accounts/test_sign_in::test_", "security/test_nothing_there::test_", "web/test_static::test_"
NO_TOKENS = "a session is a random key whose content stays on the server; there are no self-contained tokens"
NO_OAUTH = "Yiti is no authorization server"

ROWS = (
    Row(
        "V1.2.1",
        "output is encoded for its place",
        (B + "what_is_stored_is_shown_as_it_was_typed", J + "no_template_calls_text_safe"),
    ),
    Row(
        "V1.2.2",
        "addresses are built safely",
        (
            A + "after_signing_in_one_is_not_sent_to_another_house",
            F + "templates_hold_no_inline_style_or_script",
        ),
    ),
    Row(
        "V1.2.3",
        "nothing is put into scripts",
        (F + "templates_hold_no_inline_style_or_script", "test_every_form::test_no_form_breaks"),
    ),
    Row(
        "V1.2.4",
        "queries have parameters",
        (J + "sql_in_an_address_is_no_sql", J + "nothing_risky_stands_in_the_source"),
    ),
    Row("V1.2.5", "no shell", (J + "nothing_risky_stands_in_the_source", J + "what_is_risky_is_seen")),
    _none("V1.3.1", "HTML of users is cleaned", "no field takes HTML; all is text"),
    Row(
        "V1.3.2",
        "no code made of text",
        (J + "nothing_risky_stands_in_the_source", F + "scripts_need_no_eval_and_no_stranger"),
    ),
    Row(
        "V1.5.1",
        "XML without entities",
        (
            Z + "what_nobody_has_to_be_signed_in_for_bears_everything",
            "county/test_reading::test_what_is_no_workbook_is_refused_in_words",
        ),
        "the only XML read is that of a workbook, by calamine, which knows no external entities",
    ),
    Row(
        "V2.1.1",
        "what is valid is written down",
        (),
        "SECURITY.md, docs/algorithms/identifiers.md and the `domain` of each room",
    ),
    Row(
        "V2.2.1",
        "input is checked against what is expected",
        (
            B + "a_slip_of_the_hand_gets_a_sentence_and_stores_nothing",
            "kernel/test_sheets::test_a_cell_is_refused_with_a_sentence",
        ),
    ),
    Row(
        "V2.2.2",
        "checked on the server",
        (R + "an_empty_form_is_sent_back_with_a_sentence", B + "whatever_is_typed_is_taken_or_kept"),
    ),
    Row(
        "V2.3.1",
        "steps in their order",
        (
            "handoffs/test_moving::test_a_refusal_changes_nothing",
            "handoffs/test_guards::test_an_engine_that_skips_the_event_is_stopped",
        ),
    ),
    Row("V3.2.1", "no answer is read as something else", (H + "every_answer_carries_the_policies",)),
    Row(
        "V3.2.2",
        "text is shown as text",
        (B + "what_is_stored_is_shown_as_it_was_typed", F + "scripts_need_no_eval_and_no_stranger"),
    ),
    Row(
        "V3.3.1",
        "cookies are Secure and __Host-",
        (H + "cookies_are_for_this_host_over_https_and_no_script", H + "cookies_are_set_as_the_settings_say"),
    ),
    Row("V3.4.1", "HSTS for a year", (H + "who_comes_without_https_is_sent_to_it_and_told_to_stay",)),
    Row("V3.4.2", "no CORS", (H + "every_answer_carries_the_policies",)),
    Row(
        "V3.5.1",
        "forms carry a token",
        (R + "a_form_without_its_token_is_refused", S + "a_form_of_another_house_is_refused"),
    ),
    _none(
        "V3.5.2",
        "no reliance on preflight",
        "no answer allows another origin; every change needs the token of V3.5.1",
    ),
    Row(
        "V3.5.3",
        "changes by POST only",
        (R + "the_right_person_gets_the_page", R + "a_method_it_does_not_know_is_refused"),
    ),
    Row("V4.1.1", "type and charset", (H + "every_answer_carries_the_policies",)),
    _none("V4.4.1", "WebSocket over TLS", "there are none; the server is started with --no-ws"),
    Row(
        "V5.2.1",
        "files of a size that can be borne",
        (
            Z + "only_where_files_are_sent_is_much_taken",
            "county/test_reading::test_a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_does",
        ),
    ),
    Row(
        "V5.2.2",
        "a file is what it says",
        (
            "county/test_reading::test_what_is_no_workbook_is_refused_in_words",
            "episodes/test_attachments::test_the_sort_is_told_by_the_bytes",
            "county/test_import_page::test_a_bad_upload_is_refused_beside_its_field",
        ),
    ),
    Row("V5.3.1", "uploads are not run", (N + "no_upload_is_kept_as_a_file",)),
    Row(
        "V5.3.2",
        "no path from a user",
        (N + "no_upload_is_kept_as_a_file", "watch/test_running::test_no_path_leads_out_of_the_files"),
    ),
    Row("V6.1.1", "protection of sign-in is written down", (), "SECURITY.md"),
    Row("V6.2.1", "eight characters at least", (S + "a_password_is_taken_exactly_as_it_is_typed",)),
    Row(
        "V6.2.2",
        "one can change one's password",
        (A + "a_first_password_must_be_changed_before_anything_else",),
    ),
    Row("V6.2.3", "by the present one", (A + "a_bad_new_password_is_refused_beside_its_field",)),
    Row(
        "V6.2.4",
        "common ones are refused",
        (S + "a_password_of_the_common_list_is_refused",),
        "Django's list of 20,000",
    ),
    Row(
        "V6.2.5",
        "any composition",
        (S + "a_password_is_taken_exactly_as_it_is_typed",),
        "one rule stays by choice: digits alone are refused, for here they are birthdays or phone numbers",
        State.PART,
    ),
    Row(
        "V6.2.6", "hidden as typed", (S + "password_fields_hide_what_is_typed_and_let_a_program_fill_it_in",)
    ),
    Row(
        "V6.2.7",
        "pasting and password programs",
        (S + "password_fields_hide_what_is_typed_and_let_a_program_fill_it_in",),
    ),
    Row("V6.2.8", "taken exactly", (S + "a_password_is_taken_exactly_as_it_is_typed",)),
    Row(
        "V6.3.1",
        "guessing is slowed",
        (
            A + "five_failures_lock_the_account_and_only_that_account",
            S + "an_unknown_name_costs_as_much_as_a_wrong_password",
        ),
    ),
    Row(
        "V6.3.2",
        "no default accounts",
        (S + "there_is_no_account_that_nobody_has_made",),
        "the example county has accounts with one password; `yiti demo` listens to this machine only",
    ),
    Row(
        "V6.4.1",
        "first passwords random and used once",
        (
            "accounts/test_save_accounts::test_first_passwords_are_random_readable_and_good_enough",
            R + "a_newcomer_is_sent_to_change_the_first_password",
        ),
    ),
    _none("V6.4.2", "no hints or questions", "there are none"),
    Row("V7.2.1", "sessions are checked on the server", (S + "an_invented_session_opens_nothing",)),
    Row("V7.2.2", "session keys are made for each session", (S + "every_session_has_a_key_of_its_own",)),
    Row(
        "V7.2.3",
        "128 random bits",
        (S + "every_session_has_a_key_of_its_own",),
        "32 of 36 characters by `secrets`: 165 bits",
    ),
    Row("V7.2.4", "a new key at sign-in", (S + "a_session_is_made_anew_at_sign_in",)),
    Row(
        "V7.4.1",
        "ended means ended",
        (S + "a_session_is_worth_nothing_after_signing_out", A + "fifteen_idle_minutes_sign_out"),
    ),
    Row("V7.4.2", "a closed account is out", (S + "an_account_that_is_closed_is_out_at_its_next_request",)),
    Row(
        "V8.1.1",
        "who may what is written down",
        (),
        "src/yiti/config/roles.py, docs/adr/0006-row-security-from-the-first-day.md, SECURITY.md",
    ),
    Row(
        "V8.2.1",
        "functions by permission",
        (
            R + "without_the_permission_there_is_no_such_page",
            R + "the_view_asks_for_the_permission_of_its_row",
        ),
    ),
    Row(
        "V8.2.2",
        "records by right to each",
        (
            R + "to_another_institution_it_is_as_if_it_were_not_there",
            "residents/test_row_security::test_rows_are_seen_only_where_the_record_is_open",
        ),
    ),
    Row(
        "V8.3.1",
        "decided on the server",
        (
            R + "somebody_without_a_posting_harms_nothing",
            "security/test_leaks::test_a_form_takes_no_field_that_it_does_not_show",
        ),
    ),
    _none("V9.1.1", "signatures of tokens", NO_TOKENS),
    _none("V9.1.2", "algorithms of tokens", NO_TOKENS),
    _none("V9.1.3", "keys of tokens", NO_TOKENS),
    _none("V9.2.1", "life of tokens", NO_TOKENS),
    *(_none(f"V10.4.{n}", "OAuth", NO_OAUTH) for n in range(1, 6)),
    _none("V11.3.1", "no weak modes of ciphers", "the pages encrypt nothing themselves; TLS and disks do"),
    _none("V11.3.2", "approved ciphers", "as V11.3.1"),
    Row(
        "V11.4.1",
        "approved hashes",
        (J + "no_weak_hash_is_used", "audit/test_sealing::test_the_digest_is_that_of_the_standard"),
        "PBKDF2 with SHA-256 for passwords, SM3 (GB/T 32905) for the trail",
    ),
    Row("V12.1.1", "TLS 1.2 and 1.3", (), "set in the proxy that ends TLS, outside this project", State.OPEN),
    Row(
        "V12.2.1",
        "TLS everywhere",
        (H + "who_comes_without_https_is_sent_to_it_and_told_to_stay",),
        "with YITI_HTTPS=1; without it `yiti serve` listens to this machine only unless told otherwise",
        State.PART,
    ),
    Row("V12.2.2", "trusted certificates", (), "of the installation, outside this project", State.OPEN),
    Row("V13.4.1", "no .git", (N + "there_is_nothing",)),
    Row(
        "V14.2.1",
        "no secrets in addresses",
        ("watch/test_logs::test_a_request_is_one_line_that_names_nobody",),
        "keys and tokens never; the words of a search do stand in the address, and a proxy must not log them",
        State.PART,
    ),
    Row(
        "V14.3.1",
        "nothing left in the browser",
        (S + "what_one_browser_gets_no_other_has", H + "every_answer_carries_the_policies"),
        "pages are no-store; the sign-in page empties the storage of the tab",
    ),
    Row("V15.1.1", "times for updates are written down", (), "SECURITY.md"),
    Row(
        "V15.2.1",
        "no part is overdue",
        (),
        "no feed of advisories was asked; locks are pinned and read by hand",
        State.OPEN,
    ),
    Row(
        "V15.3.1",
        "only the fields that are needed",
        (
            R + "a_card_says_no_more_than_a_card",
            "security/test_leaks::test_no_page_tells_of_another_townships_record",
        ),
    ),
)
