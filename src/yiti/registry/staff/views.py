"""Pages of the people at work: the directory, one person, ending a posting."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiti.foundation.accounts import public as accounts
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import InvalidInput, NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.staff import selectors
from yiti.registry.staff.commands import end_posting
from yiti.registry.staff.domain import StaffSort
from yiti.registry.staff.forms import EndPostingForm

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
        "may_keep": request.actor.can("accounts.manage") and account is not None,
    }
    return render(request, "staff/detail.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(MANAGE)
def end(request: web.PageRequest, posting_id: UUID) -> HttpResponse:
    """Ask for the last day of a posting, and end it."""
    posting = selectors.posting(request.actor, posting_id)
    back = resolve_url("staff:detail", posting.staff_id)
    form = EndPostingForm(request.POST or None, initial={"last_day": local_date(request.at)})
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        try:
            end_posting(actor=request.actor, posting_id=posting_id, last_day=last_day, at=request.at)
        except InvalidInput as error:
            form.add_error(error.field, error.text(_(error.message)))
        else:
            messages.success(request, _("%s的这个岗位已停用") % posting.staff_name)
            return _go(request, back)
    words = {"form": form, "posting": posting, "back_url": back}
    return render(request, "staff/end_posting.html", words, status=422 if form.errors else 200)


def _go(request: web.PageRequest, url: str) -> HttpResponse:
    if not request.htmx:
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
