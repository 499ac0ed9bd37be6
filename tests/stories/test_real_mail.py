"""The same story against Dovecot and Exim instead of the embedded mailbox.

Needs the ``mailstack`` tool from the folder beside the checkout (or ``RAKURS_SHARED``); skipped
with the reason where it is not to be had.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.rehearsal import city, demo, returns
from mail.sandbox import Link

pytestmark = [pytest.mark.story, pytest.mark.mailstack, pytest.mark.shared,
              pytest.mark.timeout(400)]

SHARED = Path(os.environ.get("RAKURS_SHARED", Path(__file__).parents[3] / "shared"))
TOOL = SHARED / "tools" / "mailstack"


@dataclass(frozen=True)
class RealMailboxes:
    """The city's mailboxes on Dovecot, its letters carried by Exim."""

    facts: Mapping[str, Any]

    @property
    def smtp_url(self) -> str:
        """With a login, as the office's server wants it."""
        return f"smtp://{self._login(city.BOT_BOX)}@127.0.0.1:{self.facts['smtp_port']}"

    @property
    def links(self) -> tuple[Link, ...]:
        """Real servers show no page."""
        return ()

    def imap_url(self, address: str) -> str:
        """A mailbox."""
        return f"imap://{self._login(address)}@127.0.0.1:{self.facts['imap_port']}/INBOX"

    def _login(self, address: str) -> str:
        return f"{quote(address, safe='')}:{self.facts['users'][address]}"

    async def stop(self) -> None:
        """The servers are stopped by who started them."""


@pytest.fixture
def mailboxes(tmp_path: Path) -> Iterator[RealMailboxes]:
    if not TOOL.exists():
        pytest.skip(f"НЕТ {TOOL}: история НЕ проверена с Dovecot и Exim")
    names = ",".join(address.partition("@")[0] for address, _ in city.mailboxes())
    folder = str(tmp_path / "servers")

    def tool(verb: str, *arguments: str) -> str:
        return subprocess.run([sys.executable, str(TOOL), verb, folder, *arguments],
                              capture_output=True, text=True, timeout=300, check=True).stdout

    try:
        facts = json.loads(tool("start", "--users", names, "--domain", city.DOMAIN))
    except (subprocess.SubprocessError, ValueError) as fault:
        said = getattr(fault, "stderr", "") or str(fault)
        pytest.skip(f"Dovecot и Exim не запускаются, история с ними НЕ проверена: {said[-300:]}")
    yield RealMailboxes(facts)
    tool("stop", "--wipe")


async def test_the_whole_story_is_the_same_with_real_servers(
        mailboxes: RealMailboxes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert await demo.play(out, mailboxes=mailboxes)
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("✓")]) == len(returns.SCRIPT.steps)
    log = (out / "program.log").read_text(encoding="utf-8")
    assert "Traceback" not in log, log[log.index("Traceback") - 300:][:6000]
