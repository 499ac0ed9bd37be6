"""The same-angle camera: a page inside Telegram (Mini App) that leads the phone to the citizen's
point of view and sends the shot with its time, place and heading (4.6¶2)."""
