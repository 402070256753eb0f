"""Knows the ear as its tests use it: trained once on the shipped data, with a small invented town."""

from __future__ import annotations

import pytest

from nlu.ear import EmbeddedEar
from nlu.model import Model, load_or_none
from nlu.places import Gazetteer
from nlu.reading import Reader
from nlu.training import train

ENTRIES = (
    ("jr-1", ("健仁小区9、11-15号楼", "人民路1-99号单号", "健仁幼儿园")),
    ("jr-2", ("健仁小区1-8号楼", "人民路12号", "人民公园")),
    ("xh-1", ("新华小区", "建军路1-20号")),
    ("xh-2", ("丽景花园A、B座", "丽景花园1-3幢")),
)
ALIASES = {"健仁小区": ("健仁苑", "老健仁"), "人民公园": ("大公园",)}
CUES = {
    "safety_hazard": (("ebike", ("飞线", "充电", "电动车上楼")), ("exit", ("消防通道", "安全出口"))),
    "public_facilities": (("lamp", ("路灯", "灯不亮")), ("lift", ("电梯",))),
    "emergency": (("fire", ("着火",)), ("medical", ("晕倒",))),
    "petition": (("petition", ("上访",)),),
}


@pytest.fixture(scope="session")
def model() -> Model:
    """The model of the shipped data; trained here only when nobody has done it yet."""
    found = load_or_none()
    if found is None:
        train()
        found = load_or_none()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_entries(ENTRIES, ALIASES)


@pytest.fixture(scope="session")
def ear(model: Model, gazetteer: Gazetteer) -> EmbeddedEar:
    return EmbeddedEar(model, gazetteer, CUES)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()
