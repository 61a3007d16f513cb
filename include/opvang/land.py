"""land: deliveries into landing.<table>, typed and pseudonymised; what doesn't fit its contract is noted as a breach."""

import io
from typing import Any

import polars as pl

from opvang import derive, ledger, store, warehouse
from opvang.contract import Column, Contract, Table, contract
from opvang.errors import ContractError, LoadRefused, SourceChanged
from opvang.schema import ENVELOPE, clear_landing, landing_places, landing_table
from opvang.sources import Batch, Delivered, Parser, parser
from opvang.warehouse import Connection, Row

FLUSH_ROWS = 100_000
BREACH = ("batch_id", "delivery_id", "record_no", "rule", "severity", "reference", "reason", "found_by")
Piece = tuple[Row, Table, pl.DataFrame]


def land(source: str, batch_id: int) -> int:
    """Land every delivery of a batch and return the number of records; one that can't be read is noted as refused."""
    terms, read = contract(source), parser(source)
    with warehouse.connect() as connection:
        ledger.check_batch(connection, source, batch_id)
        # Whatever an earlier run landed of these deliveries: after this they lie there once.
        clear_landing(connection, terms, batch_id)
        deliveries = [row for row in ledger.waiting(connection, batch_id) if row["refused_because"] is None]
        landing = _Landing(connection, terms, batch_id)
        for delivery in deliveries:
            landing.add(delivery, read)
        landing.flush()
        for table in terms.tables:
            warehouse.run(connection, "analyze", table=landing_table(source, table.name))
        ledger.note_step(connection, batch_id, "landed")
        return landing.records


