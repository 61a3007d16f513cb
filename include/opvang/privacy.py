"""Keyed pseudonyms of BSN, A-number and BAG number; the only module that sees the key."""

import polars as pl
import polars_hash

from opvang import settings
from opvang.errors import UsageError

KEY = "pseudonym_key"
# Registers of natural persons, as org-id.guide calls them: their numbers stay in the file.
REGISTERS_OF_PERSONS = frozenset({"NL-BSN"})


def key_ids() -> tuple[int, ...]:
    """The numbers of the keys there are: the one in use, and during a rotation the former one."""
    if not _keys():
        settings.secret(KEY)
    return tuple(sorted(_keys(), reverse=True))


def pseudonym(text: pl.Expr, kind: str, key_id: int | None = None) -> pl.Expr:
    """HMAC-SHA256 pseudonym (32 hex digits) of identifiers of one kind ('bsn', 'a_number', 'bag') under a key, the one in use unless told otherwise; null stays null.

    The same identifier of the same kind has the same pseudonym in every source; another kind never has.
    """
    number = key_id or key_ids()[0]
    key = settings.secret(_keys()[number])
    return polars_hash.concat_str(pl.lit(f"{kind}:"), text).chash.hmac_sha256(key=key).str.head(32)


def begin_rotation() -> int:
    """Make the next key and use it from now on; the former one stays until `end_rotation`. UsageError while a rotation is under way."""
    current, *former = key_ids()
    if former:
        raise UsageError(f"the rotation from key {former[0]} to {current} hasn't ended; opvang rotate --end ends it")
    settings.secret(f"{KEY}_{current + 1}")
    return current + 1


def end_rotation() -> int:
    """Forget the former key, for ever. UsageError when there is none."""
    _, *former = key_ids()
    if not former:
        raise UsageError("no rotation is under way; opvang rotate begins one")
    (settings.SECRETS / _keys()[former[0]]).unlink()
    return former[0]


def _keys() -> dict[int, str]:
    """The file of each key by its number; the first has none in its name."""
    names = [path.name for path in settings.SECRETS.glob(f"{KEY}*")]
    return {int(name.removeprefix(KEY).removeprefix("_") or 1): name for name in names}
