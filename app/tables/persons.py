"""People on reports, versions of the keys of their pseudonyms, and the protocol of what was erased."""

from __future__ import annotations

from sqlalchemy import (
    UUID,
    BigInteger,
    Column,
    Date,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from app.tables.metadata import Moment, metadata

person_mention = Table(
    "person_mention",
    metadata,
    Column("mention_id", BigInteger, primary_key=True),
    Column("version_id", BigInteger, nullable=False),
    Column("role", Text, nullable=False, doc="victim, suspect, witness or reporter"),
    Column("number", SmallInteger, nullable=False, doc="of the offence first named by; else of the person"),
    Column(
        "person", LargeBinary, nullable=False, doc="keyed pseudonym; without a number, of this one mention"
    ),
    Column("sealed", LargeBinary, doc="JSON: name, born, sex, phone, street, postcode"),
    Column("key_id", UUID, doc="of the key in the keyring"),
    UniqueConstraint("version_id", "role", "number"),
)

protected_person = Table(
    "protected_person",
    metadata,
    Column("person", LargeBinary, primary_key=True, doc="keyed pseudonym"),
    Column("since", Moment, nullable=False),
)

identity_key = Table(
    "identity_key",
    metadata,
    Column("version", SmallInteger, primary_key=True, autoincrement=False),
    Column("made_at", Moment, nullable=False),
    Column("retired_at", Moment, doc="null: the pseudonyms are under this version"),
    Column("check_value", LargeBinary, nullable=False),
)

erasure_protocol = Table(
    "erasure_protocol",
    metadata,
    Column("entry_id", BigInteger, primary_key=True),
    Column("run_id", UUID, nullable=False),
    Column("erased_at", Moment, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("category", Text, nullable=False),
    Column("rule", Text, nullable=False, doc="the rule in words, with its source"),
    Column("rule_version", Text, nullable=False, doc="checksum of the file of rules"),
    Column("reason", Text, doc="why a single person was erased"),
    Column("recorded_by", Text, nullable=False),
    Column("incidents", Integer, nullable=False),
    Column("records", Integer, nullable=False),
    Column("mentions", Integer, nullable=False),
    Column("pseudonyms", Integer, nullable=False),
    Column("others", Integer, nullable=False),
)
