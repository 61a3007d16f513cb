"""Simulated contracts as eForms contract award notices, with the fields that the gate reads and the ones that UBL wants around them."""

from datetime import date
from uuid import UUID
from xml.sax.saxutils import escape

import numpy as np

from opvang.simulate.agreements import Agreement
from opvang.simulate.energy_ocds import CARRIERS, title

UBL, EFORMS = "urn:oasis:names:specification:ubl:schema:xsd", "http://data.europa.eu/p27"
NOTICE = f"""<?xml version="1.0" encoding="UTF-8"?>
<ContractAwardNotice xmlns="{UBL}:ContractAwardNotice-2" xmlns:cac="{UBL}:CommonAggregateComponents-2" xmlns:cbc="{UBL}:CommonBasicComponents-2" xmlns:ext="{UBL}:CommonExtensionComponents-2" xmlns:efac="{EFORMS}/eforms-ubl-extension-aggregate-components/1" xmlns:efbc="{EFORMS}/eforms-ubl-extension-basic-components/1" xmlns:efext="{EFORMS}/eforms-ubl-extensions/1">
 <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>
  <efac:NoticeResult>
   <efac:LotResult><cbc:ID schemeName="result">RES-0001</cbc:ID>
    {{received}}<efac:SettledContract><cbc:ID schemeName="contract">CON-0001</cbc:ID></efac:SettledContract>
    <efac:TenderLot><cbc:ID schemeName="Lot">LOT-0001</cbc:ID></efac:TenderLot></efac:LotResult>
   <efac:LotTender><cbc:ID schemeName="tender">TEN-0001</cbc:ID>
    <cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">{{value}}</cbc:PayableAmount></cac:LegalMonetaryTotal>
    {{subcontracting}}<efac:TenderingParty><cbc:ID schemeName="tendering-party">TPA-0001</cbc:ID></efac:TenderingParty>
    <efac:TenderLot><cbc:ID schemeName="Lot">LOT-0001</cbc:ID></efac:TenderLot></efac:LotTender>
   <efac:SettledContract><cbc:ID schemeName="contract">CON-0001</cbc:ID><cbc:IssueDate>{{signed}}+02:00</cbc:IssueDate>
    {{reference}}<efac:LotTender><cbc:ID schemeName="tender">TEN-0001</cbc:ID></efac:LotTender></efac:SettledContract>
   <efac:TenderingParty><cbc:ID schemeName="tendering-party">TPA-0001</cbc:ID>
    <efac:Tenderer><cbc:ID schemeName="organization">ORG-0002</cbc:ID></efac:Tenderer>
    {{subcontractor}}</efac:TenderingParty>
  </efac:NoticeResult>
  <efac:Organizations>{{organisations}}
  </efac:Organizations>
 </efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
 <cbc:UBLVersionID>2.3</cbc:UBLVersionID>
 <cbc:CustomizationID>eforms-sdk-1.15</cbc:CustomizationID>
 <cbc:ID schemeName="notice-id">{{notice}}</cbc:ID>
 <cbc:ContractFolderID>{{procedure}}</cbc:ContractFolderID>
 <cac:ContractingParty><cac:Party><cac:PartyIdentification><cbc:ID schemeName="organization">ORG-0001</cbc:ID></cac:PartyIdentification></cac:Party></cac:ContractingParty>
 <cac:ProcurementProject><cbc:Name languageID="NLD">{{title}}</cbc:Name>
  <cac:MainCommodityClassification><cbc:ItemClassificationCode listName="cpv">{{cpv}}</cbc:ItemClassificationCode></cac:MainCommodityClassification></cac:ProcurementProject>
 <cac:ProcurementProjectLot><cbc:ID schemeName="Lot">LOT-0001</cbc:ID>
  <cac:ProcurementProject><cac:PlannedPeriod><cbc:StartDate>{{start}}+01:00</cbc:StartDate><cbc:EndDate>{{end}}+01:00</cbc:EndDate></cac:PlannedPeriod></cac:ProcurementProject></cac:ProcurementProjectLot>
</ContractAwardNotice>
"""
ORGANISATION = """
   <efac:Organization><efac:Company><cac:PartyIdentification><cbc:ID schemeName="organization">{key}</cbc:ID></cac:PartyIdentification>
    <cac:PartyName><cbc:Name languageID="NLD">{name}</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cac:Country><cbc:IdentificationCode listName="country">NLD</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyLegalEntity><cbc:CompanyID schemeName="{scheme}">{number}</cbc:CompanyID></cac:PartyLegalEntity></efac:Company></efac:Organization>"""
REFERENCE = "<efac:ContractReference><cbc:ID>{}</cbc:ID></efac:ContractReference>\n    "
RECEIVED = '<efac:ReceivedSubmissionsStatistics><efbc:StatisticsCode listName="received-submission-type">tenders</efbc:StatisticsCode><efbc:StatisticsNumeric>{}</efbc:StatisticsNumeric></efac:ReceivedSubmissionsStatistics>\n    '
SUBCONTRACTING = '<efac:SubcontractingTerm><efbc:TermPercent>{}</efbc:TermPercent><efbc:TermCode listName="applicability">yes</efbc:TermCode></efac:SubcontractingTerm>\n    '
SUBCONTRACTOR = '<efac:SubContractor><cbc:ID schemeName="organization">ORG-0003</cbc:ID></efac:SubContractor>'


def notice(agreement: Agreement, rng: np.random.Generator, *, with_reference: bool) -> bytes:
    """The notice of the award, as it was on the day of conclusion."""
    behind = agreement.subcontractor
    buyer = ("ORG-0001", f"Gemeente {agreement.lead['naam_tabel33']}", "NL-CBS", agreement.lead["gm_code"])
    sellers = [one for one in (agreement.supplier, behind) if one]
    organisations = [buyer] + [
        (f"ORG-000{at}", seller["supplier_name"], "NL-SIM", seller["supplier_id"])
        for at, seller in enumerate(sellers, start=2)
    ]
    return NOTICE.format(
        received=RECEIVED.format(agreement.tenders) if agreement.tenders else "",
        value=agreement.value_eur,
        signed=agreement.signed,
        reference=REFERENCE.format(agreement.key) if with_reference else "",
        subcontracting=SUBCONTRACTING.format(agreement.subcontractor_pct) if behind else "",
        subcontractor=SUBCONTRACTOR if behind else "",
        organisations="".join(map(_organisation, organisations)),
        notice=_uuid(rng),
        procedure=_uuid(rng),
        title=escape(title(agreement)),
        cpv=CARRIERS[agreement.carrier][0],
        start=_day(agreement.start),
        end=_day(agreement.end),
    ).encode()


def _organisation(told: tuple[str, str, str, str]) -> str:
    key, name, scheme, number = told
    return ORGANISATION.format(key=key, name=escape(name), scheme=scheme, number=number)


def _uuid(rng: np.random.Generator) -> UUID:
    return UUID(bytes=rng.bytes(16), version=4)


def _day(day: date) -> str:
    return day.isoformat()
