"""The verbs from a shell: `opvang --help` teaches them."""

import logging
import sys

import typer
from typer.exceptions import TyperException

from opvang.cli import gate, machine, quarantine
from opvang.cli.shell import app

__all__ = ["app", "gate", "machine", "main", "quarantine"]


def main() -> None:
    """The command `opvang`: wrong use, too, ends in one line on standard error."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for quiet in ("great_expectations", "httpx", "alembic"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        typer.echo(f"opvang: {error.format_message()}; opvang --help says how", err=True)
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(130)
