"""What was said of each period at its two gates: for those who look after all the centres."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from intercentre.portal.guard import STEWARDS, Visitor, hub_of
from intercentre.portal.refusals import RefusalError
from intercentre.portal.rendering import render
from intercentre.portal.services import gate_page, gate_records
from schemas.gates import Gate
from schemas.period import Period, PeriodError

router = APIRouter()


@router.get("/controles")
def show_gates(request: Request, visitor: Visitor = Depends(STEWARDS)) -> Response:
    records = [(Period.parse(one.periode), one) for one in gate_records(hub_of(request))]
    return render(request, "controles.html", visitor, fil=(("Contrôles", ""),), bilans=records)


@router.get("/controles/{periode}/{porte}")
def download_gate(request: Request, periode: str, porte: str, _visitor: Visitor = Depends(STEWARDS)) -> Response:
    """The evidence on one period at one gate, as one HTML file."""
    try:
        period, gate = Period.parse(periode), Gate(porte)
    except (PeriodError, ValueError) as error:
        raise RefusalError(404) from error
    page = gate_page(hub_of(request), period, gate)
    if page is None:
        raise RefusalError(404, "Cette période n'a pas encore été contrôlée.")
    headers = {"Content-Disposition": f'attachment; filename="controle-{gate.value}-{period}.html"'}
    return Response(page.read_bytes(), media_type="text/html; charset=utf-8", headers=headers)
