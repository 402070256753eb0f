"""What of corrections leaves the memory: labels and masked words, nothing personal, nothing of the erased."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import config as configuration
from bot.__main__ import main
from bot.corrections import lines
from handlers.cases import Entry, Reporter, State
from handlers.raw import RawText
from handlers.town import ERASE_WHEN_CLOSED, Person, Role
from nlu.redaction import Redactor
from storage.store import Store
from tests.house import ROOT
from tests.product import product
from tests.storage.making import NOW, a_case, later, write

CATALOGUE = product().desk.rules.catalogue
REDACTOR = Redactor()
CANARIES = (
    "13912345678",
    "110101199003078515",
    "苏A12345",
    "zhang@example.com",
    "wxid_zhang001",
    "周桂芳",
    "1单元502室",
)
TEXT = (
    "我是周桂芳阿姨，住3号楼1单元502室，电话13912345678，身份证110101199003078515，车牌苏A12345，"
    "邮箱zhang@example.com，微信wxid_zhang001，门口一股味"
)
MEANT = {"duty": "public_facilities", "item": "lift_stopped", "colour": "green"}


def entry(n: int, step: str, note: str = "", *, by: str = "li", role: str = "lead", case: str = "A9001",
          **facts: str) -> Entry:  # fmt: skip
    return Entry(case=case, n=n, at=later(minutes=n), step=step, by=by, role=role, facts=facts, note=RawText(note))


def corrected(text: str, why: str, case: str = "A9001") -> tuple[Entry, ...]:
    heard = {"duty": "sanitation_environment", "item": "smell", "colour": "green", "label": "sanitation_environment"}
    return (
        entry(1, "open", text, by="zhang", role="reporter", case=case, **heard),
        entry(2, "relabel", why, by="chen", role="dispatcher", case=case, **MEANT),
    )


def told(store: Store) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines(store, CATALOGUE, REDACTOR)]


@pytest.fixture
def store() -> Store:
    made = Store("sqlite://")
    made.create()
    resident = Person(id="zhang", name="周桂芳", roles=frozenset({Role.RESIDENT}))
    write(made, persons=(resident,), cases=(a_case("A9001"),), entries=corrected(TEXT, f"{TEXT}，其实是电梯"),
          reporters=(Reporter(case="A9001", person="zhang", since=NOW),))  # fmt: skip
    return made


def test_a_line(store: Store) -> None:
    (one,) = told(store)
    assert {name: one[name] for name in one if name not in ("text", "why")} == {
        "case": "A9001", "heard": "sanitation_environment", "said": "public_facilities", "item": "lift_stopped",
        "kind": "relabelled", "by_role": "dispatcher", "at": later(minutes=2).isoformat(),
    }  # fmt: skip
    assert one["text"].endswith("门口一股味")
    assert one["why"].endswith("其实是电梯")
    whole = json.dumps(one, ensure_ascii=False)
    assert [canary for canary in CANARIES if canary in whole] == []
    assert "zhang" not in whole
    assert "chen" not in whole


@pytest.mark.parametrize(
    "words",
    ["周桂芳", "周 桂 芳", "陳小明", "zhou guifang", "ＺＨＯＵＧＵＩＦＡＮＧ", "李卫国", "李衛國", "陈小明周桂芳"],
)
def test_names_the_town_knows_are_masked_however_they_are_written(words: str) -> None:
    made = Store("sqlite://")
    made.create()
    persons = (
        Person(id="zhang", name="周桂芳", names=("陈小明", "Zhou Guifang"), roles=frozenset({Role.RESIDENT})),
        Person(id="li", name="李卫国", roles=frozenset({Role.GRID_WORKER})),
    )
    write(made, persons=persons, cases=(a_case("A9001"),), entries=corrected(f"我说{words}家漏水", f"{words}不在"),
          reporters=(Reporter(case="A9001", person="zhang", since=NOW),))  # fmt: skip
    (one,) = told(made)
    made.close()
    assert one["text"].replace("〔姓名〕", "") == "我说家漏水"
    assert one["why"].replace("〔姓名〕", "") == "不在"


@pytest.mark.parametrize("name", ["Li", "12", "al"])
def test_a_short_name_in_other_letters_takes_no_part_of_a_word(name: str) -> None:
    made = Store("sqlite://")
    made.create()
    write(made, persons=(Person(id="zhang", name=name, roles=frozenset({Role.RESIDENT})),), cases=(a_case("A9001"),),
          entries=corrected("police到12栋，local", "wechat"),
          reporters=(Reporter(case="A9001", person="zhang", since=NOW),))  # fmt: skip
    (one,) = told(made)
    made.close()
    assert (one["text"], one["why"]) == ("police到12栋，local", "wechat")


def test_an_office_is_nobody(store: Store) -> None:
    write(store, persons=(Person(id="chen", name="物业", names=("陈明远",), roles=frozenset({Role.DISPATCHER})),),
          cases=(a_case("A9002"),), entries=corrected("物业的陈明远不管", "归物业", "A9002"))  # fmt: skip
    found = [json.loads(line) for line in lines(store, CATALOGUE, REDACTOR, {"物业"})]
    assert [(one["text"], one["why"]) for one in found if one["case"] == "A9002"] == [("物业的〔姓名〕不管", "归物业")]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(CANARIES), min_size=1, max_size=4), st.text("我家门口的味道，。 ", min_size=1, max_size=20)
)
def test_nothing_personal_comes_out(parts: list[str], filler: str) -> None:
    made = Store("sqlite://")
    made.create()
    words = filler.join(("", *parts, ""))
    named = Person(id="zhang", name="周桂芳", roles=frozenset({Role.RESIDENT}))
    write(made, persons=(named,), cases=(a_case("A9001"),), entries=corrected(f"我说，{words}", f"因为，{words}"),
          reporters=(Reporter(case="A9001", person="zhang", since=NOW),))  # fmt: skip
    whole = json.dumps(told(made), ensure_ascii=False)
    made.close()
    assert "relabelled" in whole
    assert [canary for canary in CANARIES if canary in whole] == []


def test_the_erased_never_come_out(store: Store) -> None:
    assert told(store)
    write(store, erased=("zhang",))
    assert told(store) == []


def test_who_asked_to_be_erased_comes_out_no_more(store: Store) -> None:
    leaving = Person(id="zhang", roles=frozenset({Role.RESIDENT}), tags=(ERASE_WHEN_CLOSED,))
    write(store, persons=(leaving,))
    assert told(store) == []


@pytest.mark.parametrize("more", [{"state": State.WITHDRAWN}, {"emergency": "dv", "colour": "red"}])
def test_what_was_taken_back_or_is_delicate(store: Store, more: dict[str, Any]) -> None:
    write(store, cases=(a_case("A9001", **more),))
    assert told(store) == []


def test_many_cases_are_read_in_bulk(store: Store) -> None:
    numbers = [f"B{n:04}" for n in range(1200)]
    write(store, cases=[a_case(number) for number in numbers],
          entries=[one for number in numbers for one in corrected("一股味", "电梯", number)])  # fmt: skip
    found = told(store)
    assert [one["case"] for one in found] == ["A9001", *numbers]


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.setenv("XIAOGE__DATABASE", url)
    here = ["--config", str(ROOT / "config.yaml")]
    assert main(["export", "corrections", *here]) == 1
    assert "migrate" in capsys.readouterr().err
    made = Store(configuration.read(ROOT / "config.yaml", {"XIAOGE__DATABASE": url}).database.reveal())
    made.create()
    write(made, cases=(a_case("A9001"),), entries=corrected("一股味", "电梯"))
    made.close()
    assert main(["export", "corrections", *here]) == 0
    assert json.loads(capsys.readouterr().out)["said"] == "public_facilities"
    assert main(["export", "corrections", "--out", str(tmp_path / "c.jsonl"), *here]) == 0
    assert json.loads((tmp_path / "c.jsonl").read_text(encoding="utf-8"))["heard"] == "sanitation_environment"
    assert main(["export", "corrections", "--out", str(tmp_path), *here]) == 1
