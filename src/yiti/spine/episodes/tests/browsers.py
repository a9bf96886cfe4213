"""Browsers of people at work, and what they open and fill in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.test import Client
from django.urls import reverse

from yiti.foundation.accounts.tests.builders import a_role
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id
from yiti.registry.facilities.models import Institution
from yiti.registry.staff.tests.builders import a_posting, a_staff_member
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import Visit
from yiti.spine.episodes.tests.builders import (
    WRITES,
    a_content,
    a_patient,
    a_visit,
    drugs,
    readings,
)

HOUR = timedelta(hours=1)


def signed_in(institution_id: UUID, *permissions: str, role: str = "village_doctor") -> Client:
    """The browser of somebody with these permissions at that institution."""
    a_role(role, *permissions)
    member = a_staff_member()
    a_posting(member, role=role, institution=Institution.objects.get(id=institution_id))
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


def at_desk(doctor: Actor) -> Client:
    """The browser of a colleague of this doctor."""
    return signed_in(doctor.institution_id, *WRITES)


def a_visit_with_everything(doctor: Actor, at: datetime) -> Visit:
    """A visit in which everything has been written once."""
    content = a_content(
        "I20.0",
        "I10",
        vitals=readings(systolic=168, diastolic=102, consciousness="V"),
        note=episodes.NoteSpec(subjective="胸闷 3 天", plan="建议上转"),
        treatments=[episodes.TreatmentSpec("阿司匹林 300 mg 嚼服")],
        medications=drugs("氨氯地平片"),
    )
    return a_visit(doctor, a_patient(doctor), at=at, content=content)


Address = Callable[[Visit, episodes.VisitDetail], str]


def of_visit(name: str) -> Address:
    """An address that names the visit."""
    return lambda visit, detail: reverse(f"episodes:{name}", args=[visit.id])


def of_person(name: str) -> Address:
    """An address that names the person."""
    return lambda visit, detail: reverse(f"episodes:{name}", args=[visit.person_id])


def of_episode(name: str) -> Address:
    """An address that names the episode."""
    return lambda visit, detail: reverse(f"episodes:{name}", args=[visit.episode_id])


def of_fact(name: str, kind: str) -> Address:
    """An address that names a fact."""
    rows = {"vital": "vitals", "diagnosis": "diagnoses", "note": "notes", "treatment": "treatments"}
    return lambda visit, detail: reverse(
        f"episodes:{name}", args=[visit.id, kind, getattr(detail, rows[kind])[0].stamp.id]
    )


def new_visit_address(person_id: UUID) -> str:
    """The page of a new visit."""
    return f"{reverse('episodes:new_visit')}?person={person_id}"


def filled(**changes: object) -> dict[str, object]:
    """The form as a village doctor fills it in."""
    return {
        "id": str(new_id()),
        "medications_seen": "",
        "kind": "outpatient",
        "department": "",
        "chief_complaint": "胸闷 3 天",
        "main_diagnosis": "I20.0",
        "certainty": "suspected",
        "diagnoses": ["I10"],
        "systolic": "168",
        "diastolic": "102",
        "subjective": "反复胸闷 3 天",
        "treatments": "阿司匹林 300 mg 嚼服\n\n吸氧 3 L/分",
        "episode": "auto",
        "drugs-TOTAL_FORMS": "2",
        "drugs-INITIAL_FORMS": "0",
        "drugs-0-name": "氨氯地平片",
        "drugs-0-dose": "10 mg",
        "drugs-0-frequency": "09",
        "drugs-1-name": "",
        **changes,
    }


def now_ish() -> datetime:
    """A little while ago: the pages read the clock themselves."""
    return now() - HOUR
