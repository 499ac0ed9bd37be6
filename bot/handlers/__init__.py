"""What people do in Telegram, one file per desk of the office."""
