"""Pages of the people at work: the directory, one person, ending a posting, standing in."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiti.foundation.accounts import public as accounts
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import InvalidInput, NotFound
from yiti.kernel.text import joined
from yiti.registry.facilities import public as facilities
from yiti.registry.staff import selectors
from yiti.registry.staff.commands import appoint_stand_in, end_posting, end_stand_in
from yiti.registry.staff.domain import StaffSort
from yiti.registry.staff.forms import EndPostingForm, StandInForm

MANAGE = "staff.manage"


@require_safe
@web.page(None, audited=False)
def staff_list(request: web.PageRequest) -> HttpResponse:
    """Everybody at work in the county, searched as one types."""
    query = web.TableQuery.parse(
        request.GET.dict(),
        sorts=StaffSort,
        default=StaffSort.CODE,
        filters={"q": None, "institution": None},
    )
    rows, total = selectors.list_staff(request.actor, query, local_date(request.at))
    words = {
        "rows": rows,
        "total": total,
        "query": query.within(total),
        "place": _place(query.filters.get("institution", "")),
        "own": facilities.institutions([request.actor.institution_id]).get(request.actor.institution_id),
    }
    return render(request, "staff/list.html", words)


def _place(code: str) -> facilities.InstitutionRow | None:
    """The institution people were asked for by; an unknown code simply finds nobody."""
    try:
        return facilities.institution_by_code(code) if code else None
    except NotFound:
        return None


@require_safe
@web.page(None)
def staff_page(request: web.PageRequest, staff_id: UUID) -> HttpResponse:
    """One person: postings, licences, teams, and what an administrator may do."""
    web.touch(request, kind="staff.member", record_id=staff_id)
    today = local_date(request.at)
    profile = selectors.profile(request.actor, staff_id, today)
    account = accounts.user(profile.staff.user_id) if profile.staff.user_id else None
    words = {
        "profile": profile,
        "account": account,
        "postings": [(each, each.is_over(today)) for each in profile.postings],
        "may_manage": request.actor.can(MANAGE),
        "may_arrange": _may_arrange(request, staff_id),
        "may_keep": request.actor.can("accounts.manage") and account is not None,
    }
    return render(request, "staff/detail.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(MANAGE)
def end(request: web.PageRequest, posting_id: UUID) -> HttpResponse:
    """Ask for the last day of a posting, and end it."""
    posting = selectors.posting(request.actor, posting_id)
    back = resolve_url("staff:detail", posting.staff_id)
    colleagues = _colleagues(request, [posting.institution_id], posting.staff_id)
    initial = {"last_day": local_date(request.at)}
    form = EndPostingForm(request.POST or None, initial=initial, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        last_day, heir = form.cleaned_data["last_day"], form.cleaned_data["successor"]
        wanted = {"posting_id": posting_id, "last_day": last_day, "successor_id": heir}
        try:
            end_posting(actor=request.actor, **wanted, at=request.at)
        except InvalidInput as error:
            form.add_error(error.field, error.text(_(error.message)))
        else:
            messages.success(request, _("%s的这个岗位已停用") % posting.staff_name)
            return web.go(request, back)
    words = {"form": form, "posting": posting, "back_url": back}
    return render(request, "staff/end_posting.html", words, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(None)
def stand_in(request: web.PageRequest, staff_id: UUID) -> HttpResponse:
    """Ask who does somebody's work in their absence, and arrange it."""
    today = local_date(request.at)
    profile = selectors.profile(request.actor, staff_id, today)
    if not _may_arrange(request, staff_id):
        raise NotFound
    places = [each.institution_id for each in profile.postings if not each.is_over(today)]
    colleagues = _colleagues(request, places, staff_id)
    form = StandInForm(request.POST or None, initial={"first_day": today}, colleagues=colleagues)
    back = resolve_url("staff:detail", staff_id)
    if request.method == "POST" and form.is_valid():
        try:
            appoint_stand_in(
                actor=request.actor,
                staff_id=staff_id,
                stand_in_id=form.cleaned_data["stand_in"],
                first_day=form.cleaned_data["first_day"],
                last_day=form.cleaned_data["last_day"],
                at=request.at,
            )
        except InvalidInput as error:
            form.add_error(error.field, error.text(_(error.message)))
        else:
            messages.success(request, _("代班已安排好，到时自动生效"))
            return web.go(request, back)
    words = {"form": form, "member": profile.staff, "back_url": back}
    return render(request, "staff/stand_in.html", words, status=422 if form.errors else 200)


@require_POST
@web.page(None)
def end_standing_in(request: web.PageRequest, staff_id: UUID, stand_in_id: UUID) -> HttpResponse:
    """Call a stand-in off."""
    end_stand_in(actor=request.actor, staff_id=staff_id, stand_in_id=stand_in_id, at=request.at)
    messages.success(request, _("代班已取消"))
    return HttpResponseRedirect(resolve_url("staff:detail", staff_id))


def _may_arrange(request: web.PageRequest, staff_id: UUID) -> bool:
    return staff_id == request.actor.staff_id or request.actor.can(MANAGE)


def _colleagues(request: web.PageRequest, places: Sequence[UUID], but: UUID) -> list[tuple[str, str]]:
    """Who else works at these institutions: id, and name with what they do."""
    today = local_date(request.at)
    found = {}
    for place in dict.fromkeys(places):
        for each in selectors.people_at(request.actor, place, on=today):
            does = joined(" · ", (each.department_name, each.role_name))
            found[str(each.staff_id)] = f"{each.staff_name}（{web.said(does)}）"
    found.pop(str(but), None)
    return list(found.items())
