"""Telegram's refusals: one exception with the code, the words and the waiting time."""


class TelegramRefusalError(Exception):
    """A call that the Bot API refuses.

    ``code`` is the HTTP status and ``error_code``, ``description`` Telegram's own words,
    ``retry_after`` seconds to wait (429 only). ``of_contract`` marks calls that break the
    described interface (a field that does not exist, a wrong type): a program's mistake.
    """

    def __init__(
        self, code: int, description: str, *, retry_after: int = 0, of_contract: bool = False
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.of_contract = of_contract


def bad_request(words: str) -> TelegramRefusalError:
    """400 in Telegram's spelling: the first letter is small unless it is a code in capitals."""
    if len(words) > 1 and (words[1] == "_" or words[1].isupper()):
        return TelegramRefusalError(400, f"Bad Request: {words}")
    return TelegramRefusalError(400, f"Bad Request: {words[:1].lower()}{words[1:]}")


def forbidden(words: str) -> TelegramRefusalError:
    """403: the person does not let the bot write."""
    return TelegramRefusalError(403, f"Forbidden: {words}")


def conflict(words: str) -> TelegramRefusalError:
    """409: two receivers of updates at once."""
    return TelegramRefusalError(409, f"Conflict: {words}")


def too_many_requests(seconds: int) -> TelegramRefusalError:
    """429 with the seconds to wait."""
    return TelegramRefusalError(
        429, f"Too Many Requests: retry after {seconds}", retry_after=seconds
    )
