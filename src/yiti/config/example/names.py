"""Names as they are in a county of Han and Yao people; all invented."""

from __future__ import annotations

from random import Random

HAN_SURNAMES = (
    "李 王 张 陈 黄 林 刘 梁 何 罗 谢 曾 邓 吴 周 欧 莫 郑 廖 邱 朱 甘 植 虞 叶 谭 成 石 区 单 仇 解".split()
)
YAO_SURNAMES = "房 唐 盘 沈 邓 李 赵 龙 许 冯".split()
_HAN_WEIGHTS = [60 // (rank + 2) + 1 for rank in range(len(HAN_SURNAMES))]
_YAO_WEIGHTS = [30, 26, 14, 10, 6, 4, 4, 3, 2, 1]

_MALE = (
    "建国 志强 伟明 国栋 文杰 海生 福贵 永康 家豪 明辉 子轩 俊杰 浩然"
    " 水生 石养 金养 志明 卫东 军 勇 波 斌 强 磊 树林 天保"
    " 德胜 少华 光明 贵生 观养 木生 土生 火生 社养 亚木 亚水 新民 国庆 建军 立新 健 涛 飞 鹏 宇航 梓豪"
).split()
_FEMALE = (
    "秀英 桂兰 桂花 春兰 秋菊 冬梅 雪梅 丽珍 玉兰 小燕 美玲 海燕 文静 晓玲 雅琴 月娥 水莲 凤英"
    " 惠珍 少芬 思敏 嘉怡 雪芳 婷 敏 静"
    " 慧 娟 艳 芳 亚妹 金妹 三妹 四妹 九妹 观妹 社妹 木妹 石妹 梓涵 诗琪 欣怡 雨桐 一诺"
).split()
_MIDDLE = "买 那 沙 龙 亚 丁 边 一 大 尾".split()
_ORDER_MALE = "一 二贵 三贵 四公 五贵 六 尾一 尾二 大一".split()
_ORDER_FEMALE = "二妹 四妹 五妹 六妹 七妹 八妹 九妹 十一妹 十二妹 十三妹 十四妹".split()


def surname(rng: Random, *, is_yao: bool) -> str:
    """A surname, common ones more often."""
    if is_yao:
        return rng.choices(YAO_SURNAMES, _YAO_WEIGHTS)[0]
    return rng.choices(HAN_SURNAMES, _HAN_WEIGHTS)[0]


def given_name(rng: Random, *, is_female: bool, is_yao: bool, birth_year: int) -> str:
    """A given name; older Yao people often have the long names by order of birth (唐买十三妹)."""
    if is_yao and birth_year < 1985 and rng.random() < 0.35:
        order = _ORDER_FEMALE if is_female else _ORDER_MALE
        return rng.choice(_MIDDLE) + rng.choice(order)
    return rng.choice(_FEMALE if is_female else _MALE)
