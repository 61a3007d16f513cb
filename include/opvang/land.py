"""land: deliveries into landing.<table>, typed and pseudonymised; what doesn't fit its contract is noted as a breach."""

import io
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

import polars as pl

from opvang import account, ledger, rotate, shape, sources, store, warehouse
from opvang.contract import Contract, Table, contract
from opvang.errors import ContractError, LoadRefused, ServerError
from opvang.schema import ENVELOPE, PSEUDONYMS, clear_landing, landing_places, landing_table
from opvang.sources import Batch, Delivered, Parser, parser
from opvang.warehouse import Connection, Row

FLUSH_ROWS = 80_000
BATCHES_AHEAD = 1
COPIES_AHEAD = 2
Piece = tuple[Row, Table, pl.DataFrame]
# What a parser raises that met something nobody thought of; the machine's own troubles aren't among them.
UNFORESEEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, pl.exceptions.PolarsError)


def land(source: str, batch_id: int) -> int:
    """Land every delivery of a batch and return the number of records; one that can't be read is noted as refused."""
    terms, read = contract(source), parser(source)
    with warehouse.connect() as connection:
        ledger.check_batch(connection, source, batch_id)
        # Whatever an earlier run landed of these deliveries: after this they lie there once.
        clear_landing(connection, terms, batch_id)
        warehouse.run(connection, "reopen_deliveries", {"batch_id": batch_id})
        with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as copier:
            landing = _Landing(connection, terms, batch_id, reader, copier)
            for delivery in ledger.waiting(connection, batch_id):
                landing.add(delivery, read)
            landing.finish()
        for table in terms.tables:
            place = landing_table(source, table.name)
            warehouse.run(connection, "summarize_landing", {"index": f"{place}_delivery"})
            warehouse.run(connection, "analyze", table=place)
        ledger.note_step(connection, batch_id, "landed")
        account.landed(connection, source, batch_id)
        return landing.records


class _Landing:
    """Collects pieces of deliveries, so that one COPY carries many small ones and no large one is held whole.

    Reading and COPY run in threads of their own, beside the typing of what lies between them; whoever else needs the
    connection waits for COPY.
    """

    def __init__(
        self,
        connection: Connection,
        terms: Contract,
        batch_id: int,
        reader: ThreadPoolExecutor,
        copier: ThreadPoolExecutor,
    ) -> None:
        self.connection, self.terms, self.batch_id = connection, terms, batch_id
        self.reader, self.copier = reader, copier
        self.pieces: list[Piece] = []
        self.copies: list[Future[None]] = []
        self.landed: list[Row] = []
        self.rows = self.records = 0

    def add(self, delivery: Row, read: Parser) -> None:
        """Read one delivery. Unreadable, or of nobody who may deliver: none of it stays, and the ledger says why."""
        try:
            landed = self._read(delivery, read)
        except FileNotFoundError:
            raise ContractError(
                f"the kept file of {delivery['file_name']} ({delivery['supplier']}, {delivery['reference_date']}) is gone; deliver it again"
            ) from None
        except OSError as error:
            raise ServerError(
                f"can't read {delivery['file_name']} ({delivery['supplier']}, {delivery['reference_date']}) here: {error.strerror}; make room for temporary files and land it again"
            ) from None
        except LoadRefused as refusal:
            self._refuse(delivery, str(refusal))
        else:
            self.landed.append(landed)
            self.records += landed["records"]

    def finish(self) -> None:
        """Copy what is left, wait until all of it is there, and note what each delivery holds."""
        self._flush()
        self._wait()
        for landed in self.landed:
            warehouse.run(self.connection, "note_landed", landed)

    def _read(self, delivery: Row, read: Parser) -> Row:
        """Take in what the parser yields; returns the form and the scope of the delivery and the number of its records."""
        self.terms.demand_supplier(delivery["supplier"])
        path = store.kept(self.terms.source, delivery["sha256"])
        tables, records = set[str](), 0
        delivered = Delivered(path, delivery["supplier"], delivery["reference_date"])
        with _refused_where_we_break(self.terms.source):
            form = sources.form(self.terms.source, path)
        for batch in _ahead(_parsed(read, delivered, self.terms), self.reader):
            tables |= batch.keys()
            records += batch[self.terms.record_table(_scope(self.terms, tables)).name]["record_no"].n_unique()
            self._take(delivery, batch)
        return {
            "delivery_id": delivery["delivery_id"],
            "form": form,
            "scope": _scope(self.terms, tables),
            "records": records,
        }

    def _take(self, delivery: Row, batch: Batch) -> None:
        for table in self.terms.tables:
            if table.name in batch and batch[table.name].height:
                self.pieces.append((delivery, table, shape.fields(table, batch[table.name])))
                self.rows += batch[table.name].height
        if self.rows >= FLUSH_ROWS:
            self._flush()

    def _refuse(self, delivery: Row, reason: str) -> None:
        self.pieces = [piece for piece in self.pieces if piece[0] is not delivery]
        self.rows = sum(frame.height for _, _, frame in self.pieces)
        self._wait()
        for place in landing_places(self.terms):
            warehouse.run(self.connection, "clear_delivery", {"delivery_id": delivery["delivery_id"]}, table=place)
        ledger.refuse(self.connection, delivery["delivery_id"], reason)

    def _flush(self) -> None:
        """Type, pseudonymise and copy what was collected."""
        keys: pl.DataFrame | None = None
        for table in self.terms.tables:
            if (rows := self._collected(table)) is None:
                continue
            made = shape.typed(table, rows)
            keys = _keys(made, table) if keys is None or self.terms.one_table_a_file else keys
            self._copy(landing_table(self.terms.source, table.name), _with_keys(made, keys).select(_columns(table)))
            self._copy("landing.breaches", shape.breaches(self.terms.source, table, rows, made))
            self._copy(PSEUDONYMS, rotate.pairs(table, rows, made))
        self.rows = 0

    def _collected(self, table: Table) -> pl.DataFrame | None:
        """The rows of one table, which are collected no more; None when there are none."""
        frames = [_with_envelope(piece, self.batch_id) for piece in self.pieces if piece[1] is table]
        self.pieces = [piece for piece in self.pieces if piece[1] is not table]
        return pl.concat(frames) if frames else None

    def _copy(self, place: str, rows: pl.DataFrame | None) -> None:
        if rows is None or rows.is_empty():
            return
        buffer = io.BytesIO()
        rows.write_csv(buffer, include_header=False)
        self.copies.append(self.copier.submit(warehouse.copy, self.connection, place, rows.columns, buffer.getbuffer()))
        self._wait(COPIES_AHEAD)

    def _wait(self, ahead: int = 0) -> None:
        """Until no more than so many copies are under way; raises what went wrong in one."""
        while len(self.copies) > ahead:
            self.copies.pop(0).result()


