"""Knows how the widget of a website stands; nobody outside has to be asked."""

from __future__ import annotations

from bot.config_platforms import WebConfig
from bot.doctors.finding import Finding, missing
from bot.doctors.known import Known


def told(site: WebConfig, known: Known) -> list[Finding]:
    """What the configuration and the memory say."""
    return [known.heard("web", site.account), *([] if site.origins else [missing("web.no_origins")])]
