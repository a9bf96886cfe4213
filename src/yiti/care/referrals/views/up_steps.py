"""The pages of the steps of an up-referral."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yiti.care.referrals import commands
from yiti.care.referrals.commands import Admission
from yiti.care.referrals.domain import Tables
from yiti.care.referrals.forms import steps as forms
from yiti.care.referrals.selectors.rows import UpDetail
from yiti.care.referrals.views import offers
from yiti.care.referrals.views.answers import SEND, choices
from yiti.care.referrals.views.asking import Question, form_data, seen, step_page
from yiti.care.referrals.views.steps import ANSWER, commented, plain, runner
from yiti.foundation.web import public as web
from yiti.kernel.ids import new_id

APPROVE, TREAT = "referrals.approve", "referrals.treat"


def _accept(request: web.PageRequest, detail: UpDetail) -> Question:
    beds = offers.beds(request, detail)
    form = forms.AcceptForm(
        form_data(request),
        initial=seen(detail),
        beds=beds,
        departments=offers.departments(request, detail),
        chosen=offers.first_bed(beds, detail),
    )

    def more() -> dict[str, Any]:
        return {"reception": form.reception, "comment": form.cleaned_data["comment"]}

    says = "" if detail.is_outside or beds else _("本院现在没有登记的空床，可以只到科室")
    return Question(form, runner(commands.accept, request, detail, form, more), says=says)


def _depart(request: web.PageRequest, detail: UpDetail) -> Question:
    form = forms.TripForm(
        form_data(request),
        initial=seen(detail),
        transports=choices(Tables.TRANSPORT),
        planned=detail.trip.transport_code,
    )
    return Question(form, runner(commands.depart, request, detail, form, lambda: {"trip": form.trip}))


def _admit(request: web.PageRequest, detail: UpDetail) -> Question:
    beds = offers.beds(request, detail)
    form = forms.AdmitForm(
        form_data(request),
        initial=seen(detail, visit_id=new_id()),
        beds=beds,
        chosen=offers.first_bed(beds, detail),
    )

    def more() -> dict[str, Any]:
        given = form.cleaned_data
        return {"admission": Admission(given["visit_id"], given["bed_id"][0], given["complaint"])}

    says = "" if beds else _("没有空床，请先腾床或改派")
    return Question(form, runner(commands.admit, request, detail, form, more), says=says, can_act=bool(beds))


def _send_outcome(request: web.PageRequest, detail: UpDetail) -> Question:
    form = forms.OutcomeForm(
        form_data(request),
        initial=seen(detail),
        outcomes=choices(Tables.OUTCOME),
        ways=choices(Tables.WAY) if detail.visit_id else [],
    )
    run = runner(commands.send_outcome, request, detail, form, lambda: {"outcome": form.outcome})
    return Question(form, run)


approve = step_page("approve", APPROVE, commented(commands.approve))
accept = step_page("accept", ANSWER, _accept)
undo_accept = step_page("undo_accept", ANSWER, plain(commands.undo_accept))
depart = step_page("depart", SEND, _depart)
arrive = step_page("arrive", ANSWER, commented(commands.arrive))
undo_arrive = step_page("undo_arrive", ANSWER, plain(commands.undo_arrive))
no_show = step_page("no_show", ANSWER, commented(commands.no_show))
admit = step_page("admit", TREAT, _admit)
send_outcome = step_page("send_outcome", TREAT, _send_outcome)
