"""Routes that belong to no person: the shell, accounts, drafts, administration, codes, institutions."""

from __future__ import annotations

from functools import partial

from tests import world as cast
from tests.routes.table import BOTH, POST, Reach, Row

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
)
ACCOUNTS = (
    Row("account_login", reach=Reach.PUBLIC, methods=BOTH, right=None),
    Row("session", reach=Reach.PUBLIC),
    Row("account_logout", reach=Reach.PUBLIC, methods=POST, acts_at_once=True),
    Row("account_change_password", methods=BOTH),
    Row("text_size", methods=POST, acts_at_once=True),
)
DRAFTS = (
    Row("drafts:save", methods=POST, words=DRAFT, acts_at_once=True),
    Row("drafts:give_up", methods=POST, words=DRAFT, acts_at_once=True),
)
audits = partial(Row, permission="audit.read", right=cast.AUDITOR)

ADMINISTRATION = (
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
STAFF = (
    Row("staff:list"),
    Row("staff:detail"),
    Row(
        "staff:reset_password",
        "accounts.manage",
        methods=BOTH,
        right=cast.SECURITY_ADMINISTRATOR,
        acts_at_once=True,
    ),
    Row("staff:end_posting", "staff.manage", methods=BOTH, right=cast.SYSTEM_ADMINISTRATOR),
)
ROWS = (*SHELL, *ACCOUNTS, *DRAFTS, *ADMINISTRATION, *IMPORT, *TERMINOLOGY, *FACILITIES, *STAFF)
