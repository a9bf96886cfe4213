"""Pinyin keys: the surname table, several readings, mixed scripts, bigrams."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.kernel.pinyin import (
    Reading,
    bigrams,
    full_pinyin,
    initials,
    pinyin,
    pinyin_initials,
    readings,
)


@pytest.mark.parametrize(
    ("name", "full", "first_letters"),
    [
        # surnames that a dictionary of words reads wrongly
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇和", "qiuhe", "qh"),
        ("解缙", "xiejin", "xj"),
        ("曾国藩", "zengguofan", "zgf"),
        ("区寄", "ouji", "oj"),
        ("查良镛", "zhaliangyong", "zly"),
        ("盖文", "gewen", "gw"),
        ("乐毅", "yueyi", "yy"),
        ("朴树", "piaoshu", "ps"),
        ("任我行", "renwoxing", "rwx"),
        ("华佗", "huatuo", "ht"),
        ("纪小兰", "jixiaolan", "jxl"),
        ("宁静", "ningjing", "nj"),
        ("员小二", "yunxiaoer", "yxe"),
        ("召伯虎", "shaobohu", "sbh"),
        ("折赛花", "shesaihua", "ssh"),
        ("冼星海", "xianxinghai", "xxh"),
        ("佘太君", "shetaijun", "stj"),
        ("秘小妹", "bixiaomei", "bxm"),
        ("黑妞", "heniu", "hn"),
        ("缪春", "miaochun", "mc"),
        ("燕青", "yanqing", "yq"),
        ("訾文", "ziwen", "zw"),
        ("撒贝", "sabei", "sb"),
        ("覃小丽", "qinxiaoli", "qxl"),
        ("翟志刚", "zhaizhigang", "zzg"),
        ("卜算", "busuan", "bs"),
        ("种师道", "chongshidao", "csd"),
        ("繁星", "poxing", "px"),
        # compound surnames
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟卨", "moqixie", "mqx"),
        ("澹台明", "tantaiming", "ttm"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("令狐冲", "linghuchong", "lhc"),
        ("单于飞", "chanyufei", "cyf"),
        # people of Liannan
        ("房买尾一", "fangmaiweiyi", "fmwy"),
        ("唐买十三妹", "tangmaishisanmei", "tmssm"),
        ("盘志强", "panzhiqiang", "pzq"),
        ("沈小满", "shenxiaoman", "sxm"),
        ("邓福贵", "dengfugui", "dfg"),
        # the surname table is for surnames only, the dictionary's phrases for given names
        ("王重阳", "wangchongyang", "wcy"),
        ("李华单", "lihuadan", "lhd"),
        ("吕布", "lvbu", "lb"),
        # other scripts
        ("买买提·艾力", "maimaitiaili", "mmtal"),
        ("阿里·单", "alidan", "ald"),
        ("Anna Berg", "annaberg", "ab"),
        ("Ａｎｎａ", "anna", "a"),
        ("José", "jose", "j"),
        ("王3", "wang3", "w3"),
        ("张 三", "zhangsan", "zs"),
        ("𠮷野", "ye", "y"),
        ("单", "shan", "s"),
        ("", "", ""),
        ("😀", "", ""),
    ],
)
def test_the_usual_reading(name: str, full: str, first_letters: str) -> None:
    assert (full_pinyin(name), initials(name)) == (full, first_letters)


@pytest.mark.parametrize(
    ("name", "found_by", "not_by"),
    [
        pytest.param("覃小丽", {"qxl", "txl"}, set(), id="Zhuang and Guangdong reading"),
        pytest.param("曾国藩", {"zgf"}, {"cgf"}, id="a surname with one reading only"),
        pytest.param("单雄信", {"sxx"}, {"dxx"}, id="nobody is called Dan"),
        pytest.param("柏乐", {"bl", "by"}, set(), id="both characters"),
        pytest.param("王重阳", {"wcy", "wzy"}, set(), id="given name"),
        pytest.param("盖文", {"gw"}, {"hw"}, id="ge and gai begin alike"),
        pytest.param("尉迟恭", {"ycg"}, {"wcg"}, id="compound"),
    ],
)
def test_every_reading_finds_the_person(name: str, found_by: set[str], not_by: set[str]) -> None:
    keys = {reading.initials for reading in readings(name)}
    assert found_by <= keys
    assert not keys & not_by


def test_readings_differ_although_their_initials_are_alike() -> None:
    assert readings("盖文") == (Reading("gewen", "gw"), Reading("gaiwen", "gw"))


def test_there_are_at_most_sixteen_readings() -> None:
    assert len(readings("覃长乐行朝重")) == 16


def test_a_name_without_any_reading_has_no_keys() -> None:
    assert readings("😀") == ()


@pytest.mark.parametrize(
    ("text", "syllables", "first_letters"),
    [
        ("单纯疱疹", "dan chun pao zhen", "dcpz"),
        ("解脲支原体", "jie niao zhi yuan ti", "jnzyt"),
        ("高血压 2 级", "gao xue ya 2 ji", "gxy2j"),
        ("2型糖尿病", "2 xing tang niao bing", "2xtnb"),
        ("乐昌市", "le chang shi", "lcs"),
        ("连南瑶族自治县", "lian nan yao zu zi zhi xian", "lnyzzzx"),
        ("COVID-19 肺炎", "covid 19 fei yan", "c19fy"),
    ],
)
def test_words_are_not_read_as_names(text: str, syllables: str, first_letters: str) -> None:
    assert pinyin(text, " ") == syllables
    assert pinyin(text) == syllables.replace(" ", "")
    assert pinyin_initials(text) == first_letters


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("三排镇油岭村", ("三排", "排镇", "镇油", "油岭", "岭村")),
        ("房 金·养", ("房金", "金养")),
        ("妹妹妹", ("妹妹",)),
        ("ＡＢ1", ("ab", "b1")),
        ("房", ("房",)),
        ("", ()),
        ("·", ()),
    ],
)
def test_bigrams(text: str, pairs: tuple[str, ...]) -> None:
    assert bigrams(text) == pairs


@given(st.text(max_size=12))
def test_the_usual_reading_is_the_first_whatever_is_typed(name: str) -> None:
    usual = Reading(full_pinyin(name), initials(name))
    assert readings(name)[:1] == ((usual,) if usual.full else ())


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=8))
def test_keys_of_chinese_names_are_plain_letters(name: str) -> None:
    for reading in readings(name):
        assert reading.full.isascii()
        assert reading.full.isalpha()
        assert len(reading.initials) <= len(name)
