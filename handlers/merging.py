"""Knows 并案 and 拆案: one case goes into another with everybody in it, and comes out again with nothing lost."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, counting, dispatch, notices, voices, whistling
from handlers.cases import Case, Reporter, State, TaskKind, TaskState
from handlers.catalogue import COLOURS
from handlers.raw import RawText
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn

_WAITING = (TaskState.CALLED, TaskState.REPORTED_IN)


def check(turn: Turn, source: Case, target: Case) -> None:
    """Whether one may go into the other at all, whoever asks. RefusalError says why not."""
    if source.number == target.number:
        raise RefusalError("merge_itself", case=source.number)
    for case in (source, target):
        if case.state not in voices.RUNNING:
            who = turn.rules.town.name_of(case.lead_person)
            raise RefusalError(f"state.{case.state.value}", case=case.number, who=who)
    if source.confidential or target.confidential:
        raise RefusalError("merge_confidential", case=source.number)
    if source.emergency and source.emergency != target.emergency:
        raise RefusalError("merge_emergency", case=source.number, into=target.number)


def by_reporter(turn: Turn, own: Case, target: Case) -> None:
    """The reporter says that it is the same: allowed while their own case waits for just this answer."""
    turn.may(Step.MERGE, own)
    check(turn, own, target)
    case = merge(turn, own, target)
    turn.say("same.merged", number=own.number, into=case.number, n=counting.count(turn, case),
             state=cards.state_line(turn, case))  # fmt: skip
    turn.thread = replace(turn.thread, topic=case.number)
    turn.reply_case = case.number


def merge(turn: Turn, source: Case, target: Case) -> Case:
    """The source ends in the target: people, words, pictures and those who help go along; the target as it is then."""
    shown = source.state is not State.COLLECTED
    notices.tell(turn, source, "resident.merged", into=target.number)
    notices.forget(turn, source)
    source = turn.record(replace(source, merged_into=target.number, maybe_same=""), Step.MERGE, into=target.number)
    target = _move_people(turn, source, target)
    target = _move_tasks(turn, source, target)
    n = counting.count(turn, target)
    target = turn.record(target, Step.JOIN, other=source.number, n=str(n))
    pictures = frozenset(source.photos)
    old, target = voices.move_photos(turn, source, target, pictures)
    turn.keep(replace(old, photos=source.photos))  # what came from here is known by it when it comes out again
    if COLOURS.index(source.colour) > COLOURS.index(target.colour):
        target = voices.recolour(turn, target, source.colour)
    _tell_hands(turn, source, target, shown=shown)
    return target


def _move_people(turn: Turn, source: Case, target: Case) -> Case:
    """Who is in both stays in the target as they were, with what they said in either."""
    inside = {one.person: one for one in turn.reporters(target.number, parted=True)}
    for one in turn.reporters(source.number):
        before = inside.get(one.person)
        if before is not None and not before.parted:
            target = voices.more_words(turn, target, before, _words(source, one))
            continue
        part = before.part if before is not None else one.part if one.part == "other_side" else "co_reporter"
        turn.out.reporters[(target.number, one.person)] = Reporter(
            case=target.number, person=one.person, part=part, anonymous=one.anonymous, since=turn.now,
            words=_words(source, one), via=source.number,
        )  # fmt: skip
    return target


def _words(source: Case, one: Reporter) -> RawText:
    return one.words if one.part == "co_reporter" else source.words


def _move_tasks(turn: Turn, source: Case, target: Case) -> Case:
    """Who was whistled helps in the target from now on; everything else that was asked for is done with."""
    helping = {task.holder for task in turn.tasks(target.number) if task.kind is TaskKind.JOIN}
    n = max((task.n for task in turn.tasks(target.number)), default=1)
    for task in turn.tasks(source.number):
        if task.state not in _WAITING:
            continue
        turn.out.tasks[(source.number, task.n)] = replace(task, state=TaskState.DONE, done_at=turn.now)
        if task.kind is TaskKind.JOIN and task.holder not in helping:
            n += 1
            turn.out.tasks[(target.number, n)] = replace(task, case=target.number, n=n)
    return turn.keep(whistling.reckoned(turn, target))


def _tell_hands(turn: Turn, source: Case, target: Case, *, shown: bool) -> None:
    line = turn.word("group.merged", number=source.number, into=target.number)
    if shown:
        cards.refresh(turn, source, line)
        if source.lead_person != target.lead_person:
            cards.tell_hands(turn, source, line)
    n = counting.count(turn, target)
    if target.state is not State.COLLECTED:
        cards.refresh(turn, target, turn.word("group.voices", number=target.number, n=n))
    if target.lead_person:
        safe = counting.safe(turn, source.words)
        text = turn.word("handler.merged", number=target.number, other=source.number, n=n, words=safe)
        turn.push(target.lead_person, text, case=target.number)


# -- and out again -----------------------------------------------------------------------------------------------------


def split(turn: Turn, source: Case) -> Case:
    """A merged case runs again on its own: its people are back, its clocks begin anew."""
    turn.may(Step.SPLIT, source)
    target = turn.case(source.merged_into)
    if target is not None and target.state is State.MERGED:
        raise RefusalError("split_outer", case=source.number, outer=target.number)
    if target is not None:
        source = _people_back(turn, source, target)
        if target.open:
            target = turn.record(target, Step.PART, other=source.number)
        _, source = voices.move_photos(turn, target, source, frozenset(source.photos))
    source = replace(source, merged_into="", came_from="", accepted_at=None, acknowledged_by="")
    source = dispatch.put(turn, dispatch.given(turn, source, dispatch.choose(turn, source), Step.SPLIT))
    if target is not None and target.state in (State.ASSIGNED, State.HANDLING):
        cards.refresh(turn, target, turn.word("group.split", number=target.number, other=source.number))
    notices.tell(turn, source, "resident.split", lead=turn.rules.town.name_of(source.lead))
    return source


def _people_back(turn: Turn, source: Case, target: Case) -> Case:
    """Who came by this case goes back with it, and with what they have said since; who had gone stays gone."""
    came = [one for one in turn.reporters(target.number, parted=True) if one.via == source.number]
    own = {one.person: one for one in turn.reporters(source.number, parted=True)}
    for one in came:
        home = own.get(one.person)
        if home is None:
            continue
        if one.parted:
            turn.out.reporters[(source.number, one.person)] = replace(home, parted=True)
            continue
        if target.open:
            turn.out.reporters[(target.number, one.person)] = replace(one, parted=True)
        source = _words_back(turn, source, home, one)
    return source


def _words_back(turn: Turn, source: Case, home: Reporter, one: Reporter) -> Case:
    """What was said while the case was part of another one belongs to it as well."""
    if one.part != "co_reporter":
        return source
    if home.part == "co_reporter":
        turn.out.reporters[(source.number, home.person)] = replace(home, words=one.words)
        return source
    return replace(source, words=one.words)


def split_out(turn: Turn, case: Case, n: int) -> Case:
    """The n-th of those who report a case gets a case of their own, made of what they said."""
    turn.may(Step.PART, case)
    inside = counting.voices(turn, case)
    if not 1 < n <= len(inside):
        raise RefusalError("split_which", case=case.number, n=len(inside))
    one = inside[n - 1]
    if one.via:
        raise RefusalError("split_via", case=case.number, via=one.via)
    if one.part != "co_reporter":
        raise RefusalError("split_opener", case=case.number)
    turn.out.reporters[(case.number, one.person)] = replace(one, parted=True)
    new = voices.of_its_own(turn, case, one)
    case = turn.record(case, Step.PART, other=new.number, person=one.person)
    mine = frozenset(photo.id for photo in turn.photos(case.number) if photo.person == one.person)
    case, new = voices.move_photos(turn, case, new, mine)
    new = dispatch.assign(turn, new, dispatch.choose(turn, new))
    notices.tell(turn, new, "resident.split_out", old=case.number, lead=turn.rules.town.name_of(new.lead))
    return new
