"""Knows how a value lies in a column on both stores: moments, documents, row numbers, words that no store can hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Integer, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, bindparam
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

BIG = BigInteger().with_variant(Integer, "sqlite")
"""Row numbers: 64 bits; SQLite gives its own row number only to a column declared INTEGER."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL cannot lie in a PostgreSQL text, a lone surrogate cannot be written as UTF-8 at all."""

_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""NUL as JSON writes it; after an even number of backslashes, for a backslash itself is written as two."""


def _encoder(*, sort_keys: bool) -> Callable[[Any], str]:
    """A JSON encoder that is made once: that of `json.dumps` is made anew for every value, at four times the cost."""
    whole = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without the C accelerator
        return whole.encode
    text = json.encoder.encode_basestring
    parts = make(None, whole.default, text, None, ":", ",", sort_keys, False, True)
    return lambda value: "".join(parts(value, 0))


_encode = _encoder(sort_keys=False)
_encode_sorted = _encoder(sort_keys=True)


def clean(words: str) -> str:
    """The one normalisation of the memory: what a store cannot hold becomes U+FFFD, so that no text stops a batch."""
    return _UNSTORABLE.sub("\ufffd", words) if "\0" in words else _utf8(words)


def _utf8(words: str) -> str:
    try:
        words.encode()  # much cheaper than to look with a regular expression
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("\ufffd", words)
    return words


def document(value: Any) -> str:
    """A value as a compact JSON text; neither store ever looks into one."""
    if value:
        return _utf8(_encode(value))
    return "{}" if isinstance(value, dict) else "[]"


def canonical(value: Any) -> str:
    """A value as the one JSON text it has, keys sorted: what is hashed must not depend on order."""
    return _utf8(_encode_sorted(value))


def parameter(rows: Any) -> str:
    """Rows or keys as one JSON parameter, clean whatever is in it."""
    text = _utf8(_encode(rows))
    return _NUL.sub("\\1\ufffd", text) if "\\u0000" in text else text


@lru_cache(maxsize=4096)
def _moment_out(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone cannot be remembered: {moment!r}")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_out(moment: datetime | None) -> str | None:
    """An aware moment as UTC text of one fixed width, so that the order of the texts is the order of time.

    The values of one turn share a few moments, mostly “now”: they are written once.
    """
    return None if moment is None else _moment_out(moment)


def moment_in(text: str | None) -> datetime | None:
    """The moment that `moment_out` wrote."""
    return None if text is None else datetime.fromisoformat(text)


class Moment(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out: `timestamptz` on PostgreSQL, the fixed-width text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(DateTime(timezone=True) if native else Text())

    def bind_processor(self, dialect: Dialect) -> Any:
        return None if dialect.name == "postgresql" else moment_out

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        # PostgreSQL's sessions run in UTC (engine.py), so its driver answers aware UTC by itself.
        return None if dialect.name == "postgresql" else moment_in


class among(FunctionElement[bool]):  # noqa: N801 - reads as a word of SQL
    """`column` is one of the keys in one JSON parameter.

    Unlike an expanding IN, the text of the statement does not change with the number of keys: both drivers keep it
    prepared, and PostgreSQL uses the index whatever it believes about the length of the list.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=Text()))

    def self_group(self, against: Any = None) -> among:
        # SQLAlchemy would write “… = 1” for a store without booleans, and SQLite would then not use its index.
        return self


class not_among(among):  # noqa: N801 - as `among`
    """`column` is none of the keys in one JSON parameter."""

    inherit_cache = True


class begins_with_none(among):  # noqa: N801 - as `among`
    """`column` begins with none of the words in one JSON parameter."""

    inherit_cache = True


@compiles(begins_with_none, "sqlite")
def _begins_sqlite(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(part, **kw) for part in element.clauses)
    same = f"substr({column}, 1, length(value)) = value"
    return f"NOT EXISTS (SELECT 1 FROM json_each({keys}) WHERE {same})"


@compiles(begins_with_none, "postgresql")
def _begins_postgresql(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(part, **kw) for part in element.clauses)
    words = f"jsonb_array_elements_text(({keys})::jsonb)"
    return f"NOT EXISTS (SELECT 1 FROM {words} AS begun(word) WHERE starts_with({column}, begun.word))"


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(part, **kw) for part in element.clauses)
    word = "NOT IN" if isinstance(element, not_among) else "IN"
    return f"{column} {word} (SELECT value FROM json_each({keys}))"


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = element.clauses
    cast = "::bigint" if isinstance(column.type, BigInteger) else ""
    elements = f"SELECT value{cast} FROM jsonb_array_elements_text(({compiler.process(keys, **kw)})::jsonb)"
    word = "<> ALL" if isinstance(element, not_among) else "= ANY"
    return f"{compiler.process(column, **kw)} {word} (ARRAY({elements}))"
