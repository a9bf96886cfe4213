"""Pinyin for finding people and words: whole syllables, initials, and the bigrams of Chinese text.

Readings come from pypinyin (whose dictionary knows phrases, so 重阳 is chong yang). It reads
surnames as ordinary words, so surnames have a table of their own here, written by hand: 单 is
shan, 仇 is qiu. Keys are lower-case ASCII without tones; ü is v, as every input method has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, product

_MOST_READINGS = 16

# Readings of surnames, general knowledge. Two characters are a compound surname, one syllable each.
_COMPOUND_TEXT = """
万俟 mo qi; 单于 chan yu; 长孙 zhang sun; 尉迟 yu chi; 澹台 tan tai; 令狐 ling hu; 鲜于 xian yu
宰父 zai fu; 乐正 yue zheng; 拓跋 tuo ba; 呼延 hu yan; 皇甫 huang fu; 夏侯 xia hou; 公冶 gong ye
谷梁 gu liang; 亓官 qi guan
"""

# One character: the usual reading first; a second one where families differ, or where the clerk at
# the next desk will not know better. Surnames that pypinyin reads rightly by itself are left out,
# except those that other dictionaries get wrong: an update must not change how a person is found.
_SINGLE_TEXT = """
单 shan; 仇 qiu; 解 xie; 曾 zeng; 区 ou; 查 zha; 折 she; 佘 she; 任 ren; 华 hua; 纪 ji; 宁 ning
燕 yan; 幺 yao; 訾 zi; 撒 sa; 冼 xian; 洗 xian; 逄 pang; 麴 qu; 卜 bu; 不 fou; 种 chong; 能 nai
繁 po; 都 du; 阚 kan; 贠 yun; 乜 nie; 藏 zang; 车 che; 沈 shen; 盛 sheng; 石 shi; 谷 gu; 葛 ge
员 yun yuan; 召 shao zhao; 乐 yue le; 朴 piao pu; 盖 ge gai; 缪 miao mou; 晟 cheng sheng; 覃 qin tan
翟 zhai di; 柏 bai bo; 费 fei bi; 谌 chen shen; 莘 shen xin; 隗 wei kui; 郄 qie xi; 郗 chi xi
郇 xun huan; 秘 bi mi; 黑 he hei; 薄 bo bao; 祭 zhai ji; 牟 mou mu; 宓 mi fu; 尉 wei yu
强 qiang jiang; 适 kuo shi; 隽 juan jun; 句 gou ju; 那 na nuo
"""

# Characters of given names whose reading the parents chose: each must find the person.
_GIVEN_TEXT = """
长 chang zhang; 乐 le yue; 行 xing hang; 朝 chao zhao; 重 chong zhong; 晟 sheng cheng
盛 sheng cheng; 茜 qian xi; 莘 shen xin; 柏 bai bo; 传 chuan zhuan; 藏 cang zang; 省 sheng xing
参 shen can; 单 dan shan
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split() for entry in re.split(r"[;\n]", text) if entry.strip())
    return {name: tuple(readings) for name, *readings in entries}


_COMPOUND = _table(_COMPOUND_TEXT)
_SINGLE = _table(_SINGLE_TEXT)
_GIVEN = _table(_GIVEN_TEXT)

_HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_RUNS = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<digits>\d+)|(?P<letters>[^\W\d_{_HAN}]+)")

_Choices = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name: all syllables run together, and their first letters."""

    full: str
    initials: str


def full_pinyin(name: str) -> str:
    """The usual reading of a person's name: `单雄信` -> `shanxiongxin`."""
    return "".join(choice[0] for choice in _choices(name))


def initials(name: str) -> str:
    """The first letters of a person's name: `单雄信` -> `sxx`, `Anna Berg` -> `ab`, `王3` -> `w3`."""
    return "".join(_initial(choice[0]) for choice in _choices(name))


def readings(name: str) -> tuple[Reading, ...]:
    """Every way to read a person's name, the usual one first, at most 16; none for an empty name.

    So 覃 is found by q and by t, and 柏乐 by `baile`, `bole`, `baiyue`, `boyue`.
    """
    ways = islice(product(*_choices(name)), _MOST_READINGS)
    found = (Reading("".join(way), "".join(map(_initial, way))) for way in ways)
    return tuple(dict.fromkeys(reading for reading in found if reading.full))


def pinyin(text: str, separator: str = "") -> str:
    """A word that is not a person's name (diagnosis, place, institution): `单纯疱疹` ->
    `danchunpaozhen`, or with a blank as separator `dan chun pao zhen`."""
    return separator.join(_syllables(text))


def pinyin_initials(text: str) -> str:
    """First letters of a word that is not a person's name: `高血压 2 级` -> `gxy2j`."""
    return "".join(map(_initial, _syllables(text)))


def bigrams(text: str) -> tuple[str, ...]:
    """Neighbouring pairs of letters, digits and characters, each once, in order of appearance:
    `三排镇` -> `三排`, `排镇`. A single character is given as it is."""
    plain = "".join(match.group() for match in _RUNS.finditer(_fold(text)))
    if len(plain) == 1:
        return (plain,)
    return tuple(dict.fromkeys(one + two for one, two in pairwise(plain)))


def _choices(name: str) -> _Choices:
    """The readings to choose from, for each syllable, run of letters and number of a name."""
    choices: _Choices = []
    for place, (kind, run) in enumerate(_runs(name)):
        if kind != "han":
            choices.append((run,))
        elif place:
            choices += _given(run)
        else:
            choices += _family_and_given(run)
    return choices


def _family_and_given(run: str) -> _Choices:
    if compound := _COMPOUND.get(run[:2]):
        return [(syllable,) for syllable in compound] + _given(run[2:])
    family = _SINGLE.get(run[0]) or _dictionary(run[0])
    return [family, *_given(run[1:])] if family[0] else _given(run[1:])


def _given(run: str) -> _Choices:
    """Given names: the dictionary's reading of the whole first, then the others of each character."""
    pairs = zip(run, _dictionary(run), strict=True)
    return [tuple(dict.fromkeys((read, *_GIVEN.get(char, ())))) for char, read in pairs if read]


def _syllables(text: str) -> list[str]:
    return [
        syllable
        for kind, run in _runs(text)
        for syllable in (_dictionary(run) if kind == "han" else (run,))
        if syllable
    ]


@lru_cache(maxsize=8192)
def _dictionary(run: str) -> tuple[str, ...]:
    """pypinyin's reading of a run of characters, one syllable each, empty where it knows none."""
    # Its dictionaries take half a second to load, which most processes never need.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    # pypinyin documents a list from `errors`; its stub has forgotten it
    return tuple(lazy_pinyin(run, errors=_unknown))  # type: ignore[arg-type]


def _unknown(chars: str) -> list[str]:
    return [""] * len(chars)


def _initial(part: str) -> str:
    return part if part.isdigit() else part[:1]


def _runs(text: str) -> Iterator[tuple[str, str]]:
    for match in _RUNS.finditer(_fold(text)):
        yield str(match.lastgroup), match.group()


def _fold(text: str) -> str:
    """Half-width, lower case, Latin letters without accents; the joint of a name parts its halves."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
