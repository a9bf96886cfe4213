"""Pages of the administrators: accounts, the state of the house; and of the auditor: the trail, what was
refused, what stands out, and the seals."""

from yiti.foundation.administration.views.accounts import account, account_act, account_list
from yiti.foundation.administration.views.chain import chain, head
from yiti.foundation.administration.views.standing_out import refused, unusual
from yiti.foundation.administration.views.status import status
from yiti.foundation.administration.views.trail import evidence, export, trail

__all__ = [
    "account",
    "account_act",
    "account_list",
    "chain",
    "evidence",
    "export",
    "head",
    "refused",
    "status",
    "trail",
    "unusual",
]
