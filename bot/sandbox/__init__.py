"""An embedded Telegram Bot API server and its chat page: the program without Telegram."""
