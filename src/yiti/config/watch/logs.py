"""Log lines that tell nothing of anybody: only known keys pass, each with values of a known shape.

A line of the house is a constant text; what varies is in `extra` under a key of `TOLD`. Of lines that
others write (Django, the driver, procrastinate) only logger, place in the source and kind of error are
kept, because their texts quote addresses, parameters and rows.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from yiti.kernel.clock import SHANGHAI

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORDS = re.compile(r"[A-Za-z_ :.-]{1,80}")
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,3})?")
TOLD = {
    # of a request
    "request": _ID,
    "route": _WORDS,
    "method": re.compile(r"[A-Z]{1,10}"),
    "status": re.compile(r"[1-5]\d\d"),
    "ms": _NUMBER,
    "user": _ID,
    "institution": _ID,
    "trouble": _WORDS,
    # of background work
    "job": _WORDS,
    "kind": _WORDS,
    "event_id": _ID,
    "handoff": _ID,
    "visit": _ID,
    "tries": _NUMBER,
}
_ALWAYS = ("at", "level", "process", "logger", "event", "error", "sqlstate", "where")
_HOUSE = "yiti."
_MOST_FRAMES = 8


def set_up(config: Mapping[str, Any]) -> None:
    """Django's LOGGING_CONFIG."""
    logging.config.dictConfig(dict(config))


def formatter(*, process: str, style: str) -> logging.Formatter:
    """How a line looks. `style`: json, console (for a terminal), or debug (all of it, while developing)."""
    if style == "debug":
        return logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=TOLD), _Describe(process)],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, only_told, _renderer(style)],
        use_get_message=False,
    )


def style_for(chosen: str, *, debug: bool) -> str:
    """The style that `YITI_LOG` names, else what fits: debug while debugging, console in a terminal."""
    return chosen or ("debug" if debug else "console" if sys.stderr.isatty() else "json")


def _renderer(style: str) -> Processor:
    if style == "console":
        return structlog.dev.ConsoleRenderer(colors=False, timestamp_key="at", pad_event_to=0)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


class _Describe:
    """Say of a record what may be said of every record."""

    def __init__(self, process: str):
        self.process = process

    def __call__(self, _logger: WrappedLogger, _name: str, told: EventDict) -> EventDict:
        record: logging.LogRecord = told["_record"]
        told.update(
            at=datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds"),
            level=record.levelname.lower(),
            process=self.process,
            logger=record.name,
            event=record.msg if record.name.startswith(_HOUSE) else f"{record.module}:{record.lineno}",
        )
        if record.exc_info and record.exc_info[1] is not None:
            told.update(_error(record.exc_info[1]))
        return told


def _error(error: BaseException) -> dict[str, Any]:
    """An error without its words: kinds from the outermost to the cause, and where it came from."""
    chain: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in chain:
        chain.append(each)
        each = each.__cause__ or each.__context__
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    return {
        "error": " < ".join(f"{type(e).__module__}.{type(e).__qualname__}" for e in chain),
        "sqlstate": next((state for e in chain if (state := getattr(e, "sqlstate", None))), None),
        "where": " > ".join(f"{Path(f.filename).name}:{f.lineno}:{f.name}" for f in frames),
    }


def only_told(_logger: WrappedLogger, _name: str, told: EventDict) -> EventDict:
    """Drop every key nobody knows, and every value that is not shaped as its key says."""
    kept: EventDict = {key: told[key] for key in _ALWAYS if told.get(key) not in (None, "")}
    for key, shape in TOLD.items():
        value = told.get(key)
        if value is not None and shape.fullmatch(str(value)):
            kept[key] = value if isinstance(value, int | float) else str(value)
    return kept
