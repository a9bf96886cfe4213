from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.foundation.accounts.selectors import staff_code


class Secret(forms.PasswordInput):
    """A password input with an eye and a word when Caps Lock is on."""

    template_name = "web/widgets/secret.html"


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's sign-in with our words."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        name, word = self.fields["login"], self.fields["password"]
        name.label, word.label = _("工号或手机号"), _("密码")
        name.widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "characters"})
        word.widget = Secret(attrs={"autocomplete": "current-password"})
        name.error_messages["required"] = _("请填写工号或手机号")
        word.error_messages["required"] = _("请填写密码")
        word.help_text = ""

    def clean_login(self) -> str:
        """The staff code behind what was typed, so that code and phone share one failure count."""
        return staff_code(self.cleaned_data["login"])


class PasswordForm(forms.Form):
    """Old password once, new one twice."""

    old = forms.CharField(
        error_messages={"required": _("请填写现在的密码")},
        label=_("现在的密码"),
        strip=False,
        widget=Secret(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        error_messages={"required": _("请填写新密码")},
        label=_("新密码"),
        strip=False,
        widget=Secret(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        error_messages={"required": _("请再填一次新密码")},
        label=_("再输一次新密码"),
        strip=False,
        widget=Secret(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """The second entry equals the first."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的新密码不一样"))
        return again


class Code(forms.TextInput):
    """Where the six digits of an authenticator go."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12})


def _code_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=Code(), error_messages={"required": _("请填写 6 位验证码")})


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """allauth's question for a code, or for a recovery code, with our words."""

    code = _code_field(_("验证码"))


class BindForm(ActivateTOTPForm):  # type: ignore[misc]
    """allauth's first code of an authenticator, with our words."""

    code = _code_field(_("验证器上的 6 位数"))
