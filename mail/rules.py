"""What the office has settled about its mailbox: who it is, whom it believes."""

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from typing import TYPE_CHECKING

from mail.trust import DnsTxt, Trust, ask_dns

if TYPE_CHECKING:
    from mail.profiles import Profile

MEGABYTE = 1024 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class MailRules:
    """Settings of reading.

    ``mail_from`` is our own address, with or without a name; ``msed_senders`` addresses or
    domains (``msed.example`` or ``@msed.example``) whose exports and notices are believed;
    ``largest`` the most bytes of one letter that are taken in; ``profiles`` the office's own
    layouts (:mod:`mail.profiles`). ``trust`` says by what a letter of МСЭД is believed
    (:mod:`mail.trust`), ``authserv_id`` under which name our own server reports in
    ``Authentication-Results``, ``arc_sealers`` whose seals are believed in place of a DKIM
    signature that forwarding broke, ``dns`` who is asked for DKIM keys. What arrived before the
    day ``since`` is left in the mailbox untouched.
    """

    mail_from: str
    msed_senders: tuple[str, ...] = ()
    largest: int = 60 * MEGABYTE
    profiles: tuple["Profile", ...] = ()
    trust: Trust = Trust.FROM
    authserv_id: str = ""
    arc_sealers: tuple[str, ...] = ()
    dns: DnsTxt = ask_dns
    since: date | None = None

    @property
    def own_address(self) -> str:
        """Our address without the name, lower-case."""
        return parseaddr(self.mail_from)[1].lower()

    def believes(self, address: str) -> bool:
        """Whether exports and notices are taken from that address."""
        address = address.lower()
        domain = address.rpartition("@")[2]
        known = {one.strip().lower() for one in self.msed_senders}
        return bool(domain) and not known.isdisjoint({address, domain, "@" + domain})

    def token_in(self, recipients: tuple[str, ...]) -> str:
        """The token of the plus-address ``own+TOKEN@host`` a letter came to, or nothing."""
        user, _, host = self.own_address.partition("@")
        for recipient in recipients:
            local, _, domain = recipient.partition("@")
            name, plus, token = local.partition("+")
            ours = name.lower() == user and domain.lower() == host
            if ours and plus and _TOKEN.fullmatch(token):
                return token
        return ""


def with_token(address: str, token: str) -> str:
    """The plus-address to which an answer bearing the token comes."""
    local, _, domain = address.partition("@")
    return f"{local}+{token}@{domain}"
