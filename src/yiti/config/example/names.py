"""Names as they are in a county of Han and Yao people; all invented."""

from __future__ import annotations

from random import Random

HAN_SURNAMES = (
    "李 王 张 陈 黄 林 刘 梁 何 罗 谢 曾 邓 吴 周 欧 莫 郑 廖 邱 朱 甘 植 虞 叶 谭 成 石 区 单 仇 解".split()
)
YAO_SURNAMES = "房 唐 盘 沈 邓 李 赵 龙 许 冯".split()
_HAN_WEIGHTS = [60 // (rank + 2) + 1 for rank in range(len(HAN_SURNAMES))]
_YAO_WEIGHTS = [30, 26, 14, 10, 6, 4, 4, 3, 2, 1]

# Given names of two characters, by what parents of the time liked; the first and second are drawn apart.
_MALE = (
    "建志伟国文海福永家明俊浩水石金卫树天德少光贵观木土火社新立子宇梓",
    "国强明栋杰生贵康豪辉华林保胜军平新民庆良才海东轩然航鹏涛飞斌",
)
_FEMALE = (
    "秀桂春秋冬雪丽玉小美海文晓雅月水凤惠少思嘉亚金观社木石梓诗欣雨",
    "英兰花菊梅珍燕玲静琴娥莲芬敏怡芳妹婷娟艳慧涵琪桐诺清霞红香云",
)
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
    first, second = _FEMALE if is_female else _MALE
    return rng.choice(first) + (rng.choice(second) if rng.random() < 0.93 else "")
