"""Knows the small town in which the desk is tried: one street, two communities, five grids, people of every role."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from handlers.town import Department, Group, Person, Role, Town, Unit

_UNITS = (
    ("yd", "盐都区", "county", ""),
    ("yl", "盐龙街道", "street", "yd"),
    ("jr", "健仁社区", "community", "yl"),
    ("jr-1", "健仁第一网格", "grid", "jr"),
    ("jr-2", "健仁第二网格", "grid", "jr"),
    ("jr-3", "健仁第三网格", "grid", "jr"),
    ("jr-2-m1", "健仁第二网格一微格", "micro", "jr-2"),
    ("lg", "龙港社区", "community", "yl"),
    ("lg-1", "龙港第一网格", "grid", "lg"),
    ("lg-2", "龙港第二网格", "grid", "lg"),
)
_CENTERS = {"jr-1": (33.3826, 120.1489), "jr-2": (33.3803, 120.1502), "lg-1": (33.3875, 120.1594)}
_DEPARTMENTS = {
    "grid_center": "网格化服务中心", "community": "社区居委会", "safety_office": "应急办", "peace_office": "平安办",
    "justice_office": "司法所", "police": "派出所", "enforcement": "综合执法局", "city_mgmt": "城市管理办",
    "civil_affairs": "民政办", "service_hall": "便民服务中心", "party_office": "党群办", "env": "生态环境",
    "market_reg": "市场监管", "fire": "消防救援", "hrss": "人社劳动监察", "women_fed": "妇联", "health": "社区卫生",
    "petition_office": "信访", "property": "物业", "utility": "水电气热企业", "hotline_12345": "12345热线",
}  # fmt: skip
_STAFF = (
    ("chen", "陈明远", Role.DISPATCHER, "yl", "grid_center"),
    ("xie", "谢国安", Role.SUPERVISOR, "yl", ""),
    ("pan", "潘磊", Role.ADMIN, "yl", ""),
    ("han", "韩志刚", Role.GRID_HEAD, "jr", ""),
    ("yang", "杨秀英", Role.GRID_HEAD, "lg", ""),
    ("sun", "孙伟", Role.GRID_WORKER, "jr-1", ""),
    ("li", "李明", Role.GRID_WORKER, "jr-2", ""),
    ("zhao", "赵强", Role.GRID_WORKER, "jr-2", ""),
    ("wu", "吴涛", Role.GRID_WORKER, "lg-1", ""),
    ("wang", "王芳", Role.MEDIATOR, "yl", ""),
    ("lv", "吕慧", Role.MEDIATOR, "yl", ""),
    ("song", "宋雅", Role.DEPARTMENT, "yl", "justice_office"),
    ("lin", "林勇", Role.DEPARTMENT, "yl", "enforcement"),
    ("luo", "罗斌", Role.DEPARTMENT, "yl", "city_mgmt"),
    ("liang", "梁超", Role.DEPARTMENT, "yl", "police"),
    ("tang", "唐静", Role.DEPARTMENT, "yl", "service_hall"),
)
_RESIDENTS = (("zhang", "张桂兰", "jr-2"), ("guo", "郭春生", "jr-3"), ("huang", "黃詠詩", "lg-2"), ("new", "", ""))
_GROUPS = (
    ("jr-1-work", "第一网格工作群", "jr-1", "work", ""),
    ("jr-2-work", "第二网格工作群", "jr-2", "work", ""),
    ("lg-1-work", "龙港第一网格工作群", "lg-1", "work", ""),
    ("jr-2-home", "健仁小区居民群", "jr-2", "residents", ""),
    ("enforcement-group", "综合执法群", "yl", "department", "enforcement"),
    ("centre-work", "指挥中心值班群", "yl", "duty", ""),
)
AWAY = datetime(2026, 3, 9, tzinfo=UTC)
HOTLINES = {
    "fire": "119", "medical": "120", "police": "110", "lift": "96333", "fraud": "96110", "women": "12338",
    "psych": "12356", "legal": "12348", "gov": "12345", "power": "95598", "discipline": "12388",
}  # fmt: skip


def town() -> Town:
    """The town, whole."""
    people = [
        Person(id=who, name=name, roles=frozenset({role}), unit=unit, department=department)
        for who, name, role, unit, department in _STAFF
    ]
    people += [Person(id=who, name=name, unit=unit) for who, name, unit in _RESIDENTS]
    found = {person.id: person for person in people}
    found["lv"] = replace(found["lv"], away_until=AWAY)
    return Town(
        name="盐龙街道",
        bot_name="小格",
        levels=("grid", "community", "street", "county"),
        units={
            key: Unit(id=key, name=name, level=level, parent=parent, center=_CENTERS.get(key))
            for key, name, level, parent in _UNITS
        },
        departments={key: Department(id=key, name=name, parent="yl") for key, name in _DEPARTMENTS.items()},
        people=found,
        groups={
            key: Group(id=key, name=name, unit=unit, purpose=purpose, department=department)
            for key, name, unit, purpose, department in _GROUPS
        },
        duty_people=("chen", "pan"),
        duty_group="centre-work",
        hotlines=HOTLINES,
        privacy_contact="街道网格中心 0515-00000000",
        retention_days={"default": 730},
    )
