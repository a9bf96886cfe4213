"""The pages of the room: what they show, to whom, and what they do with bad input."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.urls import reverse

from yiti.kernel.actor import Actor
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities import selectors, views
from yiti.registry.facilities.domain import Kind, Subject
from yiti.registry.facilities.models import (
    BedBoardNote,
    Department,
    Equipment,
    Institution,
    InstitutionOperation,
)
from yiti.registry.facilities.tests.builders import (
    LONG_AGO,
    NOON,
    a_bed,
    a_department,
    a_request,
    an_institution,
    an_override,
)

pytestmark = pytest.mark.django_db
NAUGHTY = ["' OR 1=1 --", "<script>alert(1)</script>", "%", "\\", "𠜎", "﷽", "=cmd|'/c calc'!A0", "中" * 2000]


def words(response: HttpResponse) -> str:
    """The page as text."""
    return response.content.decode()


@pytest.fixture
def township() -> Institution:
    """A township hospital with one ward of two beds, a device, an operation and a word of its own."""
    place = an_institution(Kind.TOWNSHIP, code="ZG", name="寨岗中心卫生院", short_name="寨岗卫生院")
    ward = a_department(place)
    a_bed(ward)
    a_bed(ward)
    an_override(place, "K35.8", "limited", "县外科下沉日")
    Equipment.objects.create(institution=place, name="彩超", quantity=2)
    InstitutionOperation.objects.create(
        institution=place, code="47.09", name="阑尾切除术", valid_from=LONG_AGO
    )
    return place


@pytest.mark.usefixtures("township")
def test_the_list_finds_by_initials_and_keeps_the_filter_in_its_tabs() -> None:
    an_institution(name="三排卫生院")
    page = words(views.institution_list(a_request("/facilities/?q=zg")))
    assert "寨岗中心卫生院" in page
    assert "三排卫生院" not in page
    assert "?q=zg&amp;tab=township" in page


@pytest.mark.parametrize("text", NAUGHTY)
def test_whatever_is_typed_is_only_searched_for(text: str, township: Institution) -> None:
    request = a_request(f"/facilities/?{urlencode({'q': text})}")
    for view in (views.institution_list, views.options, views.capability_directory):
        response = view(request)
        assert response.status_code == 200
        assert "<script>alert" not in words(response)


@pytest.mark.usefixtures("township")
@pytest.mark.parametrize(
    "asked", ["?page=99999", "?page=x", "?size=7", "?sort=password", "?tab=moon", "?kind=castle"]
)
def test_an_odd_address_still_opens_the_list(asked: str) -> None:
    assert "寨岗中心卫生院" in words(views.institution_list(a_request(f"/facilities/{asked}")))


def test_the_page_of_an_institution(township: Institution) -> None:
    request = a_request(f"/facilities/{township.id}")
    page = words(views.institution_page(request, township.id))
    for expected in ("寨岗中心卫生院", "彩超 ×2", "阑尾切除术", "资料未核实", "内科"):
        assert expected in page
    assert request.opened.record_id == township.id


def test_an_institution_nobody_has_is_not_found() -> None:
    for view in (views.institution_page, views.preview):
        assert view(a_request("/facilities/x"), new_id()).status_code == 404


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        pytest.param("", ["高血压", "急性阑尾炎", "2026.2 版"], [], id="all diseases"),
        pytest.param("?q=gxy", ["高血压"], ["急性阑尾炎"], id="initials"),
        pytest.param("?q=k35", ["急性阑尾炎"], ["高血压"], id="code"),
        pytest.param("?q=阑尾", ["急性阑尾炎"], ["高血压"], id="Chinese"),
        pytest.param("?group=外科、骨科", ["急性阑尾炎"], ["2型糖尿病"], id="one specialty"),
        pytest.param("?subject=operation", ["阑尾切除术"], ["急性阑尾炎"], id="operations"),
        pytest.param("?subject=equipment", ["彩超"], ["急性阑尾炎"], id="devices"),
        pytest.param("?on=2026-01-01", ["2025.1 版", "看的是 2026-01-01"], [], id="an earlier version"),
        pytest.param("?on=2020-01-01", ["这一天还没有目录", "目录里没有"], [], id="before the first version"),
        pytest.param("?subject=moon&on=never", ["2026.2 版"], [], id="nonsense"),
        pytest.param("?q=xyzzy", ["目录里没有"], ["高血压"], id="nothing found"),
    ],
)
def test_the_directory(asked: str, shown: list[str], hidden: list[str], township: Institution) -> None:
    page = words(views.capability_directory(a_request(f"/facilities/capability{asked}")))
    assert "寨岗" in page or "目录里没有" in page
    for each in shown:
        assert each in page
    table = page.partition('id="found"')[2].partition('id="preview"')[0]
    for each in hidden:
        assert each not in table


def test_a_cell_of_the_directory_says_its_condition_and_rule(township: Institution) -> None:
    chosen = a_request("/facilities/capability?line=K35.8&institution=ZG")
    page = words(views.capability_directory(chosen))
    assert "is-cell" in page
    assert page.count("县外科下沉日") == 2  # in the preview, and above the table for narrow windows
    assert "本院申报 K35.8" in page


def test_htmx_gets_the_preview_of_a_cell_alone(township: Institution) -> None:
    chosen = a_request("/facilities/capability?line=I10&institution=ZG", target="preview")
    part = words(views.capability_directory(chosen))
    assert "收治能力目录 2026.2 版" in part
    assert "<table" not in part


@pytest.mark.parametrize("asked", ["line=I10&institution=NO", "line=NO&institution=ZG"])
def test_a_cell_there_is_not(asked: str, township: Institution) -> None:
    assert views.capability_directory(a_request(f"/facilities/capability?{asked}")).status_code == 404


@pytest.mark.parametrize("subject", list(Subject))
@pytest.mark.parametrize("number", [1, 20])
def test_the_directory_needs_six_queries_at_most(
    subject: Subject, number: int, django_assert_max_num_queries: Any
) -> None:
    for each in range(number):
        place = an_institution(Kind.TOWNSHIP)
        Equipment.objects.create(institution=place, name=f"设备{each}")
    selectors.directory(subject, NOON.date())  # code lists are read once in a process
    with django_assert_max_num_queries(6):
        assert len(selectors.directory(subject, NOON.date()).columns) == number


def a_nurse_of(place: Institution, *permissions: str) -> Actor:
    """Somebody at work there."""
    return an_actor(*(permissions or ("facilities.update_beds",)), institution_id=place.id, name="李秀萍")


def a_ward_of(place: Institution) -> Department:
    """Its only ward."""
    return Department.objects.get(institution=place)


def test_the_board_opens_at_ones_own_institution(township: Institution) -> None:
    other = a_department(an_institution(Kind.COUNTY_GENERAL, code="H", name="县人民医院"), name="普外科")
    a_bed(other)
    own = words(views.bed_board(a_request("/facilities/beds", actor=a_nurse_of(township))))
    assert "更新空床" in own
    assert "电话核实" in own
    elsewhere = a_request("/facilities/beds?institution=H", actor=a_nurse_of(township))
    page = words(views.bed_board(elsewhere))
    assert "普外科" in page
    assert "更新空床" not in page
    assert "电话核实</a>" in page


def test_who_may_not_update_sees_the_board_without_buttons(township: Institution) -> None:
    page = words(views.bed_board(a_request("/facilities/beds", actor=a_nurse_of(township, "other.thing"))))
    assert "内科" in page
    assert "电话核实</a>" not in page


def test_without_any_ward_the_board_says_so() -> None:
    assert "没有登记病区" in words(views.bed_board(a_request("/facilities/beds")))


@pytest.mark.parametrize("target", [None, "dialog"], ids=["as a page", "as a dialog"])
def test_a_ward_updates_its_beds(target: str | None, township: Institution) -> None:
    ward, nurse = a_ward_of(township), a_nurse_of(township)
    asked = views.update_beds(a_request("/x", actor=nurse, target=target), ward.id)
    assert words(asked).startswith("<dialog" if target else "<!doctype html>")
    done = views.update_beds(a_request("/x", actor=nurse, data={"free_stated": "2"}, target=target), ward.id)
    back = f"{reverse('facilities:beds')}?institution=ZG"
    assert done.headers["HX-Redirect" if target else "Location"] == back
    assert BedBoardNote.objects.get().free_stated == 2


@pytest.mark.parametrize(
    "data",
    [{}, {"free_stated": "-1"}, {"free_stated": "many"}, {"free_stated": "1000"}, {"free_stated": "９" * 50}],
)
def test_a_number_that_cannot_be_is_asked_for_again(data: dict[str, str], township: Institution) -> None:
    ward = a_ward_of(township)
    response = views.update_beds(a_request("/x", actor=a_nurse_of(township), data=data), ward.id)
    assert response.status_code == 422
    assert not BedBoardNote.objects.exists()


def test_a_call_is_written_down_with_who_answered(township: Institution) -> None:
    caller = an_actor("facilities.update_beds")
    data = {"free_stated": "1", "spoke_with": "房医生"}
    response = views.confirm_by_phone(a_request("/x", actor=caller, data=data), a_ward_of(township).id)
    assert response.status_code == 302
    assert BedBoardNote.objects.get().spoke_with == "房医生"
    blank = views.confirm_by_phone(
        a_request("/x", actor=caller, data={"free_stated": "1", "spoke_with": " "}), a_ward_of(township).id
    )
    assert blank.status_code == 422


def test_a_stranger_to_the_ward_finds_nothing(township: Institution) -> None:
    ward = a_ward_of(township)
    stranger = an_actor("facilities.update_beds")
    clerk = a_nurse_of(township, "other.thing")
    data = {"free_stated": "1", "spoke_with": "某人"}
    for actor, view in (
        (stranger, views.update_beds),
        (clerk, views.update_beds),
        (clerk, views.confirm_by_phone),
    ):
        for sent in (None, data):
            assert view(a_request("/x", actor=actor, data=sent), ward.id).status_code == 404
    assert not BedBoardNote.objects.exists()


def test_options_of_the_picker(township: Institution) -> None:
    found = words(views.options(a_request("/facilities/search?q=zgzx")))
    assert f'data-value="{township.id}"' in found
    assert "换个字或首字母试试" in words(views.options(a_request("/facilities/search?q=nobody")))
