"""What every shell command shares: how it is called, how it prints, how it ends."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Annotated, Any, ParamSpec

import typer

from opvang.errors import OpvangError, UsageError

REFUSED, WRONG_USE = 3, 2
P = ParamSpec("P")

app = typer.Typer(
    help="The gate of the national reception warehouse. A delivery goes fetch → land → validate → publish; `load` does all four on given files.",
    pretty_exceptions_enable=False,
    add_completion=False,
)

Source = Annotated[
    str, typer.Argument(help="A source: the stem of a file in include/contracts, such as brp or reception.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one machine-readable object on standard output.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only deliveries of this reference date (peildatum).")
]


def verb(function: Callable[P, int | None]) -> Callable[P, None]:
    """A shell command: errors end in one line on standard error and an exit status, never in a traceback."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = function(*args, **kwargs)
        except OpvangError as error:
            typer.echo(f"opvang: {error}", err=True)
            raise typer.Exit(WRONG_USE if isinstance(error, UsageError) else 1) from None
        raise typer.Exit(status or 0)

    return command


def say(value: Any, as_json: bool, line: str = "") -> None:
    """Print a result: as one JSON object, or in words."""
    typer.echo(json.dumps(value, default=_iso, ensure_ascii=False) if as_json else line)


def _iso(value: date) -> str:
    """Days and moments as ISO 8601 writes them."""
    return value.isoformat()


def say_accounts(source: str, accounts: Sequence[dict[str, Any]], as_json: bool, **more: Any) -> int:
    """Print what became of deliveries; returns the exit status, 3 when one of them is refused."""
    say({"source": source, "deliveries": accounts} | more, as_json, "\n".join(map(_account, accounts)))
    verdicts = {account.get("verdict_then", account["verdict"]) for account in accounts}
    return REFUSED if "refused" in verdicts else 0


def _account(account: dict[str, Any]) -> str:
    counts = "{records_read} read = {records_published} published + {records_quarantined} quarantined + {records_refused} refused, {records_flagged} flagged".format(
        **account
    )
    again = f", replay of delivery {account['replay_of']}" if account["replay_of"] else ""
    lines = [
        f"{account['file']} ({account['supplier']}, {account['reference_date']}{again}): {account['verdict']}. {counts}"
    ]
    if account["message"]:
        lines.append(f"  {account['message']}")
    lines += [
        f"  {rule['records']:>8}  {rule['severity']:<8}  {rule['rule']}: {rule['reason']}" for rule in account["rules"]
    ]
    return "\n".join(lines)
