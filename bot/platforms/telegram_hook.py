"""Knows the webhook of Telegram: the secret header, the JSON of an update, and what may stand in the answer."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final, NoReturn

from bot.doors import Answer, Delivery, Rejected, Unreadable
from bot.platforms.telegram_updates import Reader
from bot.secret import Secret, same
from handlers.incoming import Incoming

PATH: Final = "/hooks/telegram"
BODY_LIMIT: Final = 64 * 1024
PARTS: Final = 500
"""A message has at most 100 marks, and so has the one it answers, with 100 buttons; what has more is not read."""
SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"
NOTHING: Final = Answer(b"")


class TelegramHook:
    """The webhook's address. Nothing is said inline: replies are letters, for they need a message id."""

    platform = "telegram"
    account = ""
    path = PATH
    body_limit = BODY_LIMIT

    def __init__(self, secret: Secret, reader: Reader) -> None:
        self._secret = secret
        self._reader = reader

    def read(self, delivery: Delivery, now: datetime) -> Incoming | Answer:
        """The message of an update; an empty 200 for one that nobody needs. Raises Rejected, Unreadable."""
        given = delivery.headers.get(SECRET_HEADER, "")
        if delivery.method != "POST" or not self._secret or not same(given, self._secret.reveal()):
            raise Rejected("secret token")
        document = decode(delivery.body)
        return self._reader.read(document, now) or _thanks(document)

    def answer(self, delivery: Delivery, incoming: Incoming, receipt: str, now: datetime) -> Answer:
        """Nothing; a pressed button is told in the same breath that it was heard."""
        return _thanks(decode(delivery.body)) if incoming.kind == "press" else NOTHING


def decode(body: bytes) -> object:
    """The JSON of an update. Raises Unreadable."""
    if body.count(b"{") > PARTS:
        raise Unreadable("too many parts")
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from None


def pressed(document: object) -> str:
    """The id of the pressed button's query, “” where the update is none."""
    query = document.get("callback_query") if isinstance(document, dict) else None
    number = query.get("id") if isinstance(query, dict) else None
    return number if isinstance(number, str) else ""


def _thanks(document: object) -> Answer:
    """Telegram takes a method call as the answer of a webhook: it ends the button's waiting mark."""
    query = pressed(document)
    if not query:
        return NOTHING
    call = {"method": "answerCallbackQuery", "callback_query_id": query}
    return Answer(json.dumps(call).encode(), "application/json")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
