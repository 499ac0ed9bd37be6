"""Inline keyboards: markup only, from plain values."""
