"""Knows how the rights table is printed (docs/rights.md): from the tables and functions that decide, never by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from handlers import rights
from handlers.appointing import GRANTS
from handlers.cases import Case, State, Where
from handlers.rights import POWERS, Power
from handlers.steps import TABLE, Actor
from handlers.town import Department, Person, Role, Town, Unit
from handlers.wording import Wording

_SOME_DAY = datetime(2026, 3, 2, tzinfo=UTC)
_UNITS = (
    Unit(id="street", name="", level="street"),
    Unit(id="community", name="", level="community", parent="street"),
    Unit(id="grid", name="", level="grid", parent="community"),
    Unit(id="beside", name="", level="grid", parent="community"),
    Unit(id="elsewhere", name="", level="community", parent="street"),
)
_OFFICE = "office"
_COURT = "justice_office"

_SEATS: Mapping[Role, tuple[str, str]] = {
    Role.RESIDENT: ("grid", ""), Role.VOLUNTEER: ("grid", ""), Role.LIAISON: ("grid", ""),
    Role.GRID_WORKER: ("grid", ""), Role.GRID_HEAD: ("community", ""), Role.MEDIATOR: ("street", ""),
    Role.DISPATCHER: ("street", ""), Role.DEPARTMENT: ("street", _OFFICE), Role.SUPERVISOR: ("street", ""),
    Role.ADMIN: ("street", ""),
}  # fmt: skip
"""Where one of each role sits in the town by which the table is found out."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A kind of case, as somebody may stand to it."""

    name: str
    unit: str
    lead: str
    confidential: bool = False


_SCOPES = (
    Scope("led by the own grid", "grid", "grid"),
    Scope("led by a grid beside", "beside", "beside"),
    Scope("led by the community", "grid", "community"),
    Scope("led by the department", "grid", _OFFICE),
    Scope("of another community", "elsewhere", "elsewhere"),
    Scope("confidential, of the own grid", "grid", "grid", confidential=True),
    Scope("confidential, of the mediators", "grid", _COURT, confidential=True),
)


def rights_page(wording: Wording) -> str:
    """The whole page."""
    parts = (_head(), _steps(wording), _actors(wording), _powers(wording), _sees(wording), _gives(wording))
    return "\n".join(line for part in parts for line in part)


def _head() -> Iterator[str]:
    yield "# Who may do and see what"
    yield ""
    yield "Printed from the code by `python -m bot rights`; a test compares this page with it. What does not stand here"
    yield "nobody may do. Every refusal is a sentence to who tried, and a row in the record."
    yield ""


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'|'.join('---' for _ in columns)}|"
    yield from (f"| {' | '.join(cell or '–' for cell in row)} |" for row in rows)
    yield ""


def _named(wording: Wording, kind: str, value: str) -> str:
    """“lead 主办”."""
    return f"{value.replace('_', ' ')} {wording.sentences.get(f'{kind}.{value}', '')}".strip()


def _steps(wording: Wording) -> Iterator[str]:
    yield "## Steps of a case"
    yield ""
    yield "A step needs the right state and somebody in the right capacity. “stays” leaves the state as it is."
    yield ""
    rows = [
        (
            _named(wording, "step", step),
            ", ".join(_named(wording, "actor", actor) for actor in Actor if actor in move.actors),
            ", ".join(_named(wording, "data.state", state) for state in State if state in move.sources),
            _named(wording, "data.state", move.to) if move.to else "stays",
        )
        for step, move in TABLE.items()
    ]
    yield from _table(("step", "by", "from", "to"), rows)


def _town() -> Town:
    people = {role.value: Person(id=role, roles=frozenset({role}), unit=seat, department=office)
              for role, (seat, office) in _SEATS.items()}  # fmt: skip
    offices = {key: Department(id=key, name="", parent="street") for key in (_OFFICE, _COURT)}
    return Town(
        name="", bot_name="", levels=("grid", "community", "street"), units={unit.id: unit for unit in _UNITS},
        departments=offices, people=people, groups={},
    )  # fmt: skip


