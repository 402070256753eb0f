"""Knows how free words are taken: as danger, a correction, a new matter, an addition, talk, or doubt said aloud."""

from __future__ import annotations

from dataclasses import replace

from handlers import adding, broadcasts, places, talking, voices
from handlers.cases import GENTLE, Where
from handlers.command import Call
from handlers.commands import human, report_menu, status, withdraw
from handlers.flows import answer
from handlers.questions import rating, slots
from handlers.thread import Choice, Question
from handlers.turn import Turn
from handlers.wording import strip
from nlu.understanding import Understanding

SCRIPT_SURE = 4
"""Characters from which a message tells in which script its writer reads."""

ORDINAL = 3
"""Longest way of naming a choice by its number (“第二个”)."""

VAGUE = 10
"""Words of this length that name no topic are not understood, rather than none of our business."""

_NUMBERED = frozenset({"which", "which_case", "relabel"})
"""Questions whose choices are shown as a numbered list; “1” to 解决了吗 is one star, not the first choice."""

_PLAIN_ANSWERS = ("yes", "no_thanks", "dont_know")
"""Whole messages that answer a question and can hold no danger, whatever a model makes of them."""

_LOST = frozenset({"same", "withdraw", "photo", "rating", "reopen"})
"""Questions that nobody is asked any more who does not speak in the case."""

_ASKED_AGAIN = frozenset({"place", "which", "reopen"})


def meet(turn: Turn) -> None:
    """The writer's script; having been unclear some time ago counts no more."""
    last = turn.thread.bubbles[-1:]
    if last and turn.now - last[0].at > adding.RECENT:
        turn.thread = replace(turn.thread, unclear=0)
    turn.thread = replace(turn.thread, script=turn.understanding.script if _has_han(turn) else turn.thread.script)


def _has_han(turn: Turn) -> bool:
    return len(turn.words) >= SCRIPT_SURE or turn.understanding.script == "hant"


def danger(turn: Turn) -> Understanding | None:
    """What was heard where life comes first: an emergency that is not hypothetical, perhaps said in two bubbles."""
    if turn.heard is None or any(turn.rules.wording.means(kind, turn.words) for kind in _PLAIN_ANSWERS):
        return None
    alone, joined = turn.heard.alone, turn.heard.joined
    if not alone.hypothetical and (alone.emergency_type != "none" or alone.label == "emergency"):
        return alone
    if joined is not None and _loose(turn) and joined.emergency_type != "none" and not joined.hypothetical:
        return joined
    return None


def _loose(turn: Turn) -> bool:
    """Whether the last bubble went nowhere yet."""
    return bool(turn.thread.bubbles) and not turn.thread.bubbles[-1].case


def picked(turn: Turn, question: Question) -> str:
    """The value of the choice that the words name: its label, or its number where the choices were numbered."""
    plain = strip(turn.words)
    wording = turn.rules.wording
    for n, choice in enumerate(question.choices):
        ordinals = wording.lists.get(f"choice.{n + 1}", ()) if question.kind in _NUMBERED else ()
        if (
            plain == strip(choice.label)
            or plain == choice.value.lower()
            or (len(plain) <= ORDINAL and plain in ordinals)
        ):
            return choice.value
    return ""


def corrects(turn: Turn) -> bool:
    """“不是3号楼 是5号楼”: the place of the case just spoken of is another one."""
    match = turn.rules.wording.matches("correction", turn.words)
    case = adding.talked_of(turn)
    if match is None or case is None or case.state not in adding.BEFORE_RESULT:
        return False
    if voices.joined(turn, case):
        voices.add_words(turn, case, turn.words)
        voices.doubt(turn, case)
        return True
    said = turn.hear_again(match.group("right"))
    found = _place(turn, said, case.where.unit)
    if found is None:
        return False
    turn.thread = turn.thread.without_kinds("place", "fix_place")
    slots.set_place(turn, replace(case, where=places.wrong(case.where)), found)
    return True


def _place(turn: Turn, said: Understanding, near: str) -> Where | None:
    found = places.where(said, turn.sender, turn.rules.town, near)
    return found if found.known or found.text else None


def holds_back(turn: Turn) -> bool:
    """“先别报了”: ask whether to take it back; what was only being asked about is dropped at once."""
    if not turn.rules.wording.matches("hold_back", turn.words):
        return False
    question = turn.thread.question
    if question is not None and question.kind == "which":
        turn.thread = replace(turn.thread.without(question), unclear=0)
        turn.say("record.no")
        return True
    case = adding.talked_of(turn)
    if case is None or case.state not in adding.BEFORE_RESULT:
        return False
    if case.item == human.ITEM:
        withdraw.run(turn, Call(number=case.number))
        return True
    withdraw.ask(turn, case)
    return True


def is_duty(turn: Turn) -> bool:
    """Whether the words hold a matter of one of the duties."""
    return turn.heard is not None and turn.rules.catalogue.duty_for(turn.understanding.label) is not None


def matter(turn: Turn) -> bool:
    """New duty content opens its own case (or is asked about where two meanings are near); an addition is added."""
    if adding.place_alone(turn):
        return True
    heard = _sensed(turn)
    duty = turn.rules.catalogue.duty_for(heard.label)
    if duty is None:
        return False
    if adding.adds(turn, heard, duty.key) or adding.same_again(turn, heard, duty.key):
        return True
    if turn.rules.catalogue.caution.doubts(heard):
        if not heard.item and heard.confidence < turn.rules.catalogue.threshold("nothing"):
            return False
        ask_meaning(turn, heard)
        return True
    turn.choose_flow(heard.label, heard)
    return True


