"""What can go wrong while a document is made, each with a sentence for the office."""

from core.errors import AssistantError


class DocumentError(AssistantError):
    """A document could not be made from what was given."""


class BadPictureError(DocumentError):
    """A picture cannot be opened or is out of bounds; names the file."""


class BadTemplateError(DocumentError):
    """A template or ``form.toml`` of the office is wrong; names the file and the place."""
