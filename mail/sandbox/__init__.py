"""The embedded mailbox, for the sandbox, the demonstration and the tests."""

from mail.sandbox.boxes import Link, MailUser
from mail.sandbox.servers import MailSandbox

__all__ = ["Link", "MailSandbox", "MailUser"]
