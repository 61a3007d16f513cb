"""Work on what was stopped: look, replay, withdraw, tell the supplier."""

from pathlib import Path
from typing import Annotated

import typer

from opvang import settings
from opvang.cli.shell import Day, Json, Source, app, say, say_accounts, verb

Supplier = Annotated[str | None, typer.Option(help="Only of this supplier: rvig, GM0363, VR13 …")]
Rule = Annotated[str | None, typer.Option(help="Only what this rule stopped.")]


@app.command()
@verb
def quarantine(
    source: Annotated[str | None, typer.Argument(help="One source; default all.")] = None,
    supplier: Supplier = None,
    rule: Rule = None,
    records: Annotated[bool, typer.Option("--records", help="One line per record, by file and line.")] = False,
    as_json: Json = False,
) -> None:
    """What is kept aside: by supplier and rule, or record by record; never a value."""
    from opvang import quarantine as kept_aside
    from opvang.contract import contract

    view = kept_aside.View(contract(source).source if source else None, supplier, rule)
    rows = kept_aside.records(view) if records else kept_aside.summary(view)
    if as_json or not rows:
        say({"records" if records else "rules": rows}, as_json, "nothing is in quarantine")
        return
    if records:
        typer.echo("\n".join(map(kept_aside.line, rows)))
    else:
        kept_aside.show(rows)
    typer.echo(kept_aside.next_steps(rows))


@app.command()
@verb
def withdraw(
    records: Annotated[
        list[int], typer.Argument(min=1, max=2**63 - 1, help="Numbers that opvang quarantine --records prints.")
    ],
    because: Annotated[str, typer.Option(help="Why nobody will mend it, in one line and without a person's data.")],
    as_json: Json = False,
) -> None:
    """Close records in quarantine that nobody will mend, with a reason. All of them or, when one is closed already, none."""
    from opvang.withdraw import withdraw as close

    count = close(records, because)
    say({"withdrawn": count}, as_json, f"{count} withdrawn")


@app.command()
@verb
def replay(
    source: Source,
    supplier: Supplier = None,
    rule: Rule = None,
    delivery: Annotated[int | None, typer.Option(min=1, max=2**63 - 1, help="Only this delivery.")] = None,
    refused: Annotated[bool, typer.Option("--refused", help="Refused deliveries too.")] = False,
    as_json: Json = False,
) -> int:
    """Read deliveries with open quarantine again from their kept files, through the whole gate. Exit status 3 when one was refused."""
    from opvang.replay import Wish
    from opvang.replay import replay as again

    accounts, gone = again(Wish(source, supplier, rule, delivery, refused))
    for line in gone:
        typer.echo(f"opvang: {line}", err=True)
    if not accounts and not as_json:
        typer.echo("nothing to replay")
        return 1 if gone else 0
    return say_accounts(source, accounts, as_json, gone=gone) or (1 if gone else 0)


@app.command()
@verb
def feedback(
    source: Source,
    supplier: Supplier = None,
    reference_date: Day = None,
    out: Annotated[Path | None, typer.Option(help="The folder to write to. Default: feedback in OPVANG_HOME.")] = None,
    as_json: Json = False,
) -> None:
    """Write a report (CSV and HTML) for each supplier: which records of their last file broke which rule, and what to correct."""
    from opvang.feedback import feedback as write

    day = reference_date.date() if reference_date else None
    reports = write(source, supplier, day, out or settings.HOME / "feedback")
    lines = [f"{report['html']}\n{report['csv']}" for report in reports]
    say({"source": source, "reports": reports}, as_json, "\n".join(lines))
