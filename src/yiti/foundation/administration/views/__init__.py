"""Pages of the administrators."""

from yiti.foundation.administration.views.accounts import account, account_act, account_list
from yiti.foundation.administration.views.status import status
from yiti.foundation.administration.views.trail import trail

__all__ = ["account", "account_act", "account_list", "status", "trail"]
