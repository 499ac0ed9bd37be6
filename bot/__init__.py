"""The Telegram face and the running process."""
