"""The error family: an English name for developers, a Russian sentence for people."""


class AssistantError(Exception):
    """The root. ``str(error)`` is one Russian sentence that says what to do."""


class BeyondCalendarError(AssistantError):
    """A date lies outside the years whose official production calendar is known."""


class BadTableError(AssistantError):
    """A file the office edits (calendar overlay, directory, profile) is wrong; names the place."""


class UnknownPersonError(AssistantError):
    """Nobody of that id, code, account or address is in the directory."""


class NotFoundError(AssistantError):
    """No such case, letter or file, or none that this person may see."""


class MoveNotAllowedError(AssistantError):
    """The lifecycle has no such move now, or not for this person."""


class NotYourTurnError(MoveNotAllowedError):
    """The approval list has come to somebody else (4.6¶9)."""


class StaleCardError(AssistantError):
    """The case has moved on since the card was shown."""


class AlreadyDoneError(AssistantError):
    """The same incoming update or letter has been acted on before."""


class NotAcceptedError(AssistantError):
    """What was handed in breaks a rule; the sentence says which and what to do."""


class TooLargeError(NotAcceptedError):
    """A file or a set of files is over the limit (4.6¶6)."""
