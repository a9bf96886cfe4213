"""The referrals of twelve months that have ended: how many a month, who, from where, and their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from yiti.care.referrals import loading
from yiti.config.example.conditions import CITY, HEAD, REASONS, Condition, conditions
from yiti.config.example.courses import TOWNSHIP, VILLAGE
from yiti.config.example.desks import Desks
from yiti.config.example.hospitals import Hospital, Ward, pick_hospital
from yiti.config.example.parties import Crew, Patient
from yiti.config.example.pool import Pool, draw_township
from yiti.config.example.run import Invention
from yiti.config.example.stories import Told, tell
from yiti.config.example.ways import Odds, WayUp, moment_on, urgency_of, way_up
from yiti.kernel.clock import local_date
from yiti.kernel.workhours import Calendar

# People sent up in a month, by its number; how many plans went home then and now, of those who lay in a ward.
MONTHLY = {1: 286, 2: 252, 3: 318, 4: 306, 5: 324, 6: 330, 7: 318, 8: 304, 9: 310, 10: 300, 11: 298, 12: 296}
HOME_THEN, HOME_NOW = 0.42, 0.86
DAYS = 364
_WEEKEND_SHARE = 0.5
_TO_THE_CITY, _FROM_THE_VILLAGE = 0.025, 0.07
_TAKEN_IN_TOWNSHIPS = frozenset({"J18.9", "J44.1", "I10", "R42"})


@dataclass(frozen=True)
class History:
    """All that one run knows of the county."""

    run: Invention
    desks: Desks
    hospitals: Mapping[str, Hospital]
    calendar: Calendar
    pool: Pool

    def tell(self) -> Iterator[tuple[Patient, WayUp, Told]]:
        """Every way up of the twelve months, oldest first."""
        for day, odds in days(self.run, self.calendar):
            found = self._one(day, odds)
            if found is not None:
                yield found

    def _one(self, day: date, odds: Odds) -> tuple[Patient, WayUp, Told] | None:
        rng = self.run.rng
        level = _level(rng)
        condition = draw_condition(rng, level)
        township = draw_township(rng)
        to_township = level == VILLAGE and condition.code in _TAKEN_IN_TOWNSHIPS
        urgency = urgency_of(rng, condition)
        if to_township or level == CITY:
            odds = Odds(home=0)
        way = way_up(
            rng, condition, (urgency, moment_on(rng, day, urgency)), self.run.at, self.calendar, odds
        )
        patient = self.pool.draw(township, condition.suits, day, mark=condition.mark) if way else None
        if way is None or patient is None:
            return None
        place = township if to_township else pick_hospital(rng, condition.wards)
        code = "NK" if to_township else condition.wards[place]
        ward = self.hospitals[place].taking(code)
        crew = self._crew(patient, township, level, (place, ward))
        home_row = self.hospitals[township].row.id
        return patient, way, tell(self.run, patient, way, crew, (self.hospitals[place], ward), home_row)

    def _crew(self, patient: Patient, township: str, level: str, to: tuple[str, Ward]) -> Crew:
        rng, desks = self.run.rng, self.desks
        place, ward = to
        answers_at = HEAD if place == CITY else place
        doctors = desks.treating(answers_at, ward.room.code if place != CITY else "")
        sender = {
            VILLAGE: [patient.place.clinic],
            TOWNSHIP: desks.treating(township),
            CITY: desks.treating(HEAD),
        }[level]
        return Crew(
            sender=rng.choice(sender),
            nurse=rng.choice(desks.answering(answers_at)),
            ward_doctor=rng.choice(doctors),
            head=desks.centre_head,
            physician=rng.choice(desks.treating(township)),
            village_doctor=patient.place.clinic,
        )


def _level(rng: Random) -> str:
    """Where the sender sits; CITY stands for the head hospital sending on to the city."""
    chance = rng.random()
    if chance < _TO_THE_CITY:
        return CITY
    return VILLAGE if chance < _TO_THE_CITY + _FROM_THE_VILLAGE else TOWNSHIP


def draw_condition(rng: Random, level: str) -> Condition:
    """A condition, by the shares of the reasons and then by weight."""
    beyond = level == CITY
    there = [each for each in conditions() if each.is_beyond_the_county is beyond]
    if not beyond:
        reason = rng.choices(list(REASONS), list(REASONS.values()))[0]
        there = [each for each in there if each.reason == reason]
    return rng.choices(there, [each.weight for each in there])[0]


def days(run: Invention, calendar: Calendar) -> Iterator[tuple[date, Odds]]:
    """One day for each way up, oldest first: a month's number spread over its days, fewer at weekends."""
    today = local_date(run.at)
    for ago in range(DAYS, -1, -1):
        day = today - timedelta(days=ago)
        share = 1.2 if calendar.is_working_day(day) else _WEEKEND_SHARE
        expected = MONTHLY[day.month] / 30.4 * share * run.share
        if ago == 0:
            expected *= min(1, max(0, (run.at.hour - 8) / 9))
        odds = Odds(HOME_THEN + (HOME_NOW - HOME_THEN) * (DAYS - ago) / DAYS)
        for _ in range(int(expected + run.rng.random())):
            yield day, odds


def stories_of(told: Sequence[Told], run: Invention) -> loading.Stories:
    """The referrals of these ways, as they are loaded together."""
    downs = [each.down for each in told if each.down is not None]
    return loading.Stories([each.up for each in told], downs, run.make_id)
