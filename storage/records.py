"""The tables. Columns and constraints only; what they mean is written in ``core``."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from storage.fields import MomentField

CODE = 40
"""Longest code of a state, kind, role or channel, in characters."""
NUMBER = 200
"""Longest number of the portal that is looked up; a longer one is cut."""
PLACE = 300
"""Longest place that is looked up; a longer one is cut (PostgreSQL indexes 2,700 bytes)."""
HASH = 64
"""A SHA-256 in hexadecimal."""


class CaseRecord(Model):
    """A case: the document is the whole of it, the columns are for finding it."""

    id = fields.IntField(primary_key=True)
    year = fields.IntField()
    sequence = fields.IntField()
    number = fields.CharField(max_length=CODE, unique=True)
    portal_number_folded = fields.TextField()
    version = fields.IntField()
    state = fields.CharField(max_length=CODE)
    final = fields.BooleanField()
    round = fields.IntField()
    category = fields.TextField()
    topic = fields.TextField()
    place_folded = fields.TextField()
    official_id = fields.IntField(null=True)
    received_at = MomentField()
    registered_at = MomentField(null=True)
    document = fields.TextField()

    class Meta:
        table = "cases"
        unique_together = (("year", "sequence"),)
        indexes = (("final", "state"), ("portal_number_folded",), ("received_at",),
                   ("sequence", "year"), ("place_folded", "received_at", "state"))


class CasePersonRecord(Model):
    """That a person has a part in a case."""

    id = fields.IntField(primary_key=True)
    case: fields.ForeignKeyRelation[CaseRecord] = fields.ForeignKeyField(
        "rakurs.CaseRecord", related_name="people", on_delete=OnDelete.CASCADE)
    case_id: int
    person_id = fields.IntField()

    class Meta:
        table = "case_people"
        unique_together = (("person_id", "case_id"),)
        indexes = (("case_id",),)


class CaseNumberRecord(Model):
    """A number under which the portal knows a case; each return of the citizen brings one."""

    id = fields.IntField(primary_key=True)
    case: fields.ForeignKeyRelation[CaseRecord] = fields.ForeignKeyField(
        "rakurs.CaseRecord", related_name="numbers", on_delete=OnDelete.CASCADE)
    case_id: int
    number_folded = fields.CharField(max_length=NUMBER)

    class Meta:
        table = "case_numbers"
        unique_together = (("number_folded", "case_id"),)
        indexes = (("case_id",),)


class PlaceWordRecord(Model):
    """A word that a place holds, as ``core.places`` reads it: each place once, however many cases
    are about it."""

    id = fields.IntField(primary_key=True)
    word = fields.CharField(max_length=PLACE)
    place_folded = fields.CharField(max_length=PLACE)

    class Meta:
        table = "place_words"
        unique_together = (("word", "place_folded"),)


class ApplicantRecord(Model):
    """The citizen, apart from the case (4.1)."""

    case_id = fields.IntField(primary_key=True, generated=False)
    name = fields.TextField()
    contacts = fields.TextField()

    class Meta:
        table = "applicants"


class LetterRecord(Model):
    """A letter outside МСЭД (5¶3-4)."""

    id = fields.IntField(primary_key=True)
    case_id = fields.IntField(db_index=True)
    version = fields.IntField()
    state = fields.CharField(max_length=CODE)
    number = fields.TextField()
    registered_at = MomentField(null=True, db_index=True)
    document = fields.TextField()

    class Meta:
        table = "letters"


class CounterRecord(Model):
    """The last number given in a series and year; also the directory's revision."""

    id = fields.IntField(primary_key=True)
    series = fields.CharField(max_length=200)
    year = fields.IntField()
    value = fields.IntField()

    class Meta:
        table = "counters"
        unique_together = (("series", "year"),)