class _Landing:
    """Collects pieces of deliveries, so that one COPY carries many small ones and no large one is held whole."""

    def __init__(self, connection: Connection, terms: Contract, batch_id: int) -> None:
        self.connection, self.terms, self.batch_id = connection, terms, batch_id
        self.pieces: list[Piece] = []
        self.rows = self.records = 0

    def add(self, delivery: Row, read: Parser) -> None:
        """Read one delivery. Unreadable: none of it stays, and the ledger says why."""
        try:
            scope, records = self._read(delivery, read)
        except FileNotFoundError:
            raise ContractError(
                f"the kept file of {delivery['file_name']} ({delivery['supplier']}, {delivery['reference_date']}) is gone; deliver it again"
            ) from None
        except LoadRefused as refusal:
            self._refuse(delivery, str(refusal))
        else:
            ledger.note_landed(self.connection, delivery["delivery_id"], scope, records)
            self.records += records

    def _read(self, delivery: Row, read: Parser) -> tuple[str, int]:
        """Take in what the parser yields; returns the scope of the delivery and the number of its records."""
        path = store.kept(self.terms.source, delivery["sha256"])
        tables, records = set[str](), 0
        for batch in read(Delivered(path, delivery["supplier"], delivery["reference_date"]), self.terms):
            tables |= batch.keys()
            records += batch[self.terms.record_table(_scope(self.terms, tables)).name]["record_no"].n_unique()
            self._take(delivery, batch)
        return _scope(self.terms, tables), records

    def _take(self, delivery: Row, batch: Batch) -> None:
        for table in self.terms.tables:
            if table.name in batch and batch[table.name].height:
                self.pieces.append((delivery, table, _fields(table, batch[table.name])))
                self.rows += batch[table.name].height
        if self.rows >= FLUSH_ROWS:
            self.flush()

    def _refuse(self, delivery: Row, reason: str) -> None:
        self.pieces = [piece for piece in self.pieces if piece[0] is not delivery]
        self.rows = sum(frame.height for _, _, frame in self.pieces)
        for place in landing_places(self.terms):
            warehouse.run(self.connection, "clear_delivery", {"delivery_id": delivery["delivery_id"]}, table=place)
        ledger.refuse(self.connection, delivery["delivery_id"], reason)

    def flush(self) -> None:
        """Type, pseudonymise and copy what was collected."""
        keys: pl.DataFrame | None = None
        for table in self.terms.tables:
            frames = [_with_envelope(piece, self.batch_id) for piece in self.pieces if piece[1] is table]
            if not frames:
                continue
            made, breaches = _shape(self.terms, table, pl.concat(frames))
            keys = _keys(made, table) if keys is None or self.terms.one_table_a_file else keys
            rows = _numbered(made.join(keys, on=["delivery_id", "record_no"], how="left", maintain_order="left"))
            self._copy(landing_table(self.terms.source, table.name), rows.select(_columns(table)))
            self._copy("landing.breaches", breaches)
        self.pieces, self.rows = [], 0

    def _copy(self, place: str, rows: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        rows.write_csv(buffer, include_header=False)
        warehouse.copy(self.connection, place, rows.columns, buffer.getvalue())


def _columns(table: Table) -> list[str]:
    return [*ENVELOPE, *(column.name for column in table.columns)]


def _scope(terms: Contract, tables: set[str]) -> str:
    """Which part of the supplier's state a delivery speaks about: '*' for all tables, or the one table that it holds."""
    if not terms.one_table_a_file:
        return "*"
    return next(iter(tables), terms.tables[0].name)


def _fields(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The delivered fields in the order of the contract; a field more or less than it names is refused."""
    delivered = frame.columns
    wanted = sorted(table.fields)
    if unknown := [name for name in delivered if name not in table.fields and name not in ("record_no", "line_no")]:
        raise SourceChanged(
            f"unknown column {', '.join(unknown)} in {table.name}; the contract knows {', '.join(wanted)}"
        )
    if missing := [name for name in wanted if name not in delivered]:
        raise SourceChanged(
            f"column {', '.join(missing)} is missing in {table.name}; deliver every column, empty where nothing is known"
        )
    if frame.select(pl.any_horizontal(pl.col(wanted).str.contains("\x00", literal=True).any())).item():
        raise LoadRefused(f"NUL bytes in {table.name}; deliver the file as text")
    return frame.select("record_no", "line_no", pl.col(wanted).replace("", None))


def _with_envelope(piece: Piece, batch_id: int) -> pl.DataFrame:
    delivery, _, frame = piece
    envelope = {"batch_id": batch_id, "delivery_id": delivery["delivery_id"], "supplier": delivery["supplier"]}
    return frame.with_columns(pl.lit(value).alias(name) for name, value in envelope.items())


def _shape(terms: Contract, table: Table, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Typed columns as the contract names them, and a breach for each value that doesn't fit or is missing."""
    made, breaches = rows.select(ENVELOPE[:5]), [_no_breaches()]
    for column in table.columns:
        delivered = rows[column.field]
        values = derive.column(column, delivered)
        made = made.with_columns(values)
        where = f"{terms.source}.{table.name}.{column.name}"
        breaches.append(
            _breaches(
                rows, derive.misfits(column, delivered, values), _rule(column, where, f"is_{column.logical_type}")
            )
        )
        if column.required:
            breaches.append(_breaches(rows, delivered.is_null(), _rule(column, where, "is_present")))
    return made, pl.concat(breaches)


def _rule(column: Column, where: str, promise: str) -> dict[str, Any]:
    kind = "key that can be read" if column.is_key and column.logical_type == "string" else column.logical_type
    wants = "is empty" if promise == "is_present" else f"is no {kind}"
    return {
        "rule": f"{column.name}_{promise}".replace("is_is_", "is_"),
        "severity": "critical",
        "reference": f"contract {where}",
        "reason": f"{column.field} {wants}: {column.description}",
        "found_by": "land",
    }


def _breaches(rows: pl.DataFrame, broken: pl.Series, rule: dict[str, Any]) -> pl.DataFrame:
    found = rows.filter(broken).select("batch_id", "delivery_id", "record_no")
    return (
        found.with_columns(pl.lit(value).alias(name) for name, value in rule.items())
        .select(BREACH)
        .cast(_no_breaches().schema)
    )


def _no_breaches() -> pl.DataFrame:
    return pl.DataFrame(
        schema=dict.fromkeys(BREACH, pl.String) | {"batch_id": pl.Int64, "delivery_id": pl.Int64, "record_no": pl.Int32}
    )


def _keys(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The record key of each record: its primary key as text, null where a part of it is missing."""
    key = pl.concat_str([pl.col(column.name).cast(pl.String) for column in table.keys], separator="|")
    return rows.select("delivery_id", "record_no", key.alias("record_key"))


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("delivery_id", "record_no").alias("row_no")
    )
