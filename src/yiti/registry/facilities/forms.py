"""Input shape of the bed board's two questions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

_MOST_BEDS = 999
_LONGEST_NAME = 60


class FreeBedsForm(forms.Form):
    """How many beds are free now."""

    free_stated = forms.IntegerField(
        label=_("现在空床"),
        min_value=0,
        max_value=_MOST_BEDS,
        error_messages={"required": _("请填写"), "invalid": _("填数字")},
    )


class PhoneForm(FreeBedsForm):
    """The same, as heard on the telephone."""

    spoke_with = forms.CharField(
        label=_("接电话的人"), max_length=_LONGEST_NAME, error_messages={"required": _("请填写")}
    )
