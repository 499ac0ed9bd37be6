"""The office's secret: keys nobody guesses, the same for the same thing."""

import re

from core.secret import Secret
from mail.rules import MailRules, with_token


def test_a_key_is_the_same_for_the_same_thing_and_differs_for_another() -> None:
    secret = Secret(b"a" * 32)
    keys = {secret.token(f"outbox:{row}") for row in range(500)}
    assert len(keys) == 500
    assert secret.token("outbox:7") == Secret(b"a" * 32).token("outbox:7")
    assert secret.token("outbox:7") != Secret(b"b" * 32).token("outbox:7")


def test_a_key_fits_into_an_address_and_is_found_there_again() -> None:
    key = Secret(b"a" * 32).token("outbox:7")
    assert re.fullmatch("[a-z2-7]{26}", key)
    rules = MailRules("Ракурс <rakurs@gorod.test>")
    assert rules.token_in((with_token("rakurs@gorod.test", key).upper().lower(),)) == key


def test_the_secret_is_never_printed() -> None:
    assert "hidden" not in repr(Secret(b"hidden" * 6))
