"""An embedded Telegram Bot API server with a chat page, for trying the program without Telegram."""
