"""Strings that break careless programs, in the manner of the Big List of Naughty Strings, our own choice.

Markup that would be run carries the word `naughty`, so that a test can look for it in the page as read.
"""

from __future__ import annotations

NAUGHTY = (
    # nothing, and things that look like nothing or like a value
    "",
    "   ",
    "\u3000\u3000",
    "null",
    "true",
    "0",
    "-1",
    "1e309",
    "NaN",
    "9" * 40,
    "１２３４５",
    "٣٤٥",
    # markup
    "<naughty>",
    "<script>naughty()</script>",
    "</textarea><script>naughty()</script>",
    '"><script>naughty()</script>',
    "'><img src=x onerror=naughty()>",
    '" onfocus="naughty()" autofocus="',
    "<svg/onload=naughty()>",
    "<iframe src=javascript:naughty()>",
    "]]><![CDATA[naughty",
    "&lt;naughty&gt; &amp; &#60;naughty&#62;",
    "javascript:naughty()",
    "{{ 7|add:7 }} {% now 'Y' %}",
    "{0} {name} %s %(naughty)s %",
    "${7*7} #{7*7}",
    # quotes and commands
    'O\'Brien "quoted" `ticks` «so» “那样”',
    "' OR 1=1 --",
    "'; DROP TABLE residents_resident; --",
    "\\'; SELECT pg_sleep(9); --",
    "%_\\%\\_",
    "$(touch naughty) `touch naughty` | naughty",
    "=cmd|'/c calc'!A0",
    "@SUM(1+9)*cmd|'/c calc'!A0",
    "../../../../etc/passwd%00.html",
    "a\tb\nc\r\nd",
    # letters of all kinds
    "唐买十三妹儿",
    "𠜎𠜱𠝹𠱓 㐂 𪚥",
    "Ç'est déjà Ωμέγα Привет",
    "한국어 テスト ภาษาไทย हिन्दी",
    "ﷺ بسم الله الرحمن الرحيم",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "👩‍⚕️ 👍🏽 🇨🇳 🏳️‍🌈",
    "①②③ ㎎ ﬁ Ⅷ",
    "ｆｕｌｌ　ｗｉｄｔｈ",
    # what cannot be seen
    "零\u200b宽\u200d字\ufeff符",
    "软\u00ad连\u2060字",
    "\u202e倒过来\u202c \u2066x\u2069",
    "\u200f\u200e左右",
    "\ufffd\ufffe\uffff",
    "\x07\x08\x1b[31mnaughty\x7f",
    "空\x00字节",
    "\u2028行\u2029段",
    # too much
    "长" * 2_000,
    "w" * 20_000,
)
HALF_A_PAIR = "%ED%A0%80"  # in a query: a surrogate on its own, as no UTF-8 may hold it
