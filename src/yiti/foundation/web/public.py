"""What other rooms may use of the shell."""

from yiti.foundation.web.domain import Duty, NavItem, Panel, TableQuery
from yiti.foundation.web.drawings import qr_code
from yiti.foundation.web.limits import ALL, Limit, set_limits
from yiti.foundation.web.pages import go, page, refusal
from yiti.foundation.web.registry import (
    add_nav,
    add_panels,
    count_by,
    counts_for,
    nav_for,
    panels_for,
)
from yiti.foundation.web.request import PageRequest, Request, client_address, only_once, touch
from yiti.foundation.web.wording import said

__all__ = [
    "ALL",
    "Duty",
    "Limit",
    "NavItem",
    "PageRequest",
    "Panel",
    "Request",
    "TableQuery",
    "add_nav",
    "add_panels",
    "client_address",
    "count_by",
    "counts_for",
    "go",
    "nav_for",
    "only_once",
    "page",
    "panels_for",
    "qr_code",
    "refusal",
    "said",
    "set_limits",
    "touch",
]
