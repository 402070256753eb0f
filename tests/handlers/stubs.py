"""Knows the rules of the small town: the shipped catalogue, wording, knowledge, and stand-ins for what is outside."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import loading
from handlers.catalogue import Catalogue
from handlers.clocks import CalendarHours, QuietHours
from handlers.ports import Ear
from handlers.rules import Rules
from handlers.wording import Knowledge, Wording
from tests.handlers.town import town

HANDLERS = Path(__file__).parents[2] / "handlers"
ZONE = ZoneInfo("Asia/Shanghai")
_PHONE = re.compile(r"1\d{10}")


class Masks:
    """Takes mobile numbers out of a text."""

    def redact(self, text: str, *, rooms: bool = True) -> str:
        """As the port says."""
        return _PHONE.sub("〔电话〕", text)


class MarkedScripts:
    """Marks what was written for readers of traditional characters, so that a test can see it."""

    def write(self, text: str, script: str) -> str:
        """As the port says."""
        return f"繁·{text}" if script == "hant" else text


class Shelf:
    """Finds two approved answers by one word each."""

    def search(self, query: str, k: int = 3) -> list[tuple[str, float]]:
        """As the port says."""
        words = {
            "加班费": "overtime",
            "居住证": "residence_permit",
            "怎么信访": "petition_guide",
            "养狗": "noise_rules",
        }
        found = [(key, 0.9) for word, key in words.items() if word in query]
        return [*found, ("fire_escape", 0.1)][:k]


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return loading.catalogue(HANDLERS / "catalogues" / "yanlong.yml")


@cache
def wording() -> Wording:
    """The shipped wording."""
    return loading.wording(HANDLERS / "wording")


@cache
def knowledge() -> Knowledge:
    """The shipped approved answers."""
    return loading.knowledge(HANDLERS / "knowledge")


def rules(ear: Ear) -> Rules:
    """All rules, with this ear."""
    return Rules(
        town=_town(),
        catalogue=catalogue(),
        wording=wording(),
        knowledge=knowledge(),
        ear=ear,
        redactor=Masks(),
        scripts=MarkedScripts(),
        lookup=Shelf(),
        calendar=CalendarHours(),
        quiet_residents=QuietHours.parse("22:00-07:00", ZONE),
        quiet_groups=QuietHours.parse("21:00-07:30", ZONE),
    )


_town = cache(town)
