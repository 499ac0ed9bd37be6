"""The regulation as data. Tables a clerk can read; the code elsewhere interprets them.

``python -m core.regulation`` writes them in Russian to ``docs/lifecycle.md``.
"""
