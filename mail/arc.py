"""Letters of МСЭД that a forwarder has changed: believed by the seals of ARC (RFC 8617).

A forwarder that the office names may break the sender's DKIM signature and seals what it had
found out before. Every seal of the chain must hold, and each sealer must be one of those named.
"""

import logging
from collections.abc import Callable, Collection

import authres
import dkim

from mail.mime import split
from mail.signedbody import SignedLetter

log = logging.getLogger(__name__)

MOST_SEALS = 10
"""Forwarders in a row; each costs two answers of DNS."""

Confirms = Callable[[authres.AuthenticationResultsHeader], bool]


def confirmed_by_forwarders(
    signed: SignedLetter, sealers: Collection[str], confirms: Confirms,
    dns: Callable[..., bytes | None], *, minkey: int, seconds: int,
) -> bool:  # fmt: skip
    """Whether the first forwarder, sealed by named ones, had seen the sender proven.

    ``confirms`` judges its report. Blocks on DNS; never raises.
    """
    found = _reports(signed.header)
    if not found or len(found) > MOST_SEALS:
        return False
    try:
        chain = signed.checker(dkim.ARC, logger=log, minkey=minkey, timeout=seconds)
        state, seals, _ = chain.verify(dnsfunc=dns)
    except Exception as fault:  # dkimpy and DNS raise much that a stranger's letter can cause
        log.info("ARC could not be checked: %s", type(fault).__name__)
        return False
    named = {one.strip().lower() for one in sealers}
    if state != dkim.CV_Pass or not all(_domain(seal) in named for seal in seals):
        return False
    try:
        report = authres.AuthenticationResultsHeader.parse(
            f"Authentication-Results: {found.get(1, '')}")
    except (authres.AuthResError, ValueError):
        return False
    return confirms(report)


def _domain(seal: dict[str, object]) -> str:
    domain = seal.get("as-domain", b"")
    return domain.decode("ascii", "replace").lower() if isinstance(domain, bytes) else ""


def _reports(header: bytes) -> dict[int, str]:
    """What each forwarder had found out, by its place in the chain."""
    found: dict[int, str] = {}
    for name, value in split(header).fields:
        if name.lower() != "arc-authentication-results":
            continue
        instance, _, report = value.partition(";")
        number = instance.replace(" ", "").removeprefix("i=")
        if number.isdecimal():
            found[int(number)] = " ".join(report.split())
    return found
