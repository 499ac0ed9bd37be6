"""The sentences of the bot, by occasion. Pure; what people typed is escaped here and nowhere else.

Texts on cards are in ``bot/cards.py``, labels of buttons in ``bot/keyboards``.
"""
