"""The command line in Russian: its help, and what is said of a bad call."""

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from bot.console import BAD_CALL, complain

HEADINGS = {"positional arguments": "что указать", "options": "ключи"}
BAD_CALLS = tuple((re.compile(pattern), said) for pattern, said in (
    (r"the following arguments are required: (.+)", r"не хватает: \1"),
    (r"one of the arguments (.+) is required", r"нужно одно из: \1"),
    (r"unrecognized arguments: (.+)", r"лишнее: \1"),
    (r"argument (.+): invalid choice: '?(.*?)'? \(choose from (.+)\)",
     r"\1: «\2» не подходит, можно \3"),
    (r"argument (.+): expected (?:one|at least one) argument", r"\1: нет значения"),
    (r"argument (.+): ignored explicit argument '?(.*?)'?", r"\1: значения не нужно, а дано «\2»"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 не сочетается с \2"),
    (r"ambiguous option: (.+) could match (.+)", r"\1 можно понять по-разному: \2"),
    (r"argument (.+)", r"\1"),
))
"""What argparse says of a bad call, and how we say it."""


class Parser(argparse.ArgumentParser):
    """The command line in Russian; a bad call is one line that says where to read on."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords, add_help=False, formatter_class=_Help)
        self.add_argument("-h", "--help", action="help", help="показать эту справку")

    def error(self, message: str) -> NoReturn:
        """One line on stderr, exit code 2."""
        for pattern, said in BAD_CALLS:
            if found := pattern.fullmatch(message):
                message = found.expand(said).replace("'", "")
                break
        complain(f"{message}. Как вызывать: {self.prog} --help")
        sys.exit(BAD_CALL)


class Commands(argparse._SubParsersAction):  # type: ignore[type-arg]  # no generic when run
    """The commands; what the list says of one stands above its own help too."""

    def add_parser(self, name: str, **keywords: Any) -> argparse.ArgumentParser:
        """One command."""
        said: str = keywords.get("help", "")
        keywords.setdefault("description", f"{said[:1].upper()}{said[1:]}.")
        made: argparse.ArgumentParser = super().add_parser(name, **keywords)
        return made


class _Help(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=24)

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action],
                  groups: Iterable[argparse._MutuallyExclusiveGroup],
                  prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Вызов: " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(HEADINGS.get(heading or "", heading))
