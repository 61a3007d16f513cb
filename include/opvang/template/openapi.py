"""The OpenAPI document of what a supplier's endpoint answers: its schemas are the fields of the contract."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from opvang.contract import Contract
from opvang.template.fields import SUPPLIER, Field, fields, report_fields, words

FRAME = Path(__file__).parents[1] / "templates" / "openapi.yaml"
DAYS: Mapping[str, Any] = {"date": {"format": "date"}}
# What a person fills in as a day, a report tells to the moment, or as a day.
DAY_OR_MOMENT = {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$"}
MOMENTS: Mapping[str, Any] = {"date": DAY_OR_MOMENT, "moment": DAY_OR_MOMENT}
HEAD = "# Written by `opvang template {source}`, from the contract, the expectations and the words of the template.\n"


def openapi(terms: Contract) -> bytes:
    """The document as YAML; JSON Schema 2020-12 stands in it."""
    document = yaml.load(FRAME.read_bytes(), Loader=yaml.CSafeLoader)
    document["info"] |= {"title": words(terms.source)["title"], "version": terms.version}
    schemas, records = document["components"]["schemas"], terms.tables[0].name
    of_report = {field.name: _schema(field, MOMENTS) for field in report_fields(terms)}
    schemas["Supplier"] = of_report[SUPPLIER]
    list_of_records = {"type": "array", "items": _of("Record")}
    schemas["Report"] = _object(of_report | {SUPPLIER: _of("Supplier"), records: list_of_records})
    schemas["Record"] = _object({field.name: _schema(field) for field in fields(terms)})
    text = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=140)
    return (HEAD.format(source=terms.source) + text).encode()


class _Dumper(yaml.SafeDumper):
    """Writes each text as people would: several lines as lines, and nothing by reference to an earlier place."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Whether a value is written out wherever it stands: always."""
        return True


def _as_lines(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _as_lines)


def _of(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """Every field is there, null where nothing is known, and no other."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _schema(field: Field, times: Mapping[str, Any] = DAYS) -> dict[str, Any]:
    kind = "string" if field.kind in times else field.kind
    schema: dict[str, Any] = {"type": kind if field.is_required else [kind, "null"], **times.get(field.kind, {})}
    if field.kind == "integer":
        schema["minimum"] = 0
    if field.allowed:
        schema["enum"] = [*field.allowed, *(() if field.is_required else (None,))]
    return schema | {"title": field.label, "description": field.meaning}
