"""Why there is no line to a mail server, in words that say what to do."""

import socket
import ssl
from collections.abc import Iterator

EXPIRED, NOT_YET = 10, 9
WRONG_NAME = frozenset({62, 64})
"""Verification codes of OpenSSL: X509_V_ERR_CERT_HAS_EXPIRED and so on; 62 a name, 64 an IP."""


def line_fault(fault: BaseException) -> str:
    """The deepest known cause in Russian; what no case fits is told as the system says it."""
    for one in _causes(fault):
        if said := _known(one):
            return said
    return str(fault) or type(fault).__name__


def _known(fault: BaseException) -> str:
    match fault:
        case ssl.SSLCertVerificationError():
            return _of_certificate(fault)
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER" | "UNEXPECTED_MESSAGE"):
            return "на этом порту сервер не шифрует сразу: проверьте порт и начало адреса"
        case socket.gaierror():
            return "сервера с таким именем нет: проверьте адрес и сеть"
        case ConnectionRefusedError():
            return "на этом порту никто не отвечает: проверьте адрес и порт"
        case TimeoutError():
            return "сервер не отвечает: проверьте адрес, порт и сеть"
    return ""


def _of_certificate(fault: ssl.SSLCertVerificationError) -> str:
    if fault.verify_code == EXPIRED:
        return "срок сертификата сервера истёк: обратитесь к администратору почты"
    if fault.verify_code == NOT_YET:
        return "сертификат сервера ещё не действует: проверьте часы этого компьютера"
    if fault.verify_code in WRONG_NAME:
        return "сертификат выдан другому серверу: укажите имя из сертификата"
    return ("сертификату сервера нельзя доверять: если его выдал ваш удостоверяющий центр, "
            "укажите файл его сертификата в переменной SSL_CERT_FILE")


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """The error and what lies beneath it."""
    seen: BaseException | None = fault
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
