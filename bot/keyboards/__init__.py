"""Markup of the inline buttons, from plain values."""
