"""Knows how the sample town's people, chats and histories read on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.playground import scenes
from bot.stage import Stage
from handlers.cases import Case, Task
from handlers.town import Person, Town
from handlers.wording import Wording
from storage.values import Line

_AS = {"edit": "card", "line": "push"}
"""Kinds of letters that look like another."""

SHOWN = frozenset({"text", "photo", "location", "voice", "video", "file", "link", "sticker"})
"""What a person does that leaves a bubble; pressing a button does not."""

MOST = 300


def town(stage: Stage, wording: Wording) -> dict[str, Any]:
    """Everybody and every group, and what a visitor may try first."""
    made = stage.town
    people = [_person(made, person, wording) for person in made.people.values() if person.serving]
    members: dict[str, list[str]] = {group.id: [] for group in made.groups.values()}
    for told in people:
        for group in stage.groups_of(made.people[told["id"]]):
            members[group.id].append(told["id"])
    return {
        "name": made.name,
        "bot_name": made.bot_name,
        "timezone": str(stage.zone),
        "people": people,
        "groups": [
            {"id": g.id, "name": g.name, "purpose": g.purpose, "members": members[g.id]} for g in made.groups.values()
        ],
        "examples": list(wording.sentences["playground.examples"].split("\n")),
        "places": [
            {"name": unit.name, "lat": unit.center[0], "lon": unit.center[1]}
            for unit in made.units.values()
            if unit.center is not None and unit.level == "grid"
        ],
        "scenes": (sets := scenes.scenes(made, wording)),
        "phrases": scenes.phrases(made, wording),
        "start": sets[0]["phones"] if sets else [],
    }


def _person(made: Town, person: Person, wording: Wording) -> dict[str, Any]:
    roles = sorted(person.roles, key=lambda role: role.value == "resident")
    office = made.departments.get(person.department)
    return {
        "id": person.id,
        "name": person.name,
        "call": person.names[0] if person.names else person.name,
        "roles": [role.value for role in roles],
        "role_names": "·".join(wording.say(f"role.{role.value}") for role in roles),
        "unit": person.unit,
        "unit_name": office.name if office else made.name_of(person.unit) if person.unit else "",
    }


def call(made: Town, person: str) -> str:
    """What people call somebody; “bot” and the clock keep their names."""
    found = made.people.get(person)
    return (found.names[0] if found.names else found.name) if found else person


def timeline(stage: Stage, who: str) -> list[dict[str, Any]]:
    """One chat as both sides see it; an edit has taken the place of its card."""
    chat = stage.chat(who) if who in stage.town.groups else stage.address(who)
    with stage.store.reading() as reader:
        said = reader.timeline(chat, limit=MOST)
        cases = {line.case: reader.case(line.case) for line in said if line.case}
    sent = {line.ref: line for line in said if line.out and line.ref}
    shown: list[dict[str, Any]] = []
    for line in said:
        if not line.out and line.kind not in SHOWN:
            continue
        case = cases.get(line.case)
        row = _line(stage, line, case.colour if case is not None else "")
        answered = None if line.out else sent.get(line.ref)
        row["quote"] = _quote(answered) if answered is not None else None
        if line.kind != "edit" or not _replace(shown, row):
            shown.append(row)
    return shown


def tails(stage: Stage) -> dict[str, int]:
    """How much the bot has said to each person and group: one look, however long the chats are."""
    with stage.store.reading() as reader:
        told = reader.told_in()
    chats = {who: stage.address(who) for who in stage.town.people}
    chats |= {group: stage.chat(group) for group in stage.town.groups}
    return {who: told.get(chat, 0) for who, chat in chats.items()}


def _line(stage: Stage, line: Line, colour: str) -> dict[str, Any]:
    sender = "bot" if line.out else line.person
    return {
        "id": line.id,
        "at": iso(stage, line.at),
        "from": sender,
        "name": stage.town.bot_name if line.out else call(stage.town, line.person),
        "kind": _AS.get(line.kind, line.kind),
        "text": line.text.reveal(),
        "buttons": [{"label": button.label, "action": button.action, "mark": button.mark} for button in line.buttons],
        "case": line.case,
        "colour": colour,
        "photos": list(line.photos),
        "edited": line.kind == "edit",
    }


def _quote(line: Line) -> dict[str, str]:
    """What a line answers: the case, and the head of the card without what stands before its number."""
    head = line.text.reveal().partition("\n")[0]
    return {"case": line.case, "text": head.rpartition(line.case)[2].strip() if line.case else head}


def _replace(shown: list[dict[str, Any]], row: dict[str, Any]) -> bool:
    for old in reversed(shown):
        if old["case"] == row["case"] and old["kind"] == "card":
            old.update(text=row["text"], buttons=row["buttons"], colour=row["colour"], edited=True)
            return True
    return False


def iso(stage: Stage, moment: datetime) -> str:
    """A moment in the town's own time."""
    return moment.astimezone(stage.zone).isoformat(timespec="seconds")


def hands(made: Town, case: Case) -> str:
    """Who has a case: the unit or department, and the person who took it."""
    names = (made.name_of(who) for who in (case.lead, case.lead_person) if who)
    return " · ".join(dict.fromkeys(names))


def task(stage: Stage, one: Task, wording: Wording) -> dict[str, Any]:
    """One task."""
    return {
        "kind": wording.say(f"task.{one.kind.value}"),
        "state": wording.say(f"task.state.{one.state.value}"),
        "holder": stage.town.name_of(one.holder),
        "person": call(stage.town, one.person) if one.person else "",
        "due": iso(stage, one.due_at) if one.due_at and one.done_at is None else None,
    }
