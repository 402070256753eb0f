"""Knows the words of danger: whether a text speaks of an emergency now, of which type, before any model is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from nlu.families import Classes, Family, Span, places, read_family, ways
from nlu.lexica import read_lexicon
from nlu.seeking import Seen
from nlu.wordlists import WordLists, called

_REACH = 40  # characters either side of a match in which a guard's words or a rule's `unless` count
_BEFORE = 24  # how far before a match “如果” still governs it
_CLOSE = 7  # how far before a match “怕” still governs it
_LONGEST_FIRED = 40
_ALONE = 4  # with so few characters beside its words even an unsure rule decides: “着火了”, “三楼着火了”
_TERSE = 12  # but words that are so far apart that others stand between them are not alone
_STRETCH = 320  # a longer text is judged in stretches of so many characters, which overlap
_LONGEST = 1_000_000
_UNREAL = frozenset({"hypothetical", "asking", "drill", "unreal"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one text.

    `types` are the emergency types found, the most pressing first; `hints` those that are only hinted at;
    `guards` the reasons why some match was not taken for an emergency; `fired` the words, in standard speech, that
    each type and then each hint was found by.
    """

    types: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    guards: frozenset[str] = frozenset()
    fired: tuple[str, ...] = ()

    @property
    def emergency_type(self) -> str:
        """The most pressing type, or `none`."""
        return self.types[0] if self.types else "none"

    @property
    def hypothetical(self) -> bool:
        """Danger is spoken of, but as a question, an exercise or a story."""
        return not self.types and bool(self.guards & _UNREAL)


@dataclass(frozen=True, slots=True)
class _Found:
    """What has been found in a text so far: the words by type, for certain and as hints, and what spoke against."""

    sure: dict[str, str]
    hints: dict[str, str]
    guards: set[str]


@dataclass(frozen=True)
class _Rule:
    """One rule. Its expressions are compiled when they are first needed: most never are, and a start must be quick.

    It seeks either an expression (`words`) or a family of words (`family`). `key` names it by what it seeks.
    """

    type: str
    key: str
    words: str
    family: Family | None
    unless_words: str
    near_words: str
    ignore: frozenset[str]
    hint: bool
    longest: int
    rest: int

    @cached_property
    def find(self) -> re.Pattern[str]:
        return re.compile(self.words)

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        return re.compile(self.unless_words) if self.unless_words else None

    @cached_property
    def near(self) -> re.Pattern[str] | None:
        return re.compile(self.near_words) if self.near_words else None

    def spans(self, text: str, places: Mapping[int, Sequence[Span]]) -> Iterator[Span]:
        """Where the rule holds in a text, given where the words of families stand."""
        if len(text) > self.longest or (self.near and not self.near.search(text)):
            return
        found = self.family.spans(text, places) if self.family else (one.span() for one in self.find.finditer(text))
        for start, end in found:
            if len(text) - (end - start) > self.rest:
                continue
            if not self.unless or not self.unless.search(text, max(0, start - _REACH), end + _REACH):
                yield start, end


@dataclass(frozen=True, slots=True)
class _Guard:
    name: str
    types: frozenset[str]
    before: re.Pattern[str] | None
    close: re.Pattern[str] | None
    around: re.Pattern[str] | None
    lifted_by: re.Pattern[str] | None

    @property
    def words(self) -> str:
        """One expression for all that can wake the guard."""
        return "|".join(f"(?:{one.pattern})" for one in (self.before, self.close, self.around) if one)

    def holds(self, text: str, span: Span) -> bool:
        start, end = span
        near = (max(0, start - _REACH), end + _REACH)
        holds = bool(
            (self.before and self.before.search(text, max(0, start - _BEFORE), end))  # 纸箱，万一着了
            or (self.close and self.close.search(text, max(0, start - _CLOSE), start))
            or (self.around and self.around.search(text, *near))
        )
        return holds and not (self.lifted_by and self.lifted_by.search(text, *near))


