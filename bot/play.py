"""Knows `play`: JSON lines in, JSON lines out, on a stage without network; the same input gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict

from bot.show import show_case, show_cases, show_rates
from bot.stage import Shown, Stage, StageError

_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

Line = Mapping[str, Any]


def play(stage: Stage, lines: Iterable[str]) -> Iterator[str]:
    """Every line of output, in the order it happens. A line that cannot be played says why; the play goes on."""
    for line in lines:
        if not line.strip():
            continue
        try:
            yield from (_out(one) for one in _line(stage, _read(line)))
        except (StageError, LookupError) as error:
            yield _out({"error": str(error.args[0] if error.args else error)})


def _read(line: str) -> Line:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise StageError(f"not JSON: {error.__class__.__name__}") from None
    if not isinstance(found, dict):
        raise StageError("a line is one JSON object")
    return found


def _out(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _line(stage: Stage, line: Line) -> list[Mapping[str, Any]]:
    if "advance" in line:
        return _letters(stage, stage.advance(span(line["advance"])))
    if "show" in line:
        return [{"show": _show(stage, line)}]
    who = _text(line, "as")
    for key, act in _ACTS.items():
        if key in line:
            return _letters(stage, act(stage, who, line))
    raise StageError(f"nothing to do in {sorted(map(str, line))}: expected say, photo, location, voice, press or event")


def _say(stage: Stage, who: str, line: Line) -> list[Shown]:
    return stage.say(who, _text(line, "say"), **_place(stage, line))


def _photo(stage: Stage, who: str, line: Line) -> list[Shown]:
    return stage.photo(who, _text(line, "photo"), _text(line, "caption", ""), **_place(stage, line))


class _Place(TypedDict):
    group: str
    addressed: bool
    on: str
    quoted: str


def _place(stage: Stage, line: Line) -> _Place:
    """Where something is said, to whom, from which platform, and the card it answers."""
    group, number = _text(line, "in", ""), _text(line, "quote", "")
    quoted = stage.card(number, group=group) if number else ""
    return {"group": group, "addressed": bool(line.get("at")), "on": _on(line), "quoted": quoted}


def _location(stage: Stage, who: str, line: Line) -> list[Shown]:
    point = line["location"]
    if not (isinstance(point, list) and len(point) == len(("lat", "lon")) and all(_number(x) for x in point)):
        raise StageError("location: expected [latitude, longitude]")
    return stage.location(who, float(point[0]), float(point[1]), on=_on(line))


def _voice(stage: Stage, who: str, line: Line) -> list[Shown]:
    return stage.voice(who, _text(line, "voice"), on=_on(line))


def _press(stage: Stage, who: str, line: Line) -> list[Shown]:
    return stage.press_label(who, _text(line, "press"), _text(line, "case", ""), on=_on(line))


def _event(stage: Stage, who: str, line: Line) -> list[Shown]:
    return stage.follow(who, _text(line, "scene", ""), on=_on(line))


_ACTS: Mapping[str, Callable[[Stage, str, Line], list[Shown]]] = {
    "say": _say,
    "photo": _photo,
    "location": _location,
    "voice": _voice,
    "press": _press,
    "event": _event,
}


def _on(line: Line) -> str:
    on = _text(line, "on", "")
    if on and on not in ("wechat", "wecom", "telegram"):
        raise StageError(f"on: no platform {on}")
    return on


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(line: Line, key: str, default: str | None = None) -> str:
    value = line.get(key, default)
    if not isinstance(value, str):
        raise StageError(f"{key}: expected text")
    return value


def span(text: object) -> timedelta:
    """“26h”, “10m”, “1d”. Raises StageError."""
    match = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise StageError(f"advance: expected a span like 10m, 26h or 3d, found {text!r}")
    try:
        return timedelta(seconds=float(match.group(1)) * _SECONDS[match.group(2)])
    except OverflowError:
        raise StageError("advance: too far") from None


def _letters(stage: Stage, shown: list[Shown]) -> list[Mapping[str, Any]]:
    zone = stage.zone
    return [
        {
            "at": _iso(one.at, zone),
            "to": one.letter.to,
            "text": one.letter.text,
            "buttons": [button.label for button in one.letter.buttons],
            "case": one.letter.case,
            "kind": one.letter.kind,
        }
        for one in shown
    ]


def _iso(moment: datetime, zone: Any) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")


def _show(stage: Stage, line: Line) -> Any:
    what = line["show"]
    with stage.store.reading() as reader:
        if what == "case":
            return show_case(reader, _text(line, "case"), stage.rules)
        if what == "cases":
            return show_cases(reader, stage.rules)
        if what == "rates":
            return show_rates(reader, stage.clock.now())
    raise StageError(f"show: expected case, cases or rates, found {what!r}")
