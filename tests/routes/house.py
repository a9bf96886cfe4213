"""Routes that belong to no person: the shell, accounts, drafts, administration, codes, institutions."""

from __future__ import annotations

from functools import partial

from tests import world as cast
from tests.routes.table import BOTH, POST, Reach, Row

MANAGE_ACCOUNTS = "accounts.manage"
UPDATE_BEDS = "facilities.update_beds"
DRAFT = {"form": "episodes-visit", "subject": "anything"}

SHELL = (
    Row("home"),
    Row("change_hat", methods=POST, data={"hat": "posting_id"}),
    Row("set_language", reach=Reach.PUBLIC, methods=POST, data={"language": "en"}, acts_at_once=True),
    Row("help"),
    Row("find", "residents.search"),
    Row("healthz", reach=Reach.PUBLIC),
    Row("readyz", reach=Reach.PUBLIC),
    Row("metrics", reach=Reach.MACHINE, right=None, answers=404),
)
ACCOUNTS = (
    Row("account_login", reach=Reach.PUBLIC, methods=BOTH, right=None),
    Row("session", reach=Reach.PUBLIC),
    Row("account_logout", reach=Reach.PUBLIC, methods=POST, acts_at_once=True),
    Row("mfa_authenticate", reach=Reach.PUBLIC, methods=BOTH, right=None, acts_at_once=True),
    Row("account_change_password", methods=BOTH),
    Row("own_account"),
    Row("second_factor", methods=BOTH),
    Row("recovery_codes", methods=BOTH, acts_at_once=True),
    Row("end_session", methods=POST, data={"session": "session_id"}),
    Row("end_other_sessions", methods=POST, acts_at_once=True),
    Row("text_size", methods=POST, acts_at_once=True),
)
DRAFTS = (
    Row("drafts:save", methods=POST, words=DRAFT, acts_at_once=True),
    Row("drafts:give_up", methods=POST, words=DRAFT, acts_at_once=True),
)
ACT = {"act": "close"}
audits = partial(Row, permission="audit.read", right=cast.AUDITOR)
ADMINISTRATION = (
    Row("administration:status", "accounts.administer", right=cast.SYSTEM_ADMINISTRATOR),
    Row("administration:accounts", MANAGE_ACCOUNTS, right=cast.SECURITY_ADMINISTRATOR),
    Row("administration:account", MANAGE_ACCOUNTS, right=cast.SECURITY_ADMINISTRATOR),
    Row(
        "administration:account_act",
        MANAGE_ACCOUNTS,
        methods=BOTH,
        right=cast.SECURITY_ADMINISTRATOR,
        words=ACT,
        acts_at_once=True,
    ),
    audits("administration:trail"),
    audits("administration:export_trail"),
    audits("administration:evidence", methods=POST, acts_at_once=True),
    audits("administration:refused"),
    audits("administration:unusual"),
    audits("administration:chain"),
    audits("administration:head"),
)
IMPORT = (
    Row("import", "staff.manage", methods=BOTH, right=cast.SYSTEM_ADMINISTRATOR),
    Row("import_save", "staff.manage", methods=POST, right=cast.SYSTEM_ADMINISTRATOR, acts_at_once=True),
    Row("import_mistakes", "staff.manage", right=cast.SYSTEM_ADMINISTRATOR),
    Row("import_template", "staff.manage", right=cast.SYSTEM_ADMINISTRATOR),
)
TERMINOLOGY = (
    Row("terminology:tables"),
    Row("terminology:table", words={"system": "icd10"}),
    Row("terminology:search", words={"system": "icd10"}),
)
FACILITIES = (
    Row("facilities:list"),
    Row("facilities:search"),
    Row("facilities:capability"),
    Row("facilities:beds"),
    Row("facilities:update_beds", UPDATE_BEDS, Reach.OWN, BOTH, cast.TOWNSHIP_DOCTOR),
    Row("facilities:confirm_by_phone", UPDATE_BEDS, methods=BOTH, right=cast.REFERRAL_NURSE),
    Row("facilities:detail"),
    Row("facilities:preview"),
)
AWAY = {"staff_id": "away_id"}
STAFF = (
    Row("staff:list"),
    Row("staff:detail"),
    Row("staff:stand_in", None, Reach.OWN, BOTH, cast.TOWNSHIP_DOCTOR, AWAY),
    Row("staff:end_stand_in", None, Reach.OWN, POST, cast.TOWNSHIP_DOCTOR, AWAY, acts_at_once=True),
    Row("staff:end_posting", "staff.manage", methods=BOTH, right=cast.SYSTEM_ADMINISTRATOR),
)
ROWS = (*SHELL, *ACCOUNTS, *DRAFTS, *ADMINISTRATION, *IMPORT, *TERMINOLOGY, *FACILITIES, *STAFF)
