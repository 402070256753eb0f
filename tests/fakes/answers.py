"""Knows the answers of a server that is not well, and what each of them means for a letter: the same on every HTTP."""

from __future__ import annotations

from bot.doors import SendFailed
from tests.fakes.faults import Fault

RETRY, PERMANENT, ACCOUNT = "retry", "permanent", "account"

UNWELL: tuple[tuple[Fault, str, float | None], ...] = (
    (Fault(status=429, headers={"Retry-After": "7"}), RETRY, 7.0),
    (Fault(status=429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), RETRY, None),
    (Fault(status=503, headers={"Retry-After": "-1"}), RETRY, None),
    (Fault(status=503, headers={"Retry-After": "1" * 30}), RETRY, None),
    (Fault(status=500, body=b"<html>", content_type="text/html"), RETRY, None),
    (Fault(status=502), RETRY, None),
    (Fault(status=504), RETRY, None),
    (Fault(status=408), RETRY, None),
    (Fault(status=404), ACCOUNT, None),
    (Fault(status=403), ACCOUNT, None),
    (Fault(status=302, headers={"Location": "http://169.254.169.254/"}), ACCOUNT, None),
    (Fault(cut=True), RETRY, None),
    (Fault(body=b""), RETRY, None),
    (Fault(body=b"{"), RETRY, None),
    (Fault(body=b"[]"), RETRY, None),
    (Fault(body=b"[" * 100_000), RETRY, None),
    (Fault(body=b"<html>", content_type="text/html"), RETRY, None),
    (Fault(body=b'{"errcode": "x"}'), RETRY, None),
)
"""With how long the letter waits, where the answer says so."""


def meaning(failure: SendFailed) -> str:
    """What becomes of the letter."""
    if failure.account:
        return ACCOUNT
    return PERMANENT if failure.permanent else RETRY
