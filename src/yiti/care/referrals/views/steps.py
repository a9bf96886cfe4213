"""The pages of the steps that both kinds share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiti.care.referrals import commands
from yiti.care.referrals.domain import Reason, Tables, Target
from yiti.care.referrals.forms import steps as forms
from yiti.care.referrals.selectors.rows import DownDetail, UpDetail
from yiti.care.referrals.views import offers
from yiti.care.referrals.views.answers import READ, SEND, Detail, choices
from yiti.care.referrals.views.asking import Question, form_data, seen, step_page
from yiti.foundation.web import public as web

ANSWER = "referrals.answer"
Command = Callable[..., object]


def plain(command: Command) -> Callable[[web.PageRequest, Detail], Question]:
    """A step that brings nothing but itself."""

    def ask(request: web.PageRequest, detail: Detail) -> Question:
        form = forms.StepForm(form_data(request), initial=seen(detail))
        return Question(form, runner(command, request, detail, form))

    return ask


def commented(command: Command) -> Callable[[web.PageRequest, Detail], Question]:
    """A step with a remark."""

    def ask(request: web.PageRequest, detail: Detail) -> Question:
        form = forms.CommentForm(form_data(request), initial=seen(detail))
        return Question(
            form, runner(command, request, detail, form, lambda: {"comment": form.cleaned_data["comment"]})
        )

    return ask


def runner(
    command: Command,
    request: web.PageRequest,
    detail: Detail,
    form: forms.StepForm,
    more: Callable[[], dict[str, Any]] = dict,
) -> Callable[[], object]:
    """The command of a step with what the form gave."""

    def run() -> object:
        return command(
            actor=request.actor,
            handoff_id=detail.handoff.id,
            revision=form.revision_seen,
            at=request.at,
            **more(),
        )

    return run


def _return(request: web.PageRequest, detail: Detail) -> Question:
    form = forms.ReasonForm(form_data(request), initial=seen(detail), reasons=choices(Tables.RETURN))
    return Question(
        form,
        runner(commands.return_for_information, request, detail, form, lambda: {"reason": form.reason}),
    )


def _decline(request: web.PageRequest, detail: Detail) -> Question:
    form = forms.DeclineForm(
        form_data(request),
        initial=seen(detail),
        reasons=choices(Tables.DECLINE),
        places=offers.places(request, detail) if isinstance(detail, UpDetail) else [],
    )

    def more() -> dict[str, Any]:
        suggested = form.cleaned_data["suggests"]
        return {"reason": form.reason, "suggests": suggested[0] if suggested else None}

    return Question(form, runner(commands.decline, request, detail, form, more))


def _cancel(request: web.PageRequest, detail: Detail) -> Question:
    form = forms.ReasonForm(form_data(request), initial=seen(detail), reasons=choices(Tables.CANCEL))

    def more() -> dict[str, Reason]:
        return {"reason": form.reason}

    return Question(form, runner(commands.cancel, request, detail, form, more))


def _supply_up(request: web.PageRequest, detail: UpDetail) -> Question:
    case = detail.case
    form = forms.SupplyUpForm(
        form_data(request),
        initial=seen(
            detail,
            summary=case.summary,
            treatments=case.treatments,
            medications=case.medications,
            results=case.results,
        ),
    )
    return Question(
        form,
        runner(
            commands.supply_up,
            request,
            detail,
            form,
            lambda: {"comment": form.cleaned_data["comment"], "case": form.case(case)},
        ),
        says=_asked_for(detail),
    )


def _asked_for(detail: Detail) -> str:
    """What the other side asked for."""
    asked = [each for each in detail.reasons if each.step == "return"]
    return asked[-1].zh if asked else ""


def _supply_down(request: web.PageRequest, detail: DownDetail) -> Question:
    form = forms.SupplyForm(form_data(request), initial=seen(detail))
    run = runner(
        commands.supply_down, request, detail, form, lambda: {"comment": form.cleaned_data["comment"]}
    )
    return Question(form, run, says=_asked_for(detail))


def _redirect_up(request: web.PageRequest, detail: UpDetail) -> Question:
    places = [*offers.own_rooms(request, detail), *offers.places(request, detail)]
    return _redirect(request, detail, places, commands.redirect_up)


def _redirect_down(request: web.PageRequest, detail: DownDetail) -> Question:
    record = detail.patient.record
    places = offers.homes(request, record.village_id if record else None)
    return _redirect(request, detail, places, commands.redirect_down)


def _redirect(request: web.PageRequest, detail: Detail, places: offers.Offer, command: Command) -> Question:
    form = forms.PlaceForm(form_data(request), initial=seen(detail), places=places)

    def more() -> dict[str, Any]:
        place, department = form.cleaned_data["target_institution"]
        return {"target": Target(place, department), "comment": form.cleaned_data["comment"]}

    return Question(form, runner(command, request, detail, form, more))


return_for_information = step_page("return", ANSWER, _return)
decline = step_page("decline", ANSWER, _decline)
redirect = step_page("redirect", ANSWER, _redirect_up, _redirect_down)
supply = step_page("supply", SEND, _supply_up, _supply_down)
cancel = step_page("cancel", SEND, _cancel)
close = step_page("close", READ, commented(commands.close_up), commented(commands.close_down))
