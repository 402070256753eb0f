"""Knows talk that is no matter of a duty: greeting, thanks, how it stands, rating, a person wanted, not ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers import adding
from handlers.command import Call
from handlers.commands import human, status, urge, withdraw
from handlers.flows import answer
from handlers.questions import rating
from handlers.turn import Turn
from nlu.understanding import Understanding


def run(turn: Turn, heard: Understanding) -> bool:
    """Answer by label; False where the label is not talk."""
    wording = turn.rules.wording
    if wording.matches("self_ask", turn.words):
        turn.said.append(wording.say("oos.self", bot=turn.rules.town.bot_name))
        return True
    if wording.matches("queue", turn.words) and heard.label in ("case_status", "human_handoff"):
        human.queue(turn)
        return True
    if wording.matches("phone_ask", turn.words) and heard.label in _TALK:
        human.phone(turn)
        return True
    say = _TALK.get(heard.label)
    if say is None:
        return False
    say(turn)
    turn.thread = replace(turn.thread, unclear=0)
    return True


def greeting(turn: Turn) -> None:
    """Hello, thanks, goodbye, or just a noise: short, and with what can be said here for who is new."""
    wording = turn.rules.wording
    if wording.matches("thanks", turn.words):
        turn.say("greeting.thanks")
    elif wording.matches("bye", turn.words):
        turn.say("greeting.bye")
    elif turn.thread.welcomed and not wording.matches("hello", turn.words):
        turn.say("greeting.okay")
    else:
        turn.say("greeting.hello", bot=turn.rules.town.bot_name)


def case_status(turn: Turn) -> None:
    """How an earlier matter stands, by number, by description, or the only one; “催” urges it."""
    if turn.rules.wording.matches("urging", turn.words) and len(turn.mine()) == 1:
        urge.run(turn, Call(number=turn.mine()[0].number))
        return
    status.described(turn)


def rate_feedback(turn: Turn) -> None:
    """A rating said on its own; “解决了” before there is a result may end the case; praise is simply welcome."""
    if rating.loose(turn):
        return
    case, verdict = adding.talked_of(turn), rating.read(turn, turn.words)
    if case is not None and verdict is not None and verdict.solved and case.state in adding.BEFORE_RESULT:
        withdraw.ask(turn, case)
    elif verdict is not None and verdict.solved is False and turn.mine():
        status.described(turn)
    else:
        turn.say("rate.nothing")


def human_handoff(turn: Turn) -> None:
    """Somebody wants a person."""
    human.run(turn, Call())


def out_of_scope(turn: Turn) -> None:
    """Not for the grid: where to go, why, and the number. A question with an approved answer is answered first."""
    if turn.understanding.demand == "consult" and answer.given(turn, turn.understanding):
        return
    turn.say(f"oos.{topic(turn) or 'other'}", bot=turn.rules.town.bot_name, **_numbers(turn.rules.town.hotlines))


def topic(turn: Turn) -> str:
    """What it is about that is not for the grid, “” when nothing tells."""
    wording = turn.rules.wording
    return next((name for name in wording.lists["oos_topics"] if wording.matches(f"oos.{name}", turn.words)), "")


def _numbers(hotlines: Mapping[str, str]) -> dict[str, str]:
    known = {"gov": "12345", "legal": "12348", "fraud": "96110", "discipline": "12388", "medical": "120",
             "police": "110", "consumer": "12315"}  # fmt: skip
    return {**known, **hotlines}


_TALK: Mapping[str, Callable[[Turn], None]] = {
    "greeting": greeting,
    "case_status": case_status,
    "rate_feedback": rate_feedback,
    "human_handoff": human_handoff,
    "out_of_scope": out_of_scope,
}
