"""An eForms contract award notice (Regulation (EU) 2019/1780; UBL ContractAwardNotice, SDK 1.x).

Of a beneficial owner only the nationality is read (BT-706), of a winner that is a natural person no name.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from opvang.contract import Contract
from opvang.errors import SourceChanged
from opvang.readers import xml
from opvang.sources import Delivered
from opvang.sources.energy_contracts.agreements import (
    MOST_DIGITS,
    MUNICIPALITIES,
    Agreement,
    Row,
    fewest,
    in_euro,
    numbered,
)

UBL, EFORMS = "urn:oasis:names:specification:ubl:schema:xsd", "http://data.europa.eu/p27"
NAMES = {
    "cac": f"{UBL}:CommonAggregateComponents-2",
    "cbc": f"{UBL}:CommonBasicComponents-2",
    "efac": f"{EFORMS}/eforms-ubl-extension-aggregate-components/1",
    "efbc": f"{EFORMS}/eforms-ubl-extension-basic-components/1",
    "efext": f"{EFORMS}/eforms-ubl-extensions/1",
}
ROOT = f"{{{UBL}:ContractAwardNotice-2}}ContractAwardNotice"
DUTCH, CHAMBER_OF_COMMERCE = "NLD", "NL-KVK"
RECEIVED = "efac:ReceivedSubmissionsStatistics"
TENDERS = "tenders"  # BT-760: all tenders; the other codes of the list are parts of them
ID, CPV = "cbc:ID", "cac:MainCommodityClassification/cbc:ItemClassificationCode"


def read(delivery: Delivered, contract: Contract) -> Iterator[Agreement]:
    """One agreement per settled contract of the notice; SourceChanged for another document."""
    root = xml.document(delivery.path, contract.form["largest_notice_mb"])
    if root.tag != ROOT:
        raise SourceChanged("XML that is no eForms ContractAwardNotice; deliver the contract award notice itself")
    notice = Notice(root)
    yield from map(notice.agreement, notice.settled.values())


class Notice:
    """The parts of a notice, by the ids under which they refer to each other."""

    def __init__(self, root: Element) -> None:
        result = root.find(".//efac:NoticeResult", NAMES)
        self.root = root
        self.settled = _by_id(result, "efac:SettledContract")
        self.results = [] if result is None else result.findall("efac:LotResult", NAMES)
        self.tenders = _by_id(result, "efac:LotTender")
        self.tendering = _by_id(result, "efac:TenderingParty")
        self.lots = _by_id(root, "cac:ProcurementProjectLot")
        self.owners = _by_id(root.find(".//efac:Organizations", NAMES), "efac:UltimateBeneficialOwner")
        self.organisations = _by_id(
            root.find(".//efac:Organizations", NAMES),
            "efac:Organization",
            "efac:Company/cac:PartyIdentification/cbc:ID",
        )

    def agreement(self, settled: Element) -> Agreement:
        """What one settled contract says, with the tenders and the lot that it stands for."""
        tenders = [self.tenders[one] for one in _ids(settled, "efac:LotTender") if one in self.tenders]
        lot = self._lot(tenders)
        period = None if lot is None else lot.find("cac:ProcurementProject/cac:PlannedPeriod", NAMES)
        buyers = list(self._buyers())
        terms = {
            "ocid": _text(self.root, "cbc:ContractFolderID"),
            "contract_id": _text(settled, ID),
            "release_id": _text(self.root, ID),
            "procedure_id": _text(self.root, "cbc:ContractFolderID"),
            "contract_reference": _text(settled, "efac:ContractReference/cbc:ID"),
            "lead_buyer_code": buyers[0]["municipality_code"] if buyers else None,
            "title": _text(settled, "cbc:Title") or _text(self.root, "cac:ProcurementProject/cbc:Name"),
            "status": "active",
            "cpv_code": _text(lot, f"cac:ProcurementProject/{CPV}")
            or _text(self.root, f"cac:ProcurementProject/{CPV}"),
            "concluded_date": _day(_text(settled, "cbc:IssueDate")),
            "start_date": _day(_text(period, "cbc:StartDate")),
            "end_date": _day(_text(period, "cbc:EndDate")),
            "value_eur": _value(tenders),
            "tenders_received": self._tenders_received(_text(settled, ID)),
        }
        suppliers = [row for tender in tenders for row in self._suppliers(tender)]
        return Agreement(terms, suppliers, buyers, [])

    def _lot(self, tenders: list[Element]) -> Element | None:
        named = [one for tender in tenders for one in _ids(tender, "efac:TenderLot")]
        return next((self.lots[one] for one in named if one in self.lots), None)

    def _tenders_received(self, contract_id: str | None) -> str | None:
        """BT-759 of type tenders in the lots that led to the contract, of several the fewest."""
        of_lots = [one for one in self.results if contract_id in _ids(one, "efac:SettledContract")]
        told = [
            _text(statistic, "efbc:StatisticsNumeric")
            for one in of_lots
            for statistic in one.findall(RECEIVED, NAMES)
            if _text(statistic, "efbc:StatisticsCode") == TENDERS
        ]
        return fewest(told)

    def _buyers(self) -> Iterator[Row]:
        """Every contracting party; the one with the indicator of a group's lead comes first, else the first named."""
        parties = self.root.findall("cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID", NAMES)
        named = [self.organisations.get((party.text or "").strip()) for party in parties]
        named.sort(key=lambda one: _text(one, "efbc:GroupLeadIndicator") != "true")
        for number, organisation in enumerate(named):
            code = _identifier(organisation)
            is_municipality = code["identifier_scheme"] == MUNICIPALITIES
            yield {
                "role": "participant" if number else "lead",
                "municipality_code": code["identifier"] if is_municipality else None,
            }

    def _suppliers(self, tender: Element) -> Iterator[Row]:
        """The tenderers and their subcontractors; the share (BT-555) is that of all subcontractors together."""
        share = _text(tender, "efac:SubcontractingTerm/efbc:TermPercent")
        share = share or _share(tender)
        for one in _ids(tender, "efac:TenderingParty"):
            party = self.tendering.get(one)
            yield from (self._organisation("supplier", key) for key in _ids(party, "efac:Tenderer"))
            for key in _ids(party, "efac:SubContractor"):
                yield {**self._organisation("subcontractor", key), "share_pct": share}

    def _organisation(self, role: str, key: str) -> Row:
        organisation = self.organisations.get(key)
        is_person = _text(organisation, "efbc:NaturalPersonIndicator") == "true"
        owners = [self.owners[one] for one in _ids(organisation, "efac:UltimateBeneficialOwner") if one in self.owners]
        nations = {_text(owner, "efac:Nationality/cbc:NationalityID") for owner in owners}
        return {
            "role": role,
            "organisation_name": None if is_person else _text(organisation, "efac:Company/cac:PartyName/cbc:Name"),
            "owner_nationalities": ",".join(sorted(nation for nation in nations if nation)) or None,
            **({} if is_person else _identifier(organisation)),
        }


