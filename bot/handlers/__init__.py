"""One file per desk of the office; ``bot.dispatcher`` puts their routers in order."""
