"""Knows whom a card calls by name: the members of WeCom who are asked to take a case, as its chooser chose them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from storage.store import Store

MEMBER: Final = "wecom::"


def asked_of_wecom(store: Store) -> Callable[[str], Awaitable[Sequence[str]]]:
    """The userids, by the number of a case; none for a case that somebody has taken, or that is over."""

    def read(number: str) -> tuple[str, ...]:
        with store.reading() as reader:
            case = reader.case(number)
            if case is None or not case.open or case.lead_person:
                return ()
            found = [address for person in case.assignees for address in reader.accounts_of(person)]
        return tuple(address.removeprefix(MEMBER) for address in found if address.startswith(MEMBER))

    async def asked(number: str) -> Sequence[str]:
        return await asyncio.to_thread(read, number)

    return asked