class BodyRecord(Model):
    """An organ, organisation or authority."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=200, unique=True)
    name = fields.TextField()
    kind = fields.CharField(max_length=CODE)
    address = fields.TextField()
    phone = fields.TextField()
    email = fields.TextField()
    hours = fields.TextField()
    confirmed_on = fields.DateField(null=True)

    class Meta:
        table = "bodies"


class PersonRecord(Model):
    """A member of staff; ``offices`` is a JSON list of codes of roles."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=200, unique=True)
    name = fields.TextField()
    post = fields.TextField()
    body: fields.ForeignKeyRelation[BodyRecord] = fields.ForeignKeyField(
        "rakurs.BodyRecord", related_name="people", on_delete=OnDelete.RESTRICT)
    body_id: int
    offices = fields.TextField()
    telegram_id = fields.BigIntField(null=True, unique=True)
    email = fields.TextField()
    email_folded = fields.CharField(max_length=320, db_index=True)
    active = fields.BooleanField()
    blocked = fields.BooleanField(db_default=False)
    quiet_from = fields.SmallIntField(null=True)
    quiet_until = fields.SmallIntField(null=True)
    quiet_days_off = fields.BooleanField(db_default=False)
    digest_at = fields.SmallIntField(null=True)
    unreachable_since = MomentField(null=True)
    commands = fields.CharField(max_length=HASH, db_default="")

    class Meta:
        table = "people"


class AbsenceRecord(Model):
    """That a person is away, and who does his part meanwhile."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[PersonRecord] = fields.ForeignKeyField(
        "rakurs.PersonRecord", related_name="absences", on_delete=OnDelete.CASCADE)
    person_id: int
    substitute: fields.ForeignKeyRelation[PersonRecord] = fields.ForeignKeyField(
        "rakurs.PersonRecord", related_name="substitutions", on_delete=OnDelete.CASCADE)
    substitute_id: int
    first_on = fields.DateField()
    last_on = fields.DateField()

    class Meta:
        table = "absences"


class RouteRecord(Model):
    """A line of the routing table; ``co_executor_ids`` is a JSON list, in order."""

    id = fields.IntField(primary_key=True)
    topic = fields.TextField()
    territory = fields.TextField()
    official: fields.ForeignKeyRelation[PersonRecord] = fields.ForeignKeyField(
        "rakurs.PersonRecord", related_name="routes_decided", on_delete=OnDelete.RESTRICT)
    official_id: int
    lead: fields.ForeignKeyRelation[PersonRecord] = fields.ForeignKeyField(
        "rakurs.PersonRecord", related_name="routes_led", on_delete=OnDelete.RESTRICT)
    lead_id: int
    co_executor_ids = fields.TextField()
    signatory_id = fields.IntField(null=True)

    class Meta:
        table = "routes"


class AddressRecord(Model):
    """An address with its coordinates (degrees)."""

    id = fields.IntField(primary_key=True)
    settlement = fields.TextField()
    street = fields.TextField()
    house = fields.TextField()
    latitude = fields.FloatField()
    longitude = fields.FloatField()

    class Meta:
        table = "addresses"


class ApprovalRuleRecord(Model):
    """Who approves answers of a category; ``approver_ids`` is a JSON list, in order."""

    id = fields.IntField(primary_key=True)
    category = fields.TextField()
    approver_ids = fields.TextField()

    class Meta:
        table = "approval_rules"


class InvitationRecord(Model):
    """A one-time invitation, by the hash of its code."""

    code_hash = fields.CharField(max_length=HASH, primary_key=True)
    person: fields.ForeignKeyRelation[PersonRecord] = fields.ForeignKeyField(
        "rakurs.PersonRecord", related_name="invitations", on_delete=OnDelete.CASCADE)
    person_id: int
    expires_at = MomentField()
    used_at = MomentField(null=True)

    class Meta:
        table = "invitations"


class JournalRecord(Model):
    """A fact. Triggers forbid changing or removing one."""

    id = fields.BigIntField(primary_key=True, generated=False)
    at = MomentField()
    subject = fields.TextField()
    event = fields.CharField(max_length=CODE)
    actor = fields.TextField()
    channel = fields.CharField(max_length=CODE)
    source = fields.TextField()
    case_id = fields.IntField(null=True, db_index=True)
    round = fields.IntField()
    actor_id = fields.IntField(null=True)
    role = fields.CharField(max_length=CODE)
    before = fields.CharField(max_length=CODE)
    after = fields.CharField(max_length=CODE)
    clause = fields.TextField()
    requirement = fields.TextField()
    details = fields.TextField()
    previous = fields.CharField(max_length=HASH)
    digest = fields.CharField(max_length=HASH)

    class Meta:
        table = "journal"
        indexes = (("event", "at"),)


class JournalHeadRecord(Model):
    """One row: the last entry of the journal, so that a cut-off tail shows."""

    id = fields.IntField(primary_key=True, generated=False)
    last_id = fields.BigIntField()
    digest = fields.CharField(max_length=HASH)

    class Meta:
        table = "journal_head"


class OutboxRecord(Model):
    """A notice on its way; ``key`` makes it exactly once."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=300, unique=True)
    kind = fields.CharField(max_length=CODE)
    channel = fields.CharField(max_length=CODE)
    wanted_channel = fields.CharField(max_length=CODE, null=True)
    person_id = fields.IntField(null=True)
    address = fields.TextField()
    case_id = fields.IntField(null=True)
    facts = fields.TextField()
    not_before = MomentField(null=True)
    expires_at = MomentField(null=True)
    state = fields.CharField(max_length=CODE)
    attempts = fields.IntField()
    queued_at = MomentField()
    claimed_until = MomentField(null=True)
    settled_at = MomentField(null=True)
    dealt_at = MomentField(null=True)
    opened_at = MomentField(null=True)
    message_ref = fields.CharField(max_length=1000, db_index=True)
    last_error = fields.TextField()

    class Meta:
        table = "outbox"
        indexes = (("state", "channel"), ("person_id", "opened_at"), ("case_id",))


