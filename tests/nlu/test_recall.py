"""Knows how much is found of numbers in all their forms: thousands of texts made by chance, always the same ones."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.placewords import PlaceWords
from nlu.reading import Reader
from nlu.redaction import Redactor
from nlu.slots import Slots
from tests.nlu import forms

READER = Reader()
SLOTS = Slots(PlaceWords())
REDACTOR = Redactor()
TEXTS = 5000
LEAST = 0.995
LEFT_OVER = re.compile("(?:[0-9０-９零〇一幺二三四五六七八九][ \u3000·—－-]?){6}")
CALLS = ("电话", "电话：", "手机 ", "打", "，", "（", "联系电话是", "")
CARDS = ("身份证", "证号：", "身份证号 ", "，", "证件是", "老人的")
PLATES = ("车牌", "有辆", "，", "那台", "车牌号 ", "就是这个：")
BANKS = ("卡号", "银行卡 ", "，", "账号：", "打到")
KINDS = {
    "mobile": (forms.mobile, CALLS, "phone"),
    "landline": (forms.landline, CALLS[:4], "phone"),
    "identity": (forms.identity, CARDS, "id_card"),
    "plate": (forms.plate, PLATES, "plate"),
    "bank_card": (forms.bank_card, BANKS, ""),
}


def texts(name: str) -> list[tuple[str, int, int]]:
    make, leads, _ = KINDS[name]
    rng = Random(name)  # noqa: S311 - the same texts every time
    return [forms.told(rng, make(rng), leads) for _ in range(TEXTS)]


def is_found(text: str, start: int, end: int, kind: str) -> bool:
    spans = SLOTS.find(text, READER.read(text).plain)
    assert all(span.text == text[span.start : span.end] for span in spans)
    return any((span.kind, span.start, span.end) == (kind, start, end) for span in spans)


@pytest.mark.parametrize("name", [name for name, (_, _, kind) in KINDS.items() if kind])
def test_numbers_are_found_to_the_character(name: str) -> None:
    missed = [one for one in texts(name) if not is_found(*one, KINDS[name][2])]
    assert len(missed) <= TEXTS * (1 - LEAST), missed[:10]


@pytest.mark.parametrize("name", list(KINDS))
def test_numbers_are_masked(name: str) -> None:
    left = []
    for text, start, end in texts(name):
        masked = REDACTOR.redact(text)
        assert not re.search(r"[0-9０-９]{7}", masked), (text, masked)
        if text[start:end] in masked or LEFT_OVER.search(masked):
            left.append((text, masked))
    assert len(left) <= TEXTS * (1 - LEAST), left[:10]


@given(st.integers(min_value=0), st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(KINDS)))
def test_two_numbers_in_one_text_are_masked_for_good(seed: int, one: str, other: str) -> None:
    rng = Random(seed)  # noqa: S311 - hypothesis gives the seed
    text = "".join(forms.told(rng, KINDS[name][0](rng), KINDS[name][1])[0] for name in (one, other))
    masked = REDACTOR.redact(text)
    assert REDACTOR.redact(masked) == masked
    assert not re.search("[0-9０-９]{7}", masked)
