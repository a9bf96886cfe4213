"""The rest of a county: as many more people as it has, and their visits.

The example keeps to some thousands of people, so that a demo opens soon; what must hold at the size of a
county is tried and measured with these. Nothing but visits happens to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from yiti.config.example.courses import courses
from yiti.config.example.desks import PEOPLE, Place, find_desks, find_places
from yiti.config.example.homes import PeopleRows
from yiti.config.example.people import Numbers, households
from yiti.config.example.run import Invention, a_run
from yiti.config.example.visits import episode
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes

DAYS = 550  # of visits: 2 million of 600,000 people
_SERIES = 1


def load_others(actor: Actor, *, people: int, seed: int, at: datetime) -> Iterator[tuple[int, int]]:
    """Invent and copy in so many people, village by village (each a batch that memory bears); gives how many
    people and visits there are so far. Only as `yiti_loader`, into an example county."""
    run = a_run(seed, at, people / PEOPLE)
    numbers = Numbers(run.rng, _SERIES)
    in_all = visits = 0
    for place in find_places(find_desks(actor, at), run):
        rows, found = _village(run, place, numbers)
        in_all += residents.load_people(actor=actor, batch=rows.batch, at=at)
        visits += episodes.load_episodes(actor=actor, batch=episodes.Batch(found, run.make_id), at=at)
        yield in_all, visits


def _village(
    run: Invention, place: Place, numbers: Numbers
) -> tuple[PeopleRows, list[episodes.LoadedEpisode]]:
    rows, found = PeopleRows(), []
    for members in households(run.rng, place.village, numbers, local_date(run.at)):
        for one, key in zip(members, rows.add_home(run, place, members), strict=True):
            found += [episode(run, place, key, course) for course in courses(run.rng, one, run.at, DAYS)]
    return rows, found