def _sensed(turn: Turn) -> Understanding:
    """The message alone; joined with a loose bubble just before it where only together they make sense."""
    alone = turn.understanding
    joined = turn.heard.joined if turn.heard else None
    if joined is None or not _loose(turn) or alone.confidence >= turn.rules.catalogue.threshold(alone.label):
        return asked_only(alone)
    better = joined.confidence > alone.confidence and turn.rules.catalogue.duty_for(joined.label) is not None
    return asked_only(joined if better else alone)


def asked_only(heard: Understanding) -> Understanding:
    """“如果着火怎么办” is a question about the rules, no danger (admission table, emergency × consult)."""
    if heard.label != "emergency" or not heard.hypothetical:
        return heard
    return replace(heard, label="legal_policy", item="", demand="consult")


def ask_meaning(turn: Turn, heard: Understanding) -> None:
    """Doubt said aloud: one question with two or three choices; still unclear means a person."""
    if turn.thread.unclear >= 1:
        human.hand_over(turn)
        return
    labels = [x for x in (heard.label, heard.runner_up) if turn.rules.catalogue.duty_for(x) is not None]
    choices = tuple(Choice(turn.word(f"meaning.{label}"), label) for label in dict.fromkeys(labels))
    choices = (*choices, Choice(turn.word("meaning.none"), "none"))
    turn.say("ask.meaning")
    turn.said.extend(turn.word("choice.line", n=n + 1, label=choice.label) for n, choice in enumerate(choices))
    turn.await_answer("which", choices=choices, words=heard.text)
    turn.thread = replace(turn.thread, unclear=turn.thread.unclear + 1)


def talk(turn: Turn) -> bool:
    """What is no matter of a duty: greetings, status, rating, a person wanted, out of scope."""
    heard = turn.understanding
    if turn.rules.wording.matches("wait", turn.words):
        turn.say("wait.okay")
        return True
    if _of_danger(turn, heard):
        return False
    vague = heard.label == "out_of_scope" and len(turn.words) <= VAGUE and not talking.topic(turn)
    catalogue = turn.rules.catalogue
    if vague or not catalogue.caution.talks(heard, beside=catalogue.duty_for(heard.runner_up) is None):
        return False
    return talking.run(turn, heard)


def _of_danger(turn: Turn, heard: Understanding) -> bool:
    """“在家” from somebody in danger is no small talk: it is kept, and the duty desk hears it."""
    case = adding.recent(turn)
    small = heard.label == "greeting" and not turn.rules.wording.matches("thanks", turn.words)
    return small and case is not None and bool(case.emergency)


def unclear(turn: Turn) -> None:
    """Nothing was understood: an approved answer may fit, or the case spoken of; else ask once, then a person."""
    if turn.understanding.demand == "consult" and answer.given(turn, turn.understanding):
        return
    if turn.mine() and turn.rules.wording.matches("urging", turn.words):
        status.described(turn)
        return
    case = adding.recent(turn)
    if case is not None:
        adding.add(turn, case)
        return
    if turn.thread.unclear == 0 and rating.ask_again(turn):
        return
    if turn.thread.unclear >= 1:
        human.hand_over(turn)
        return
    turn.say("unclear.first")
    turn.thread = replace(turn.thread, unclear=turn.thread.unclear + 1)


def ask_again(turn: Turn, pending: tuple[Question, ...]) -> None:
    """The question that was open before a new matter came is asked again, once."""
    still = [q for q in turn.thread.questions if q in pending and q.kind in _ASKED_AGAIN and q.times < slots.ASKED]
    if not still or not turn.out.cases:
        return
    question = still[-1]
    if question.case in turn.out.cases:
        return
    case = turn.case(question.case)
    if case is None or question.kind != "place":
        return
    turn.thread = turn.thread.without(question)
    turn.thread = turn.thread.asking(replace(question, times=question.times + 1, asked_at=turn.now))
    if case.emergency in GENTLE:
        turn.say("emergency.where_gentle")
    else:
        turn.say("ask.place_later", number=case.number, item=turn.item(case).name)


def drop_foreign(turn: Turn) -> None:
    """Questions about a case that is none of the sender's any more (split off, handed on, left) are not open."""
    for question in turn.thread.questions:
        case = turn.case(question.case) if question.case and not question.facts.get("own") else None
        if case is not None and not turn.actors(case) and question.kind in _LOST:
            turn.thread = turn.thread.without(question)


def _went(turn: Turn) -> str:
    """Where words went that opened no case: “-” when they were answered, “” when they still wait to make sense."""
    waits = turn.still_unclear or any(question.kind == "what" for question in turn.thread.questions)
    return "" if waits and not turn.consumed else "-"


def finish(turn: Turn) -> None:
    """At the end of a turn: the bubble is remembered with the case it went to, the first meeting is marked."""
    if turn.person is None or turn.incoming is None or turn.group:
        return
    adding.keep_media(turn)
    broadcasts.tell_standing(turn, turn.case(turn.reply_case))
    if turn.words and turn.incoming.kind in ("text", "voice") and not turn.said and not turn.out.letters:
        turn.say("unclear.first")
    if turn.words and turn.incoming.kind in ("text", "voice"):
        turn.thread = turn.thread.heard(turn.words, turn.now, turn.reply_case or _went(turn))
    if turn.thread.welcomed or turn.incoming.kind == "fetched":
        return
    turn.thread = replace(turn.thread, welcomed=True)
    if turn.said and not turn.sender.staff and turn.incoming.event != "subscribe":
        turn.say("welcome.line")
    free = not (turn.out.cases or turn.thread.questions or turn.buttons)
    if turn.said and free and report_menu.serves(turn):
        report_menu.show(turn)
