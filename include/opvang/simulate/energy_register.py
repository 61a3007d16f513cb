"""Simulated contracts as a municipality's own register: CSV in the project's template, as a Dutch spreadsheet saves it."""

import csv
import io
from datetime import date

from opvang.simulate.agreements import Agreement, Share
from opvang.simulate.energy_ocds import CARRIERS, title


def table(agreements: list[Agreement], day: date) -> bytes:
    """One row per contract and municipality that takes part, as known on that day."""
    rows = [_row(one, share, day) for one in agreements for share in one.shares]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _row(agreement: Agreement, share: Share, day: date) -> dict[str, object]:
    cpv, _, unit, profile = CARRIERS[agreement.carrier]
    is_known = agreement.news is not None and agreement.news <= day
    end = agreement.ends if is_known else agreement.end
    seller, behind = agreement.told_supplier, agreement.subcontractor
    return {
        "contractnummer": agreement.key,
        "titel": title(agreement),
        "aanbestedingskenmerk": "",
        "penvoerder": agreement.lead["gm_code"],
        "gesloten_op": _dutch(agreement.signed),
        "ingangsdatum": _dutch(agreement.start),
        "einddatum": _dutch(end),
        "beeindigd_op": _dutch(end) if agreement.is_terminated and agreement.ends <= day else "",
        "waarde_eur": f"{agreement.value_eur},00",
        "inschrijvingen": agreement.tenders or "",
        "leverancier": seller["supplier_name"],
        "nummer_leverancier": seller["supplier_id"],
        "register_leverancier": "NL-SIM" if seller["supplier_id"] else "",
        "onderaannemer": behind["supplier_name"] if behind else "",
        "nummer_onderaannemer": behind["supplier_id"] if behind else "",
        "register_onderaannemer": "NL-SIM" if behind else "",
        "aandeel_onderaannemer_pct": agreement.subcontractor_pct or "",
        "afnemer": share.town["gm_code"],
        "cpv_code": cpv,
        "aansluitingen": share.connections,
        "jaarvolume": share.yearly_volume,
        "eenheid": unit,
        "profiel": profile or "",
    }


def _dutch(day: date) -> str:
    return f"{day:%d-%m-%Y}"
