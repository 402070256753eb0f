"""Knows the paper of WeCom callbacks: WeChat's envelope with the corp's id as receiver, and an echo that is sealed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.platforms.wechat_codec import Codec


class WecomCodec(Codec):
    """The keys of one application; older AES keys open what they sealed while a key is being changed."""

    def echo(self, query: Mapping[str, str]) -> bytes:
        """The plaintext of the `echostr` by which WeCom tries an address. Raises Rejected, Unreadable.

        A plus sign that came unescaped has been read as a space.
        """
        sealed = query.get("echostr", "").replace(" ", "+").encode("utf-8", "replace")
        return self.message(query, b"<Encrypt>" + sealed + b"</Encrypt>")

    def message(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The XML in a signed envelope. Raises Rejected, Unreadable."""
        return self.open(self.check_sealed(query, body))[0]
