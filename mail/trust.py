"""Whether a letter that names an МСЭД sender is really the sender's.

Anybody can write a ``From``. By the office's rule a letter is believed by that name alone (unless
a server on its way found it forged), by what the office's own server found out (RFC 8601), or by
its DKIM signature checked here (RFC 6376), for which the seals of forwarders may stand in
(:mod:`mail.arc`). The signing domain must be the sender's own or one above it.
"""

import logging
from collections.abc import Callable, Collection
from enum import StrEnum

import authres
import dkim

from core.files import Content
from mail.arc import confirmed_by_forwarders
from mail.headers import addresses_of
from mail.mime import split
from mail.parsing import Letter
from mail.signedbody import SignedLetter

log = logging.getLogger(__name__)

DnsTxt = Callable[..., bytes | None]
"""Name of a TXT record (bytes, with a final dot) -> its content, or None; blocks."""

ask_dns: DnsTxt = dkim.get_txt

SECONDS = 5
"""The longest wait for one answer of DNS."""
MOST_SIGNATURES = 5
SHORTEST_KEY = 1024
BROKEN = "письмо нарушает правила почты, подпись DKIM не проверить"


class Trust(StrEnum):
    """By what a letter of МСЭД is believed (setting ``MAIL_TRUST``)."""

    FROM = "from"
    RESULTS = "authentication-results"
    DKIM = "dkim"


def doubt_about(
    letter: Letter, raw: Content, trust: Trust, *, server: str = "", dns: DnsTxt = ask_dns,
    sealers: Collection[str] = (),
) -> str:  # fmt: skip
    """Why the sender is not proven, in Russian, or an empty string.

    ``server`` is the authserv-id under which the office's own server reports; ``sealers`` are
    forwarders whose ARC seals are believed where ``trust`` is DKIM. ``dns`` may block, so call
    this in a thread where ``trust`` is DKIM.
    """
    if trust is Trust.FROM:
        return _forgery_found(letter)
    try:
        signed = SignedLetter(raw)
    except dkim.DKIMException:
        return BROKEN
    fields = split(signed.header).fields
    senders = [value for name, value in fields if name.lower() == "from"]
    if len(senders) != 1 or len(addresses_of(senders[0])) != 1:
        return "в письме не один отправитель"
    domain = letter.sender.rpartition("@")[2].lower()
    if trust is Trust.RESULTS:
        return _doubt_of_results(letter, domain, server)
    doubt = _doubt_of_signature(signed, domain, dns)
    if doubt and sealers and confirmed_by_forwarders(
            signed, sealers, lambda report: _confirms(report, domain), dns,
            minkey=SHORTEST_KEY, seconds=SECONDS):  # fmt: skip
        return ""
    return doubt


def _forgery_found(letter: Letter) -> str:
    """Believed without knowing the server's name: nobody gains by accusing his own letter."""
    report = _topmost_report(letter)
    domain = letter.sender.rpartition("@")[2].lower()
    if report and any(one.method == "dmarc" and one.result == "fail" and _author(one) == domain
                      for one in report.results):
        return "почтовый сервер сообщает, что отправитель подделан (DMARC)"
    return ""


def _topmost_report(letter: Letter) -> authres.AuthenticationResultsHeader | None:
    """The last server's own; those below it may be forged."""
    first = next(iter(letter.headers.get("authentication-results", ())), "")
    try:
        return authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {first}")
    except (authres.AuthResError, ValueError):
        return None


def _doubt_of_results(letter: Letter, domain: str, server: str) -> str:
    """What the office's server wrote."""
    report = _topmost_report(letter)
    if report is None:
        return "почтовый сервер не записал в письмо проверку отправителя (Authentication-Results)"
    if not server or report.authserv_id.lower() != server.lower():
        return f"проверка отправителя в письме не от нашего сервера «{server}»"
    if _confirms(report, domain):
        return ""
    return "почтовый сервер не подтвердил подпись отправителя (DKIM)"


def _confirms(report: authres.AuthenticationResultsHeader, domain: str) -> bool:
    """Whether a report says that the sender's domain, or one above it, has signed."""
    for one in report.results:
        signer = _said_of(one, "d") or _said_of(one, "i").rpartition("@")[2]
        if one.method == "dkim" and one.result == "pass" and _covers(signer, domain):
            return True
        if one.method == "dmarc" and one.result == "pass" and _author(one) == domain:
            return True
    return False


def _author(result: authres.AuthenticationResult) -> str:
    """The domain of ``From`` that was judged."""
    return _said_of(result, "from").rpartition("@")[2]


def _said_of(result: authres.AuthenticationResult, name: str) -> str:
    """A header's property of a result, in lower case."""
    return next((str(one.value).lower() for one in result.properties
                 if (one.type, one.name) == ("header", name)), "")


def _doubt_of_signature(signed: SignedLetter, domain: str, dns: DnsTxt) -> str:
    try:
        checked = dkim.DKIM(signed.header)
        signatures = [value for name, value in checked.headers
                      if name.lower() == b"dkim-signature"]  # fmt: skip
    except (dkim.DKIMException, IndexError):  # dkimpy falls over a header that begins with a space
        return BROKEN
    if not signatures:
        return "в письме нет подписи DKIM"
    for number in range(min(len(signatures), MOST_SIGNATURES)):
        if _holds(signed, number, domain, dns):
            return ""
    return f"подпись DKIM домена {domain} не подтвердилась"


def _holds(signed: SignedLetter, number: int, domain: str, dns: DnsTxt) -> bool:
    checked = signed.checker(dkim.DKIM, logger=log, minkey=SHORTEST_KEY, timeout=SECONDS)
    try:
        if not checked.verify(idx=number, dnsfunc=dns):
            return False
    except Exception as fault:  # dkimpy and DNS raise much that a stranger's letter can cause
        log.info("DKIM could not be checked: %s", type(fault).__name__)
        return False
    return _covers(checked.domain.decode("ascii", "replace"), domain)


def _covers(signer: str, domain: str) -> bool:
    """Whether the signing domain is the sender's or one above it, but no top-level one."""
    signer, domain = signer.lower().strip("."), domain.lower()
    return "." in signer and (signer == domain or domain.endswith("." + signer))
