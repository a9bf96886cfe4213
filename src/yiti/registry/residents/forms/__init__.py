"""Shapes of what people type about residents. Rules stand in domain and commands."""

from yiti.registry.residents.forms.facts import (
    AllergyForm,
    DocumentForm,
    EndRiskForm,
    JoinHouseholdForm,
    RefuteForm,
    RiskForm,
)
from yiti.registry.residents.forms.profile import EditForm, ProfileForm, RegisterForm, initial_of
from yiti.registry.residents.forms.records import (
    BreakGlassForm,
    ConfirmForm,
    DeathForm,
    MergeForm,
    MoveForm,
    ReviewForm,
    SlipForm,
)
from yiti.registry.residents.forms.shapes import add_refusal

__all__ = [
    "AllergyForm",
    "BreakGlassForm",
    "ConfirmForm",
    "DeathForm",
    "DocumentForm",
    "EditForm",
    "EndRiskForm",
    "JoinHouseholdForm",
    "MergeForm",
    "MoveForm",
    "ProfileForm",
    "RefuteForm",
    "RegisterForm",
    "ReviewForm",
    "RiskForm",
    "SlipForm",
    "add_refusal",
    "initial_of",
]
