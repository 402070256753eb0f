"""A bot that asks a Rasa server, over real sockets: while the server answers, while it hangs, and when it is gone."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from pathlib import Path
from typing import Any

from tests.fakes.rasa import TOKEN, FakeRasa, rasa_server
from tests.live import Process, World, world

LAMP = "健仁小区3号楼门口的路灯坏了"


def test_the_bot_answers_whatever_its_rasa_server_does(tmp_path: Path) -> None:
    with rasa_server(lambda _: {"public_facilities": 0.93, "safety_hazard": 0.04}) as rasa:
        asyncio.run(_story(rasa, tmp_path))
    log = (tmp_path / "bot.log").read_text("utf-8")
    assert "the Rasa server does not answer" in log
    assert TOKEN not in log


async def _story(rasa: FakeRasa, folder: Path) -> None:
    async with world(f"sqlite:///{folder}/live.db", folder) as outside:
        nlu = {"ENGINE": "rasa", "RASA_URL": rasa.url, "RASA_TOKEN": TOKEN, "RASA_TIMEOUT": "0.8"}
        outside.environment.update({f"XIAOGE__NLU__{key}": value for key, value in nlu.items()})
        bot = outside.process()
        await bot.start()
        try:
            await _told(rasa, outside, bot)
        finally:
            bot.stop()
        assert bot.running is not None
        assert bot.running.returncode == 0


async def _told(rasa: FakeRasa, outside: World, bot: Process) -> None:
    assert "A0001" in await outside.resident(bot, LAMP, openid="oOne")
    assert rasa.heard == [LAMP]
    assert await _health(bot) >= {"engine": "rasa", "rasa": "closed", "rasa_asked": 1, "rasa_left": 0}.items()
    rasa.fault = "hangs"
    for n in range(4):
        assert "A000" in await outside.resident(bot, LAMP, openid=f"oPerson{n}")
    assert await _health(bot) >= {"engine": "rasa", "rasa": "open", "rasa_asked": 5, "rasa_left": 4}.items()
    assert rasa.refused == []


async def _health(bot: Process) -> Any:
    def read() -> dict[str, Any]:
        with urllib.request.urlopen(f"{bot.base}/health/ready", timeout=10) as answer:
            return dict(json.load(answer))

    return (await asyncio.to_thread(read)).items()
