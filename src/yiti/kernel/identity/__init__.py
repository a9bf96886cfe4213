"""Chinese identifiers: resident number, unified social credit code, telephone, code tables.

Every `parse_*` takes what a person typed, tidies it (full-width characters, spaces, lower case)
and gives a frozen value, or raises `InvalidInput` with a Chinese sentence that says what is wrong
and what to do. A refused check digit never tells the right one. Every `make_*` is for invented
people and institutions only.
"""

from yiti.kernel.identity.codes import IdType, Sex
from yiti.kernel.identity.credit import CreditCode, make_credit_code, parse_credit_code
from yiti.kernel.identity.phone import Phone, PhoneKind, parse_phone
from yiti.kernel.identity.resident import (
    IdNumber,
    make_id_number,
    parse_id_number,
    upgrade_old_id_number,
)
from yiti.kernel.identity.typed import tidy

__all__ = [
    "CreditCode",
    "IdNumber",
    "IdType",
    "Phone",
    "PhoneKind",
    "Sex",
    "make_credit_code",
    "make_id_number",
    "parse_credit_code",
    "parse_id_number",
    "parse_phone",
    "tidy",
    "upgrade_old_id_number",
]
