"""The registry's word on a release."""

from __future__ import annotations

from intercentre.core.registry.store import Transaction
from intercentre.core.registry.tables import Publication
from intercentre.release.inputs import Agreement
from schemas.exchanges.release import CorrectionCount

ACTOR_LENGTH = 64  # the journal's column; the manifest has the name in full


def record(
    change: Transaction,
    agreement: Agreement,
    version: str,
    periode: str,
    manifest: str,
    approbateur: str,
    corrections: CorrectionCount,
) -> None:
    """The registry knows the release, and the journal says who approved it and how many corrections it rests on.

    manifest  SHA-256 of MANIFEST.json
    """
    change.session.add(
        Publication(
            version=version,
            periode=periode,
            tour_id=agreement.tour_id,
            empreinte=agreement.empreinte,
            manifeste_sha256=manifest,
            publie_le=change.instant,
        )
    )
    change.session.flush()
    change.journal(
        approbateur[:ACTOR_LENGTH],
        "publication_faite",
        version,
        tour_id=agreement.tour_id,
        manifeste_sha256=manifest,
        corrections=corrections.model_dump(),
    )
