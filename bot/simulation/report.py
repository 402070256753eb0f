"""Knows how a month is told on paper: a few tables in Markdown, each number with what it is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from handlers.rules import Rules
from handlers.town import Person, Role

TOP = 12
PERCENT = 100
_COLUMNS = ("private", "group", "edits", "night", "taps", "sentences", "photos", "accepted", "own")
_HEADS = (
    "messages to them",
    "in their groups",
    "cards edited",
    "at night",
    "taps",
    "sentences",
    "photos",
    "cases accepted",
    "found and solved",
)

Totals = Mapping[str, Any]


def report(found: Totals, rules: Rules, seconds: float) -> str:
    """The whole report. Names of duties, states and people are the town's own."""
    parts = (
        _head(found, seconds),
        _section("Rates", _rates(found, rules)),
        _section("Cases", _cases(found, rules)),
        _section("Escalations", _escalations(found)),
        _section("Burden of those who serve", _burden(found, rules)),
        _section("What did not go through at once", _failures(found)),
        _section("Understood as meant (a side figure)", _understood(found)),
        _section("Steps", _steps(found, rules)),
    )
    return "\n".join(parts)


def _head(found: Totals, seconds: float) -> str:
    month = found["month"]
    off = ", ".join(month["holidays"]) or "none"
    return (
        "# A simulated month\n\n"
        f"{month['days']} days from {month['start']}, {month['people']} residents, seed {month['seed']}; the flood "
        f"came on {month['flood']}, holidays: {off}. {found['acts']} messages, photos and taps came in, "
        f"{found['letters']} letters went out, {found['cases']['all']} cases were opened. "
        f"It took {seconds:.0f} seconds.\n\n"
        "People, sentences and habits are invented (`bot/simulation`): this measures what the town's machinery asks of "
        "those who work with it; it is no forecast, and no test of the ear.\n"
    )


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def _share(n: int, of: int) -> str:
    return f"{PERCENT * n / of:.1f} %" if of else "–"


def _said(rules: Rules, key: str, otherwise: str) -> str:
    return rules.wording.sentences.get(key, otherwise)


def _rates(found: Totals, rules: Rules) -> str:
    rows = [
        (_said(rules, f"rate.{name}", name), name, _share(rate["n"], rate["of"]), rate["n"], rate["of"])
        for name, rate in found["rates"].items()
    ]
    rated = found["rates"]["rated"]
    return _table(("rate", "key", "share", "n", "of"), rows) + (
        f"\n{rated['of'] - rated['n']} of {rated['of']} closed cases with a result were never rated; they count "
        "neither as solved nor as content.\n"
    )


def _cases(found: Totals, rules: Rules) -> str:
    cases = found["cases"]
    states = [(_said(rules, f"data.state.{key}", key), n) for key, n in cases["state"].items()]
    colours = [(_said(rules, f"colour.{key}", key), n) for key, n in cases["colour"].items()]
    rows = sorted(((n, rules.catalogue.duty(key).name) for key, n in cases["duty"].items()), reverse=True)
    busiest = max(cases["day"].items(), key=lambda pair: (pair[1], pair[0]), default=("–", 0))
    return "\n".join(
        (
            _table(("state", "cases"), states),
            _table(("colour", "cases"), colours),
            _table(("duty", "cases"), [(name, n) for n, name in rows]),
            f"Busiest day: {busiest[0]} with {busiest[1]} cases. Reopened: {cases['reopened']}.\n",
        )
    )


def _escalations(found: Totals) -> str:
    told = found["escalations"]
    return (
        f"Raised one level by the clock: {told['raised']}; passed up by hand: {told['passed_up']}. "
        f"Supervised: {told['supervised']}. "
        f"Alarms repeated because nobody had answered: {told['alarms']}.\n\n"
        f"{told['emergencies']} emergencies; {told['seen']} were acknowledged or taken by a named person, half of them "
        f"within {told['median_minutes']} minutes, the last after {told['longest_minutes']}.\n"
    )


def _burden(found: Totals, rules: Rules) -> str:
    """One line for each grid worker, and one for the average of every other kind of people."""
    burden, people = found["burden"], rules.town.people
    rows: list[Sequence[object]] = []
    for person in people.values():
        if person.id in burden and person.has(Role.GRID_WORKER):
            rows.append(_line(f"{person.name}, {rules.town.name_of(person.unit)}", [burden[person.id]]))
    for role in (Role.GRID_HEAD, Role.DISPATCHER, Role.DEPARTMENT, Role.MEDIATOR, Role.SUPERVISOR):
        held = [burden[one.id] for one in people.values() if one.id in burden and _is(one, role)]
        if held:
            rows.append(_line(f"{_said(rules, f'role.{role.value}', role.value)} (mean of {len(held)})", held))
    days = found["month"]["days"]
    return _table(
        ("who", *_HEADS, "taps an accepted case", "sentences a case", "messages a day"), _with_shares(rows, days)
    )


def _is(person: Person, role: Role) -> bool:
    return person.has(role) and not person.has(Role.GRID_WORKER)


def _line(name: str, held: Sequence[Mapping[str, int]]) -> list[object]:
    return [name, *(round(sum(one[column] for one in held) / len(held), 1) for column in _COLUMNS)]


def _with_shares(rows: Iterable[Sequence[Any]], days: int) -> list[list[object]]:
    """Each line with what a case costs, and how often the phone rings in a day."""
    told: list[list[object]] = []
    for row in rows:
        private, group, taps, sentences, accepted, own = row[1], row[2], row[5], row[6], row[8], row[9]
        each = [f"{taps / accepted:.1f}" if accepted else "–"]
        each.append(f"{sentences / (accepted + own):.1f}" if accepted + own else "–")
        told.append([row[0], *(f"{cell:g}" for cell in row[1:]), *each, f"{(private + group) / days:.1f}"])
    return told


def _failures(found: Totals) -> str:
    rows = list(found["failures"].items())[:TOP]
    return _table(("answer", "times"), [(f"`{key}`", n) for key, n in rows])


def _understood(found: Totals) -> str:
    told = found["understood"]
    missed = ", ".join(f"{label} {n}" for label, n in told["missed"].items()) or "none"
    return (
        f"{told['n']} of {told['of']} first messages ({_share(told['n'], told['of'])}) are taken by the ear, heard "
        f"alone, for what their authors meant. Taken for something else: {missed}.\n"
    )


def _steps(found: Totals, rules: Rules) -> str:
    rows = [(_said(rules, f"step.{key}", key), key, n) for key, n in found["steps"].items()]
    return _table(("step", "key", "times"), rows)
