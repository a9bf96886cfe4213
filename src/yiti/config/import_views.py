"""The page on which an administrator brings in institutions and staff from a workbook.

An upload is tried first and kept for an hour, so that it can be saved with one more click. Residents are
left out: their records are written by the loader role, which no page has (`yiti import`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from django import forms
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiti.config import workbook
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput
from yiti.kernel.sheets import Outcome, Problem, Sheet

MANAGE, ALSO = "staff.manage", "facilities.manage"
MOST_BYTES = 10_000_000
MOST_TOLD = 50
_KEPT_SECONDS = 3600
_RESIDENTS = "residents"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookForm(forms.Form):
    """The workbook to be tried."""

    file = forms.FileField(
        label=gettext_lazy("工作簿"),
        help_text=gettext_lazy("按模板填好的 .xlsx，最大 10 MB"),
        widget=forms.FileInput(attrs={"accept": ".xlsx", "data-most-bytes": MOST_BYTES}),
        error_messages={
            "required": gettext_lazy("请先选一份工作簿"),
            "empty": gettext_lazy("这个文件是空的"),
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        """The upload, unless it is too large."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 10 MB，请在服务器上用 yiti import 导入"))
        return file


@dataclass(frozen=True, slots=True)
class Checked:
    """An upload that has been tried: its tables without their sheets (those hold functions), and what was
    found. `residents` counts the lines that are not brought in here."""

    name: str
    stamp: str
    tables: Mapping[str, Mapping[str, Any]]
    unknown: Sequence[str]
    counts: Mapping[str, Mapping[Outcome, int]]
    problems: Sequence[Problem]
    residents: int

    def workbook(self, sheets: Sequence[Sheet]) -> workbook.Workbook:
        """The upload again as a workbook."""
        by_name = {sheet.name: sheet for sheet in sheets}
        tables = {name: workbook.Table(by_name[name], **parts) for name, parts in self.tables.items()}
        return workbook.Workbook(tables, self.unknown)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(MANAGE)
def import_page(request: web.PageRequest) -> HttpResponse:
    """Try a workbook, and show what it would do."""
    request.actor.require(ALSO)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_valid():
        try:
            _keep(request.actor, _check(request, form.cleaned_data["file"]))
        except InvalidInput as error:
            form.add_error("file", error.text(_(error.message)))
        else:
            return HttpResponseRedirect(resolve_url("import"))
    words = {"form": form, "nav_active": "import", **_told(_kept(request.actor), workbook.sheets())}
    return render(request, "config/import.html", words, status=422 if form.errors else 200)


@require_POST
@web.page(MANAGE)
def save(request: web.PageRequest) -> HttpResponse:
    """Save the workbook that was tried last; the answer shows first passwords, once."""
    request.actor.require(ALSO)
    checked = _kept(request.actor)
    if checked is None:
        return HttpResponseRedirect(resolve_url("import"))
    if request.POST.get("stamp") != checked.stamp:
        raise Conflict(_("这之后又检查过另一份工作簿，请看过结果再导入"))
    sheets = workbook.sheets()
    done = workbook.import_workbook(actor=request.actor, workbook=checked.workbook(sheets), at=request.at)
    if not done.problems:
        cache.delete(_key(request.actor))
    seen = replace(checked, counts=done.counts, problems=done.problems)
    words = {
        "form": WorkbookForm(),
        "nav_active": "import",
        **_told(seen, sheets),
        "saved": done.saved,
        "passwords": done.first_passwords,
    }
    response = render(request, "config/import.html", words)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@web.page(MANAGE)
def mistakes(request: web.PageRequest) -> HttpResponse:
    """The rows that could not be taken, as a workbook."""
    request.actor.require(ALSO)
    checked = _kept(request.actor)
    if checked is None:
        return HttpResponseRedirect(resolve_url("import"))
    sheets, file = workbook.sheets(), BytesIO()
    workbook.write_mistakes(file, checked.workbook(sheets).tables, sheets, checked.problems)
    return _download(file, f"{checked.name.rpartition('.')[0] or checked.name}-errors.xlsx")


@require_safe
@web.page(MANAGE, audited=False)
def template(request: web.PageRequest) -> HttpResponse:
    """The empty workbook."""
    request.actor.require(ALSO)
    file = BytesIO()
    workbook.write_template(file, workbook.sheets())
    return _download(file, _("一体导入模板.xlsx"))


def _download(file: BytesIO, name: str) -> HttpResponse:
    response = HttpResponse(file.getvalue(), content_type=_EXCEL)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _check(request: web.PageRequest, file: UploadedFile[Any]) -> Checked:
    """Read and try an upload. Raises InvalidInput for what is no workbook."""
    sheets = workbook.sheets()
    book = workbook.read_workbook(file.read(), sheets)
    left_out = book.tables.get(_RESIDENTS)
    tables = {name: table for name, table in book.tables.items() if name != _RESIDENTS}
    tried = workbook.import_workbook(
        actor=request.actor, workbook=workbook.Workbook(tables, book.unknown), at=request.at, dry_run=True
    )
    return Checked(
        name=file.name or "",
        stamp=request.at.isoformat(),
        tables={
            name: {
                "rows": table.rows,
                "problems": table.problems,
                "unread": table.unread,
                "is_sound": table.is_sound,
            }
            for name, table in tables.items()
        },
        unknown=book.unknown,
        counts=tried.counts,
        problems=tried.problems,
        residents=len(left_out.rows) if left_out else 0,
    )


def _key(actor: Actor) -> str:
    return f"import:{actor.user_id}"


def _keep(actor: Actor, checked: Checked) -> None:
    cache.set(_key(actor), checked, _KEPT_SECONDS)


def _kept(actor: Actor) -> Checked | None:
    kept: Checked | None = cache.get(_key(actor))
    return kept


def _told(checked: Checked | None, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """What the template shows of an upload."""
    if checked is None:
        return {"checked": None}
    titles = {sheet.name: sheet.zh for sheet in sheets}
    headings = {titles[name]: "、".join(parts["unread"]) for name, parts in checked.tables.items()}
    return {
        "checked": checked,
        "lines": [
            (name, titles[name], *(counts.get(outcome, 0) for outcome in Outcome))
            for name, counts in checked.counts.items()
        ],
        "told": [
            (*workbook.heading_of(problem, sheets), problem) for problem in checked.problems[:MOST_TOLD]
        ],
        "more": max(0, len(checked.problems) - MOST_TOLD),
        "unread": [(title, names) for title, names in headings.items() if names],
    }