def _case(scope: Scope, taker: str = "") -> Case:
    where = Where(unit=scope.unit, known=True)
    return Case(
        number="A0001", duty="", item="", opened_at=_SOME_DAY, changed_at=_SOME_DAY, where=where, lead=scope.lead,
        lead_person=taker, confidential=scope.confidential,
    )  # fmt: skip


def _actors(wording: Wording) -> Iterator[str]:
    yield "## How a role becomes a capacity"
    yield ""
    yield "A grid worker sits in a grid, a grid head in its community, the others in the street. Whoever reports a case"
    yield "is its reporter besides, whoever took it leads it, and who was whistled for helps until that is done. A grid"
    yield "head stands in for a confidential case of a grid only while all of its hands are away. Who left has none."
    yield ""
    town = _town()
    rows = [
        (_named(wording, "role", role), *(_capacity(wording, town.people[role], scope, town) for scope in _SCOPES))
        for role in Role
    ]
    yield from _table(("role", *(scope.name for scope in _SCOPES)), rows)


def _capacity(wording: Wording, person: Person, scope: Scope, town: Town) -> str:
    held = rights.actors(person, _case(scope), (), town, now=_SOME_DAY)
    return ", ".join(_named(wording, "actor", actor) for actor in Actor if actor in held)


def _powers(wording: Wording) -> Iterator[str]:
    yield "## Powers"
    yield ""
    yield "What is no step of one case. Each holds over the own unit and everything below it, and nowhere else."
    yield ""
    columns = [role for role in Role if any(role in roles for roles in POWERS.values())]
    rows = [
        (_named(wording, "power", power), *("yes" if role in POWERS[power] else "" for role in columns))
        for power in Power
    ]
    yield from _table(("power", *(_named(wording, "role", role) for role in columns)), rows)


def _sees(wording: Wording) -> Iterator[str]:
    yield "## What each role sees"
    yield ""
    yield "*Words*: the redacted words, the full place and the photos. *Status*: how a case stands, without them. Each"
    yield "of a case in the own part of the town; groups never see a word of a resident."
    yield ""
    town = _town()
    columns = ("role", "words", "status", "status of a confidential case", "list of the unit", "rates")
    yield from _table(columns, [_seen(wording, town.people[role], town) for role in Role])


def _seen(wording: Wording, person: Person, town: Town) -> tuple[str, ...]:
    role = next(iter(person.roles))
    plain = [scope for scope in _SCOPES if not scope.confidential and scope.unit != "elsewhere"]
    secret = [scope for scope in _SCOPES if scope.confidential]
    before = any(_words(person, _case(scope), town) for scope in plain)
    takes = any(Actor.LEAD in rights.actors(person, _case(scope), (), town) for scope in _SCOPES)
    after = takes and any(_words(person, _case(scope, person.id), town) for scope in plain)
    return (
        _named(wording, "role", role),
        "yes" if before else "once they took it" if after else "",
        _yes(any(_status(person, _case(scope), town) for scope in plain)),
        _yes(any(_status(person, _case(scope), town) for scope in secret)),
        _yes(role in POWERS[Power.UNIT_LIST]),
        _yes(role in POWERS[Power.RATES]),
    )


def _words(person: Person, case: Case, town: Town) -> bool:
    return rights.sees_words(rights.actors(person, case, (), town), person, case)


def _status(person: Person, case: Case, town: Town) -> bool:
    return rights.sees_status(rights.actors(person, case, (), town), person, case, town)


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _gives(wording: Wording) -> Iterator[str]:
    yield f"## Who may give which role: {_named(wording, 'power', Power.INVITE)}"
    yield ""
    rows = [
        (_named(wording, "role", role), ", ".join(_named(wording, "role", given) for given in Role if given in roles))
        for role, roles in GRANTS.items()
    ]
    yield from _table(("role", "gives"), rows)