class Gate:
    """The safety gate. Texts are judged in standard simplified speech (`Standardiser`); it never needs the model.

    `unsure` are the keys of rules that proved wrong too often to decide alone (nlu/audit.py): they count as hints.
    """

    def __init__(self, unsure: Set[str] = frozenset(), lists: WordLists | None = None) -> None:
        self._unsure = unsure
        self._lists = lists = lists or WordLists()
        lexicon, danger = read_lexicon("emergency"), read_lexicon("danger")
        parts = _Parts({**lexicon["parts"], **danger["parts"]})
        lifts = {name: re.compile(parts.fill(words)) for name, words in lexicon["lifts"].items()}
        self._guards = [_guard(name, entry, parts, lifts) for name, entry in lexicon["guards"].items()]
        self._order = tuple(lexicon["order"])
        rules = [_rule(kind, entry, parts) for kind in self._order for entry in lexicon["rules"][kind]]
        classes = Classes(danger["classes"], lists)
        families = [
            _rule(kind, entry, parts, seek, read_family(seek, classes))
            for kind in self._order
            for entry in danger["families"][kind]
            for seek in entry["seek"]
        ]
        self._rules = [*families, *rules]
        first = lists.calls(len(families), lambda: ways([rule.family for rule in families if rule.family]))
        last = lists.shortlist([rule.words for rule in rules])
        self._tries = range(first.start, last.stop)
        self._alerts = lists.shortlist([guard.words for guard in self._guards])

    def with_unsure(self, unsure: Set[str]) -> Gate:
        """The same gate, other rules of which are unsure; nothing is read again."""
        other = copy(self)
        other._unsure = unsure
        return other

    def warm(self) -> Iterator[None]:
        """Compile everything, one rule a step."""
        for rule in self._rules:
            _ = (rule.words and rule.find, rule.unless, rule.near)
            yield

    def judge(self, text: str, seen: Seen | None = None) -> Verdict:
        """The verdict of the rules on one text; `seen` is what it has of the word lists, where that is known already.

        A long text is judged stretch by stretch: each has few of the words that the rules need.
        """
        found = _Found({}, {}, set())
        if len(text) <= _STRETCH:
            self._listen(text, seen or self._lists.of(text), found)
        else:
            starts = (*range(0, len(text) - _STRETCH, _STRETCH - 2 * _REACH), len(text) - _STRETCH)
            stretches = [text[start : start + _STRETCH] for start in starts]
            for stretch, part in zip(stretches, self._lists.of_all(stretches), strict=True):
                self._listen(stretch, part, found)
        return self._verdict(found)

    def _listen(self, text: str, seen: Seen, found: _Found) -> None:
        """Adds what the rules find in one stretch of a text; types that are found already are not sought again."""
        tried, where = self._tried(text, seen, found.sure.keys())
        alert: list[_Guard] | None = None  # the guards that this text can wake at all
        for rule in tried:
            if rule.type in found.sure or (rule.hint and rule.type in found.hints):
                continue
            for span in rule.spans(text, where):
                if alert is None:
                    alert = self._alert(seen)
                stopped = _stopped(rule, text, span, alert)
                found.guards.update(stopped)
                if not stopped:
                    kinds = found.sure if self._decides(rule, text, span) else found.hints
                    kinds[rule.type] = text[span[0] : span[1]][:_LONGEST_FIRED]
                    break

    def _decides(self, rule: _Rule, text: str, span: Span) -> bool:
        """Whether the rule needs nobody's agreement. An unsure rule needs it, unless hardly another word is said."""
        length = span[1] - span[0]
        terse = length <= _TERSE and len(text) - length <= _ALONE
        return not rule.hint and (rule.key not in self._unsure or terse)

    def _verdict(self, found: _Found) -> Verdict:
        if not (found.sure or found.hints or found.guards):
            return _NOTHING
        types = tuple(kind for kind in self._order if kind in found.sure)
        hinted = tuple(kind for kind in self._order if kind in found.hints and kind not in found.sure)
        fired = (*(found.sure[kind] for kind in types), *(found.hints[kind] for kind in hinted))
        return Verdict(types, hinted, frozenset(found.guards), fired)

    def _tried(self, text: str, seen: Seen, known: Set[str]) -> tuple[list[_Rule], dict[int, list[Span]]]:
        """The rules for types not yet known that a text can match, and where the words of their families stand."""
        tried = [rule for rule in [self._rules[at] for at in called(seen, self._tries)] if rule.type not in known]
        asked = frozenset[int]().union(*[rule.family.classes for rule in tried if rule.family])
        return tried, places(text, seen, self._lists, asked)

    def _alert(self, seen: Seen) -> list[_Guard]:
        """The guards that a text can wake at all."""
        return [self._guards[at] for at in called(seen, self._alerts)]

    def deciding(self, text: str) -> set[str]:
        """The keys of all rules that would each by itself decide that a text speaks of danger; for the audit."""
        text = text[:_STRETCH]
        seen = self._lists.of(text)
        tried, where = self._tried(text, seen, frozenset())
        alert = self._alert(seen)
        return {
            rule.key
            for rule in tried
            if not rule.hint and any(not _stopped(rule, text, span, alert) for span in rule.spans(text, where))
        }


def _stopped(rule: _Rule, text: str, span: Span, guards: Sequence[_Guard]) -> set[str]:
    return {
        guard.name
        for guard in guards
        if rule.type in guard.types and guard.name not in rule.ignore and guard.holds(text, span)
    }


_NOTHING = Verdict()


class _Parts:
    """The named parts of expressions, filled in where an expression names them in braces."""

    def __init__(self, parts: Mapping[str, str]) -> None:
        self._parts: dict[str, str] = {}
        for name, expression in parts.items():
            self._parts[name] = self.fill(expression)

    def fill(self, expression: str) -> str:
        return re.sub(r"\{([a-z][a-z0-9]*)\}", lambda found: self._parts[found.group(1)], expression)

    def compiled(self, entry: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
        return re.compile(self.fill(entry[key])) if key in entry else None


def _rule(kind: str, entry: Mapping[str, Any], parts: _Parts, seek: str = "", family: Family | None = None) -> _Rule:
    what = f"{kind} {seek or entry['find']}"
    return _Rule(
        type=kind,
        key=f"{kind} {sha256(what.encode()).hexdigest()[:10]}",
        words=parts.fill(entry.get("find", "")),
        family=family,
        unless_words=parts.fill(entry.get("unless", "")),
        near_words=parts.fill(entry.get("near", "")),
        ignore=frozenset(entry.get("ignore", ())),
        hint=bool(entry.get("hint", False)),
        longest=int(entry.get("longest", _LONGEST)),
        rest=int(entry.get("rest", _LONGEST)),
    )


def _guard(name: str, entry: Mapping[str, Any], parts: _Parts, lifts: Mapping[str, re.Pattern[str]]) -> _Guard:
    return _Guard(
        name=name,
        types=frozenset(entry["types"]),
        before=parts.compiled(entry, "before"),
        close=parts.compiled(entry, "close"),
        around=parts.compiled(entry, "around"),
        lifted_by=lifts[entry["lifted_by"]] if "lifted_by" in entry else None,
    )
