"""Who acts: built by the edge, handed to every command and selector."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from yiti.kernel.errors import NotPermitted

NOBODY = UUID(int=0)


class Purpose(StrEnum):
    """Why a record is opened (purpose of use); kept with every audit row."""

    CARE = "care"  # 诊疗
    MANAGEMENT = "management"  # 管理
    AUDIT = "audit"  # 审计
    EMERGENCY = "emergency"  # 紧急调阅 (break-glass)
    SYSTEM = "system"  # 系统任务
    SELF = "self"  # 本人查阅 (the person the record is about)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work in one posting, or the system itself.

    `institution_id` is where the actor works now (the hat worn); `oversees` are the institutions
    whose work lists and figures the posting may also see (a township over its villages, the
    consortium office over its members). It never widens access to a person's record.
    `stands_in_for` are colleagues (staff ids) whose work is the actor's own today.
    """

    user_id: UUID
    name: str
    institution_id: UUID = NOBODY
    institution_name: str = ""
    department_id: UUID | None = None
    staff_id: UUID | None = None
    posting_id: UUID | None = None
    role: str = ""
    permissions: frozenset[str] = frozenset()
    oversees: frozenset[UUID] = frozenset()
    stands_in_for: frozenset[UUID] = frozenset()
    purpose: Purpose = Purpose.CARE
    request_id: str = ""

    def can(self, permission: str) -> bool:
        """Whether the actor's roles give this permission."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise `NotPermitted` unless the actor's roles give this permission."""
        if permission not in self.permissions:
            raise NotPermitted(permission)

    @property
    def hands(self) -> frozenset[UUID]:
        """The staff ids whose work is the actor's: the own one, and those of absent colleagues."""
        return self.stands_in_for | ({self.staff_id} if self.staff_id else frozenset())

    def sees(self, institution_id: UUID) -> bool:
        """Whether the institution is the actor's own or one the posting oversees."""
        return institution_id == self.institution_id or institution_id in self.oversees


SYSTEM = Actor(
    user_id=NOBODY, name="系统", role="system", purpose=Purpose.SYSTEM, permissions=frozenset({"system"})
)
