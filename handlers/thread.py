"""Knows a person's conversation with the bot (对话): open questions, recent bubbles, the topic. Survives restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.raw import RawText

BUBBLES = timedelta(seconds=120)
"""People talk in bubbles: what comes within this span may belong together (design.md)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer: what is shown, and what it means."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the bot waits for. `kind` names the module that reads the answer; `facts` is what it needs for that."""

    kind: str
    case: str = ""
    choices: tuple[Choice, ...] = ()
    asked_at: datetime
    times: int = 1
    facts: Mapping[str, str] = field(default_factory=dict)
    words: RawText = field(default_factory=RawText)


@dataclass(frozen=True, slots=True)
class Bubble:
    """Recent words and the case they went to (“-” a command or an answer, “” when they went nowhere)."""

    words: RawText
    at: datetime
    case: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One person's conversation. Questions are a stack: the newest is the last.

    `noticed` is the notice (停机公告) they were told; `tries`, wrong one-time codes on the day `tried_on`;
    `album`, the last one of which a picture was answered.
    """

    person: str
    welcomed: bool = False
    script: str = "hans"
    questions: tuple[Question, ...] = ()
    bubbles: tuple[Bubble, ...] = ()
    topic: str = ""
    answer: str = ""
    unclear: int = 0
    anonymous: bool = False
    noticed: str = ""
    tries: int = 0
    tried_on: str = ""
    album: str = ""
    version: int = 0

    @property
    def question(self) -> Question | None:
        """The newest open question."""
        return self.questions[-1] if self.questions else None

    def earlier(self, now: datetime) -> str:
        """The words of the last bubble that has not grown too old, or “”."""
        recent = [bubble for bubble in self.bubbles if now - bubble.at <= BUBBLES]
        return recent[-1].words.reveal() if recent else ""

    def asking(self, question: Question) -> Thread:
        """This thread with one more question; a question of the same kind for the same case is replaced."""
        kept = tuple(q for q in self.questions if (q.kind, q.case) != (question.kind, question.case))
        return replace(self, questions=(*kept, question)[-4:])

    def without(self, question: Question) -> Thread:
        """This thread with one question answered or dropped."""
        kept = tuple(q for q in self.questions if (q.kind, q.case) != (question.kind, question.case))
        return replace(self, questions=kept)

    def without_kinds(self, *kinds: str) -> Thread:
        """This thread without any question of these kinds."""
        return replace(self, questions=tuple(q for q in self.questions if q.kind not in kinds))

    def heard(self, words: str, at: datetime, case: str = "") -> Thread:
        """This thread after one more bubble; bubbles that are too old are forgotten."""
        recent = tuple(b for b in self.bubbles if at - b.at <= BUBBLES)[-4:]
        return replace(self, bubbles=(*recent, Bubble(RawText(words), at, case)))

    def to_json(self) -> dict[str, Any]:
        """A document of plain JSON values, for the memory."""
        return {
            "welcomed": self.welcomed,
            "script": self.script,
            "topic": self.topic,
            "answer": self.answer,
            "unclear": self.unclear,
            "anonymous": self.anonymous,
            "noticed": self.noticed,
            "tries": self.tries,
            "tried_on": self.tried_on,
            "album": self.album,
            "questions": [_question_out(q) for q in self.questions],
            "bubbles": [[b.words.reveal(), b.at.isoformat(), b.case] for b in self.bubbles],
        }

    @classmethod
    def from_json(cls, person: str, version: int, document: Mapping[str, Any]) -> Thread:
        """The thread that `to_json` wrote."""
        plain = {k: v for k, v in document.items() if k not in ("questions", "bubbles")}
        return cls(
            person=person,
            version=version,
            questions=tuple(_question_in(q) for q in document.get("questions", ())),
            bubbles=tuple(
                Bubble(RawText(words), datetime.fromisoformat(at), case)
                for words, at, case in document.get("bubbles", ())
            ),
            **plain,
        )


def _question_out(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "case": question.case,
        "choices": [[c.label, c.value] for c in question.choices],
        "asked_at": question.asked_at.isoformat(),
        "times": question.times,
        "facts": dict(question.facts),
        "words": question.words.reveal(),
    }


def _question_in(document: Mapping[str, Any]) -> Question:
    return Question(
        kind=document["kind"],
        case=document["case"],
        choices=tuple(Choice(label, value) for label, value in document["choices"]),
        asked_at=datetime.fromisoformat(document["asked_at"]),
        times=document["times"],
        facts=document["facts"],
        words=RawText(document["words"]),
    )
