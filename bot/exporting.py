"""Knows how everything kept about a person is read back to them in plain words (PIPL Art.45)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.platforms.parts import cut_chars
from handlers.rules import Rules

SHOWN = 12
WORDS = 60


def export_text(kept: Mapping[str, Any], rules: Rules) -> str:
    """A short readable account: their cases with their own words, and counts of the rest."""
    say = rules.wording.say
    cases = kept.get("cases", [])
    messages = kept.get("messages", kept.get("inbox", []))
    photos = kept.get("photos", [])
    if not cases and not messages:
        return say("data.none")
    lines = [say("data.head")]
    for case in cases[-SHOWN:]:
        words = " ".join(str(case.get("words", "")).split())
        item = rules.catalogue.item(case.get("duty", ""), case.get("item", ""))
        lines.append(
            say(
                "data.line", number=case.get("number", ""), item=item.name, state=say(f"data.state.{case['state']}"),
                date=str(case.get("opened_at", ""))[:10], words=cut_chars(words, WORDS),
            )
        )  # fmt: skip
    lines.append(say("data.counts", cases=len(cases), messages=len(messages), photos=len(photos)))
    return "\n".join(lines)
