"""Knows what makes a town contradict itself: ladders that never end, people who belong nowhere, doubled places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from bot.config_file import ACCOUNTS, CHATS, MICRO, File, GroupEntry, PersonEntry, address
from bot.reading import Reader, either, near, show
from handlers import geometry
from handlers.geometry import Point
from handlers.town import Department, Role, Unit
from nlu import overlaps

RESERVED = ("duty-desk",)
KINDS = ("general", "dedicated")
"""Where people live, and what has a grid to itself: a park of firms, a market, a campus."""
CORNERS = 3
NOTHING = 1e-12
"""Square degrees, less than a hand's breadth squared: no area."""
_GRID_ROLES = frozenset({Role.GRID_WORKER, Role.GRID_HEAD, Role.LIAISON})


def check(file: File, reader: Reader) -> None:
    """Note everything in the town that is right by itself and wrong together."""
    for look in (
        _ids, _levels, _areas, _ladder, _departments, _places, _aliases, _people, _groups, _accounts, _desk,
    ):  # fmt: skip
        look(file, reader)


def known(reader: Reader, path: str, what: str, word: str, names: Iterable[str]) -> bool:
    """Whether `word` is one of the names; noted when it is not. An empty word is nobody's business here."""
    names = list(names)
    if word and word not in names:
        reader.note(path, f"{what}{near(word, names)}", show(word))
    return not word or word in names


def _ids(file: File, reader: Reader) -> None:
    """One id means one thing: a letter to `yl` must not have to choose between a unit and a person."""
    lists: Mapping[str, Sequence[Unit | Department | PersonEntry | GroupEntry]]
    lists = {"units": file.units, "departments": file.departments, "people": file.people, "groups": file.groups}
    taken = dict.fromkeys(RESERVED, "the duty desk")
    for name, entries in lists.items():
        for i, entry in enumerate(entries):
            path = f"{name}[{i}].id"
            if entry.id in taken:
                reader.note(path, "an id of its own", f"{show(entry.id)}, taken by {taken[entry.id]}")
            elif entry.id:
                taken[entry.id] = f"{name}[{i}]"


def _levels(file: File, reader: Reader) -> None:
    if not file.town.levels:
        reader.note("town.levels", "the levels of the town from the ground up", "an empty list")
        return
    levels = _levels_of(file)
    for i, unit in enumerate(file.units):
        if unit.level and unit.level not in levels:
            reader.note(f"units[{i}].level", either(levels) + near(unit.level, levels), show(unit.level))
        if unit.kind not in KINDS:
            reader.note(f"units[{i}].kind", either(KINDS) + near(unit.kind, KINDS), show(unit.kind))
        wild = _wild(unit.center) if unit.center else None
        if wild is not None:
            reader.note(f"units[{i}].center", "latitude and longitude in degrees", show(wild))


def _areas(file: File, reader: Reader) -> None:
    """Polygons that hold something; what did not fit when it was read has its line already."""
    for i, unit in enumerate(file.units):
        path = f"units[{i}].area"
        if not unit.area or any(problem.path.startswith(path) for problem in reader.problems):
            continue
        wild = next(((at, value) for at, corner in enumerate(unit.area) if (value := _wild(corner)) is not None), None)
        if wild is not None:
            reader.note(f"{path}[{wild[0]}]", "latitude and longitude in degrees", show(wild[1]))
        elif len(unit.area) < CORNERS:
            reader.note(path, f"{CORNERS} corners at least", show(len(unit.area)))
        elif geometry.crossed(unit.area):
            reader.note(path, "corners in the order of the boundary", "sides that cross")
        elif geometry.area(unit.area) < NOTHING:
            reader.note(path, "a polygon that holds something", "corners on one line")


def _wild(point: Point) -> float | None:
    """The first value of a point that is no latitude or longitude."""
    return next((value for value, reach in zip(point, (90, 180), strict=True) if not abs(value) <= reach), None)


def _levels_of(file: File) -> tuple[str, ...]:
    """All levels a unit can have, from the ground up."""
    return file.town.levels if MICRO in file.town.levels else (MICRO, *file.town.levels)


def _ladder(file: File, reader: Reader) -> None:
    units = {unit.id: unit for unit in file.units}
    for i, unit in enumerate(file.units):
        path = f"units[{i}].parent"
        if not known(reader, path, "the id of a unit", unit.parent, units) or not unit.parent:
            continue
        climb = list(_climb(unit, units))
        if climb[-1] == unit.id:
            reader.note(path, "a ladder that ends", " → ".join((unit.id, *climb)))
        elif not _below(unit.level, units[unit.parent].level, _levels_of(file)):
            found = f"{show(unit.parent)}, which is a {units[unit.parent].level}"
            reader.note(path, f"a unit above the level {unit.level}", found)


def _climb(unit: Unit, units: dict[str, Unit]) -> Iterator[str]:
    """The ids above a unit, up to the top or to where the ladder begins to repeat."""
    seen: set[str] = set()
    while unit.parent in units and unit.parent not in seen:
        seen.add(unit.parent)
        yield unit.parent
        unit = units[unit.parent]


def _below(level: str, above: str, levels: tuple[str, ...]) -> bool:
    return level not in levels or above not in levels or levels.index(level) < levels.index(above)


def _departments(file: File, reader: Reader) -> None:
    for i, department in enumerate(file.departments):
        known(
            reader, f"departments[{i}].parent", "the id of a unit", department.parent, (unit.id for unit in file.units)
        )


