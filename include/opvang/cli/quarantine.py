"""Work on what was stopped: look, replay, withdraw, tell the supplier."""

from typing import Annotated

import typer

from opvang.cli.shell import Json, Source, app, say_accounts, verb

Supplier = Annotated[str | None, typer.Option(help="Only of this supplier: rvig, GM0363, VR13 …")]
Rule = Annotated[str | None, typer.Option(help="Only what this rule stopped.")]


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
