"""What stands in the shell: the rail, its counts, and which panels higher rooms show on lower pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from yiti.config.county import county, is_example
from yiti.foundation.accounts import public as accounts
from yiti.foundation.administration import public as administration
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.text import N_
from yiti.registry.residents import public as residents
from yiti.spine.handoffs import public as handoffs


def register() -> None:
    """Fill the shell; called once by `config.apps`."""
    web.add_nav(
        web.NavItem("handoffs", "inbox", N_("工作台"), "handoffs:work", "handoffs.read"),
        web.NavItem("residents", "users", N_("居民"), "residents:people", "residents.search"),
        web.NavItem("duplicates", "list-check", N_("查重"), "residents:duplicates", "residents.merge"),
        web.NavItem("referrals", "arrows-exchange", N_("转诊"), "referrals:board", "referrals.board"),
        web.NavItem("facilities", "building-hospital", N_("机构"), "facilities:list"),
        web.NavItem("staff", "id", N_("人员"), "staff:list", "staff.manage"),
        web.NavItem("accounts", "lock", N_("账号"), "administration:accounts", "accounts.manage"),
        web.NavItem("import", "upload", N_("导入"), "import", "staff.manage"),
        web.NavItem("administration", "history", N_("审计"), "administration:trail", "audit.read"),
        web.NavItem("status", "activity-heartbeat", N_("状态"), "administration:status", accounts.ADMINISTER),
    )
    web.count_by("handoffs", handoffs.count_turns, "handoffs.read")
    web.count_by("duplicates", residents.count_open_pairs, "residents.merge")
    web.count_by("bell", handoffs.count_unread, "handoffs.read")
    web.count_by("bell", residents.count_glass_news, "residents.read")
    web.count_by("bell", residents.count_unreviewed, "audit.read")
    web.add_panels(
        web.Panel("resident.thread", "episodes:thread", "residents.read"),
        web.Panel("resident.side", "handoffs:side", "residents.read"),
        web.Panel("resident.side", "episodes:side_vitals", "residents.read"),
        web.Panel("resident.side", "episodes:side_medications", "residents.read"),
        web.Panel("resident.actions", "episodes:action", "episodes.write"),
        web.Panel("resident.actions", "referrals:start", "referrals.send"),
        web.Panel("bell", "residents:glass_news", "residents.read"),
        web.Panel("handoff.actions", "referrals:begin", "referrals.send"),
        web.Panel("handoff.preview.referral.up", "referrals:preview", "referrals.read"),
        web.Panel("handoff.preview.referral.down", "referrals:preview", "referrals.read"),
        web.Panel("handoff.page.referral.up", "referrals:detail", "referrals.read"),
        web.Panel("handoff.page.referral.down", "referrals:detail", "referrals.read"),
    )
    administration.add_tabs(
        administration.Tab("administration:trail", N_("全部")),
        administration.Tab("administration:refused", N_("被拒绝")),
        administration.Tab("residents:glasses", N_("紧急调阅"), residents.count_unreviewed),
        administration.Tab("administration:unusual", N_("异常用量")),
        administration.Tab("administration:chain", N_("封存"), at_end=True),
    )
    administration.tell_people(administration.People(residents.asked_for, residents.masked_names))


def _bell_path(actor: Actor) -> str:
    """Where the bell leads: to the desk, or the auditor to what waits for a review."""
    bells = {"handoffs.read": "bell", "audit.read": "residents:glass_bell"}
    return next((reverse(name) for permission, name in bells.items() if actor.can(permission)), "")


def shell(request: web.Request) -> dict[str, Any]:
    """Template context of every page: county, menu, actor, hats, and the mark of invented data."""
    actor = getattr(request, "actor", None)
    if actor is None:
        at = getattr(request, "at", None)
        return {"idle_minutes": settings.IDLE_MINUTES, **(asdict(county(local_date(at))) if at else {})}
    nav = web.nav_for(actor)
    return {
        **(
            asdict(county(local_date(request.at))) if request.duty else {}
        ),  # these pages look like the sign-in
        "idle_minutes": settings.IDLE_MINUTES,
        "demo": is_example(),
        "actor": actor,
        "actor_label": next((hat.label for hat in request.hats if hat.id == actor.posting_id), ""),
        "hats": request.hats,
        "nav": nav,
        "home_path": reverse(nav[0].url_name),
        "find_path": reverse("find") if actor.can("residents.search") else "",
        "bell_path": _bell_path(actor),
        "counts": SimpleLazyObject(lambda: web.counts_for(actor)),  # a part of a page has none
        "at": request.at,
    }
