"""Knows the forms in which people write and say numbers, for texts made by chance: spaced, full width, Han numerals."""

from __future__ import annotations

import string
from collections.abc import Callable
from random import Random

_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_HAN = str.maketrans("0123456789", "零一二三四五六七八九")
_SAID = str.maketrans("0123456789", "〇幺二三四五六七八九")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼蘇粵滬"
_PLACES = ("320902", "371302", "440703", "331002", "110105", "510104", "620102")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PIECES = {11: ((3, 4, 4), (3, 8), (7, 4), (4, 4, 3)), 18: ((6, 8, 4), (6, 4, 4, 4), (3, 3, 4, 4, 4)), 15: ((6, 6, 3),)}

Kind = Callable[[Random], str]


def cut(digits: str, sizes: tuple[int, ...], joint: str) -> str:
    """The digits in pieces of these sizes."""
    pieces, at = [], 0
    for size in sizes:
        pieces.append(digits[at : at + size])
        at += size
    return joint.join(piece for piece in [*pieces, digits[at:]] if piece)


def written(rng: Random, digits: str, *, dashes: bool = True) -> str:
    """The digits in one of the ways of writing and saying them."""
    sizes = rng.choice(_PIECES.get(len(digits), ((4,) * (len(digits) // 4),)))
    joint = rng.choice(" -—" if dashes else " ")
    ways = (
        digits,
        cut(digits, sizes, joint),
        " ".join(digits),
        digits.translate(_WIDE),
        cut(digits.translate(_WIDE), sizes, rng.choice(" 　" + "－" * dashes)),
        digits.translate(_HAN),
        digits.translate(_SAID),
        cut(digits.translate(_SAID), sizes, " "),
        " ".join(digits.translate(_HAN)),
    )
    return rng.choice(ways)


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def mobile(rng: Random) -> str:
    """A mobile number, with or without the country before it."""
    number = "1" + rng.choice("3456789") + _digits(rng, 9)
    if rng.random() < 0.2:  # noqa: PLR2004 - a fifth of them
        return rng.choice(("+86", "+86 ", "0086-", "86 ", "＋８６")) + rng.choice((number, cut(number, (3, 4, 4), " ")))
    return written(rng, number)


def landline(rng: Random) -> str:
    """A landline with its area, sometimes with an extension."""
    area = rng.choice(("0515", "0539", "0750", "0576", "025", "010", "021"))
    local = rng.choice("2345678") + _digits(rng, 7 if len(area) == 3 else rng.choice((6, 7)))  # noqa: PLR2004
    number = rng.choice((f"{area}-{local}", f"{area}{local}", f"({area}){local}", f"{area} {local[:4]} {local[4:]}",
                         f"{area}—{local}", f"{area}-{local}转{rng.randint(1, 9999)}"))  # fmt: skip
    return rng.choice((number, number, number.translate(_WIDE), number.translate(_HAN)))


def identity(rng: Random) -> str:
    """An identity card of eighteen or fifteen digits."""
    born = f"{rng.randint(1930, 2015)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    if rng.random() < 0.2:  # noqa: PLR2004 - a fifth of them are old ones
        return written(rng, rng.choice(_PLACES) + born[2:] + _digits(rng, 3), dashes=False)
    body = rng.choice(_PLACES) + born + _digits(rng, 3)
    last = "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11]
    number = written(rng, body + last, dashes=False)
    return number.lower() if rng.random() < 0.5 else number  # noqa: PLR2004 - half of them


def plate(rng: Random) -> str:
    """A number plate of a car, of one with a battery, of a trailer, a school, the police, from beyond the border."""
    head = rng.choice(_PROVINCES), rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
    five = "".join(rng.choices("0123456789012345678901234567890123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=4)) + rng.choice(
        "0123456789"
    )
    body = rng.choice(
        (five, five, rng.choice("DF") + five, five[1:] + rng.choice("学挂警"), five[1:] + rng.choice("港澳"))
    )
    number = head[0] + rng.choice(("", "", " ")) + head[1] + rng.choice(("", "·", "·", " ", "-", ".")) + body
    ways = (
        number,
        number.lower(),
        number.translate(_WIDE),
        " ".join((*head, *five)),
        "".join(head) + five.translate(_HAN),
        "".join(head) + five.translate(_SAID),
        f"{head[0]}{head[1]} {five[:2]} {five[2:]}",
    )
    return rng.choice(ways)


def bank_card(rng: Random) -> str:
    """A bank card with its check digit."""
    body = rng.choice(
        (f"62{_digits(rng, 16)}", f"62{_digits(rng, 13)}", f"4{_digits(rng, 14)}", f"53{_digits(rng, 13)}")
    )
    doubled = sum(sum(divmod(int(d) * (2 - at % 2), 10)) for at, d in enumerate(reversed(body)))
    return written(rng, body + str(-doubled % 10))


_CONTEXT = (
    "我家楼下有人乱停车物业不管谢谢你们帮忙看看孩子老人上学路灯坏了水管漏得很厉害昨天今天晚上没有办法请尽快处理电话找他"
)


def _words(rng: Random) -> str:
    return "".join(rng.choices(_CONTEXT, k=rng.randint(0, 12)))


def told(rng: Random, what: str, leads: tuple[str, ...]) -> tuple[str, int, int]:
    """A text with the number in it, and where it stands."""
    before = _words(rng) + rng.choice(leads)
    after = rng.choice(("", "", "，", "。", " ", "！", "的", "是我的", "，3号楼", "（白天）")) + _words(rng)
    return before + what + after, len(before), len(before) + len(what)
