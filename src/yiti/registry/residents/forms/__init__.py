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
    DifferentForm,
    MergeForm,
    MoveForm,
    PairMergeForm,
    ReviewForm,
    SlipForm,
    UnmergeForm,
)
from yiti.registry.residents.forms.shapes import add_refusal

__all__ = [
    "AllergyForm",
    "BreakGlassForm",
    "ConfirmForm",
    "DeathForm",
    "DifferentForm",
    "DocumentForm",
    "EditForm",
    "EndRiskForm",
    "JoinHouseholdForm",
    "MergeForm",
    "MoveForm",
    "PairMergeForm",
    "ProfileForm",
    "RefuteForm",
    "RegisterForm",
    "ReviewForm",
    "RiskForm",
    "SlipForm",
    "UnmergeForm",
    "add_refusal",
    "initial_of",
]
