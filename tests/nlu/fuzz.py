"""Knows how to be unkind to the ear, with random and mutated texts: `python -m tests.nlu.fuzz --count 1000000`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from nlu.corpus import read_corpus
from nlu.ear import EmbeddedEar
from nlu.lexica import words_of
from nlu.model import load_or_none
from nlu.places import Gazetteer
from nlu.redaction import Redactor

MOST_MS = 50.0
_HUGE = 65536
_HEARD = 2000
_EVERY = 10_000
_ODD = "\u200b\u200d\u202e\u2066\ufeff\u0000\ud800\udfff\u0301\ufe0f\u20e3\u3000\x1b"
_DIGITS = "0123456789０１２３４５６７８９零〇一二三四五六七八九幺十百千壹贰"
_TRIGGERS = words_of(
    "着火 救命 煤气 电梯 困 打人 不想活 如果 怎么办 3号楼 单元 路口 旁边 小王 我叫 电话 身份证 "
    "苏J 昨天 点 米 第 的 那 往 和 里 老板 微信 @ a. 没气 晕倒 流血 跳楼 演习 去年 着 火 人 ， 。 1- 转 ( )"
)
_OTHERS = (
    "<div class='a'>{}</div>",
    '{{"text": "{}", "n": [1, 2, 3]}}',
    "SELECT * FROM x WHERE a='{}';",
    "Здравствуйте {}",
    "مرحبا {}",
    "こんにちは{}",
    "안녕하세요 {}",
    "%s%n{}",
    "../../{}",
    "=cmd|'{}'!A1",
    "\\x00{}\\u4e00",
)


@dataclass(frozen=True, slots=True)
class Slowest:
    """The text that took longest: milliseconds of processor time, how it was made, its length and its beginning."""

    ms: float
    made: str
    length: int
    beginning: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: how many texts, how many over the limit, the slowest of each making."""

    count: int
    over: int
    slowest: Sequence[Slowest]


