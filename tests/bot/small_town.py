"""Knows a small town that has nothing wrong with it, and how to break one thing in it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot import config

DROP: Final = object()
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

TOWN: Final[dict[str, Any]] = {
    "town": {"name": "龙岗街道", "bot_name": "小格", "levels": ["grid", "community", "street", "county"]},
    "units": [
        {"id": "yl", "name": "龙岗街道", "level": "street"},
        {"id": "jr", "name": "健仁社区", "level": "community", "parent": "yl"},
        {"id": "jr-1", "name": "第一网格", "level": "grid", "parent": "jr", "places": ["健仁小区9-16号楼"]},
        {"id": "jr-2", "name": "第二网格", "level": "grid", "parent": "jr", "places": ["健仁小区1-8号楼"]},
        {"id": "jr-2-m", "name": "微网格", "level": "micro", "parent": "jr-2", "places": ["健仁小区1-4号楼"]},
    ],
    "departments": [{"id": "fire", "name": "消防", "parent": "yl"}, {"id": "center", "name": "中心", "parent": "yl"}],
    "people": [
        {"id": "chen", "name": "陈明", "roles": ["dispatcher"], "unit": "yl"},
        {"id": "li", "name": "李明", "roles": ["grid_worker"], "unit": "jr-2", "accounts": ["telegram:1", "wecom:li"]},
        {"id": "lei", "name": "雷鸣", "roles": ["department"], "department": "fire"},
    ],
    "groups": [
        {"id": "jr-2-work", "name": "工作群", "unit": "jr-2", "purpose": "work", "chats": ["telegram:-1001"]},
        {"id": "fire-group", "name": "消防群", "purpose": "department", "department": "fire"},
    ],
    "duty_desk": {"people": ["chen"], "group": "jr-2-work"},
    "hotlines": {"fire": "119"},
    "gazetteer": {"aliases": {"健仁小区": ["健仁苑"]}},
    "platforms": {
        "telegram": {"token": "", "secret_token": ""},
        "wechat": [{"account": "gh_1", "app_id": "", "secret": "", "token": "", "aes_key": ""}],
        "wecom": {"corp_id": "", "secret": "", "token": "", "aes_key": "", "webhooks": {}, "bot": {}},
    },
}


def with_change(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The small town with values set (or dropped) at dotted paths: `units.3.parent`."""
    town = copy.deepcopy(TOWN)
    for path, value in changes:
        *way, last = path.split(".")
        at: Any = town
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        key = int(last) if isinstance(at, list) else last
        if value is DROP:
            del at[key]
        elif isinstance(at, list) and key == len(at):
            at.append(value)
        else:
            at[key] = value
    return town


def read(document: object, folder: Path, environ: Mapping[str, str] | None = None) -> config.Config:
    """The configuration of a document, by way of a file."""
    path = folder / "config.yaml"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return config.read(path, environ or {})


def problems(document: object, folder: Path, environ: Mapping[str, str] | None = None) -> list[config.Problem]:
    """What is wrong with a document."""
    try:
        read(document, folder, environ)
    except config.ConfigError as error:
        return list(error.problems)
    return []
