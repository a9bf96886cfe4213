"""The pages of the steps of a down-referral."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiti.care.referrals import commands
from yiti.care.referrals.domain import Follower
from yiti.care.referrals.forms import steps as forms
from yiti.care.referrals.forms.fields import pair
from yiti.care.referrals.selectors.rows import DownDetail
from yiti.care.referrals.views import offers
from yiti.care.referrals.views.asking import Question, form_data, seen, step_page
from yiti.care.referrals.views.steps import ANSWER, plain, runner
from yiti.foundation.web import public as web

FOLLOW_UP = "referrals.follow_up"


def _name_follower(command: Callable[..., object]) -> Callable[[web.PageRequest, DownDetail], Question]:
    def ask(request: web.PageRequest, detail: DownDetail) -> Question:
        row = detail.handoff
        found, near = offers.followers(request, row.person_id, request.actor.institution_id)
        form = forms.FollowerForm(
            form_data(request),
            initial=seen(detail),
            followers=found,
            chosen=pair(row.follower_institution_id, row.follower_staff_id)
            if row.follower_staff_id
            else near,
        )

        def more() -> dict[str, Any]:
            place, person = form.cleaned_data["follower"]
            assert person is not None  # every choice of this list names somebody
            return {"follower": Follower(place, person)}

        return Question(form, runner(command, request, detail, form, more))

    return ask


def _follow_up(request: web.PageRequest, detail: DownDetail) -> Question:
    visits = offers.follow_ups(request, detail)
    form = forms.FollowUpForm(form_data(request), initial=seen(detail), visits=visits)

    def more() -> dict[str, Any]:
        return {"visit_id": form.cleaned_data["visit_id"][0], "comment": form.cleaned_data["comment"]}

    run = runner(commands.follow_up, request, detail, form, more)
    return Question(form, run, can_act=bool(visits), words={"visit_missing": not visits})


receive = step_page("receive", ANSWER, _name_follower(commands.receive))
rename_follower = step_page("rename_follower", ANSWER, _name_follower(commands.rename_follower))
undo_receive = step_page("undo_receive", ANSWER, plain(commands.undo_receive))
follow_up = step_page("follow_up", FOLLOW_UP, _follow_up)
