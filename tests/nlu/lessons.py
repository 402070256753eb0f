"""Knows a small place to learn at: some sentences, a model of them, a frozen set; and corrections as they come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nlu.learning.learner import Learner, Place
from nlu.learning.versions import Shelf
from nlu.places import Gazetteer
from nlu.training import train
from tests.nlu.test_training import DANGER, SMALL

NEW = "楼道口那个发光的玩意儿歇菜了"
ODD_DANGER = ("地下室咕嘟咕嘟往上返绿水泡泡", "地下室咕嘟咕嘟往上冒绿水泡", "车库里咕嘟咕嘟往上返绿水泡")
"""Danger of which no rule speaks: the model alone hears it, once it is taught."""
TAUGHT = "nlu:\n- intent: emergency\n  metadata: {type: disaster}\n  examples: |\n" + "".join(
    f"    - {text}{end}\n" for text in ODD_DANGER for end in ("", "啊", "了")
)
FROZEN = "text,label\n路灯坏了,public_facilities\n楼道灯不亮,public_facilities\n着火了,emergency\n你好,greeting\n"


def plain(text: str) -> str:
    return text.strip()


def line(text: str = NEW, said: str = "public_facilities", **more: str) -> str:
    row = {"case": "A1", "text": text, "heard": "greeting", "said": said, "item": "lamp", "kind": "relabelled",
           "by_role": "worker", "why": "", "at": "2026-03-02T01:00:00+00:00", **more}  # fmt: skip
    return json.dumps(row, ensure_ascii=False)


def small_place(folder: Path) -> Place:
    """Where everything lies, and a model of it."""
    for path, text in {
        "data/a.yml": SMALL,
        "data/b.yml": DANGER,
        "data/c.yml": TAUGHT,
        "frozen/small.csv": FROZEN,
    }.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    train(folder / "data", folder / "models")
    return Place(folder / "data", folder / "models", folder / "frozen", Gazetteer.from_entries((), {}), {})


def learner(tmp_path: Path, place: Place, **more: Any) -> Learner:
    """Who learns at the shelf in that folder."""
    return Learner(Shelf(tmp_path), place, **more)
