"""Knows the paper of WeChat callbacks: signatures, the AES envelope, XML in and out (wechatpy's codec behind ours)."""

from __future__ import annotations

import hashlib
import re
import secrets
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.parsers.expat import ExpatError

from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.parser import parse_message
from wechatpy.replies import TextReply

from bot.doors import Rejected, Unreadable
from bot.platforms.parts import clean, cut_bytes
from bot.secret import Secret, same

WINDOW: Final = 300
REPLY_BYTES: Final = 2048
_BROKEN: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error, ExpatError, RecursionError)
"""What wechatpy's codec and parser raise on broken input (tried: platforms.md 1.11)."""

_ENCRYPT = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*</Encrypt>")


TAGS: Final = 1000
"""Many more than any message has. A parser takes milliseconds for some thousand, and they are never a message."""

_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)


def signature(*parts: str) -> str:
    """Hex SHA-1 over the sorted parts, as WeChat and WeCom sign."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def check_time(query: Mapping[str, str], now: float) -> None:
    """Refuse a delivery whose signed timestamp is missing or further than 300 s from now."""
    stamp = query.get("timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= len("9999999999")):
        raise Rejected("timestamp")
    if abs(now - int(stamp)) > WINDOW:
        raise Rejected("stale")


class Codec:
    """The keys of one account. Older AES keys are tried after the newest, so that a key can be changed under load."""

    def __init__(self, token: Secret, app_id: str, aes_keys: Sequence[Secret]) -> None:
        self._token = token
        self._app_id = app_id
        self._sealers = [WeChatCrypto(token.reveal(), key.reveal(), app_id) for key in aes_keys]
        self._openers = [PrpCrypto(sealer.key) for sealer in self._sealers]

    def check_plain(self, query: Mapping[str, str]) -> None:
        """The signature over token, timestamp and nonce (GET, and every POST that carries one)."""
        wanted = signature(self._token.reveal(), query.get("timestamp", ""), query.get("nonce", ""))
        if not same(wanted, query.get("signature", "")):
            raise Rejected("signature")

    def check_sealed(self, query: Mapping[str, str], body: bytes) -> str:
        """The ciphertext of a secure delivery whose `msg_signature` is right. No XML is parsed before that."""
        found = _ENCRYPT.findall(body)
        if len(found) != 1:
            raise Rejected("envelope")
        sealed = str(found[0], "ascii")
        wanted = signature(self._token.reveal(), query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not same(wanted, query.get("msg_signature", "")):
            raise Rejected("msg_signature")
        return sealed

    def open(self, sealed: str) -> tuple[bytes, int]:
        """The plaintext, and which key opened it. Raises Rejected when it is meant for another account."""
        reason = "undecryptable"
        for number, opener in enumerate(self._openers):
            try:
                return opener.decrypt(sealed, self._app_id).encode(), number
            except InvalidAppIdException:
                reason = "appid"
            except _BROKEN:
                continue
        if reason == "appid":
            raise Rejected(reason)
        raise Unreadable(reason)

    def seal(self, xml: str, stamp: int, key: int = 0) -> str:
        """The encrypted envelope of a reply."""
        return str(self._sealers[key].encrypt_message(xml, secrets.token_hex(8), str(stamp)))


def parse(xml: bytes) -> Mapping[str, Any]:
    """The fields of one message. A scene in EventKey has lost its `qrscene_`; Event is then `subscribe_scan`."""
    if _CDATA.sub(b"", xml).count(b"<") > TAGS:
        raise Unreadable("tags")
    try:
        message = parse_message(xml)
        return dict(message._data)  # wechatpy keeps all fields there, also those it has no class for
    except _BROKEN as error:
        raise Unreadable(type(error).__name__) from None


def text_reply(source: str, target: str, words: str, stamp: int) -> str:
    """The XML of a passive text reply, cut to length, `]]>` made safe."""
    content = cut_bytes(clean(words), REPLY_BYTES).replace("]]>", "]]]]><![CDATA[>")
    return str(TextReply(source=source, target=target, content=content, time=stamp).render())
