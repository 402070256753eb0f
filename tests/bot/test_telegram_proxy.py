"""The way out of a country: words, pictures and updates of Telegram through a proxy, and nothing beside it."""

from __future__ import annotations

from bot.config_platforms import TelegramConfig
from bot.platforms.telegram import Telegram
from bot.secret import Secret
from tests.bot.test_telegram_sending import CHAT, JPEG, album, payload, to
from tests.fakes.aio import Moving, running, serving, until
from tests.fakes.telegram import FakeTelegram
from tests.fakes.window import LittleWindow


@running
async def test_everything_goes_through_the_proxy_where_there_is_one() -> None:
    fake = FakeTelegram(Moving().monotonic, files={"photo-x": JPEG})
    async with serving(fake.app()) as proxy:
        config = TelegramConfig(
            token=Secret(fake.token), mode="polling", api_base="http://api.telegram.invalid", proxy=Secret(proxy)
        )
        window = LittleWindow()
        bot = Telegram(config, photos=album, clock=Moving(), window=window)
        fake.queue(payload("text"))
        await bot.start()
        try:
            await until(lambda: window.served)
            await bot.deliver(to(photos=("p1",)))
            assert await bot.fetch({"ref": "photo-x"}) == JPEG
        finally:
            await bot.stop()
        assert fake.texts(CHAT) == ["第1封", "[photo]"]