def _identifier(organisation: Element | None) -> Row:
    """BT-501 with its register: the one that is named, the KvK for a Dutch number of eight digits, else the country alone."""
    company = None if organisation is None else organisation.find("efac:Company", NAMES)
    number = None if company is None else company.find("cac:PartyLegalEntity/cbc:CompanyID", NAMES)
    told = (number.text or "").strip() if number is not None else ""
    country = _text(company, "cac:PostalAddress/cac:Country/cbc:IdentificationCode")
    is_kvk = country == DUTCH and len(told) == len("12345678") and told.isdecimal()
    named = number.get("schemeName") if number is not None else None
    scheme = named or (CHAMBER_OF_COMMERCE if is_kvk else country)
    return numbered(scheme if told else None, told or None)


def _value(tenders: list[Element]) -> str | None:
    """BT-720 of all tenders of the contract together."""
    amounts = [tender.find("cac:LegalMonetaryTotal/cbc:PayableAmount", NAMES) for tender in tenders]
    told = [(_decimal(one.text), one.get("currencyID")) for one in amounts if one is not None]
    if not told:
        return None
    foreign = [currency for _, currency in told if in_euro(0, currency) != "0"]
    if foreign or None in [amount for amount, _ in told]:
        return in_euro("no amount", foreign[0] if foreign else None)
    return str(sum(amount for amount, _ in told if amount is not None))


def _share(tender: Element) -> str | None:
    """BT-553 over BT-720, where the percentage itself isn't told."""
    part = _decimal(_text(tender, "efac:SubcontractingTerm/efbc:TermAmount"))
    whole = _decimal(_text(tender, "cac:LegalMonetaryTotal/cbc:PayableAmount"))
    return f"{100 * part / whole:.2f}" if part is not None and whole else None


def _decimal(text: str | None) -> Decimal | None:
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < MOST_DIGITS else None


def _by_id(holder: Element | None, name: str, path: str = ID) -> dict[str, Element]:
    found = [] if holder is None else holder.findall(name, NAMES)
    return {key: one for one in found if (key := _text(one, path))}


def _ids(holder: Element | None, name: str) -> list[str]:
    found = [] if holder is None else holder.findall(f"{name}/{ID}", NAMES)
    return [(one.text or "").strip() for one in found]


def _text(holder: Element | None, path: str) -> str | None:
    return xml.text(holder, path, NAMES)


def _day(moment: str | None) -> str | None:
    """The day as it is written: xsd:date carries its zone behind it."""
    return moment[:10] if moment else None
