"""Knows the menu of a WeChat account: what the configuration (or else the wording) wants, and what WeChat has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.config_platforms import WechatMenuButton, WechatMenuEntry
from bot.platforms.wechat_api import WeChatApi
from bot.platforms.wechat_transport import ApiError

CREATE: Final = "/cgi-bin/menu/create"
GET: Final = "/cgi-bin/menu/get"
NO_MENU: Final = 46003

MORE: Final = ("help", "human", "privacy")


def usual(word: Callable[[str], str]) -> tuple[WechatMenuButton, ...]:
    """我要反映 / 查进度 / 便民服务, named by the wording."""
    under = tuple(WechatMenuEntry(name=word(f"wechat.menu.more.{key}"), does=f"{key}:") for key in MORE)
    return (
        WechatMenuButton(name=word("wechat.menu.begin"), does="begin:"),
        WechatMenuButton(name=word("wechat.menu.status"), does="status:"),
        WechatMenuButton(name=word("wechat.menu.more"), under=under),
    )


def document(menu: Sequence[WechatMenuButton]) -> dict[str, Any]:
    """The menu as WeChat wants it."""
    return {"button": [_button(button) for button in menu]}


def _button(button: WechatMenuButton) -> dict[str, Any]:
    if button.under:
        return {"name": button.name, "sub_button": [_leaf(entry) for entry in button.under]}
    return _leaf(button)


def _leaf(leaf: WechatMenuEntry | WechatMenuButton) -> dict[str, Any]:
    if leaf.does:
        return {"type": "click", "name": leaf.name, "key": leaf.does}
    return {"type": "view", "name": leaf.name, "url": leaf.opens}


async def standing(api: WeChatApi) -> dict[str, Any]:
    """The menu that WeChat shows now, in the form of `document`; without one, no buttons. Raises SendFailed."""
    try:
        found = (await api.read(GET)).get("menu")
    except ApiError as error:
        if error.code != NO_MENU:
            raise
        found = None
    buttons = found.get("button") if isinstance(found, Mapping) else None
    return {"button": _all_shown(buttons)}


def _all_shown(buttons: object) -> list[dict[str, Any]]:
    return [_shown(one) for one in buttons if isinstance(one, Mapping)] if isinstance(buttons, list) else []


def _shown(button: Mapping[str, Any]) -> dict[str, Any]:
    """A button without what WeChat adds."""
    under = button.get("sub_button")
    if isinstance(under, Mapping):
        under = under.get("list")
    if under:
        return {"name": button.get("name"), "sub_button": _all_shown(under)}
    return {key: button[key] for key in ("type", "name", "key", "url") if button.get(key)}


async def create(api: WeChatApi, menu: Sequence[WechatMenuButton]) -> None:
    """Make WeChat show this menu; phones see it within five minutes. Raises SendFailed."""
    await api.post(CREATE, document(menu))