class SentLetterRecord(Model):
    """A letter about a case as it went: one for each time that the notice was sent."""

    id = fields.IntField(primary_key=True)
    row_id = fields.IntField()
    case_id = fields.IntField(db_index=True)
    file = fields.TextField()

    class Meta:
        table = "sent_letters"


class SourceRecord(Model):
    """An incoming update or letter that has been acted on."""

    source = fields.CharField(max_length=500, primary_key=True)
    at = MomentField()

    class Meta:
        table = "sources"


class UpdateRecord(Model):
    """A Telegram update; the payload is emptied once it is handled (personal data)."""

    update_id = fields.BigIntField(primary_key=True, generated=False)
    payload = fields.TextField()
    received_at = MomentField()
    attempts = fields.IntField()
    handled_at = MomentField(null=True)

    class Meta:
        table = "updates"
        indexes = (("handled_at",),)


class CursorRecord(Model):
    """How far a mailbox has been read."""

    mailbox = fields.CharField(max_length=300, primary_key=True)
    uidvalidity = fields.BigIntField()
    uid = fields.BigIntField()

    class Meta:
        table = "mail_cursors"


class MailRecord(Model):
    """A letter that came; ``content_digest`` tells the same letter come by another way."""

    id = fields.IntField(primary_key=True)
    mailbox = fields.CharField(max_length=300)
    uidvalidity = fields.BigIntField()
    uid = fields.BigIntField()
    message_id = fields.TextField()
    content_digest = fields.CharField(max_length=HASH, db_index=True)
    sender = fields.TextField()
    subject = fields.TextField()
    text = fields.TextField()
    received_at = MomentField()
    raw_file = fields.TextField()
    kind = fields.CharField(max_length=CODE)
    outcome = fields.TextField()
    handled = fields.BooleanField(db_index=True)
    case_id = fields.IntField(null=True)
    files = fields.TextField()

    class Meta:
        table = "mail"
        unique_together = (("mailbox", "uidvalidity", "uid"),)
        indexes = (("case_id",),)


