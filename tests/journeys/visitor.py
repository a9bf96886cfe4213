"""A person at a browser: opens pages, fills forms, and notices what a careful user would.

Every page opened is checked with axe; console errors, failed requests and requests to anybody but
our own server are collected and fail the journey at its end.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

DESK = {"width": 1366, "height": 768}
SMALL_DESK = {"width": 1366, "height": 625}
PHONE = {"width": 390, "height": 844}
SOMETHING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|=[^&]*")  # what differs between pages of one kind
SHOTS = os.environ.get("YITI_SHOTS")  # a folder: keep a picture of every page a journey names


_OVERTAKEN = ("htmx:afterRequest", "htmx:sendAbort")


def is_fault(kind: str, text: str) -> bool:
    """Whether a message of the console is something gone wrong.

    A request that a newer one overtakes (hx-sync) or whose page is left is ended on purpose; htmx says so
    with two errors. The first it also says of a lost line and a time-out, but then followed by
    `htmx:sendError` or `htmx:timeout`, which are faults.
    """
    return kind in {"error", "warning"} and not text.startswith(_OVERTAKEN)


_looked_at: set[tuple[str, int, str]] = set()


def code_of(key: str, *, later: int = 0) -> str:
    """What an authenticator with this key shows now, or after as many half minutes."""
    shown: str = format_hotp_value(hotp_value(key, int(time.time()) // 30 + later))
    return shown


@dataclass
class Visitor:
    """One person, one browser window, one session."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to an address as if typed, and look at the page."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        self.look()

    def look(self, name: str = "") -> None:
        """Check the page one is on: no axe finding, one heading, no sideways scrolling. Axe looks once at
        each kind of page and each named state of it: it takes a second."""
        self.page.wait_for_load_state("networkidle")
        kind = (SOMETHING.sub("*", self.page.url), self.page.get_by_role("dialog").count(), name)
        if kind not in _looked_at:
            _looked_at.add(kind)
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        expect(self.page.locator("h1")).to_have_count(1)
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, f"{self.page.url} scrolls sideways"
        if name:
            self.shoot(name)

    def open_until(self, path: str, words: str, *, tries: int = 20) -> None:
        """Come back to a page until it says so: what a worker does takes a moment."""
        for _ in range(tries):
            self.open(path)
            if self.page.get_by_text(words).count():
                return
            self.page.wait_for_timeout(1000)
        raise AssertionError(f"{path} never says {words}")

    def shoot(self, name: str) -> None:
        """Keep a picture, where pictures are wanted (YITI_SHOTS)."""
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(SHOTS) / f"{name}.png")

    def sign_in(self, login: str, password: str) -> None:
        """Open the sign-in page and go through it."""
        self.open("/sign-in")
        self.page.get_by_label("工号或手机号").fill(login)
        self.page.locator("input[type=password]").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.look()

    def take_own_password(self, first: str, own: str) -> None:
        """Change the first password where one is sent to do so."""
        self.page.wait_for_url("**/password*")
        for name, word in (("old", first), ("new", own), ("again", own)):
            self.page.locator(f"#id_{name}").fill(word)
        self.page.get_by_role("button", name="换成新密码").click()
        self.page.wait_for_url(lambda url: "password" not in url)
        self.look()

    def bind_authenticator(self) -> tuple[str, list[str]]:
        """Bind an authenticator where one is sent to do so; its key and the recovery codes."""
        self.page.wait_for_url("**/account/second-factor")
        self.look("second-factor")
        key = (self.page.locator(".signin-steps code").text_content() or "").replace(" ", "")
        self.page.get_by_label("验证器上的 6 位数").fill(code_of(key))
        self.page.get_by_role("button", name="绑定", exact=True).click()
        self.page.wait_for_url("**/account/recovery-codes")
        self.look("recovery-codes")
        codes = self.page.locator(".signin-codes code").all_text_contents()
        self.page.get_by_role("button", name="已经抄好").click()
        self.page.wait_for_url(lambda url: "/account/" not in url)
        self.look()
        return key, codes

    def do(self, act: str, **answers: str) -> None:
        """Press the primary action of that name, answer its dialog and send it."""
        self.page.locator("[data-key=F9]", has_text=act).first.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        for name, answer in answers.items():
            if dialog.locator(f"select#id_{name}").count():
                self.choose(name, answer)
            else:
                dialog.locator(f"#id_{name}").fill(answer)
        self.look()
        dialog.get_by_role("button", name=act).click()
        expect(dialog).to_be_hidden()
        self.look()

    def choose(self, name: str, words: str) -> None:
        """Choose the first option of a field that holds these words."""
        field = self.page.locator(f"#id_{name}")
        value = field.locator("option", has_text=words).first.get_attribute("value")
        field.select_option(value)

    def press(self, name: str) -> None:
        """Press the button of that name and look at what comes."""
        self.page.get_by_role("button", name=name).click()
        self.look()

    def _hear(self, message: ConsoleMessage) -> None:
        if is_fault(message.type, message.text):
            self.faults.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.faults.append(f"asked a stranger: {request.url}")


@contextmanager
def a_visitor(browser: Browser, url: str, *, size: dict[str, int] | None = None) -> Iterator[Visitor]:
    """A window of one's own; at the end nothing may have gone wrong unnoticed."""
    context: BrowserContext = browser.new_context(
        viewport=size or DESK,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",  # type: ignore[arg-type]
    )
    visitor = Visitor(context.new_page(), url)
    visitor.page.on("console", visitor._hear)
    visitor.page.on("request", visitor._watch)
    visitor.page.on("pageerror", lambda error: visitor.faults.append(f"script: {error}"))
    try:
        yield visitor
        assert not visitor.faults, visitor.faults
    except BaseException:
        visitor.shoot("where-it-stopped")
        raise
    finally:
        context.close()
