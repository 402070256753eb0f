"""Knows the order in which a message is looked at: danger, commands, answers, corrections, new matters, additions.

`decide` is pure: a message and the working set go in, frozen effects come out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from handlers import adding, choosing, deadlines, dispatch, following, history, in_group, listening, odd, wake
from handlers.cases import Case, Entry
from handlers.choosing import Asked
from handlers.command import Call, Command, Commands
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.needs import Needs
from handlers.questions.choices import settles
from handlers.questions.slots import add_photos
from handlers.rules import RefusalError, Rules
from handlers.thread import Question
from handlers.turn import Turn
from handlers.working_set import WorkingSet
from nlu.understanding import Heard, Understanding

_WORK = frozenset({"feed_back", "feed_back_photo", "return_reason", "whistle_whom", "contribution", "decline_reason"})
"""Questions that a worker answers about a case in hand."""

Flow = Callable[[Turn, Understanding, str], None]
Reader = Callable[[Turn, Question, str], bool]


class Desk:
    """The whole of grid governance as one function of (working set, message, understanding, time)."""

    def __init__(
        self,
        rules: Rules,
        commands: Mapping[str, Command],
        flows: Mapping[str, Flow],
        readers: Mapping[str, Reader],
    ) -> None:
        self.rules = rules
        self.commands = Commands(commands, rules.wording)
        self.needs = Needs(rules, self.commands)
        self._flows = flows
        self._readers = readers

    def fitted(self, rules: Rules) -> Desk:
        """The same desk in a town that has changed."""
        return Desk(rules, self.commands.by_key, self._flows, self._readers)

    def decide(self, ws: WorkingSet, incoming: Incoming, heard: Heard | None, now: datetime) -> Effects:
        """What one message does."""
        turn = DeskTurn(self, ws, now, incoming, heard)
        turn.group = in_group.group_id(turn)
        in_group.begun(turn)
        if turn.person is not None:
            listening.drop_foreign(turn)
        try:
            self._look(turn)
        except RefusalError as refusal:
            turn.refuse(refusal, incoming.button or incoming.kind)
        except Asked:
            pass
        following.run(turn)
        listening.finish(turn)
        return turn.effects()

    def wake(self, ws: WorkingSet, number: str, now: datetime) -> Effects:
        """What the clock does to one case."""
        turn = DeskTurn(self, ws, now)
        wake.run(turn, number)
        return turn.effects()

    def recounted(self, case: Case, entries: Sequence[Entry]) -> Case:
        """An open case with the clock that its history and the calendar of today give it."""
        return deadlines.with_wake(history.Clocks.of(history.fold(entries, self.rules.timing)).onto(case))

    def left(self, ws: WorkingSet, number: str, now: datetime) -> Effects:
        """What happens to an open case whose hands are no longer in the configuration."""
        turn = DeskTurn(self, ws, now)
        case = turn.case(number)
        if case is not None and case.open:
            dispatch.left_alone(turn, case)
        return turn.effects()

    def _look(self, turn: Turn) -> None:
        incoming = turn.incoming
        assert incoming is not None
        if incoming.kind == "press" and incoming.astray:
            raise RefusalError("foreign_button")
        if incoming.kind == "press":
            self.press(turn, incoming.button)
        elif incoming.kind == "event" and turn.group:
            in_group.changed(turn)
        elif incoming.kind == "event":
            odd.event(turn)
        elif incoming.kind == "fetched":
            odd.fetched(turn)
        elif turn.group:
            self._in_group(turn)
        elif incoming.kind == "photo" and not turn.words:
            self._photo(turn)
        elif incoming.kind == "location":
            self._location(turn)
        elif turn.heard is None or not turn.words or (odd.unreadable(turn) and listening.danger(turn) is None):
            odd.kind(turn)
        else:
            self._text(turn)

    # -- text ------------------------------------------------------------------------------------------------------

    def _text(self, turn: Turn) -> None:
        listening.meet(turn)
        danger = listening.danger(turn)
        if danger is not None and not self._work(turn):
            self.flow(turn, "emergency", danger)
            return
        turn.consumed = True
        if (
            self._chosen(turn)
            or self._command(turn)
            or listening.holds_back(turn)
            or self._answered(turn)
            or listening.corrects(turn)
        ):
            return
        turn.consumed = False
        if turn.incoming is not None and turn.incoming.edited and adding.edited(turn):
            return
        pending = turn.thread.questions
        if not listening.matter(turn) and not listening.talk(turn):
            listening.unclear(turn)
        listening.ask_again(turn, pending)

    def _work(self, turn: Turn) -> bool:
        """Whether a worker speaks of a case in hand: “反馈 A0001 明火已灭” is no new fire."""
        found = self.commands.read(turn.words, staff=True) if turn.sender.staff else None
        asked = turn.thread.question
        waited = asked is not None and asked.kind in _WORK
        return turn.sender.staff and (waited or (found is not None and found[0].audience == "staff"))

    def _chosen(self, turn: Turn) -> bool:
        """Whether the words name a choice of the question asked last: “取消” to 确定要删吗 takes back no case."""
        question = turn.thread.question
        if question is None or not question.choices:
            return False
        picked = listening.picked(turn, question)
        reader = self._readers.get(question.kind)
        return reader is not None and bool(picked or settles(turn, question)) and reader(turn, question, picked)

    def _command(self, turn: Turn) -> bool:
        found = self.commands.read(turn.words, staff=turn.sender.staff)
        if found is None:
            return False
        self.run(turn, *found)
        return True

    def run(self, turn: Turn, command: Command, call: Call) -> None:
        """Run a command; staff words are refused to residents with a sentence that says what is possible."""
        if command.audience == "staff" and not turn.sender.staff:
            raise RefusalError("staff_only", case=call.number)
        command.run(turn, call)

    def _answered(self, turn: Turn) -> bool:
        """Whether the words answer an open question: the newest first, then older ones."""
        for question in reversed(turn.thread.questions):
            reader = self._readers.get(question.kind)
            if reader is not None and reader(turn, question, listening.picked(turn, question)):
                return True
        return False

    def flow(self, turn: Turn, label: str, heard: Understanding) -> None:
        """Run the flow that the catalogue names for a label and item."""
        if self.rules.catalogue.duty_for(label) is None:
            raise LookupError(f"no duty takes the label {label}")
        item = self.rules.catalogue.item_for(label, heard.emergency_type if label == "emergency" else heard.item)
        usual = self.rules.catalogue.item_for(label).flow
        # An ordinary report is held against the admission table first; an item that is reported where others are
        # answered (somebody has to come) is not.
        self._flows["answer" if item.flow == usual == "report" else item.flow](turn, heard, label)

    # -- buttons, photos, pins, groups -----------------------------------------------------------------------------

    def press(self, turn: Turn, action: str) -> None:
        """A button: `command:case:argument`. What it may do is checked anew, whoever presses and however old it is."""
        key, _, rest = action.partition(":")
        number, _, argument = rest.partition(":")
        if key == "pick":
            with turn.in_private():
                self._pick(turn, number, argument)
            return
        command = self.commands.by_key.get(key)
        if command is None:
            raise RefusalError("stale_button")
        call = Call(number=number, argument=argument)
        if turn.group:
            self._run_in_group(turn, command, call)
        else:
            self.run(turn, command, call)

    def _pick(self, turn: Turn, number: str, value: str) -> None:
        for question in reversed(turn.thread.questions):
            if question.case == number and any(choice.value == value for choice in question.choices):
                reader = self._readers.get(question.kind)
                if reader is not None and reader(turn, question, value):
                    return
        raise RefusalError("stale_button")

    def _photo(self, turn: Turn) -> None:
        for question in reversed(turn.thread.questions):
            reader = self._readers.get(question.kind)
            if reader is not None and reader(turn, question, ""):
                return
        case = adding.talked_of(turn)
        if case is not None:
            add_photos(turn, case)
        else:
            odd.keep_waiting(turn)

    def _location(self, turn: Turn) -> None:
        if not self._answered(turn):
            odd.location(turn)

    def _in_group(self, turn: Turn) -> None:
        """In a group the bot hears commands that name a case, and words addressed to it; else it keeps silent."""
        assert turn.incoming is not None
        addressed = turn.incoming.addressed
        if not turn.words or in_group.joins(turn):
            return
        found = self.commands.read(turn.words, staff=turn.sender.staff)
        if found is not None and found[0].unasked:
            with turn.in_private():
                self._run_or_refuse(turn, *found)
        elif found is not None and (found[1].number or choosing.quoted(turn) or addressed):
            self._run_in_group(turn, *found)
        elif listening.danger(turn) is not None and not self._work(turn):
            in_group.danger(turn, addressed)
        elif addressed and listening.is_duty(turn):
            in_group.report(turn)
        elif addressed:
            turn.say("group.go_private", bot=self.rules.town.bot_name)

    def _run_or_refuse(self, turn: Turn, command: Command, call: Call) -> None:
        """A command whose refusal, too, is nobody else's to read."""
        try:
            self.run(turn, command, call)
        except RefusalError as refusal:
            turn.refuse(refusal, command.key)

    def _run_in_group(self, turn: Turn, command: Command, call: Call) -> None:
        """A command said in a group: only what moves the card is answered there, the rest in private."""
        if command.aloud:
            self.run(turn, command, call)
            return
        with in_group.private(turn):
            try:
                self.run(turn, command, call)
            except RefusalError as refusal:
                turn.refuse(refusal, command.key)
            except Asked:
                pass
        in_group.answered(turn)


class DeskTurn(Turn):
    """A turn that can hand on to a flow or a command of its desk."""

    def __init__(
        self, desk: Desk, ws: WorkingSet, now: datetime, incoming: Incoming | None = None, heard: Heard | None = None
    ) -> None:
        super().__init__(desk.rules, ws, now, incoming, heard)
        self._desk = desk

    def choose_flow(self, label: str, heard: Understanding) -> None:
        """Go on with the flow of this label."""
        self._desk.flow(self, label, heard)

    def run_command(self, key: str, call: Call) -> None:
        """Go on with a command."""
        self._desk.run(self, self._desk.commands.by_key[key], call)
