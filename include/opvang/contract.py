"""The only reader of contracts: an ODCS file in, a frozen Contract out, or a ContractError."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from opvang.errors import ContractError, LoadRefused, UsageError

CONTRACTS = Path(__file__).parents[1] / "contracts"
SUFFIX = ".odcs.yaml"
LOGICAL_TYPES = frozenset({"string", "date", "integer", "number", "boolean"})
OWN_PROPERTIES = frozenset({"suppliers", "awaited", "file_holds", "form", "needs"})


@dataclass(frozen=True)
class Column:
    """A column of a table, and the delivered fields that it is made from."""

    name: str
    logical_type: str
    sql_type: str
    fields: tuple[str, ...]
    logic: str | None
    required: bool
    is_key: bool
    date_format: str
    description: str
    label: str | None  # Dutch, where people fill the field in

    @property
    def field(self) -> str:
        """The delivered field of a column that is made from one, else the first of them."""
        return self.fields[0]

    @property
    def meaning(self) -> str:
        """The description, after the Dutch label of a column that has one."""
        return f"*{self.label}*. {self.description}" if self.label else self.description


@dataclass(frozen=True)
class Table:
    """A table of a source; the first of a contract holds one row per record."""

    name: str
    columns: tuple[Column, ...]
    description: str

    @property
    def fields(self) -> frozenset[str]:
        """The delivered fields that the table is made from."""
        return frozenset(field for column in self.columns for field in column.fields)

    def as_markdown(self) -> str:
        """The table as a heading and a table of its columns."""
        rows = "\n".join(f"| `{column.name}` | {column.sql_type} | {column.meaning} |" for column in self.columns)
        return f"## {self.name}\n\n{self.description}\n\n| column | type | meaning |\n|---|---|---|\n{rows}"

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns of the primary key, in order."""
        return tuple(column for column in self.columns if column.is_key)


@dataclass(frozen=True, eq=False)
class Contract:
    """What is delivered, by whom, in which form, how often and with which columns."""

    source: str
    version: str
    owner: str
    description: Mapping[str, str]
    tables: tuple[Table, ...]
    suppliers: Mapping[str, str]
    awaited: tuple[str, ...]
    may_be_asked: bool  # suppliers may have an endpoint, where fetch asks for what is new
    one_table_a_file: bool
    form: Mapping[str, Any]
    forms_of_suppliers: Mapping[str, Mapping[str, Any]]
    needs: tuple[str, ...]
    frequency_days: int
    retention_days: int

    @property
    def asset_uri(self) -> str:
        """The name under which publishing this source wakes what stands on it."""
        return asset_uri(self.source)

    def as_markdown(self) -> str:
        """The contract for people: what it is, who delivers, how long it is kept, which columns there are."""
        tables = "\n\n".join(table.as_markdown() for table in self.tables)
        suppliers = ", ".join(f"`{supplier}`" for supplier in self.suppliers)
        return (
            f"# {self.source}\n\n{self.description['purpose']}\n\n{self.description['usage']}\n\n*Mind:* {self.description['limitations']}\n\n"
            f"- delivered by {suppliers}, every {self.frequency_days} day(s)\n- kept {self.retention_days} days\n- contract version {self.version}, owner {self.owner}\n\n"
            f"{tables}\n"
        )

    def covers(self, supplier: str) -> str | None:
        """What this supplier's deliveries speak about: 'all', 'none', its own code; None for a supplier who may not deliver."""
        for pattern, covers in self.suppliers.items():
            if re.fullmatch(pattern, supplier):
                return supplier if covers == "itself" else covers
        return None

    def demand_supplier(self, supplier: str) -> None:
        """LoadRefused for a supplier who may not deliver."""
        if self.covers(supplier) is None:
            names = ", ".join(self.suppliers)
            raise LoadRefused(f"{supplier} may not deliver {self.source}; suppliers are {names}")

    def form_of(self, supplier: str) -> Mapping[str, Any]:
        """The form in which this supplier delivers: that of the contract, with what it says of the supplier."""
        own = (form for pattern, form in self.forms_of_suppliers.items() if re.fullmatch(pattern, supplier))
        return {**self.form, **next(own, {})}

    def table(self, name: str) -> Table:
        """The table of that name, or a ContractError."""
        for table in self.tables:
            if table.name == name:
                return table
        raise ContractError(
            f"{self.source}: the contract has no table {name}; add it to include/contracts/{self.source}{SUFFIX}"
        )

    @property
    def scopes(self) -> tuple[str, ...]:
        """The parts of a supplier's state that a delivery can speak about: '*' for all tables, or each table by itself."""
        return tuple(table.name for table in self.tables) if self.one_table_a_file else ("*",)

    def record_table(self, scope: str) -> Table:
        """The table that holds one row per record, for a delivery of this scope ('*' or one table)."""
        return self.tables[0] if scope == "*" else self.table(scope)

    def tables_of(self, scope: str) -> tuple[Table, ...]:
        """The tables that a delivery of this scope speaks about."""
        return self.tables if scope == "*" else (self.table(scope),)


