"""How a sending ended is never mistaken: later, never, or nobody knows."""

import socket
from datetime import UTC, datetime

import pytest

from core.outbound import InDoubtError, OutgoingLetter, RefusedError, TryLaterError
from mail.address import BadAddressError
from mail.courier import SmtpCourier
from tests.mail.scripted import Handler, Line, serving

LETTER = OutgoingLetter(
    message_id="<out-5@mytischi.example>",
    to=("petrov@gkh.example", "sidorov@gkh.example"),
    subject="Поручение",
    text=".точка в начале строки\n..и две",
)


def _courier(port: int, scheme: str = "smtp", timeout: float = 2,
             data_timeout: float = 2) -> SmtpCourier:
    return SmtpCourier(
        f"{scheme}://127.0.0.1:{port}",
        "bot@mytischi.example",
        lambda: datetime(2026, 3, 2, tzinfo=UTC),
        timeout=timeout, data_timeout=data_timeout,
    )


async def _say(line: Line, answer: str) -> None:
    """Answer; «drop» breaks the line there, «hang» is silent until the client goes."""
    if answer == "drop":
        line.drop()
        raise ConnectionResetError
    if answer == "hang":
        await line.hang()
        raise ConnectionResetError
    await line.say(answer + "\n")


def smtp(**answers: str) -> Handler:
    """A server that answers as told at a step and well at the others."""

    async def take_data(line: Line) -> None:
        start = answers.get("data", "354 go on")
        await _say(line, start)
        if start.startswith("354"):
            await line.until(r"^\.$")
            await _say(line, answers.get("end", "250 2.0.0 queued"))

    async def play(line: Line) -> None:
        await _say(line, answers.get("greeting", "220 test"))
        await line.until("EHLO")
        await _say(line, answers.get("ehlo", "250-test\n250-SIZE 1000000\n250 8BITMIME"))
        word = ""
        while word != "quit":
            command = await line.hear()
            word = command.split()[0].lower()
            if word == "data":
                await take_data(line)
            else:
                await _say(line, answers.get("second" if "sidorov" in command else word, "250 ok"))

    return play


async def test_letter_is_told_as_it_goes_and_only_to_a_server_that_takes_it() -> None:
    told: list[bytes] = []

    async def leaving(raw: bytes = b"") -> None:
        told.append(raw)

    async with serving(smtp()) as server:
        await _courier(server.port).send(LETTER, leaving)
    heard = server.heard
    data = heard[heard.index("DATA") + 1:heard.index(".")]
    assert [line.removeprefix(".") if line.startswith("..") else line for line in data] == (
        told[0].decode("ascii").splitlines())
    async with serving(smtp(rcpt="550 5.1.1 no such user")) as server:
        with pytest.raises(RefusedError):
            await _courier(server.port).send(LETTER, leaving)
    assert len(told) == 1


async def test_letter_is_accepted_for_both_recipients() -> None:
    async with serving(smtp()) as server:
        await _courier(server.port).send(LETTER)
    heard = server.heard
    assert "MAIL FROM:<bot@mytischi.example> SIZE=" in "\n".join(heard)
    assert [one for one in heard if one.startswith("RCPT")] == [
        "RCPT TO:<petrov@gkh.example>",
        "RCPT TO:<sidorov@gkh.example>",
    ]
    assert heard[-1] == "QUIT"


LATER = [
    {"greeting": "421 busy"}, {"greeting": "554 no service"}, {"greeting": "drop"},
    {"greeting": "hang"}, {"ehlo": "drop"}, {"mail": "451 4.3.0 later"}, {"rcpt": "450 grey"},
    {"second": "452 4.5.3 too many"}, {"rcpt": "421 closing"}, {"mail": "hang"}, {"rcpt": "drop"},
    {"data": "451 later"}, {"data": "drop"}, {"data": "hang"}, {"end": "452 4.3.1 full"},
    {"end": "421 4.3.2 going down"}, {"mail": "гм"},
]  # fmt: skip
NEVER = [
    {"mail": "550 5.7.1 sender"}, {"rcpt": "550 5.1.1 no such user"}, {"second": "553 bad"},
    {"data": "554 no valid recipients"}, {"end": "554 5.6.0 refused"},
    {"ehlo": "250-test\n250 SIZE 10"},
]  # fmt: skip
UNKNOWN = [{"end": "drop"}, {"end": "hang"}, {"end": "что-то"}, {"end": "354 again"}]


