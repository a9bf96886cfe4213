"""Tables of referrals. Row security, and which columns may ever change, stand in migration 0002."""

from yiti.care.referrals.models.down import DownDrug, DownReferral
from yiti.care.referrals.models.parts import CodedReason, PrintLog, ReferralDiagnosis
from yiti.care.referrals.models.up import UpAmendment, UpReferral

__all__ = [
    "CodedReason",
    "DownDrug",
    "DownReferral",
    "PrintLog",
    "ReferralDiagnosis",
    "UpAmendment",
    "UpReferral",
]
