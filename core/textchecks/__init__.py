"""Checks of an answer's text: what the regulation would send back, found before a person does."""

from core.textchecks.checking import Code, Finding, TextReport, check

__all__ = ["Code", "Finding", "TextReport", "check"]
