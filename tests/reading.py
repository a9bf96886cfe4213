"""A page as a browser reads it: what its forms hold, what is wrong, what would run."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]

_TYPED = {"text", "search", "tel", "number", "date", "time", "password", ""}


@dataclass
class Form:
    """One form. `values` is what a browser would send; `texts` are the fields one types into, in order."""

    values: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # fields that stand beside an error

    def value(self, name: str) -> str:
        """What stands in a field of one value."""
        return (self.values.get(name) or [""])[-1]


class Page(HTMLParser):
    """A page after reading. `running` are scripts and handlers written into it: there must be none."""

    def __init__(self, content: bytes):
        super().__init__(convert_charrefs=True)
        self.forms: dict[str, Form] = {}
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.running: list[str] = []
        self._form = Form()
        self._open: list[tuple[str, Attributes]] = []
        self._area: str | None = None
        self._select: str | None = None
        self.feed(content.decode())
        self.close()

    @property
    def text(self) -> str:
        """All words of the page, without its tags."""
        return "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice forms, fields, errors, and whatever would run."""
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.running += [f"{tag} {name}" for name in given if name.startswith("on")]
        if tag == "script" and "src" not in given:
            self.running.append("script")
        if tag == "form":
            self._form = self.forms[given.get("action", "")] = Form()
        self._field(tag, given)
        if tag not in _EMPTY:
            self._open.append((tag, given))

    def _field(self, tag: str, given: Attributes) -> None:
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "textarea":
            self._area = name
            self._put(name, "", typed=True)
        elif tag == "select":
            self._select = name
            self._form.values.setdefault(name, [])
        elif tag == "option" and self._select is not None and "selected" in given:
            self._form.values[self._select].append(given.get("value", ""))
        elif tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in given):
            self._put(name, given.get("value", ""), typed=kind in _TYPED)
        if tag in ("input", "textarea", "select") and name and self._is_refused():
            self._form.refused.add(name)

    def _put(self, name: str, value: str, *, typed: bool) -> None:
        self._form.values.setdefault(name, []).append(value)
        if typed and name not in self._form.texts:
            self._form.texts.append(name)

    def _is_refused(self) -> bool:
        return any("has-error" in given.get("class", "").split() for _tag, given in self._open)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and whatever was left open in it."""
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None
        if any(each == tag for each, _given in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Words: of a text area, what is typed there; else of the page."""
        if self._area is not None:
            self._form.values[self._area][-1] += data.removeprefix("\n") if self._begins() else data
        self.words.append(data)

    def _begins(self) -> bool:
        assert self._area is not None
        return not self._form.values[self._area][-1]


_EMPTY = {"input", "img", "br", "hr", "meta", "link", "path", "use", "circle", "rect", "line", "source"}
