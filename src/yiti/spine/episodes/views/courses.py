"""Episodes as a whole: dialogs over the page of a visit."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiti.foundation.web import public as web
from yiti.kernel.display import full_time
from yiti.kernel.errors import NotFound
from yiti.spine.episodes import commands, selectors
from yiti.spine.episodes.domain import EpisodeState
from yiti.spine.episodes.domain.rows import EpisodeRow
from yiti.spine.episodes.domain.specs import SplitSpec
from yiti.spine.episodes.forms import CloseForm, JoinForm, SplitForm
from yiti.spine.episodes.views.answers import WRITE, answer


def _opened(request: web.PageRequest, episode_id: UUID) -> tuple[EpisodeRow, str]:
    """The episode, named for the audit row, and the page to go back to: its newest visit.

    Raises NotFound without access, and for one that has gone up in another episode.
    """
    found = selectors.episode(request.actor, episode_id)
    web.touch(request, kind="episodes.episode", record_id=episode_id, person_id=found.person_id)
    visits = selectors.visits_of_episode(request.actor, episode_id)
    if not visits:
        raise NotFound
    return found, reverse("episodes:visit", args=[visits[0].id])


class _LongTermForm(forms.Form):
    """The state of the episode that the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def long_term(request: web.PageRequest, episode_id: UUID) -> HttpResponse:
    """Keep an episode open for the long term, or no longer."""
    episode, back = _opened(request, episode_id)
    form = _LongTermForm(request.POST or None, initial={"revision": episode.revision})
    is_long_term = episode.state is not EpisodeState.LONG_TERM

    def run() -> None:
        commands.set_long_term(
            actor=request.actor,
            episode_id=episode_id,
            is_long_term=is_long_term,
            revision=form.cleaned_data["revision"],
            at=request.at,
        )

    words = {"episode": episode, "is_long_term": is_long_term}
    return answer(request, "episodes/long_term.html", form, run, back=back, words=words)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def close(request: web.PageRequest, episode_id: UUID) -> HttpResponse:
    """Close an episode that is over."""
    episode, back = _opened(request, episode_id)
    form = CloseForm(request.POST or None, initial={"revision": episode.revision})

    def run() -> None:
        cleaned = form.cleaned_data
        commands.close_episode(
            actor=request.actor,
            episode_id=episode_id,
            reason=cleaned["reason"],
            revision=cleaned["revision"],
            at=request.at,
        )

    return answer(request, "episodes/close.html", form, run, back=back, words={"episode": episode})


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def split(request: web.PageRequest, episode_id: UUID) -> HttpResponse:
    """Make some visits of this institution an episode of their own."""
    episode, back = _opened(request, episode_id)
    visits = [
        (str(visit.id), f"{full_time(visit.started_at)} {_(visit.kind.zh)} {visit.chief_complaint}")
        for visit in selectors.visits_of_episode(request.actor, episode_id)
        if visit.institution_id == request.actor.institution_id
    ]
    form = SplitForm(request.POST or None, initial={"revision": episode.revision}, visits=visits)

    def run() -> None:
        cleaned = form.cleaned_data
        commands.split_episode(
            actor=request.actor,
            episode_id=episode_id,
            split=SplitSpec(frozenset(map(UUID, cleaned["visits"])), cleaned["problem"], cleaned["reason"]),
            revision=cleaned["revision"],
            at=request.at,
        )

    return answer(request, "episodes/split.html", form, run, back=back, words={"episode": episode})


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def join(request: web.PageRequest, episode_id: UUID) -> HttpResponse:
    """Put this episode into another open one of the same person."""
    episode, back = _opened(request, episode_id)
    others = [
        row for row in selectors.open_episodes(request.actor, episode.person_id) if row.id != episode_id
    ]
    form = JoinForm(
        request.POST or None,
        initial={"revision": episode.revision},
        episodes=[(f"{row.id} {row.revision}", f"{row.number} {row.problem}") for row in others],
    )

    def run() -> None:
        cleaned = form.cleaned_data
        chosen, revision = cleaned["episode"].split()
        commands.join_episodes(
            actor=request.actor,
            into_id=UUID(chosen),
            from_id=episode_id,
            reason=cleaned["reason"],
            revisions=(int(revision), cleaned["revision"]),
            at=request.at,
        )

    words = {"episode": episode, "others": others}
    return answer(request, "episodes/join.html", form, run, back=back, words=words)
