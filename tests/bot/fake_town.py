"""Knows the people, groups and sentences of the scripted town (tests/bot/fake_stage.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROLES = {
    "resident": "居民",
    "volunteer": "志愿者",
    "grid_worker": "网格员",
    "grid_head": "网格长",
    "mediator": "调解员",
}
ROLES |= {"department": "工作人员", "dispatcher": "值班员"}
UNITS = {"jr-1": "健仁第一网格", "jr-2": "健仁第二网格", "yl": "盐龙街道"}


def _person(id: str, name: str, call: str, unit: str, *roles: str) -> dict[str, Any]:
    return {
        "id": id, "name": name, "call": call, "roles": list(roles), "unit": unit, "unit_name": UNITS[unit],
        "role_names": "、".join(ROLES[role] for role in roles),
    }  # fmt: skip


def _group(id: str, name: str, purpose: str, *members: str) -> dict[str, Any]:
    return {"id": id, "name": name, "purpose": purpose, "members": list(members)}


TOWN: Mapping[str, Any] = {
    "name": "盐龙街道",
    "bot_name": "小格",
    "people": [
        _person("zhang", "张桂英", "张阿姨", "jr-2", "resident"),
        _person("liu", "刘建国", "刘师傅", "jr-1", "resident"),
        _person("he", "何雨欣", "小何", "jr-2", "resident", "volunteer"),
        _person("zhao", "赵强", "赵强", "jr-1", "grid_worker"),
        _person("li", "李明", "李明", "jr-2", "grid_worker"),
        _person("sun", "孙丽", "孙书记", "jr-2", "grid_head"),
        _person("wang", "王芳", "王芳", "yl", "mediator"),
        _person("zhou", "周毅", "周毅", "yl", "department"),
        _person("chen", "陈静", "陈静", "yl", "dispatcher"),
    ],
    "groups": [
        _group("jr-1-work", "第一网格工作群", "work", "zhao", "sun", "chen"),
        _group("jr-2-work", "第二网格工作群", "work", "sun", "li", "chen"),
        _group("safety-work", "应急办工作群", "department", "zhou", "chen"),
        _group("centre-work", "指挥中心值班群", "duty", "chen"),
        _group("jr-2-res", "健仁小区居民群", "residents", "zhang", "he", "li"),
    ],
    "examples": [
        "健仁小区3号楼楼道有人给电动车飞线充电，怕着火",
        "楼上天天半夜打麻将，吵得睡不着，说了也不听",
        "我家闻到好大的煤气味",
        "人民路12号门口垃圾堆了两天没人清",
        "居住证续签要带什么",
    ],
    "places": [
        {"name": "健仁小区3号楼", "lat": 33.3801, "lon": 120.1502},
        {"name": "健仁小区南门", "lat": 33.3792, "lon": 120.1511},
        {"name": "人民路12号", "lat": 33.3815, "lon": 120.1533},
    ],
    "timezone": "Asia/Shanghai",
}