class TokenRecord(Model):
    """What a token in a Reply-To stands for, by the token's hash."""

    token_hash = fields.CharField(max_length=HASH, primary_key=True)
    purpose = fields.CharField(max_length=100)
    case_id = fields.IntField(null=True)
    person_id = fields.IntField(null=True)
    letter_id = fields.IntField(null=True)
    case_version = fields.IntField()
    single_use = fields.BooleanField()
    made_at = MomentField()
    used = fields.BooleanField()

    class Meta:
        table = "tokens"
        indexes = (("used", "made_at"),)


class PromptRecord(Model):
    """An open question of the bot."""

    id = fields.IntField(primary_key=True)
    chat_id = fields.BigIntField()
    message_id = fields.BigIntField()
    person_id = fields.IntField()
    purpose = fields.CharField(max_length=100)
    case_id = fields.IntField(null=True)
    case_version = fields.IntField()
    facts = fields.TextField()
    asked_at = MomentField()

    class Meta:
        table = "prompts"
        unique_together = (("chat_id", "message_id"),)


class RoutineRecord(Model):
    """That a duty of section 6 was done for a period."""

    id = fields.IntField(primary_key=True)
    routine = fields.CharField(max_length=100)
    period = fields.CharField(max_length=100)
    done_at = MomentField()

    class Meta:
        table = "routines"
        unique_together = (("routine", "period"),)


class ReportRecord(Model):
    """A version of a report of section 6: the document is the whole of it."""

    id = fields.IntField(primary_key=True)
    routine = fields.CharField(max_length=CODE)
    period = fields.CharField(max_length=CODE)
    version = fields.IntField()
    standing = fields.CharField(max_length=CODE, db_index=True)
    made_at = MomentField()
    document = fields.TextField()

    class Meta:
        table = "reports"
        unique_together = (("routine", "period", "version"),)


class FingerprintRecord(Model):
    """What is remembered of a photo that came with a message or was judged."""

    id = fields.IntField(primary_key=True)
    sha256 = fields.CharField(max_length=HASH)
    case_id = fields.IntField(db_index=True)
    kind = fields.CharField(max_length=CODE)
    fingerprint = fields.BinaryField()

    class Meta:
        table = "fingerprints"
        unique_together = (("sha256", "case_id", "kind"),)


class AnswerMarkRecord(Model):
    """A mark of the text or of a file of an answer that went on to approval."""

    id = fields.IntField(primary_key=True)
    case_id = fields.IntField()
    mark = fields.CharField(max_length=80)

    class Meta:
        table = "answer_marks"
        unique_together = (("mark", "case_id"),)


class ShownCardRecord(Model):
    """The newest card of a case in a chat."""

    id = fields.IntField(primary_key=True)
    chat_id = fields.BigIntField()
    message_id = fields.BigIntField()
    person_id = fields.IntField()
    case: fields.ForeignKeyRelation[CaseRecord] = fields.ForeignKeyField(
        "rakurs.CaseRecord", related_name="shown", on_delete=OnDelete.CASCADE)
    case_id: int
    case_version = fields.IntField()
    stamp = fields.CharField(max_length=CODE)
    head = fields.TextField()
    look = fields.CharField(max_length=CODE)
    shown_at = MomentField()

    class Meta:
        table = "shown_cards"
        unique_together = (("case_id", "chat_id"),)
        indexes = (("shown_at",),)


for _record in Model.__subclasses__():
    if _record.__module__ == __name__:
        # A docstring is for the reader of the code. Tortoise would make it a comment in the
        # database: every reworded one a migration, and a «;» in it broken SQL on SQLite.
        _record._meta.table_description = ""
