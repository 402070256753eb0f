"""Knows simplified and traditional characters: which a text is written in, and how to turn one into the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

import opencc

from nlu.understanding import Script

_RARE = re.compile("[\u3400-\u4dbf\U00020000-\U0003ffff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HAN = re.compile("[\u3400-\u9fff]")
_CJK = range(0x4E00, 0xA000)
_HANT_SHARE = 0.08  # one name with a traditional character does not make a long simplified letter traditional


class Scripts:
    """Converts between the scripts; the OpenCC tables are read when first needed (the way back costs 25 MB)."""

    @cached_property
    def _simplify(self) -> Callable[[str], str]:
        convert: Callable[[str], str] = opencc.OpenCC("tw2s").convert  # knows 著 as 着, which plain t2s leaves alone
        return convert

    @cached_property
    def _traditionalise(self) -> Callable[[str], str]:
        convert: Callable[[str], str] = opencc.OpenCC("s2t").convert
        return convert

    @cached_property
    def _changing(self) -> re.Pattern[str]:
        """Characters that simplifying may change: without one of them OpenCC need not be asked, and mostly is not."""
        chars = [chr(code) for code in _CJK]
        single = self._simplify("\n".join(chars)).split("\n")
        return re.compile(f"[{''.join([old for old, new in zip(chars, single, strict=True) if old != new])}]")

    def write(self, text: str, script: str) -> str:
        """Simplified wording in the writer's script (“hans” or “hant”)."""
        return self.to_traditional(text) if script == "hant" else text

    def to_simplified(self, text: str) -> str:
        """The text in simplified characters, of the same length, so that a span of one is a span of the other."""
        if not self._changing.search(text):
            return _storable(text)
        simple = self._convert(_storable(text))
        if not _RARE.search(simple):
            return simple
        # OpenCC turns some Cantonese characters (嗰, 劏, 𨋢) into rare ones that nobody writes: keep what was written.
        return "".join(old if _RARE.match(new) else new for old, new in zip(text, simple, strict=True))

    def to_traditional(self, text: str) -> str:
        """The text in traditional characters, by phrase: for replies, where nothing points into the words."""
        return self._traditionalise(_storable(text))

    def detect(self, text: str) -> Script:
        """Traditional when traditional-only characters appear; Cantonese words alone say nothing about the script."""
        if not self._changing.search(text):
            return "hans"
        simple = self.to_simplified(text)
        changed = sum(old != new and not _is_simplified(old) for old, new in zip(text, simple, strict=True))
        han = len(_HAN.findall(text)) or 1
        return "hant" if changed and changed / han >= _HANT_SHARE else "hans"

    def _convert(self, text: str) -> str:
        simple = self._simplify(text)
        if len(simple) == len(text):
            return simple
        # A phrase changed its length: convert each character for itself and keep those that do not stay one.
        single = (self._simplify(char) for char in text)
        return "".join(new if len(new) == 1 else old for old, new in zip(text, single, strict=True))


def _is_simplified(char: str) -> bool:
    """GB 2312 holds what simplified writing uses, among them 著 and 乾 that also look traditional."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _storable(text: str) -> str:
    """Lone surrogates and zero bytes, which OpenCC's C side cannot take, become spaces of the same length."""
    return _UNSTORABLE.sub(" ", text)
