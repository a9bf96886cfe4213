"""Input shape of the questions about people at work."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class EndPostingForm(forms.Form):
    """The last day somebody works in a posting."""

    last_day = forms.DateField(
        label=_("最后一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
