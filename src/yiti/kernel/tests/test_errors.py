"""Refusals: a stable code, a sentence, the field it belongs to."""

from __future__ import annotations

import pytest

from yiti.kernel.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotFound,
    NotPermitted,
    StaleRevision,
    Unavailable,
)


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (DomainError(), "refused", "这一步现在不能做"),
        (NotFound(), "not_found", "没有找到"),
        (NotPermitted("any.thing"), "not_permitted", "没有找到"),
        (InvalidInput(), "invalid", "填写有误，请检查"),
        (StaleRevision(), "stale", "这份资料刚被别人改过，请看过新的内容再保存"),
        (Conflict(), "conflict", "情况已经变了，请刷新后再办"),
        (Unavailable(), "unavailable", "系统正忙，你填的内容还在，请稍后再试"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, DomainError) else None,
)
def test_codes_and_sentences_are_stable(error: DomainError, code: str, sentence: str) -> None:
    assert (error.code, error.text(), str(error)) == (code, sentence, sentence)


def test_a_sentence_of_its_own_takes_parameters_and_names_its_field() -> None:
    error = InvalidInput("少 {n} 位，请补成 {length} 位手机号", field="phone", n=1, length=11)
    assert error.text() == "少 1 位，请补成 11 位手机号"
    assert error.field == "phone"


def test_the_edge_puts_the_parameters_into_its_translation() -> None:
    error = InvalidInput("少 {n} 位", n=1)
    assert error.text("{n} digit is missing") == "1 digit is missing"


def test_what_a_user_typed_is_never_read_as_a_template() -> None:
    assert InvalidInput("没有这个人：{name}", name="{n} {0}").text() == "没有这个人：{n} {0}"


def test_a_field_of_none_means_the_whole_form() -> None:
    assert Conflict().field is None
