"""Knows how waiting messages are served together: one transaction, pure decisions, bulk writing."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.drawing import Draw, drawn, secret_code
from bot.frames import frames
from bot.present import Present
from bot.visits import NO_TERMS, Visits
from bot.wanting import draws, wanted
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Letter, to_duty_desk
from handlers.ports import Clock
from handlers.thread import Thread
from handlers.town import Town
from handlers.working_set import Wanted, WorkingSet
from nlu.understanding import Heard
from storage.store import Store, Tx
from storage.values import InboxRow, Taken, Written

log = logging.getLogger(__name__)

LIMIT = 64
"""How many messages are served together at most."""

TRIES = 3
"""How often one message is tried again in a new transaction after a deadlock or a lost connection."""

_HEARD = frozenset({"text", "photo", "voice", "video", "file"})


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one message: its inbox row, and the words it was answered with."""

    inbox: int
    receipt: str
    repeat: bool = False
    failed: bool = False


class Batch:
    """Serves messages. One instance belongs to one writing thread, for it keeps case numbers in reserve."""

    def __init__(
        self, store: Store, present: Present, clock: Clock, draw: Draw = secret_code, visits: Visits = NO_TERMS
    ) -> None:
        self._store = store
        self._visits = visits
        self._draw = draw
        self._present = present
        self._clock = clock
        self._spare: deque[str] = deque()

    @property
    def town(self) -> Town:
        """The town as it is now."""
        return self._present.desk.rules.town

    def say(self, key: str, **facts: object) -> str:
        """An approved sentence."""
        return self._present.desk.rules.wording.say(key, **facts)

    def serve(self, batch: Sequence[Incoming]) -> list[Result | BaseException]:
        """Serve up to 64 messages; an exception stands in the place of one that could not even be kept."""
        try:
            return list(self._together(batch))
        except Exception as error:  # the one broad guard of the counter: one by one, so that others go on
            if len(batch) > 1:
                log.warning("a batch of %d is served one by one after %s", len(batch), type(error).__name__)
                return [result for one in batch for result in self.serve([one])]
            return [self._alone(batch[0], error)]

    def replay(self, row: InboxRow) -> Result:
        """Serve a kept message once more, as if it came now; its receipt is pushed, for nobody waits for it."""
        incoming = replace(row.incoming, inline=False)
        threads = self._threads([incoming])
        heard = self._understand([incoming], threads)
        with self._store.transaction() as tx:
            now = self._clock.now()
            incoming = tx.behind([incoming], now)[0]
            ws = self._load(tx, [incoming], heard, threads, now)
            written = self._decide(ws, incoming, heard[0], Taken(id=row.id, new=True), now)
            tx.flush([written], now)
            self._put_back(ws)
        return Result(row.id, written.receipt, failed=written.state == "failed")

    def _alone(self, incoming: Incoming, error: BaseException) -> Result | BaseException:
        """One message after its first failure: again in a new transaction, then kept as failed, else given up."""
        for _ in range(TRIES):
            if not self._store.transient(error):
                break
            try:
                return self._together([incoming])[0]
            except Exception as again:
                error = again
        try:
            return self._keep_failed(incoming, error)
        except Exception:
            log.error("a message could not be kept (%s); its platform is asked to bring it again", type(error).__name__)
            return error

    def _keep_failed(self, incoming: Incoming, error: BaseException) -> Result:
        now = self._clock.now()
        with self._store.transaction() as tx:
            taken = tx.take_in([incoming], now)[0]
            if not taken.new:
                return Result(taken.id, taken.receipt, repeat=True)
            self._visits.begin(tx, [incoming], now)
            ws = tx.load([Wanted(sender=incoming.sender, chat=incoming.chat)], now)
            written = self._failed(ws, incoming, taken, error)
            tx.flush([written], now)
        return Result(taken.id, written.receipt, failed=True)

    # -- the batch -------------------------------------------------------------------------------------------------

    def _together(self, batch: Sequence[Incoming]) -> list[Result]:
        """The batch in one transaction. Numbers reserved in one that failed may be given again: they are dropped."""
        try:
            return self._in_one(batch)
        except BaseException:
            self._spare.clear()
            raise

    def _in_one(self, batch: Sequence[Incoming]) -> list[Result]:
        threads = self._threads(batch)
        heard = self._understand(batch, threads)
        with self._store.transaction() as tx:
            now = self._clock.now()
            taken = tx.take_in(batch, now)
            fresh = [i for i, one in enumerate(taken) if one.new]
            written: dict[int, Written] = {}
            if fresh:
                batch = tx.behind(batch, now)
                ws = self._load(tx, [batch[i] for i in fresh], [heard[i] for i in fresh], threads, now)
                waiting = self._visits.begin(tx, [batch[i] for i in fresh], now)
                for i in fresh:
                    sense = self._again_if_moved(batch[i], heard[i], threads, ws)
                    decided = self._decide(ws, batch[i], sense, taken[i], now)
                    written[i] = self._visits.tell(tx, decided, batch[i], waiting, now)
                tx.flush(list(written.values()), now)
                self._put_back(ws)
        return self._results(taken, written)

    def _results(self, taken: Sequence[Taken], written: Mapping[int, Written]) -> list[Result]:
        receipts = {w.inbox_id: w.receipt for w in written.values()}
        results = []
        for i, one in enumerate(taken):
            done = written.get(i)
            receipt = done.receipt if done else receipts.get(one.id, one.receipt)
            failed = done is not None and done.state == "failed"
            results.append(Result(one.id, receipt, repeat=done is None, failed=failed))
        return results

    def _threads(self, batch: Sequence[Incoming]) -> Mapping[str, Thread]:
        with self._store.reading() as reader:
            self._present.look(reader)
            return reader.threads_of(sorted({one.sender for one in batch}))

    def _understand(self, batch: Sequence[Incoming], threads: Mapping[str, Thread]) -> list[Heard | None]:
        """Outside any transaction: every text alone, and with the bubble before it where there is one."""
        asked = [i for i, one in enumerate(batch) if one.kind in _HEARD and one.text]
        now = self._clock.now()
        pairs = [(batch[i].text.reveal(), _earlier(batch[i], threads, now)) for i in asked]
        found = dict(zip(asked, self._present.ear.understand(pairs), strict=True)) if pairs else {}
        return [found.get(i) for i in range(len(batch))]

    def _again_if_moved(
        self, incoming: Incoming, heard: Heard | None, threads: Mapping[str, Thread], ws: WorkingSet
    ) -> Heard | None:
        """Understand once more where an earlier message of the batch (or another process) moved the thread.

        The transaction is open by now: only the ear that never calls out may be asked.
        """
        if heard is None or incoming.group:
            return heard
        current = ws.thread(ws.senders.get(incoming.sender, "")).earlier(self._clock.now())
        if current == _earlier(incoming, threads, self._clock.now()):
            return heard
        again = self._present.desk.rules.ear.understand([(incoming.text.reveal(), current)])[0]
        return replace(heard, joined=again.joined)

    def _load(
        self, tx: Tx, batch: Sequence[Incoming], heard: Sequence[Heard | None], threads: Mapping[str, Thread],
        now: datetime,
    ) -> WorkingSet:  # fmt: skip
        pairs, desk = zip(batch, heard, strict=True), self._present.desk
        asked = [wanted(one, threads, desk, sense) for one, sense in pairs]
        ws = drawn(tx, asked, [draws(one, threads, desk) for one in batch], self._draw, now)
        if len(self._spare) < len(batch):
            self._spare.extend(tx.reserve(len(batch) - len(self._spare)))
        ws.numbers = self._spare
        return ws

    def _put_back(self, ws: WorkingSet) -> None:
        """What was reserved and not used serves the next batch."""
        self._spare = ws.numbers

    def _decide(self, ws: WorkingSet, incoming: Incoming, heard: Heard | None, taken: Taken, now: datetime) -> Written:
        """One pure decision; an exception discards its effects alone and keeps the message as failed."""
        try:
            effects = self._present.desk.decide(ws, incoming, heard, now)
        except Exception as error:
            log.error("message %d failed: %s\n%s", taken.id, type(error).__name__, frames(error))
            return self._failed(ws, incoming, taken, error)
        ws.after(effects)
        return Written(
            effects=effects,
            inbox_id=taken.id,
            receipt=_receipt(effects, incoming),
            chat=incoming.chat,
            inline=incoming.inline,
            person=ws.senders.get(incoming.sender, ""),
        )

    def _failed(self, ws: WorkingSet, incoming: Incoming, taken: Taken, error: BaseException) -> Written:
        """The resident hears 已转人工, the duty desk gets an alarm, `replay ID` brings the message again."""
        say = self._present.desk.rules.wording.say
        person = ws.senders.get(incoming.sender, "")
        letters = [] if incoming.group else [Letter(to=person, chat=incoming.chat, text=say("failed"), kind="reply")]
        letters.append(to_duty_desk(self.town, say("desk.failed", id=taken.id)))
        return Written(
            effects=Effects(letters=tuple(letters)),
            inbox_id=taken.id,
            state="failed",
            receipt="" if incoming.group else say("failed"),
            chat=incoming.chat,
            inline=incoming.inline,
            error=type(error).__name__,
            person=person,
        )


def _earlier(incoming: Incoming, threads: Mapping[str, Thread], now: datetime) -> str:
    thread = threads.get(incoming.sender)
    return thread.earlier(now) if thread is not None and not incoming.group else ""


def _receipt(effects: Effects, incoming: Incoming) -> str:
    """The words of the answer to where the message came from."""
    return next((x.text for x in effects.letters if x.kind == "reply" and x.chat == incoming.chat), "")
