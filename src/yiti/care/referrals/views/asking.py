"""How a step is asked: a question, its form, and what to do when it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiti.care.referrals.forms.fields import refuse
from yiti.care.referrals.forms.steps import StepForm
from yiti.care.referrals.views.answers import Detail, opened
from yiti.foundation.web import public as web
from yiti.kernel.errors import Conflict, DomainError, NotFound
from yiti.kernel.text import N_


@dataclass(frozen=True, slots=True)
class Question:
    """A form and what happens when it is sent. `says` are words above the form; without `can_act` the
    step cannot be taken yet and the form only says what is missing."""

    form: StepForm
    run: Callable[[], object]
    says: str = ""
    can_act: bool = True
    words: Mapping[str, Any] = field(default_factory=dict)


_TEMPLATE = "referrals/step.html"
Ask = Callable[[web.PageRequest, Any], Question]
TITLES: Mapping[str, str] = {
    "approve": N_("同意{name}转出？"),
    "accept": N_("接收{name}"),
    "return": N_("退回{name}的{kind}，请对方补充"),
    "redirect": N_("把{name}改派到别处"),
    "decline": N_("谢绝{name}的{kind}？"),
    "supply": N_("补充{name}的病情后重送"),
    "depart": N_("登记{name}发车"),
    "arrive": N_("{name}到院了？"),
    "undo_accept": N_("撤回对{name}的接收？"),
    "no_show": N_("{name}没有到院？"),
    "admit": N_("收{name}入院"),
    "undo_arrive": N_("撤回{name}的到院登记？"),
    "send_outcome": N_("{name}办出院并回传结果"),
    "close": N_("关闭{name}的{kind}？"),
    "cancel": N_("取消{name}的{kind}？"),
    "receive": N_("接收{name}并指定随访人"),
    "undo_receive": N_("撤回对{name}的接收？"),
    "rename_follower": N_("换人随访{name}"),
    "follow_up": N_("登记{name}的首次随访"),
}
_ALSO = {"undo_arrive": {"undo_arrive", "undo_walk_in"}}


def step_page(step: str, permission: str, *asks: Ask) -> Callable[..., HttpResponse]:
    """The page of a step: the first of `asks` is for an up-referral, the last for a down-referral.

    A step that cannot be taken now is refused when its page is opened; when it is sent the command
    decides, so that a second press answers as the first. Success leads back to where one was (htmx too);
    what was typed stays on a refusal.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @web.page(permission)
    def view(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
        detail = opened(request, handoff_id)
        row = detail.handoff
        names = _ALSO.get(step, {step})
        if request.method != "POST" and not names & {each.step for each in detail.actions}:
            raise Conflict
        face = row.kind.steps[step]
        asked = asks[0 if row.kind_code == "referral.up" else -1](request, detail)
        words = {
            "detail": detail,
            "title": _(TITLES[step]).format(name=row.person_name, kind=_(row.kind.label)),
            "says": asked.says,
            "consequence": face.consequence,
            "act": face.label,
            "can_act": asked.can_act,
            "form": asked.form,
            "back_url": _back(request, handoff_id),
            "at": request.at,
            **asked.words,
        }
        if request.method != "POST":
            return render(request, _TEMPLATE, words)
        if asked.form.is_valid():
            try:
                asked.run()
            except NotFound:
                raise
            except DomainError as error:
                refuse(asked.form, error)
                words |= _news(request, opened(request, handoff_id), asked.form, names)
            else:
                done = {"step": _(face.title), "name": row.person_name}
                messages.success(request, _("%(step)s：%(name)s") % done)
                return web.go(request, words["back_url"])
        return render(request, _TEMPLATE, words, status=422)

    view.__name__ = step
    return view


def _news(request: web.PageRequest, now: Detail, form: StepForm, names: set[str]) -> dict[str, Any]:
    """What somebody else did meanwhile, where that is why the step was refused. What was typed stays, and
    goes through with the next press if the step can still be taken."""
    if now.handoff.revision == form.revision_seen:
        return {}
    renewed = request.POST.copy()
    renewed["revision"] = str(now.handoff.revision)
    form.data = renewed
    can_act = bool(names & {each.step for each in now.actions})
    return {"detail": now, "can_act": can_act, "news": now.timeline[0]}


def _back(request: web.PageRequest, handoff_id: UUID) -> str:
    """The page the question was asked on, else that of the referral."""
    return (request.htmx and request.htmx.current_url_abs_path) or reverse(
        "referrals:detail", args=[handoff_id]
    )


def form_data(request: web.PageRequest) -> Any:
    """What was sent, None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def seen(detail: Detail, **more: Any) -> dict[str, Any]:
    """What the form starts with: the revision that is shown."""
    return {"revision": detail.handoff.revision, **more}
