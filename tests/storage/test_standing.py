"""How the doors stand, on both stores: the last delivery of each, what was given up last, leases that still hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Letter
from storage.store import Store
from storage.values import LetterOutcome, Written

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def came(store: Store, platform: str, key: str, at: datetime) -> None:
    address = f"{platform}:a:x"
    one = Incoming(platform=platform, account="a", key=key, sender=address, chat=address, said_at=at)
    with store.transaction() as tx:
        tx.take_in([one], at)


def sent(store: Store, chat: str, error: str) -> None:
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(letters=(Letter(to="p", chat=chat, text="w"),)))], NOW)
        (one,) = tx.claim_letters(NOW, "me", 10)
        tx.settle_letters([LetterOutcome(id=one.id, state="dead" if error else "sent", error=error)], NOW)


def test_an_empty_memory_knows_nothing(store: Store) -> None:
    with store.reading() as reader:
        found = reader.standing(NOW)
    assert (dict(found.heard), dict(found.lost), found.held) == ({}, {}, frozenset())


def test_the_last_of_each_counts(store: Store) -> None:
    came(store, "wechat", "1", NOW - timedelta(days=2))
    came(store, "wechat", "2", NOW - timedelta(hours=1))
    came(store, "web", "1", NOW - timedelta(days=3))
    for chat, error in (("t::1", "e1"), ("t::1", ""), ("t::2", ""), ("t::2", "e2"), ("t::3", "")):
        sent(store, chat, error)
    with store.transaction() as tx:
        tx.hold("line", "me", NOW, 30)
    with store.reading() as reader:
        found, later = reader.standing(NOW), reader.standing(NOW + timedelta(minutes=1))
    assert found.heard == {"wechat:a": NOW - timedelta(hours=1), "web:a": NOW - timedelta(days=3)}
    assert found.lost == {"t::2": "e2"}
    assert "line" in found.held
    assert later.held == frozenset()


def test_looking_for_a_file_makes_none(tmp_path: Path) -> None:
    there = Store(f"sqlite:///{tmp_path}/deep/x.db")
    assert not there.lies_there()
    there.close()
    assert list(tmp_path.iterdir()) == []
    assert Store("sqlite://").lies_there()
