"""Knows the paper of the WeCom 智能机器人: signatures, the JSON envelope around AES, how media are opened."""

from __future__ import annotations

import base64
import json
import secrets
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from wechatpy.crypto import PrpCrypto
from wechatpy.crypto.cryptography import WeChatCipher
from wechatpy.exceptions import InvalidAppIdException

from bot.doors import Rejected, Unreadable
from bot.platforms.wechat_codec import signature
from bot.secret import Secret, same

BLOCK: Final = 32
"""WeCom pads to blocks of 32 bytes; AES itself has blocks of 16."""
AES_BLOCK: Final = 16
NOBODY: Final = ""
"""The receiver's id inside the envelope: a bot has none."""

_BROKEN: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error, RecursionError)


class BotCodec:
    """The keys of one bot. Older AES keys are tried after the newest, so that a key can be changed under load."""

    def __init__(self, token: Secret, aes_keys: Sequence[Secret]) -> None:
        self._token = token
        self._keys = [base64.b64decode(key.reveal() + "=") for key in aes_keys]
        self._boxes = [PrpCrypto(key) for key in self._keys]

    def check(self, query: Mapping[str, str], sealed: str) -> None:
        """Refuse a ciphertext whose `msg_signature` is not the platform's."""
        wanted = signature(self._token.reveal(), query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not same(wanted, query.get("msg_signature", "")):
            raise Rejected("msg_signature")

    def open(self, sealed: str) -> tuple[str, int]:
        """The plaintext, and which key opened it. Raises Rejected when it is meant for somebody else."""
        reason = "undecryptable"
        for number, box in enumerate(self._boxes):
            try:
                return str(box.decrypt(sealed, NOBODY)), number
            except InvalidAppIdException:
                reason = "receiver"
            except _BROKEN:
                continue
        if reason == "receiver":
            raise Rejected(reason)
        raise Unreadable(reason)

    def seal(self, document: Mapping[str, Any], stamp: int, key: int = 0) -> bytes:
        """The encrypted envelope of an answer."""
        text = json.dumps(document, ensure_ascii=False)
        sealed, nonce = str(self._boxes[key].encrypt(text, NOBODY), "ascii"), secrets.token_hex(8)
        signed = signature(self._token.reveal(), str(stamp), nonce, sealed)
        envelope = {"encrypt": sealed, "msgsignature": signed, "timestamp": stamp, "nonce": nonce}
        return json.dumps(envelope).encode()

    def picture(self, data: bytes) -> bytes:
        """A downloaded medium of callback mode, opened by the key that fits. Raises ValueError."""
        for key in self._keys:
            try:
                return opened(data, key)
            except ValueError:
                continue
        raise ValueError("no key opens it")


def envelope(body: bytes) -> str:
    """The ciphertext in the body of a callback. Raises Rejected: what is not yet verified deserves no alarm."""
    try:
        document = json.loads(body, parse_constant=_refuse)
    except _BROKEN:
        raise Rejected("envelope") from None
    sealed = document.get("encrypt") if isinstance(document, dict) else None
    if not isinstance(sealed, str) or not sealed.isascii():
        raise Rejected("envelope")
    return sealed


def decode(text: str | bytes) -> Mapping[str, Any]:
    """The JSON object of a verified message. Raises Unreadable."""
    try:
        document = json.loads(text, parse_constant=_refuse)
    except _BROKEN as error:
        raise Unreadable(type(error).__name__) from None
    if not isinstance(document, dict):
        raise Unreadable("no object")
    return document


def opened(data: bytes, key: bytes) -> bytes:
    """A medium under AES-256-CBC, its padding checked and taken off. Raises ValueError."""
    if not data or len(data) % AES_BLOCK:
        raise ValueError("length")
    plain = bytes(WeChatCipher(key).decrypt(data))
    fill = plain[-1]
    if not 1 <= fill <= BLOCK or plain[-fill:] != bytes([fill]) * fill:
        raise ValueError("padding")
    return plain[:-fill]


def key_of(text: str) -> bytes:
    """The key of one medium as a message carries it (Base64, perhaps without its end). Raises ValueError."""
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise ValueError("key") from None
    if len(key) != BLOCK:
        raise ValueError("key")
    return key


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