@contextmanager
def _refused_where_we_break(source: str) -> Iterator[None]:
    """A file on which our reading breaks is refused, so that it keeps no other supplier's out run after run."""
    try:
        yield
    except UNFORESEEN as error:
        place = extract_tb(error.__traceback__)[-1]
        raise LoadRefused(
            f"our reader broke on it ({type(error).__name__} at {Path(place.filename).name}:{place.lineno}), which is ours to mend; "
            f"then 'opvang replay {source} --refused'"
        ) from None


def _parsed(read: Parser, delivered: Delivered, terms: Contract) -> Iterator[Batch]:
    with _refused_where_we_break(terms.source):
        yield from read(delivered, terms)


def _ahead(batches: Iterator[Batch], reader: ThreadPoolExecutor) -> Iterator[Batch]:
    """The same batches, the next ones being read while the caller is at work on one."""
    coming = deque(reader.submit(next, batches, None) for _ in range(BATCHES_AHEAD))
    while (batch := coming.popleft().result()) is not None:
        coming.append(reader.submit(next, batches, None))
        yield batch


def _columns(table: Table) -> list[str]:
    return [*ENVELOPE, *(column.name for column in table.columns)]


def _scope(terms: Contract, tables: set[str]) -> str:
    """Which part of the supplier's state a delivery speaks about: '*' for all tables, or the one table that it holds."""
    if not terms.one_table_a_file:
        return "*"
    return next(iter(tables), terms.tables[0].name)


def _with_envelope(piece: Piece, batch_id: int) -> pl.DataFrame:
    delivery, _, frame = piece
    envelope = {"batch_id": batch_id, "delivery_id": delivery["delivery_id"]}
    return frame.with_columns(pl.lit(value, pl.Int64).alias(name) for name, value in envelope.items())


def _keys(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The record key of each record: its primary key as text, null where a part of it is missing."""
    key = pl.concat_str([pl.col(column.name).cast(pl.String) for column in table.keys], separator="|")
    return rows.select("delivery_id", "record_no", key.alias("record_key"))


def _with_keys(rows: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Each row with the key of its record and its number in it; the rows of a record stand together."""
    at = pl.int_range(1, pl.len() + 1, dtype=pl.Int32)
    begins = pl.any_horizontal(pl.col("delivery_id", "record_no").diff() != 0).fill_null(value=True)
    row_no = at - pl.when(begins).then(at).forward_fill() + 1
    numbered = rows.with_columns(row_no.alias("row_no"))
    return numbered.join(keys, on=["delivery_id", "record_no"], how="left", maintain_order="left")
