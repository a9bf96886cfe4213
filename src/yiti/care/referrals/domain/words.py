"""Fixed words of referrals. Codes once published are never reused or renamed."""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.text import N_

UP_KIND = "referral.up"
DOWN_KIND = "referral.down"
KINDS = frozenset({UP_KIND, DOWN_KIND})

UP_FORM = "referral-up"
DOWN_FORM = "referral-down"
"""Names under which the two forms keep their drafts; the subject is the person's id."""

BED_WORK = "referrals.up"
"""What bed uses of this room are made for; their id is the referral's."""


class Tables(StrEnum):
    """Code systems of terminology that referrals write."""

    UP_REASON = "up-reason"
    DOWN_REASON = "down-reason"
    DECLINE = "decline-reason"
    RETURN = "return-reason"
    CANCEL = "cancel-reason"
    TRANSPORT = "transport"
    OUTCOME = "treatment-outcome"
    WAY = "discharge-way"
    RELATION = "relation"
    SPECIALTY = "specialty"
    FREQUENCY = "order-frequency"
    ROUTE = "drug-route"
    DISEASE = "icd10"


WRONG_PERSON = "wrong-person"  # of `cancel-reason`: what was written belongs to somebody else


class Way(StrEnum):
    """Which way a referral goes (code system `direction`)."""

    UP = "up"
    ACROSS = "across"
    OUT = "out"
    DOWN = "down"

    @property
    def zh(self) -> str:
        """The word on the form."""
        return _WAY_WORDS[self]


_WAY_WORDS = {Way.UP: N_("上转"), Way.ACROSS: N_("平转"), Way.OUT: N_("外转"), Way.DOWN: N_("下转")}


def way_between(from_rank: int, to_rank: int, *, leaves_county: bool) -> Way:
    """Which way a referral goes between two institutions of these ranks (0 village to 3 city)."""
    if leaves_county:
        return Way.OUT
    if to_rank == from_rank:
        return Way.ACROSS
    return Way.UP if to_rank > from_rank else Way.DOWN


class Availability(StrEnum):
    """Whether a drug of the plan can be had where the person goes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def zh(self) -> str:
        """The word beside the drug."""
        return _AVAILABILITY_WORDS[self]


_AVAILABILITY_WORDS = {
    Availability.YES: N_("当地有药"),
    Availability.NO: N_("当地无药"),
    Availability.UNKNOWN: N_("未知"),
}


class PrintCopy(StrEnum):
    """What is printed: the whole form (转出单, 存根, 回执), or the way home (回转单)."""

    FORM = "form"
    RETURN = "return"

    @property
    def zh(self) -> str:
        """The title of the paper."""
        return _COPY_WORDS[self]


_COPY_WORDS = {PrintCopy.FORM: N_("双向转诊单"), PrintCopy.RETURN: N_("双向转诊回转单")}
