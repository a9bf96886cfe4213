"""The golden thread: a man of the village goes up to the county and comes home, and the loop closes.

Five people at five desks, one after the other, each at a browser of one's own; on the example county and
on a county made by `yiti init` and a workbook. New capabilities lengthen it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import Browser, expect

from tests.journeys.casts import Cast, Worker
from tests.journeys.visitor import Visitor, a_visitor
from yiti.kernel.clock import local_date, now

SUMMARY = "反复胸闷 3 天，今晨胸痛 20 分钟，血压 166/100"
OUTCOME = "冠脉造影示前降支狭窄 80%，植入支架 1 枚，胸痛消失"
OWN_PASSWORD = "Yao-shan-2026"


@dataclass
class Story:
    """What the people of the journey know of it so far."""

    cast: Cast
    passwords: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, list[str]]] = field(default_factory=dict)  # of authenticators, with codes
    person: str = ""
    up_page: str = ""
    down_page: str = ""


@contextmanager
def at_work(browser: Browser, story: Story, worker: Worker) -> Iterator[Visitor]:
    """Somebody at their desk, signed in; a first password is changed on the way."""
    with a_visitor(browser, story.cast.url) as visitor:
        if worker.is_first_password and worker.login not in story.passwords:
            visitor.sign_in(worker.login, worker.password)
            visitor.take_own_password(worker.password, OWN_PASSWORD)
            story.passwords[worker.login] = OWN_PASSWORD
            if worker.binds:
                story.keys[worker.login] = visitor.bind_authenticator()
        else:
            visitor.sign_in(worker.login, story.passwords.get(worker.login, worker.password))
        yield visitor


def when_she_finds_him_by_his_initials(doctor: Visitor, story: Story) -> None:
    page = doctor.page
    page.keyboard.press("Control+k")
    page.keyboard.type(story.cast.initials)
    page.get_by_role("option", name=story.cast.patient).first.click()
    page.wait_for_url("**/residents/*/")
    doctor.look("resident")
    story.person = page.url.rstrip("/").rsplit("/", 1)[-1]
    expect(page.get_by_role("heading", name=story.cast.patient)).to_be_visible()


def when_she_opens_an_episode(doctor: Visitor) -> None:
    page = doctor.page
    page.keyboard.press("F2")
    page.wait_for_url("**/episodes/visits/new*")
    page.locator("#id_chief_complaint").fill("胸闷 3 天，今晨胸痛")
    page.locator("#id_systolic").fill("166")
    page.locator("#id_diastolic").fill("100")
    doctor.look("new-visit")
    page.keyboard.press("F9")
    page.wait_for_url("**/episodes/visits/*/")
    doctor.look("visit")


def when_she_refers_him_up(doctor: Visitor, story: Story) -> None:
    page = doctor.page
    doctor.open(f"/residents/{story.person}/")
    page.get_by_role("link", name="转诊", exact=True).first.click()
    page.wait_for_url("**/referrals/new*")
    page.get_by_role("radio", name="急", exact=True).check()
    page.locator("#id_diagnoses").fill("bwdxxjt")
    page.get_by_role("option", name="I20.0").click()
    doctor.choose("reason_code", "需手术、介入")
    doctor.choose("target_specialty", story.cast.ward)
    page.locator("#id_summary").fill(SUMMARY)
    page.locator("#id_contact_phone").fill("13800001234")
    page.get_by_label("本人同意转诊").check()
    page.get_by_role("radio", name=story.cast.hospital).first.check()
    doctor.look("referral-form")
    expect(page.get_by_role("button", name=f"送出到{story.cast.hospital}")).to_be_visible()
    page.keyboard.press("F9")
    page.wait_for_url(lambda url: "/referrals/" in url and "/new" not in url)
    doctor.look("referral-sent")
    story.up_page = page.url.removeprefix(story.cast.url)
    expect(page.get_by_text("待接收").first).to_be_visible()


def when_the_nurse_accepts_him_with_a_bed(nurse: Visitor, story: Story) -> None:
    page = nurse.page
    nurse.open("/work/")
    row = page.get_by_role("row").filter(has_text=story.cast.patient)
    expect(row.get_by_text("待接收")).to_be_visible()
    row.get_by_text("I20.0").click()
    expect(page.locator("#preview").get_by_text(SUMMARY[:6])).to_be_visible()
    nurse.look("inbox")
    expect(page.locator("#preview").locator("select")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("F9")
    nurse.look()
    nurse.open(story.up_page)
    expect(page.get_by_text("已接诊").first).to_be_visible()
    nurse.look("accepted")


def when_he_comes_through_the_door(nurse: Visitor, story: Story) -> None:
    nurse.open(story.up_page)
    nurse.do("登记到院")
    expect(nurse.page.get_by_text("已到院").first).to_be_visible()


def when_the_ward_admits_and_discharges_him(ward: Visitor, story: Story) -> None:
    page = ward.page
    ward.open("/work/")
    page.get_by_role("link", name=story.cast.patient).first.click()
    page.wait_for_url(f"**{story.up_page}")
    ward.do("收治入院")
    expect(page.get_by_text("诊疗中").first).to_be_visible()
    ward.look("in-care")
    ward.do("办出院并回传", outcome="好转", way="医嘱转社区", summary=OUTCOME)
    expect(page.get_by_text("待关闭").first).to_be_visible()
    ward.look("outcome")


def when_the_ward_sends_him_home_with_a_plan(ward: Visitor, story: Story) -> None:
    page = ward.page
    page.get_by_role("link", name="下转").first.click()
    page.wait_for_url("**/referrals/new*direction=down*")
    ward.choose("reason_code", "康复期治疗")
    expect(page.get_by_text("I20.0").first).to_be_visible()
    expect(page.locator("#id_target_institution option:checked")).to_contain_text(story.cast.township)
    expect(page.locator("#id_follower option:checked")).to_contain_text(story.cast.village_doctor.name)
    page.locator("#id_first_follow_up_date").fill((local_date(now()) + timedelta(days=3)).isoformat())
    expect(page.locator("#id_discharge_summary")).to_have_value(OUTCOME)
    page.locator("#id_treatment").fill("双联抗血小板 12 个月，每 2 周量血压")
    page.locator("#id_warning_signs").fill("胸痛超过 15 分钟不缓解，马上呼叫 120")
    page.locator("#id_drugs-0-name").fill("阿司匹林肠溶片")
    page.locator("#id_drugs-0-dose").fill("100 mg")
    ward.look("down-form")
    page.keyboard.press("F9")
    page.wait_for_url(lambda url: "/referrals/" in url and "/new" not in url)
    ward.look("down-sent")
    expect(page.get_by_text("阿司匹林肠溶片")).to_be_visible()
    story.down_page = page.url.removeprefix(story.cast.url)


def when_the_township_receives_him(township: Visitor, story: Story) -> None:
    township.open("/work/")
    township.page.get_by_role("link", name=story.cast.patient).first.click()
    township.page.wait_for_url(f"**{story.down_page}")
    township.do("接收并指定随访人")
    expect(township.page.get_by_text("待首次随访").first).to_be_visible()
    township.look("received")


def when_she_sees_him_at_home(doctor: Visitor, story: Story) -> None:
    page = doctor.page
    doctor.open("/work/")
    expect(page.get_by_role("row").filter(has_text=story.cast.patient).first).to_be_visible()
    doctor.open(f"/episodes/visits/new?person={story.person}")
    doctor.choose("kind", "随访")
    page.locator("#id_chief_complaint").fill("支架术后首次随访，无胸痛")
    page.locator("#id_systolic").fill("132")
    page.locator("#id_diastolic").fill("82")
    page.keyboard.press("F9")
    page.wait_for_url("**/episodes/visits/*/")
    doctor.open(story.down_page)
    doctor.do("登记首次随访")
    doctor.do("关闭转诊")


def then_the_loop_is_closed(doctor: Visitor, story: Story) -> None:
    expect(doctor.page.get_by_text("已关闭").first).to_be_visible()
    doctor.look("closed")
    doctor.open_until(story.up_page, "已关闭")  # the worker closes the way up with the way down
    doctor.open(f"/residents/{story.person}/")
    doctor.look("thread")


def then_the_auditor_sees_who_did_and_read_what(auditor: Visitor, story: Story) -> None:
    cast = story.cast
    deeds = {
        cast.village_doctor: ("referrals.send_up", "referrals.follow_up", "referrals.close_down"),
        cast.nurse: ("referrals.accept", "referrals.arrive"),
        cast.ward_doctor: ("referrals.admit", "referrals.send_outcome", "referrals.send_down"),
        cast.township_physician: ("referrals.receive",),
    }
    for worker, actions in deeds.items():
        auditor.open(f"/administration/trail?q={worker.name}&size=100")
        for action in (*actions, "read:referrals:detail"):
            expect(auditor.page.get_by_text(action, exact=True).first).to_be_visible()
    auditor.look("trail")


def walk(browser: Browser, cast: Cast) -> Story:
    """The whole way, with everybody who has a part in it."""
    story = Story(cast)
    with at_work(browser, story, cast.village_doctor) as doctor:
        when_she_finds_him_by_his_initials(doctor, story)
        when_she_opens_an_episode(doctor)
        when_she_refers_him_up(doctor, story)
    with at_work(browser, story, cast.nurse) as nurse:
        when_the_nurse_accepts_him_with_a_bed(nurse, story)
        when_he_comes_through_the_door(nurse, story)
    with at_work(browser, story, cast.ward_doctor) as ward:
        when_the_ward_admits_and_discharges_him(ward, story)
        when_the_ward_sends_him_home_with_a_plan(ward, story)
    with at_work(browser, story, cast.township_physician) as township:
        when_the_township_receives_him(township, story)
    with at_work(browser, story, cast.village_doctor) as doctor:
        when_she_sees_him_at_home(doctor, story)
        then_the_loop_is_closed(doctor, story)
    with at_work(browser, story, cast.auditor) as auditor:
        then_the_auditor_sees_who_did_and_read_what(auditor, story)
    return story
