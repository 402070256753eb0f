"""Texts cut and split to what a platform takes: by its own units, never inside a character or a number."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.doors import SendFailed
from bot.platforms.parts import Progress, cut_bytes, cut_chars, split_bytes, split_units, units

ATOMS = (
    "灯", "道", "3", "42", "13812345678", "0515-00000100", "14:30", "1,000", "3.5", "A0001", "１３８",
    "👨\u200d👩\u200d👧", "e\u0301", "🇨🇳", "👍🏽", "3\ufe0f\u20e3", "❤\ufe0f", "。", "，", ",", ".", "-", "\n", " ",
)  # fmt: skip
_ONE = r"(?:[0-9A-Za-z０-９](?![\u0301\ufe0f]))"  # é and 3️⃣ are characters of their own
FIGURE = re.compile(rf"{_ONE}+(?:[.,:/-]{_ONE}+)*")
SHOWN = re.compile("|".join(re.escape(atom) for atom in ATOMS if len(atom) > 1 and not FIGURE.fullmatch(atom)))


def _bytes(text: str) -> int:
    return len(text.encode())


def _parted(text: str, cuts: Sequence[int], size: Callable[[str], int], limit: int) -> list[str]:
    """What a cut runs through: characters that people see, and figures that would have fitted."""
    found = [*SHOWN.finditer(text), *(one for one in FIGURE.finditer(text) if size(one[0]) <= limit)]
    return [one[0] for one in found if any(one.start() < cut < one.end() for cut in cuts)]


def _cuts(text: str, pieces: Sequence[str]) -> list[int]:
    """Where in the text the pieces begin and end."""
    places, at = [], 0
    for piece in pieces:
        at = text.index(piece, at)
        places += [at, at + len(piece)]
        at += len(piece)
    return places


@pytest.mark.parametrize(("split", "size"), [(split_bytes, _bytes), (split_units, units)])
@given(atoms=st.lists(st.sampled_from(ATOMS), max_size=120), limit=st.integers(48, 120))
@settings(max_examples=300, deadline=None)
def test_pieces_fit_lose_nothing_and_part_nothing(
    split: Callable[[str, int], list[str]], size: Callable[[str], int], atoms: list[str], limit: int
) -> None:
    text = "".join(atoms)
    pieces = split(text, limit)
    assert all(0 < size(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert _parted(text, _cuts(text, pieces), size, limit) == []


@pytest.mark.parametrize(("cut", "size"), [(cut_bytes, _bytes), (cut_chars, len)])
@given(atoms=st.lists(st.sampled_from(ATOMS), max_size=60), limit=st.integers(48, 120))
@settings(max_examples=300, deadline=None)
def test_what_is_cut_fits_and_ends_between_characters_and_numbers(
    cut: Callable[[str, int], str], size: Callable[[str], int], atoms: list[str], limit: int
) -> None:
    text = "".join(atoms)
    found = cut(text, limit)
    assert size(found) <= limit
    if found != text:
        kept = found.removesuffix("…")
        assert text.startswith(kept)
        first = FIGURE.match(text)
        assert _parted(text, [len(kept)], size, limit) == [] or (first is not None and first.end() > len(kept))


@pytest.mark.parametrize(
    ("text", "limit", "found"),
    [
        ("电话13812345678", 12, ["电话", "13812345678"]),
        ("价格约为一共是3.50元整", 24, ["价格约为一共是", "3.50元整"]),
        ("共计大约是1,234元", 19, ["共计大约是", "1,234元"]),
        ("9" * 20, 8, ["9" * 8, "9" * 8, "9" * 4]),
        ("e" + "\u0301" * 30, 9, ["e" + "\u0301" * 4, "\u0301" * 4] + ["\u0301" * 4] * 5 + ["\u0301" * 2]),
        ("一行\n\n\n二行", 10, ["一行", "二行"]),
        ("灯灯灯\n灯", 9, ["灯灯灯", "灯"]),
    ],
)
def test_where_it_is_cut(text: str, limit: int, found: list[str]) -> None:
    assert split_bytes(text, limit) == found


def test_short_forms() -> None:
    assert cut_chars("请打13812345678", 10) == "请打…"
    assert cut_chars("13812345678", 8) == "1381234…"
    assert cut_bytes("灯灯灯", 9) == "灯灯灯"
    assert cut_bytes("灯灯灯灯", 11) == "灯灯…"
    assert cut_bytes("好👍🏽👍🏽", 15) == "好👍🏽…"


def test_parts_of_a_letter_keep_their_distance_and_a_retry_begins_at_once() -> None:
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    left: list[str] = []

    def part(name: str, *, broken: bool = False) -> Callable[[], Awaitable[str]]:
        async def send() -> str:
            if broken and "once" not in left:
                left.append("once")
                raise SendFailed("away")
            left.append(name)
            return name

        return send

    async def play() -> None:
        progress = Progress(1.0, rest)
        parts = [part("a"), part("b"), part("c", broken=True)]
        with pytest.raises(SendFailed):
            await progress.send(1, parts)
        assert rests == [1.0, 1.0]
        assert await progress.send(1, parts) == ["a", "b", "c"]

    asyncio.run(play())
    assert (left, rests) == (["a", "b", "once", "c"], [1.0, 1.0])