class Unkindness:
    """Makes texts; the same seed makes the same."""

    def __init__(self, seed: int, sentences: Sequence[str], huge: bool) -> None:
        self._rng = Random(seed)  # noqa: S311 - the same texts every time
        self._sentences = sentences
        self._longest = _HUGE if huge else 4000
        self._makers: tuple[Callable[[], str], ...] = (
            self._points, self._mutated, self._mutated, self._joined, self._repeated, self._nested, self._numbers,
            self._foreign, self._odd, self._emoji, self._shuffled,
        )  # fmt: skip

    def texts(self, count: int) -> Iterator[tuple[str, str]]:
        """How each was made, and the text; one in some hundreds is as long as a message can be."""
        for _ in range(count):
            if self._rng.random() < 0.002:  # noqa: PLR2004 - they take their time
                yield "long", self._long()
            else:
                maker = self._rng.choice(self._makers)
                yield maker.__name__.strip("_"), maker()

    def _length(self) -> int:
        return int(self._rng.expovariate(1 / 40)) + 1

    def _points(self) -> str:
        return "".join(chr(self._rng.randrange(0x110000)) for _ in range(self._length()))

    def _sentence(self) -> str:
        return self._rng.choice(self._sentences)

    def _mutated(self) -> str:
        chars = list(self._sentence())
        for _ in range(self._rng.randint(1, 6)):
            at = self._rng.randrange(len(chars) + 1)
            odd = self._rng.choice((self._rng.choice(_ODD), self._rng.choice(_DIGITS), self._rng.choice(_TRIGGERS), ""))
            chars[at : at + self._rng.randint(0, 2)] = odd
        return "".join(chars)

    def _joined(self) -> str:
        return self._rng.choice(("", "，", "\n", " ")).join(self._sentence() for _ in range(self._rng.randint(2, 8)))

    def _repeated(self) -> str:
        return self._rng.choice(_TRIGGERS) * self._rng.randint(1, 120)

    def _nested(self) -> str:
        words = self._rng.sample(_TRIGGERS, self._rng.randint(2, 4))
        return "".join(word * self._rng.randint(1, 4) for word in words) * self._rng.randint(1, 30)

    def _numbers(self) -> str:
        pieces = "".join(self._rng.choices(_DIGITS + " -.,、", k=self._length() * 2))
        return (
            self._rng.choice(("", "电话", "卡号", "苏J", "A", "住"))
            + pieces
            + self._rng.choice(("", "号楼", "米", "转12"))
        )

    def _foreign(self) -> str:
        return self._rng.choice(_OTHERS).format(self._sentence())

    def _odd(self) -> str:
        return "".join(char + self._rng.choice(_ODD) for char in self._sentence())

    def _emoji(self) -> str:
        return "".join(chr(0x1F300 + self._rng.randrange(0x300)) for _ in range(self._length()))

    def _shuffled(self) -> str:
        chars = list(self._sentence())
        self._rng.shuffle(chars)
        return "".join(chars)

    def _long(self) -> str:
        piece = self._rng.choice((self._rng.choice(_ODD), self._rng.choice(_DIGITS), self._rng.choice(_TRIGGERS),
                                  self._sentence(), self._emoji(), self._nested()))  # fmt: skip
        return (piece * (self._longest // len(piece) + 1))[: self._longest]


def run(ear: EmbeddedEar, texts: Iterator[tuple[str, str]], tell: Callable[[str], object] = str) -> Outcome:
    """Lets the ear and the redactor at every text; what they raise is raised here, with the text told first."""
    redactor = Redactor()
    slowest: dict[str, Slowest] = {}
    count, over = 0, 0
    for made, text in texts:
        try:
            ms = _took(ear, redactor, text)
            if ms > MOST_MS:  # a collection of garbage may have fallen into it
                ms = min(ms, _took(ear, redactor, text))
        except Exception:
            tell(f"raised by {made}: {text[:300]!r}")
            raise
        count += 1
        over += ms > MOST_MS
        if made not in slowest or ms > slowest[made].ms:
            slowest[made] = Slowest(ms, made, len(text), text[:60])
        if not count % _EVERY:
            tell(
                f"{count} texts, {over} over {MOST_MS:.0f} ms, slowest {max(one.ms for one in slowest.values()):.1f} ms"
            )
    return Outcome(count, over, sorted(slowest.values(), key=lambda one: -one.ms))


def _took(ear: EmbeddedEar, redactor: Redactor, text: str) -> float:
    """Milliseconds of processor time for one text heard and, where it is no longer than the ear listens, masked."""
    began = time.process_time()
    heard = ear.understand([(text, "")])[0].alone
    if len(text) <= _HEARD:
        redactor.redact(text)
    ms = (time.process_time() - began) * 1000
    if any(span.text != text[span.start : span.end] for span in heard.spans):
        raise AssertionError("a span that is not the text's")
    return ms


def sentences() -> list[str]:
    """What the ear was taught, to be mutated."""
    return [sentence.text for sentence in read_corpus().sentences if sentence.text]


def main() -> int:
    """Runs as many texts as asked for and tells the slowest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    model = load_or_none()
    if model is None:
        sys.stderr.write("train first: python -m nlu train\n")
        return 1
    ear = EmbeddedEar(model, Gazetteer.from_entries((("a", ("健仁小区1-20号楼", "人民路1-99号")),), {}), {})
    ear.warm()
    outcome = run(ear, Unkindness(asked.seed, sentences(), huge=True).texts(asked.count), _tell)
    _tell(f"{outcome.count} texts, {outcome.over} over {MOST_MS:.0f} ms of processor time")
    for one in outcome.slowest:
        _tell(f"{one.ms:7.1f} ms  {one.made:10} {one.length:6} characters  {one.beginning!r}")
    return 1 if outcome.over else 0


def _tell(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
