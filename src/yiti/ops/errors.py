"""What the machine or its set-up does not allow; the command line prints it and ends with code 3."""

from __future__ import annotations


class OpsError(Exception):
    """`what` went wrong, and `todo`: what the person at the keyboard can do about it."""

    def __init__(self, what: str, todo: str):
        super().__init__(f"{what}\n{todo}")
        self.what = what
        self.todo = todo


class DamagedBackupError(OpsError):
    """The backup does not hold what it should; the command line ends with code 1."""

    def __init__(self, what: str, todo: str = "Use another backup; this one proves nothing."):
        super().__init__(what, todo)
