"""Marks of what last succeeded: an empty file each, whose time the worker tells Prometheus."""

from __future__ import annotations

from pathlib import Path

from yiti.ops.paths import data_folder


def folder() -> Path:
    """Where the marks lie."""
    return data_folder() / "marks"


def succeeded(what: str) -> None:
    """Mark that this has just succeeded: check, backup."""
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / what).touch()
