"""Knows how many voices a case has (同一件事): who is in it, when the number is worth telling, what each said."""

from __future__ import annotations

from handlers.cases import Case, Reporter, State
from handlers.raw import RawText
from handlers.turn import Turn

VOICES = frozenset({"reporter", "co_reporter", "on_behalf"})
"""Who counts as one that reported the trouble; the other side of a dispute and the finder do not."""

READ = 5
"""So many different co-reporters' words stand on a private card; the rest is a number."""

_FEW = (2, 3, 5)
MANY = 10
"""From here on the counter is renewed when it has doubled."""


def voices(turn: Turn, case: Case) -> list[Reporter]:
    """Who reports this trouble, in the order they came."""
    return [one for one in turn.reporters(case.number) if one.part in VOICES]


def count(turn: Turn, case: Case) -> int:
    """How many people report this trouble."""
    return len(voices(turn, case))


def counter_line(turn: Turn, case: Case) -> str:
    """“已有40人反映” for a card; “” for one reporter, and for what nobody else may know of."""
    n = count(turn, case)
    return "" if n < _FEW[0] or case.confidential else turn.word("card.voices", n=n)


def worth_telling(n: int) -> bool:
    """Whether the counter on the card is renewed at this number: 2, 3, 5, 10, 20, 40 …, not forty times."""
    while n > MANY and n % 2 == 0:
        n //= 2
    return n in (*_FEW, MANY)


def own(turn: Turn, case: Case) -> Reporter | None:
    """The sender among those who report this case."""
    if turn.person is None:
        return None
    return next((one for one in turn.reporters(case.number) if one.person == turn.sender.id), None)


def joined(turn: Turn, case: Case) -> bool:
    """Whether the sender came to a case that somebody else had opened."""
    found = own(turn, case)
    return found is not None and found.part == "co_reporter"


def home(turn: Turn, case: Case) -> Case:
    """The case itself, or the one into which it was merged, perhaps in several steps."""
    seen = {case.number}
    while case.state is State.MERGED and case.merged_into not in seen:
        seen.add(case.merged_into)
        into = turn.case(case.merged_into)
        if into is None:
            break
        case = into
    return case


def safe(turn: Turn, words: RawText) -> str:
    """Words as the one who has the case may read them."""
    return turn.rules.redactor.redact(words.reveal())


def words_lines(turn: Turn, case: Case) -> list[str]:
    """What co-reporters said, redacted, each only once, for the one who has the case."""
    said = [one.words for one in voices(turn, case) if one.part == "co_reporter" and one.words]
    different = [words for words in dict.fromkeys(said) if words != case.words]
    lines = [turn.word("card.voice", words=safe(turn, words)) for words in different[:READ]]
    if len(different) > READ:
        lines.append(turn.word("card.voices_more", n=len(different) - READ))
    return lines