def asset_uri(source: str) -> str:
    """The Airflow asset of everything that a source has published."""
    return f"opvang://raw/{source}"


def sources() -> list[str]:
    """The names of all sources: the stems of the contracts, in order."""
    return sorted(path.name.removesuffix(SUFFIX) for path in CONTRACTS.glob(f"*{SUFFIX}"))


def contracts() -> Iterator[Contract]:
    """All contracts, in order of name."""
    return map(contract, sources())


@cache
def contract(source: str) -> Contract:
    """The contract of a source, or a ContractError that says what is wrong with it; UsageError for a source that isn't there."""
    path = CONTRACTS / f"{source}{SUFFIX}"
    if source not in sources():
        raise UsageError(f"there is no source {source}; known are {', '.join(sources())}")
    try:
        # Every process reads all contracts: libyaml takes a tenth of the time that yaml.safe_load takes.
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        return _contract(source, document)
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise ContractError(f"{path.name}: {type(error).__name__} {error}; compare it with another contract") from error


def _contract(source: str, document: dict[str, Any]) -> Contract:
    if document["name"] != source:
        raise ContractError(f"{source}{SUFFIX}: its name is {document['name']}; name and file must be the same word")
    own = {entry["property"]: entry["value"] for entry in document["customProperties"]}
    if unknown := own.keys() - OWN_PROPERTIES:
        raise ContractError(
            f"{source}{SUFFIX}: unknown customProperties {', '.join(sorted(unknown))}; known are {', '.join(sorted(OWN_PROPERTIES))}"
        )
    terms = {entry["property"]: entry["value"] for entry in document["slaProperties"]}
    return Contract(
        source=source,
        version=document["version"],
        owner=document["team"]["name"],
        description=document["description"],
        tables=tuple(_table(source, entry) for entry in document["schema"]),
        suppliers={entry["supplier"]: entry["covers"] for entry in own["suppliers"]},
        awaited=tuple(own.get("awaited", ())),
        may_be_asked=any(server["type"] == "api" for server in document.get("servers", ())),
        one_table_a_file=own["file_holds"] == "one table",
        form=own["form"],
        forms_of_suppliers={entry["supplier"]: entry["form"] for entry in own["suppliers"] if "form" in entry},
        needs=tuple(own.get("needs", ())),
        frequency_days=int(terms["frequency"]),
        retention_days=int(terms["retention"]),
    )


def _table(source: str, entry: dict[str, Any]) -> Table:
    columns = tuple(_column(f"{source}.{entry['name']}", column) for column in entry["properties"])
    if not any(column.is_key for column in columns):
        raise ContractError(
            f"{source}{SUFFIX}: table {entry['name']} has no primaryKey; say which column identifies its rows"
        )
    return Table(entry["name"], columns, entry["description"])


def _column(where: str, entry: dict[str, Any]) -> Column:
    if entry["logicalType"] not in LOGICAL_TYPES:
        raise ContractError(
            f"{where}.{entry['name']}: logicalType {entry['logicalType']} is none of {', '.join(sorted(LOGICAL_TYPES))}"
        )
    return Column(
        name=entry["name"],
        logical_type=entry["logicalType"],
        sql_type=entry["physicalType"],
        fields=tuple(entry.get("transformSourceObjects", [entry["name"]])),
        logic=entry.get("transformLogic"),
        required=entry.get("required", False),
        is_key=entry.get("primaryKey", False),
        date_format=entry.get("logicalTypeOptions", {}).get("format", "yyyy-MM-dd"),
        description=entry["description"],
        label=entry.get("businessName"),
    )