@pytest.mark.parametrize("fault", LATER, ids=str)
async def test_certainly_not_sent_is_tried_later(fault: dict[str, str]) -> None:
    async with serving(smtp(**fault)) as server:
        with pytest.raises(TryLaterError):
            await _courier(server.port, timeout=0.5, data_timeout=0.5).send(LETTER)


@pytest.mark.parametrize("fault", NEVER, ids=str)
async def test_refused_for_good_is_shown_with_the_servers_words(fault: dict[str, str]) -> None:
    async with serving(smtp(**fault)) as server:
        with pytest.raises(RefusedError) as raised:
            await _courier(server.port).send(LETTER)
    code = next(iter(fault.values()))[:3]
    assert code in str(raised.value) or "больше, чем принимает" in str(raised.value)


@pytest.mark.parametrize("fault", UNKNOWN, ids=str)
async def test_line_broken_after_the_data_leaves_the_letter_in_doubt(
    fault: dict[str, str],
) -> None:
    async with serving(smtp(**fault)) as server:
        with pytest.raises(InDoubtError, match="неизвестно"):
            await _courier(server.port, data_timeout=0.5).send(LETTER)


async def test_one_refused_recipient_means_the_letter_went_to_nobody() -> None:
    async with serving(smtp(second="550 5.1.1 no such user")) as server:
        with pytest.raises(RefusedError):
            await _courier(server.port).send(LETTER)
    assert not [one for one in server.heard if one.startswith("DATA")]


async def test_line_broken_after_acceptance_changes_nothing() -> None:
    async with serving(smtp(quit="drop")) as server:
        await _courier(server.port).send(LETTER)
    assert server.heard[-1] == "QUIT"


async def test_closed_port_is_tried_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(TryLaterError, match=r"Нет связи|не готов"):
        await _courier(port).send(LETTER)


async def test_wrong_password_is_said_without_showing_it() -> None:
    async def play(line: Line) -> None:
        await line.say("220 test\n")
        await line.until("EHLO")
        await line.say("250-test\n250 AUTH PLAIN\n")
        await line.until("AUTH")
        await line.say("535 5.7.8 bad credentials\n")
        await line.hang()

    async with serving(play) as server:
        courier = SmtpCourier(
            f"smtp://bot:s%40cret@127.0.0.1:{server.port}",
            "bot@mytischi.example",
            lambda: datetime(2026, 3, 2, tzinfo=UTC),
        )
        with pytest.raises(TryLaterError) as raised:
            await courier.check()
    assert "535" in str(raised.value)
    assert "s@cret" not in str(raised.value)


async def test_check_says_the_server_answers() -> None:
    async with serving(smtp()) as server:
        assert "сервер отвечает" in await _courier(server.port).check()


async def test_letter_to_nobody_is_refused_before_any_connection() -> None:
    letter = OutgoingLetter(message_id="<a@b>", to=(), subject="x", text="y")
    with pytest.raises(RefusedError, match="получател"):
        await _courier(1).send(letter)


@pytest.mark.parametrize(
    "url", ["", "http://host", "smtp://", "smtp://host:порт", "smtps://u:p@:1"]
)
def test_wrong_server_address_is_explained_with_an_example(url: str) -> None:
    with pytest.raises(BadAddressError, match="пример: smtps://"):
        SmtpCourier(url, "bot@mytischi.example", lambda: datetime(2026, 3, 2, tzinfo=UTC))
