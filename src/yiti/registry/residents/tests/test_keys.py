"""Search keys of a card, and what a query asks of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from yiti.registry.residents.domain import UNKNOWN_BIRTH, Clause, KeyKind, digest, parse_query
from yiti.registry.residents.domain.keys import LONGEST_KEY, card_keys, sound_keys
from yiti.registry.residents.domain.query import LONGEST_QUERY, MOST_WORDS
from yiti.registry.residents.tests.builders import born

AGED = born(date(1959, 3, 14))
NUMBER, PHONE = "441826195903142317", "13822716620"


def values(kind: KeyKind, **facts: object) -> set[str]:
    """The values of the keys of one kind."""
    given = {"name": "房金养", "birth": UNKNOWN_BIRTH, **facts}
    return {value for each, value in card_keys(**given) if each is kind}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        pytest.param(KeyKind.NAME, {}, {"房金养"}, id="name"),
        pytest.param(KeyKind.NAME, {"name": "Anna Berg"}, {"annaberg"}, id="Latin name, together"),
        pytest.param(KeyKind.BIGRAM, {}, {"房金", "金养"}, id="bigrams"),
        pytest.param(KeyKind.CHARACTER, {}, {"金", "养"}, id="characters after the first"),
        pytest.param(KeyKind.INITIALS, {}, {"fjy"}, id="initials"),
        pytest.param(KeyKind.PINYIN, {}, {"fangjinyang"}, id="pinyin"),
        pytest.param(KeyKind.INITIALS, {"name": "单雄信"}, {"sxx"}, id="单 is shan"),
        pytest.param(KeyKind.INITIALS, {"name": "仇小妹"}, {"qxm"}, id="仇 is qiu"),
        pytest.param(KeyKind.PINYIN, {"name": "解珍"}, {"xiezhen"}, id="解 is xie"),
        pytest.param(KeyKind.INITIALS, {"name": "覃桂"}, {"qg", "tg"}, id="覃 is qin or tan"),
        pytest.param(KeyKind.INITIALS, {"name": "房大财买六妹"}, {"fdcmlm"}, id="six characters"),
        pytest.param(KeyKind.SOUND_AND_YEAR, {}, set(), id="sound without a year"),
        pytest.param(KeyKind.SOUND_AND_YEAR, {"birth": AGED}, {"fangjinyang-1959"}, id="sound and year"),
        pytest.param(
            KeyKind.SOUND_AND_YEAR,
            {"name": "覃桂", "birth": AGED},
            {"qingui-1959", "tangui-1959"},
            id="each sound and the year",
        ),
        pytest.param(
            KeyKind.SOUND_AND_VILLAGE,
            {"village_id": UUID("018f0000-0000-7000-8000-123456789abc")},
            {"fangjinyang-123456789abc"},
            id="sound and village",
        ),
        pytest.param(KeyKind.BIRTH, {}, set(), id="birth unknown"),
        pytest.param(KeyKind.BIRTH, {"birth": born(date(1959, 3, 14))}, {"19590314"}, id="birth"),
        pytest.param(KeyKind.PHONE, {"phones": [PHONE]}, {digest(PHONE)}, id="phone, digest only"),
        pytest.param(KeyKind.PHONE_TAIL, {"phones": ["0763-8662210"]}, {"2210"}, id="landline"),
        pytest.param(KeyKind.ID, {"numbers": [("01", NUMBER)]}, {digest(NUMBER)}, id="number, digest"),
        pytest.param(KeyKind.ID_TAIL, {"numbers": [("01", NUMBER)]}, {"2317"}, id="last four"),
        pytest.param(KeyKind.ID, {"numbers": [("02", "99001")]}, set(), id="a household's number is no key"),
        pytest.param(
            KeyKind.ID_TAIL, {"numbers": [("L09", "W00000123")]}, set(), id="county numbers have no tail"
        ),
    ],
)
def test_keys(kind: KeyKind, facts: dict[str, object], expected: set[str]) -> None:
    assert values(kind, **facts) == expected


def test_no_key_holds_a_whole_number() -> None:
    keys = card_keys(name="房金养", birth=UNKNOWN_BIRTH, phones=[PHONE], numbers=[("01", NUMBER)])
    assert not [value for _, value in keys if NUMBER in value or PHONE in value]


def test_keys_of_the_longest_name_fit_their_column() -> None:
    keys = card_keys(name="庄" * 50, birth=AGED, village_id=UUID(int=7))
    assert max(len(value) for _, value in keys) == LONGEST_KEY


def test_the_desk_looks_where_the_card_of_the_longest_name_stands() -> None:
    keys = card_keys(name="庄" * 50, birth=AGED, village_id=UUID(int=7))
    (sound,) = (value for kind, value in keys if kind is KeyKind.PINYIN)
    assert set(sound_keys(sound, year=1959, village_id=UUID(int=7))) <= keys


def clauses(text: str) -> list[list[str]]:
    """Each way of each word as `kind=value` or `kind^value`."""
    return [
        ["&".join(f"{c.kind}{'^' if c.is_prefix else '='}{c.value}" for c in way) for way in word.ways]
        for word in parse_query(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(" 　", [], id="spaces"),
        pytest.param("房", [["na^房", "ch=房"]], id="one character"),
        pytest.param("房金养", [["na^房金养", "bg=房金&bg=金养"]], id="name"),
        pytest.param("fjy", [["in^fjy", "py^fjy"]], id="letters"),
        pytest.param("FJY", [["in^fjy", "py^fjy"]], id="capitals"),
        pytest.param("ｆｊ", [["in^fj", "py^fj"]], id="full width"),
        pytest.param("xi'an", [["in^xian", "py^xian"]], id="syllable mark"),
        pytest.param("2317", [["it=2317", "pt=2317"]], id="four digits"),
        pytest.param("231x", [["it=231X"]], id="check letter"),
        pytest.param("房 2317", [["na^房", "ch=房"], ["it=2317", "pt=2317"]], id="two words"),
        pytest.param("2317 6620", [["it=2317", "pt=2317"], ["it=6620", "pt=6620"]], id="two tails"),
        pytest.param("阿Q", [["na^阿q", "bg=阿q"]], id="mixed"),
        pytest.param("12", [["na^12", "bg=12"]], id="two digits fit nobody"),
        pytest.param("李\x00明", [["na^李", "ch=李"], ["na^明", "ch=明"]], id="NUL parts words"),
        pytest.param("%_*", [[]], id="signs only"),
    ],
)
def test_queries(text: str, expected: list[list[str]]) -> None:
    assert clauses(text) == expected


def test_whole_numbers_are_asked_for_by_digest() -> None:
    ways = [way[0] for way in parse_query(f" {NUMBER} ")[0].ways]
    assert ways == [Clause(KeyKind.ID, digest(NUMBER)), Clause(KeyKind.PHONE, digest(NUMBER))]
    assert parse_query("441826 19590314 2317") == parse_query(NUMBER)
    assert parse_query("138 2271-6620") == parse_query(PHONE)
    assert parse_query("Ｅ12345678")[0].ways == ((Clause(KeyKind.ID, digest("E12345678")),),)


def test_a_query_has_bounds() -> None:
    assert len(parse_query("房 " * 50)) == MOST_WORDS
    assert len(parse_query("房" * 2000)[0].text) == LONGEST_QUERY


@pytest.mark.parametrize("text", ["'", "''", "’", "%", "_", "\\"])
def test_marks_alone_are_nothing_one_could_look_for(text: str) -> None:
    assert all(clause.value for word in parse_query(text) for way in word.ways for clause in way)
