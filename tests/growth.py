"""A county that grows: more of everything that some page lists, by the commands of the house."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from tests import world as cast
from tests.people import likely, register, seen
from tests.referred import County, case
from tests.world import World
from yiti.care.referrals import public as referrals
from yiti.config import setup
from yiti.foundation.accounts import public as accounts
from yiti.kernel.clock import local_date, now
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.kernel.sheets import read_sheet
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

HOSPITAL, VILLAGE = "LN-SP", "441826105910"  # 三排卫生院; 东芒村, where nobody of the world lives


@dataclass
class Crowd(County):
    """The same people at work, with patients without end."""

    def later(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def patient(self) -> tuple[UUID, UUID]:
        n = next(self.numbers)
        birth = date(1950, 1, 1) + timedelta(days=41 * n)
        person = register(self.doctor, f"沈{chr(0x6C34 + n)}养", Sex.MALE, birth, self.village, self.later())
        visit = seen(self.doctor, person, self.later())
        return person, episodes.visit(self.doctor, visit).episode_id


@dataclass
class Growth:
    """A world to which more is added, each time something else."""

    world: World
    crowd: Crowd = field(init=False)
    rounds: int = 0

    def __post_init__(self) -> None:
        people = (cast.VILLAGE_DOCTOR, cast.TOWNSHIP_DOCTOR, cast.REFERRAL_NURSE, cast.CENTRE_HEAD)
        actors = [self.world.actor(code) for code in (*people, cast.WARD_DOCTOR)]
        self.crowd = Crowd(*actors, at=now() - timedelta(hours=1))

    def grow(self, times: int) -> None:
        """Once more of everything, that many times."""
        for _ in range(times):
            self.rounds += 1
            self._places()
            self._people_at_work()
            self._referrals()
            self._record()
            self._visit()
            self._emergency()
            self._pair()

    def _places(self) -> None:
        n = self.rounds
        code, since = f"LN-X{n:02d}", "2020-01-01"
        station = {
            "code": code,
            "name": f"第{n}卫生站",
            "short_name": f"第{n}站",
            "kind": "village_clinic",
            "level": "village",
            "region": VILLAGE,
            "managed_by": HOSPITAL,
            "phone": "0763-8670043",
            "latitude": "24.6",
            "longitude": "112.2",
        }
        here = {"institution": HOSPITAL}
        ward = {"code": f"X{n}", "name": f"第{n}病区", "specialty": "03", "position": "9"}
        rows = {
            "institutions": station,
            "departments": here | ward,
            "beds": here | {"department": f"X{n}", "first": "1", "last": "2"},
            "equipment": here | {"name": f"第{n}台 B 超", "quantity": "1"},
            "operations": here | {"code": f"45.{n:02d}", "name": f"第{n}种检查", "valid_from": since},
            "capability": here | {"icd_prefix": f"K{n:02d}", "verdict": "refer", "valid_from": since},
            "memberships": {
                "consortium": "LN-YGT",
                "institution": code,
                "role": "branch",
                "valid_from": since,
            },
        }
        sheets = {name: read_sheet(facilities.SHEETS[name], [row])[0] for name, row in rows.items()}
        done = facilities.load_facilities(actor=setup.SETUP, sheets=sheets, at=self.crowd.later())
        assert done.saved, done.problems

    def _people_at_work(self) -> None:
        row = {
            "code": f"LN5{self.rounds:03d}",
            "name": "成文秀",
            "title": "junior",
            "institution": HOSPITAL,
            "department": "NK",
            "role": "township_physician",
            "valid_from": "2020-01-01",
            "is_primary": "1",
        }
        rows, _problems = read_sheet(staff.STAFF.with_codes({"roles": accounts.role_names()}), [row])
        hashes = {row["code"]: make_password(None)}
        done = staff.load_staff(
            actor=setup.SETUP, rows=rows, first_password_hashes=hashes, at=self.crowd.later()
        )
        assert done.saved, done.problems

    def _referrals(self) -> None:
        """One that waits for the county, one for the village, one for the township, one for a follow-up;
        and on the one of the world something said."""
        crowd = self.crowd
        crowd.to_the_ward()
        asked = crowd.to_the_ward()
        reason = referrals.Reason("vitals")
        referrals.return_for_information(
            actor=crowd.nurse, handoff_id=asked.id, reason=reason, revision=asked.revision, at=crowd.later()
        )
        crowd.going_home()
        home = case(crowd.going_home())
        referrals.receive(
            actor=crowd.township,
            handoff_id=home.id,
            follower=crowd.follower,
            revision=home.revision,
            at=crowd.later(),
        )
        for actor in (crowd.nurse, crowd.doctor):
            handoffs.add_message(
                actor=actor, handoff_id=self.world.cases.sent.id, text="请带上病历", at=crowd.later()
            )

    def _record(self) -> None:
        """More in the record of the man of the world, and in his home."""
        doctor, man, crowd = self.crowd.doctor, self.world.person_id, self.crowd
        allergy = residents.AllergySpec(new_id(), substance_text=f"第{self.rounds}种药", severity="mild")
        residents.add_allergy(actor=doctor, person_id=man, spec=allergy, at=crowd.later())
        paper = residents.IdentifierSpec(new_id(), "99", f"LN{self.rounds:05d}")
        residents.add_identifier(actor=doctor, person_id=man, spec=paper, at=crowd.later())
        code = list(residents.RiskCode)[self.rounds % len(residents.RiskCode)]
        risk = residents.RiskSpec(new_id(), code, (*code.levels, "")[0], local_date(crowd.at))
        residents.mark_risk(actor=doctor, person_id=man, spec=risk, at=crowd.later())
        child, _episode = crowd.patient()
        home = residents.household(doctor, man)
        members = [(each.person_id, each.relation) for each in home.members] if home else []
        others = tuple(each for each in members if each[0] != man)
        spec = residents.HouseholdSpec(new_id(), man, (*others, (child, "20")))
        residents.set_household(actor=doctor, spec=spec, at=crowd.later())

    def _visit(self) -> None:
        """One more visit, and more in the visit of the world."""
        doctor, crowd, visit = self.crowd.doctor, self.crowd, self.world.visit_id
        seen(doctor, self.world.person_id, crowd.later())
        note = episodes.NoteSpec(subjective="头晕")
        episodes.write_note(actor=doctor, visit_id=visit, spec=note, at=crowd.later())
        episodes.add_treatment(
            actor=doctor, visit_id=visit, spec=episodes.TreatmentSpec("口服药"), at=crowd.later()
        )
        before = episodes.medications(doctor, self.world.person_id)
        drugs = [episodes.MedicationSpec(f"第{n}种药") for n in range(self.rounds)]
        episodes.set_medications(
            actor=doctor,
            visit_id=visit,
            items=drugs,
            seen_id=before.id,
            at=crowd.later(),
        )

    def _emergency(self) -> None:
        """A record opened in an emergency by somebody elsewhere."""
        person, _episode = self.crowd.patient()
        far = self.world.actor(cast.FAR_WARD_DOCTOR)
        residents.open_by_break_glass(
            actor=far, person_id=person, reason="昏迷送来急诊", at=self.crowd.later()
        )

    def _pair(self) -> None:
        """One more pair that may be one person."""
        patient, _episode = self.crowd.patient()
        likely(self.world.eye, self.world.person_id, patient, self.crowd.later())
