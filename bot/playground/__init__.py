"""The playground at `/`: a small town of its own to try the bot in, three phones side by side."""
