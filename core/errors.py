"""The error family: an English name for developers, a Russian sentence for people."""


class AssistantError(Exception):
    """The root. ``str(error)`` is one Russian sentence that says what to do."""


class BeyondCalendarError(AssistantError):
    """A date lies outside the years whose official production calendar is known."""


class BadTableError(AssistantError):
    """A file the office edits (calendar overlay, directory, profile) is wrong; names the place."""
