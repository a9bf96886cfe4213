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
from itertools import islice, pairwise, product

from pypinyin import lazy_pinyin

_MOST_READINGS = 16

# Readings of surnames, the usual one first; a second one where families really differ (or, for 员
# and 召, where the clerk at the next desk will not know better). General knowledge.
_SURNAMES_TEXT = """
万俟 moqi; 单于 chanyu; 长孙 zhangsun; 尉迟 yuchi; 澹台 tantai; 令狐 linghu; 鲜于 xianyu; 宰父 zaifu;
乐正 yuezheng; 拓跋 tuoba; 呼延 huyan; 皇甫 huangfu; 夏侯 xiahou; 公冶 gongye; 谷梁 guliang; 亓官 qiguan
卜 bu; 幺 yao; 厍 she; 折 she; 佘 she; 召 shao zhao; 员 yun yuan; 贠 yun; 那 na nuo; 纪 ji; 任 ren; 华 hua
仇 qiu; 仉 zhang; 仝 tong; 令 ling; 句 gou ju; 占 zhan; 区 ou; 朴 piao pu; 亓 qi; 车 che; 乜 nie; 不 fou
牟 mou mu; 过 guo; 曲 qu; 朱 zhu; 强 qiang jiang; 应 ying; 宁 ning; 宓 mi fu; 庹 tuo; 尉 wei yu; 都 du
单 shan; 解 xie; 曾 zeng; 查 zha; 盖 ge gai; 乐 yue le; 缪 miao mou; 燕 yan; 訾 zi; 撒 sa; 晟 cheng sheng
覃 qin tan; 翟 zhai di; 柏 bai bo; 费 fei bi; 谌 chen shen; 莘 shen xin; 隗 wei kui; 郄 qie xi; 郗 chi xi
郇 xun huan; 冼 xian; 洗 xian; 逄 pang; 逯 lu; 麴 qu; 秘 bi mi; 黑 he hei; 薄 bo bao; 祭 zhai ji; 种 chong
能 nai neng; 哈 ha; 盛 sheng; 相 xiang; 要 yao; 适 kuo shi; 繁 po; 俞 yu; 隽 juan jun; 瞿 qu; 贾 jia
眭 sui; 葛 ge; 阚 kan; 褚 chu; 臧 zang; 藏 zang; 沈 shen; 石 shi; 呙 guo; 谷 gu; 殷 yin; 曹 cao; 禤 xuan
"""

# Characters of given names whose reading the parents chose: both must find the person.
_GIVEN_TEXT = """
长 chang zhang; 乐 le yue; 行 xing hang; 朝 chao zhao; 重 chong zhong; 晟 sheng cheng; 盛 sheng cheng
茜 qian xi; 莘 shen xin; 柏 bai bo; 传 chuan zhuan; 藏 cang zang; 省 sheng xing; 参 shen can; 降 jiang xiang
奇 qi ji; 曾 zeng ceng; 单 dan shan; 解 jie xie; 铅 qian yan; 恪 ke que; 倩 qian qing; 娜 na nuo; 尾 wei yi
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split() for entry in re.split(r"[;\n]", text) if entry.strip())
    return {name: tuple(readings) for name, *readings in entries}


_SURNAMES = _table(_SURNAMES_TEXT)
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
            surname = _surname(run)
            known = _SURNAMES.get(surname)
            choices += [known] if known else [(each,) for each in _read(surname)]
            choices += _given(run[len(surname) :])
    return choices


def _surname(run: str) -> str:
    return run[:2] if run[:2] in _SURNAMES else run[:1]


def _given(run: str) -> _Choices:
    """Given names: the dictionary's reading of the whole first, then the others of each character."""
    usual = lazy_pinyin(run, errors=_unknown)
    pairs = zip(run, usual, strict=True)
    return [tuple(dict.fromkeys((read, *_GIVEN.get(char, ())))) for char, read in pairs if read]


def _syllables(text: str) -> list[str]:
    return [part for kind, run in _runs(text) for part in (_read(run) if kind == "han" else [run])]


def _read(run: str) -> list[str]:
    return [read for read in lazy_pinyin(run, errors=_unknown) if read]


def _unknown(chars: str) -> list[str]:
    """Characters without a known reading leave an empty place, so that places stay aligned."""
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
