"""Knows the proof that every door is real: ten minutes at fifty messages a second on all platforms, with faults on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tests import postgres
from tests.product import make_tables
from tests.prove.doors import controls, mixed
from tests.prove.doors.journal import share
from tests.prove.doors.mixed import Asked, Told
from tests.prove.proof import Figure, Part, Proof, Run, at_least, at_most, told, zero

SECONDS, RATE = 600.0, 50.0
SHORT, SLOW = 20.0, 20.0
SPOILT = 0.1
"""The share of reports in a control: there must be some to spoil."""
KEPT_UP = 0.98
"""Of the messages a second that were meant, so many must really have been said."""

ZEROS = {
    "lost": "acknowledged and lost",
    "given_up": "given up by a platform after all its tries",
    "failed": "stored and not served",
    "from_nowhere": "rows of messages that nobody sent",
    "unread": "kept as unreadable",
    "cases_lost": "reports without a case",
    "cases_doubled": "reports with two cases",
    "cases_from_nowhere": "cases that nobody reported",
    "steps_doubled": "steps taken twice",
    "other_words": "repeats that got other words",
    "unanswered": "questions without an answer",
    "replies_lost": "letters said to be sent that never arrived",
    "replies_doubled": "letters that arrived twice",
    "letters_left": "letters left behind",
    "letters_dead": "letters given up",
    "too_much": "quota violations counted by the fakes",
    "dropped": "messages dropped silently as too many",
    "broken_store": "stores not whole afterwards",
}


def figures(asked: Asked, one: Told) -> Sequence[Figure]:
    """The verdict, how much there was of everything, and how fast it went."""
    journal, verdict = one.journal, one.verdict
    waits = [said.took for said in journal.said if said.taken and said.platform != "wecom-bot"]
    said = len(journal.said)
    return [
        *(zero(name, getattr(verdict, field)) for field, name in ZEROS.items()),
        at_most("repeats after an answer that the platform's own fault lost", verdict.repeats, one.did["swallowed"]),
        at_least("messages", said, int(asked.seconds * asked.rate)),
        at_least("messages a second", round(journal.rate(), 1), round(asked.rate * KEPT_UP, 1)),
        told("on each door", _list(journal.by_platform())),
        told("reports among them", sum(said.opens for said in journal.said)),
        told(
            "taken by two workers at the same moment: accepted / fed back", f"{verdict.accepted} / {verdict.fed_back}"
        ),
        told("tries, by outcome", _list(journal.tries())),
        told("under way when the long connection was torn", sum(said.torn for said in journal.said)),
        told("of those never arrived (nobody can bring them again)", verdict.torn_away),
        told("what the platforms' servers did", _list(one.did)),
        told("what happened besides", _list(one.happened)),
        told("errcodes meant by the platforms", _list(one.codes) or "none"),
        told("tokens fetched", one.refreshes),
        told("acknowledged within, half / 99 % / all (ms)", " / ".join(f"{v * 1000:.0f}" for v in _times(waits))),
        told("seconds until the last letter had left", round(one.drained, 1)),
        told("CPU of the bot a message (ms)", round((one.ended.cpu - one.begun.cpu) * 1000 / max(said, 1), 2)),
        told("memory of the bot, begin / end (MB)", f"{one.begun.memory:.0f} / {one.ended.memory:.0f}"),
    ]


def _times(waits: Sequence[float]) -> tuple[float, float, float]:
    return share(waits, 0.5), share(waits, 0.99), max(waits, default=0.0)


def _list(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {n:,}" for name, n in sorted(counted.items()) if n)


def store(run: Run) -> AbstractContextManager[str | None]:
    """A fresh database."""
    if run.store == "postgres":
        return postgres.prepared_database(make_tables)
    for path in run.folder.glob("live.db*"):
        path.unlink()
    return nullcontext(f"sqlite:///{run.folder}/live.db")


def went(asked: Asked, run: Run) -> Told:
    """One run on the store that is asked for; what was found stands beside the log of the bot."""
    with store(run) as url:
        assert url is not None, "PostgreSQL's programs were not found"
        one = asyncio.run(mixed.run(asked, url, run.folder, run.say))
    _write(run.folder / "found.txt", one)
    return one


def _write(path: Path, one: Told) -> None:
    path.write_text("\n".join([*one.verdict.examples, _list(one.happened), _list(one.codes)]), "utf-8")


def _mixed(mode: str, run: Run) -> Sequence[Figure]:
    asked = Asked(seconds=SECONDS * run.share, rate=RATE, bot_mode=mode, seed=run.seed, outages=run.share > 0.3)
    return figures(asked, went(asked, run))


def _control(run: Run) -> Sequence[Figure]:
    """Everything goes wrong on purpose, and each kind of it is found."""
    one = went(Asked(seconds=SHORT, rate=SLOW, seed=run.seed, outages=False, control=True, reports=SPOILT), run)
    return [
        at_least("messages", len(one.journal.said), int(SHORT * SLOW)),
        zero("kinds of trouble made on purpose that the checker missed", len(controls.missed(one.verdict))),
        *(at_least(f"found: {ZEROS[name]}", getattr(one.verdict, name), 1) for name in controls.CAUGHT),
    ]


PROOF = Proof(
    name="doors",
    promise="Ten minutes at fifty messages a second on all doors at once (公众号, WeCom application, group webhook, "
    "智能机器人, Telegram, website), with faults on: 0 acknowledged lost, 0 doubled, 0 quota violations, the same "
    "words to every repeat. Before that a control, in which everything is spoilt on purpose and must be found.",
    parts=(
        Part("control", _control),
        Part("long connection", lambda run: _mixed("websocket", run)),
        Part("callback", lambda run: _mixed("callback", run)),
    ),
)
