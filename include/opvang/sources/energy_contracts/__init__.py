"""Energy contracts of municipalities, in one of three forms: OCDS packages, an eForms notice, or a contract register as CSV.

Which one it is, its content says and not its name. Each becomes agreements; what their rows are is in `agreements`.
"""

from collections.abc import Iterator
from pathlib import Path

from opvang.contract import Contract
from opvang.sources import Batch, Delivered
from opvang.sources.energy_contracts import agreements, notice, ocds, register
from opvang.sources.energy_contracts.recognise import Form, form_of

FORMS = {Form.OCDS: ocds.read, Form.EFORMS: notice.read, Form.REGISTER: register.read}


def form(path: Path) -> str:
    """ocds, eforms or register."""
    return form_of(path)


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """Contracts with their suppliers, their buyers and what they supply to whom."""
    form = form_of(delivery.path)
    yield agreements.tables(contract, form, FORMS[form](delivery, contract))
