"""Whom a referral was meant for, when it had been written for somebody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from yiti.care.referrals.forms.fields import Picker


class AgainForm(forms.Form):
    """The right person, chosen in the picker of residents."""

    person = forms.Field(
        label=_("应该是谁"),
        widget=Picker(
            reverse_lazy("residents:pick"), lambda value: "", hint=_("姓名、首字母、证件号后四位"), many=False
        ),
        error_messages={"required": _("请选一个人")},
    )

    def clean_person(self) -> UUID:
        """The id. Raises ValidationError for what is no choice of the picker."""
        chosen: Any = self.cleaned_data["person"]
        try:
            return UUID(chosen[-1])
        except ValueError:
            raise forms.ValidationError(_("请从列表里选一个人")) from None
