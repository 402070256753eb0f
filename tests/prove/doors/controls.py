"""Knows how to lose, double and change things on purpose: a checker that cannot fail proves nothing."""

from __future__ import annotations

from sqlalchemy import create_engine, text

from tests.prove.doors.checker import Verdict
from tests.prove.doors.journal import Said
from tests.prove.doors.people import People

EVERY = 25


def mislead(people: People) -> None:
    """From now on one message in so many is acknowledged and forgotten, one is brought under a second key too."""
    honest, turn = people.bring, iter(range(1, 10**9))

    async def bring(said: Said, number: int, person: str) -> tuple[int, str]:
        n = next(turn)
        if n % EVERY == 0:
            return 200, "收到"
        status, words = await honest(said, number, person)
        if n % EVERY == 8:
            said.shown.append(words + "。")
        if n % EVERY == 16:
            await honest(said, number + 10**9, person)
        return status, words

    people.bring = bring  # type: ignore[method-assign]


def spoil(url: str) -> None:
    """In the database: a message that was stored is gone, a case stands there twice, a letter waits for ever."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM inbox WHERE id = (SELECT max(id) FROM inbox)"))
        number = connection.execute(text("SELECT max(case_number) FROM reporters")).scalar_one()
        names = [row[1] for row in connection.execute(text("PRAGMA table_info(cases)")).all()]
        held = ", ".join(f'"{name}"' for name in names if name != "number")
        connection.execute(
            text(f"INSERT INTO cases (number, {held}) SELECT 'Z9999', {held} FROM cases WHERE number = :n"),
            {"n": number},
        )
        connection.execute(
            text(
                "INSERT INTO reporters (case_number, person, part, anonymous, since, rating) "
                "SELECT 'Z9999', person, part, anonymous, since, rating FROM reporters WHERE case_number = :n"
            ),
            {"n": number},
        )
        connection.execute(text("DELETE FROM reporters WHERE case_number = (SELECT min(case_number) FROM reporters)"))
        connection.execute(text("UPDATE letters SET state = 'waiting' WHERE id = (SELECT max(id) FROM letters)"))
    engine.dispose()


CAUGHT = (
    "lost", "from_nowhere", "cases_lost", "cases_doubled", "other_words", "replies_lost", "replies_doubled",
    "letters_left", "too_much",
)  # fmt: skip
"""What the checker must find of it."""


def missed(found: Verdict) -> list[str]:
    """What it has not found."""
    return [name for name in CAUGHT if not getattr(found, name)]
