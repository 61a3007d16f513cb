"""Person lists from the BRP, in one of three forms: a tabular selection, LO3 messages, or an answer of Haal Centraal.

Which one it is, its content says and not its name. Each becomes the rows of a selection; what they mean is in `lists`.
"""

from collections.abc import Iterator
from pathlib import Path

from opvang.contract import Contract
from opvang.sources import Batch, Delivered
from opvang.sources.brp import haal_centraal, lists, messages, tabular
from opvang.sources.brp.recognise import Form, form_of

FORMS = {Form.TABULAR: tabular.rows, Form.LO3: messages.rows, Form.HAAL_CENTRAAL: haal_centraal.rows}


def form(path: Path) -> str:
    """tabular, lo3 or haal_centraal, by which rules know what the form can't carry."""
    return form_of(path)


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """Persons, nationalities, residences and residence titles; only the elements that the contract names are read."""
    rows = FORMS[form_of(delivery.path)]
    count = 0
    for whole in lists.whole(rows(delivery, contract)):
        numbered = lists.numbered(whole, count)
        count += whole[lists.LIST].count()
        yield {table.name: lists.table(table, numbered) for table in contract.tables}
