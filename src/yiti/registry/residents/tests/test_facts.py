"""Allergies are only added, risk marks end, households hold everybody once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import Allergy, Household, HouseholdMember, RiskMark
from yiti.registry.residents.tests.builders import a_person, a_profile

TODAY = NOON.date()
RiskCode = residents.RiskCode


@pytest.fixture
def person_id(doctor: Actor) -> UUID:
    """Somebody the doctor registered."""
    return a_person(doctor)


def penicillin(**changes: object) -> residents.AllergySpec:
    """Allergic to penicillin since 2019."""
    values: dict[str, object] = {
        "id": new_id(),
        "substance_code": "101",
        "reaction": "rash",
        "severity": "moderate",
        "onset_year": 2019,
        **changes,
    }
    return residents.AllergySpec(**values)  # type: ignore[arg-type]


def add(actor: Actor, person_id: UUID, spec: residents.AllergySpec) -> UUID:
    """Write an allergy down at noon."""
    return residents.add_allergy(actor=actor, person_id=person_id, spec=spec, at=NOON)


def test_an_allergy_is_in_sight_with_its_words(doctor: Actor, person_id: UUID) -> None:
    spec = penicillin()
    add(doctor, person_id, spec)
    add(doctor, person_id, spec)
    add(doctor, person_id, residents.AllergySpec(new_id(), substance_text="某种草药", severity="severe"))
    rows = residents.allergies(doctor, person_id)
    assert [row.text for row in rows] == ["某种草药过敏", "青霉素类抗生素过敏：皮疹（2019）"]
    assert AuditEntry.objects.filter(action="residents.add_allergy").count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"substance_code": ""}, "substance_code", id="to nothing"),
        pytest.param({"substance_code": "zz"}, "substance_code", id="to an unknown code"),
        pytest.param({"reaction": "zz"}, "reaction", id="unknown reaction"),
        pytest.param({"severity": ""}, "severity", id="no severity"),
        pytest.param({"onset_year": 2027}, "onset_year", id="next year"),
        pytest.param({"substance_text": "a\x00"}, "substance_text", id="NUL"),
    ],
)
def test_an_allergy_that_cannot_be_is_refused(
    doctor: Actor, person_id: UUID, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(doctor, person_id, penicillin(**changes))
    assert refused.value.field == field
    assert not Allergy.objects.exists()


def test_a_correction_names_what_it_replaces_and_both_stay(doctor: Actor, person_id: UUID) -> None:
    wrong = add(doctor, person_id, penicillin())
    better = penicillin(severity="severe", onset_year=2020)
    for _ in range(2):
        residents.correct_allergy(actor=doctor, allergy_id=wrong, spec=better, at=NOON)
    (row,) = residents.allergies(doctor, person_id)
    assert (row.id, row.severity, row.is_correction) == (better.id, "severe", True)
    assert Allergy.objects.get(pk=better.id).replaces_id == wrong
    assert Allergy.objects.count() == 2


def test_two_corrections_of_one_statement_clash(doctor: Actor, person_id: UUID) -> None:
    wrong = add(doctor, person_id, penicillin())
    residents.correct_allergy(actor=doctor, allergy_id=wrong, spec=penicillin(), at=NOON)
    with pytest.raises(Conflict, match="刚被别人更正过"):
        residents.correct_allergy(actor=doctor, allergy_id=wrong, spec=penicillin(), at=NOON)
    with pytest.raises(Conflict):
        residents.refute_allergy(
            actor=doctor, allergy_id=wrong, refutation_id=new_id(), note="皮试阴性", at=NOON
        )


def test_what_was_no_allergy_is_no_longer_in_sight(doctor: Actor, person_id: UUID) -> None:
    wrong, key = add(doctor, person_id, penicillin()), new_id()
    with pytest.raises(InvalidInput):
        residents.refute_allergy(actor=doctor, allergy_id=wrong, refutation_id=key, note=" ", at=NOON)
    for _ in range(2):
        residents.refute_allergy(actor=doctor, allergy_id=wrong, refutation_id=key, note="皮试阴性", at=NOON)
    assert residents.allergies(doctor, person_id) == []
    assert Allergy.objects.count() == 2


def mark(actor: Actor, person_id: UUID, code: RiskCode, level: str, since: date = TODAY) -> UUID:
    """Put a risk mark on somebody at noon."""
    spec = residents.RiskSpec(new_id(), code, level, since)
    return residents.mark_risk(actor=actor, person_id=person_id, spec=spec, at=NOON)


def texts(actor: Actor, person_id: UUID, on: date = TODAY) -> list[str]:
    """The risk chips."""
    return [row.text for row in residents.risks(actor, person_id, on=on)]


def test_risks_are_in_sight_in_a_fixed_order(doctor: Actor, person_id: UUID) -> None:
    mark(doctor, person_id, RiskCode.DIABETES, "2型")
    mark(doctor, person_id, RiskCode.HYPERTENSION, "很高危")
    mark(doctor, person_id, RiskCode.STROKE, "")
    assert texts(doctor, person_id) == ["高血压 很高危", "2型糖尿病", "脑卒中"]


def test_a_new_level_ends_the_old_one(doctor: Actor, person_id: UUID) -> None:
    old = mark(doctor, person_id, RiskCode.HYPERTENSION, "高危", TODAY - timedelta(days=30))
    mark(doctor, person_id, RiskCode.HYPERTENSION, "很高危", TODAY - timedelta(days=1))
    assert texts(doctor, person_id) == ["高血压 很高危"]
    assert texts(doctor, person_id, TODAY - timedelta(days=2)) == ["高血压 高危", "高血压 很高危"]
    assert RiskMark.objects.get(pk=old).until_date == TODAY - timedelta(days=1)


def test_a_risk_that_has_ended_is_out_of_sight(doctor: Actor, person_id: UUID) -> None:
    risk = mark(doctor, person_id, RiskCode.FALL, "高")
    for _ in range(2):
        residents.end_risk(actor=doctor, risk_id=risk, until_date=TODAY, at=NOON)
    assert texts(doctor, person_id) == []


@pytest.mark.parametrize(
    ("code", "level", "since", "field"),
    [
        pytest.param(RiskCode.HYPERTENSION, "", TODAY, "level", id="no level"),
        pytest.param(RiskCode.STROKE, "高危", TODAY, "level", id="a level it does not have"),
        pytest.param(RiskCode.STROKE, "", TODAY + timedelta(days=1), "since_date", id="from tomorrow"),
    ],
)
def test_a_risk_that_cannot_be_is_refused(
    doctor: Actor, person_id: UUID, code: RiskCode, level: str, since: date, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        mark(doctor, person_id, code, level, since)
    assert refused.value.field == field


def test_a_risk_ends_between_its_beginning_and_today(doctor: Actor, person_id: UUID) -> None:
    risk = mark(doctor, person_id, RiskCode.FALL, "高")
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(InvalidInput):
            residents.end_risk(actor=doctor, risk_id=risk, until_date=day, at=NOON)
    with pytest.raises(NotFound):
        residents.end_risk(actor=doctor, risk_id=new_id(), until_date=TODAY, at=NOON)


def live_together(actor: Actor, head: UUID, *members: tuple[UUID, str]) -> UUID:
    """Say who lives with the head."""
    spec = residents.HouseholdSpec(new_id(), head, members, "三排镇油岭村")
    return residents.set_household(actor=actor, spec=spec, at=NOON)


def family(actor: Actor, person_id: UUID) -> list[tuple[str, str]]:
    """Names and relations of the household of somebody."""
    home = residents.household(actor, person_id)
    return [(member.name, member.relation_zh) for member in home.members] if home else []


@pytest.fixture
def three(doctor: Actor) -> tuple[UUID, UUID, UUID]:
    """Father, mother and son."""
    names = ("房金养", "唐一妹", "房小山")
    father, mother, son = (a_person(doctor, a_profile(name)) for name in names)
    return father, mother, son


def test_a_household_has_a_head_and_members(doctor: Actor, three: tuple[UUID, UUID, UUID]) -> None:
    father, mother, son = three
    live_together(doctor, father, (mother, "12"), (son, "20"))
    assert family(doctor, son) == [("房金养", "户主"), ("唐一妹", "妻"), ("房小山", "子")]
    home = residents.household(doctor, mother)
    assert home is not None
    assert (home.head_name, home.size, home.address) == ("房金养", 3, "三排镇油岭村")


def test_saying_it_again_changes_nothing_and_leaving_is_kept(
    doctor: Actor, three: tuple[UUID, UUID, UUID]
) -> None:
    father, mother, son = three
    home = live_together(doctor, father, (mother, "12"), (son, "20"))
    assert live_together(doctor, father, (mother, "12"), (son, "20")) == home
    assert HouseholdMember.objects.count() == 3
    live_together(doctor, father, (mother, "12"))
    assert family(doctor, father) == [("房金养", "户主"), ("唐一妹", "妻")]
    assert family(doctor, son) == []
    assert HouseholdMember.objects.get(person_id=son).left_at == NOON
    assert Household.objects.get(pk=home).size == 2


def test_who_joins_one_household_leaves_the_other(doctor: Actor, three: tuple[UUID, UUID, UUID]) -> None:
    father, mother, son = three
    old = live_together(doctor, father, (son, "20"))
    live_together(doctor, mother, (son, "20"))
    assert family(doctor, son) == [("唐一妹", "户主"), ("房小山", "子")]
    assert Household.objects.get(pk=old).size == 1


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        pytest.param(lambda f, m, s: [(f, "20")], "填了两次", id="the head as a member"),
        pytest.param(lambda f, m, s: [(m, "12"), (m, "20")], "填了两次", id="somebody twice"),
        pytest.param(lambda f, m, s: [(m, "02")], "只有一个户主", id="two heads"),
        pytest.param(lambda f, m, s: [(m, "zz")], "从列表里选", id="an unknown relation"),
    ],
)
def test_a_household_that_cannot_be_is_refused(
    doctor: Actor, three: tuple[UUID, UUID, UUID], others: object, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        live_together(doctor, three[0], *others(*three))  # type: ignore[operator]
    assert not Household.objects.exists()


def test_a_head_of_another_household_cannot_just_be_taken_in(
    doctor: Actor, three: tuple[UUID, UUID, UUID]
) -> None:
    father, mother, son = three
    live_together(doctor, mother, (son, "20"))
    with pytest.raises(Conflict, match="另一户的户主"):
        live_together(doctor, father, (mother, "12"))


def test_nobody_is_put_together_with_somebody_unknown(doctor: Actor, person_id: UUID) -> None:
    with pytest.raises(NotFound):
        live_together(doctor, person_id, (new_id(), "20"))