def _people(file: File, reader: Reader) -> None:
    units = [unit.id for unit in file.units]
    departments = [department.id for department in file.departments]
    for i, person in enumerate(file.people):
        path = f"people[{i}]"
        if not person.unit and _GRID_ROLES.intersection(person.roles):
            reader.note(f"{path}.unit", "the id of a unit, for a role in the grid", "nothing")
        elif not person.unit and not person.department:
            reader.note(f"{path}.unit", "the id of a unit (or a department)", "nothing")
        known(reader, f"{path}.unit", "the id of a unit", person.unit, units)
        known(reader, f"{path}.department", "the id of a department", person.department, departments)
        if Role.DEPARTMENT in person.roles and not person.department:
            reader.note(f"{path}.department", "the id of a department, for the role department", "nothing")


def _groups(file: File, reader: Reader) -> None:
    units = [unit.id for unit in file.units]
    departments = [department.id for department in file.departments]
    for i, group in enumerate(file.groups):
        path = f"groups[{i}]"
        if not group.unit and not group.department:
            reader.note(f"{path}.unit", "the id of a unit (or a department)", "nothing")
        known(reader, f"{path}.unit", "the id of a unit", group.unit, units)
        known(reader, f"{path}.department", "the id of a department", group.department, departments)
        if group.purpose == "department" and not group.department:
            reader.note(f"{path}.department", "the id of a department, for the purpose department", "nothing")


def _accounts(file: File, reader: Reader) -> None:
    """Accounts and chats are addresses; each belongs to one person or group, and to a platform that is there."""
    taken: dict[str, str] = {}
    people = ((f"people[{i}].accounts", person.accounts, ACCOUNTS) for i, person in enumerate(file.people))
    groups = ((f"groups[{i}].chats", group.chats, CHATS) for i, group in enumerate(file.groups))
    for path, spoken, platforms in chain(people, groups):
        for n, word in enumerate(spoken):
            at = f"{path}[{n}]"
            if not _is_address(word, platforms):
                reader.note(at, f"an account of {either(platforms)}, as platform:id", show(word))
            elif address(word) in taken:
                reader.note(at, "an account that nobody else has", f"{show(word)}, taken by {taken[address(word)]}")
            else:
                taken[address(word)] = at
                _reachable(file, reader, at, address(word))


def _is_address(word: str, platforms: tuple[str, ...]) -> bool:
    platform, account, rest = [*address(word).split(":", 2), "", ""][:3]
    return platform in platforms and bool(rest.strip()) and (platform != "wechat" or bool(account))


def _reachable(file: File, reader: Reader, path: str, spot: str) -> None:
    """An address through an account that is not configured would swallow every letter."""
    platform, account, rest = spot.split(":", 2)
    if platform == "wechat" and file.platforms.wechat:
        known(reader, path, "an account of platforms.wechat", account, (a.account for a in file.platforms.wechat))
    if platform == "wecom-webhook" and file.platforms.wecom.webhooks:
        names = file.platforms.wecom.webhooks
        live = [name for name, keys in names.items() if any(keys)]
        known(reader, path, "a key of platforms.wecom.webhooks", rest, live or names)


def _desk(file: File, reader: Reader) -> None:
    people, groups = [person.id for person in file.people], [group.id for group in file.groups]
    for i, person in enumerate(file.duty_desk.people):
        known(reader, f"duty_desk.people[{i}]", "the id of a person", person, people)
    known(reader, "duty_desk.group", "the id of a group", file.duty_desk.group, groups)
    if file.platforms.live and not file.duty_desk.people:
        reader.note("duty_desk", "people to call, because a platform is live", "nobody")


def _places(file: File, reader: Reader) -> None:
    """Two grids that claim one place would send half of its cases astray; a grid and a micro-grid within it may."""
    units = {unit.id: unit for unit in file.units}
    order = [unit.id for unit in file.units]
    doubled: dict[tuple[str, str], list[str]] = {}
    for pair in overlaps.overlaps([(unit.id, _canonical(file, unit)) for unit in file.units]):
        first, second = sorted(pair[:2], key=order.index)
        if first not in _climb(units[second], units) and second not in _climb(units[first], units):
            doubled.setdefault((first, second), []).append(pair[2])
    for path, place in overlaps.barren([(f"units[{i}].places", unit.places) for i, unit in enumerate(file.units)]):
        reader.note(path, "places with something in them", show(place))
    for (first, second), found in doubled.items():
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        path = f"units[{order.index(second)}].places"
        reader.note(path, "places that no other unit claims", f"{found[0]}{more}, claimed by {first}")


def _canonical(file: File, unit: Unit) -> list[str]:
    """The places of a unit, by the names that the gazetteer knows them by."""
    names = {other: name for name, others in file.gazetteer.aliases.items() for other in others if other}
    found: list[str] = []
    for place in unit.places:
        alias = max((other for other in names if place.startswith(other)), key=len, default="")
        found.append(names[alias] + place.removeprefix(alias) if alias else place)
    return found


def _aliases(file: File, reader: Reader) -> None:
    """A name that stood for two places would stand for none."""
    taken = {name: name for name in file.gazetteer.aliases}
    for name, others in file.gazetteer.aliases.items():
        for i, other in enumerate(others):
            if other in taken:
                path = f"gazetteer.aliases.{name}[{i}]"
                reader.note(path, "a name for one place only", f"{show(other)}, which stands for {taken[other]}")
            taken.setdefault(other, name)
