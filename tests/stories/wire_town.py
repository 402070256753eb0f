"""Knows a running bot with the accounts and chats of a town at work around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from handlers.cases import Case
from storage.store import Store
from tests.fakes.aio import until
from tests.fakes.telegram_people import PATIENCE, Phones
from tests.live import world
from tests.product import product

LI, ZHAO, CHEN, HAN, LIN, QIN, XIE = 1001, 1002, 1003, 1010, 1011, 1012, 1013
HOME, ENFORCEMENT = -503, -1005


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Phones]:
    """One process on SQLite, with the accounts and chats of these stories."""
    async with world(f"sqlite:///{folder}/live.db", folder) as outside:
        people = list(product().config.town.people)
        groups = list(product().config.town.groups)
        for person, account in (("han", HAN), ("lin", LIN), ("qin", QIN), ("xie", XIE)):
            outside.environment[f"XIAOGE__PEOPLE__{people.index(person)}__ACCOUNTS__0"] = f"telegram:{account}"
        for group, chat in (("jr-2-home", HOME), ("enforcement-group", ENFORCEMENT)):
            outside.environment[f"XIAOGE__GROUPS__{groups.index(group)}__CHATS__0"] = f"telegram:{chat}"
        bot = outside.process()
        await bot.start()
        try:
            await until(lambda: "getMe" in outside.telegram.calls, PATIENCE)
            yield Phones(outside, bot)
        finally:
            bot.stop()


def case_of(phones: Phones, number: str = "A0001") -> Case:
    """A case as it is stored; the chain of its history holds."""
    store = Store(phones.outside.environment["XIAOGE__DATABASE"])
    with store.reading() as reader:
        case = reader.case(number)
        assert reader.verify() == []
    store.close()
    assert case is not None
    return case


def steps_of(phones: Phones, number: str = "A0001") -> list[str]:
    """The steps of a case."""
    store = Store(phones.outside.environment["XIAOGE__DATABASE"])
    with store.reading() as reader:
        steps = [entry.step for entry in reader.entries(number)]
    store.close()
    return steps
