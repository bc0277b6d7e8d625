"""Publishing: the agreed figures become a signed folder that never changes.

The order is: files written and signed in a scratch folder, folder renamed to its place, registry row and journal line
committed. A crash before the rename leaves nothing; a crash between rename and commit leaves a whole release without a
row, which the next call adopts (docs/decisions/0022). Rename and commit happen under the registry's one-writer lock.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import select

from intercentre.core.files import place_folder, sha256_file, sync_folder
from intercentre.core.hub import Hub
from intercentre.core.passage import refuse_if_stopped
from intercentre.core.registry.store import FIRST_LINK, Transaction
from intercentre.core.registry.tables import Journal, Publication
from intercentre.release.analysis_database import write_analysis_database
from intercentre.release.bundle import write_bundle
from intercentre.release.controls import check_content
from intercentre.release.inputs import ReleaseInputs, agreement_on, fingerprint, gather
from intercentre.release.recording import record
from intercentre.release.recovery import recover
from intercentre.release.refusal import PublicationRefusee
from intercentre.release.sealing import seal, write_sums
from schemas.exchanges.release import MANIFEST_NAME
from schemas.gates import Gate
from schemas.period import Period


def publish(
    hub: Hub, periode: Period | str, *, approbateur: str, tour_id: str | None = None, simule: bool | None = None
) -> Path:
    """The folder of the release of the period's protected figures; made when they are not yet published.

    approbateur  the account that gave the last « bon à publier »
    tour_id      the round for which it was given; None: whichever agreed on the figures as they are
    simule       whether the figures are simulated; None: what the deposits' software says
    raises       PublicationRefusee without an approver, unless the centres agreed on exactly these figures, when
                 another round did than the approved one, when the figures do not hold together, and when a file
                 behind them is missing or was made anew meanwhile;
                 core.passage.NotThroughGate when a gate stopped what the period has now
    """
    period = Period.parse(str(periode))
    if not approbateur.strip():
        raise PublicationRefusee("Une publication demande le nom de qui donne le « bon à publier ».")
    recover(hub)
    figures = fingerprint(hub, period)
    published = _published(hub, period, figures)
    if published is not None:
        return published
    refuse_if_stopped(hub, period, *Gate)
    with hub.registry.read() as session:
        agreement = agreement_on(session, period, figures)
    if tour_id not in (None, agreement.tour_id):
        raise PublicationRefusee(
            "Publication refusée : le « bon à publier » a été donné pour un autre tour que celui des chiffres actuels. "
            "Il est à demander de nouveau."
        )
    inputs = gather(hub, period, agreement, simule)
    hub.home.work.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=hub.home.work, prefix=f"publication-{inputs.version}-"))
    bundle, analysis = scratch / "dossier", scratch / "analyse.duckdb"
    try:
        bundle.mkdir()
        with ThreadPoolExecutor(1) as beside:
            written = beside.submit(write_analysis_database, analysis, inputs)
            write_bundle(bundle, inputs)
            _check_figures(bundle, period)
            write_sums(bundle)
            written.result()
        return _release(hub, bundle, analysis, inputs, approbateur)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def analysis_path(hub: Hub, version: str) -> Path:
    """Where DISCRI's file of a release lies."""
    return hub.home.analysis / f"intercentre-analyse-{version}.duckdb"


def _release(hub: Hub, bundle: Path, analysis: Path, inputs: ReleaseInputs, approbateur: str) -> Path:
    """Both files are in their place and the release is in the registry: one process at a time, in this order."""
    target = hub.home.releases / str(inputs.version)
    with hub.registry.change() as change:
        _check_nothing_moved(hub, change, inputs, target)
        manifest = seal(
            hub, bundle, inputs, approbateur=approbateur, instant=change.instant, journal_sha256=_last_link(change)
        )
        _place_file(analysis, analysis_path(hub, str(inputs.version)))
        place_folder(bundle, target)
        record(
            change,
            inputs.agreement,
            str(inputs.version),
            str(inputs.periode),
            manifest,
            approbateur,
            inputs.corrections,
        )
    return target


def _place_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)
    sync_folder(target.parent)


def _check_figures(scratch: Path, periode: Period) -> None:
    """What verification would find in the release is found before it is one (V73, V75)."""
    problems = list(check_content(scratch, periode))
    if problems:
        raise PublicationRefusee("Publication refusée, les chiffres ne tiennent pas ensemble. " + " ".join(problems))


def _check_nothing_moved(hub: Hub, change: Transaction, inputs: ReleaseInputs, target: Path) -> None:
    if fingerprint(hub, inputs.periode) != inputs.agreement.empreinte:
        raise PublicationRefusee("Les chiffres ont changé pendant la publication : rien n'a été publié.")
    if agreement_on(change.session, inputs.periode, inputs.agreement.empreinte) != inputs.agreement:
        raise PublicationRefusee("L'accord des centres a changé pendant la publication : rien n'a été publié.")
    if target.exists():
        raise PublicationRefusee(
            f"La publication {target.name} vient d'être faite par ailleurs : relancez la commande."
        )


def _published(hub: Hub, periode: Period, empreinte: str) -> Path | None:
    """The folder that holds these figures already; raises PublicationRefusee when registry and disk disagree."""
    known = select(Publication).where(Publication.periode == str(periode), Publication.empreinte == empreinte)
    with hub.registry.read() as session:
        row = session.execute(known).scalar_one_or_none()
    if row is None:
        return None
    folder = hub.home.releases / row.version
    if not (folder / MANIFEST_NAME).is_file() or sha256_file(folder / MANIFEST_NAME) != row.manifeste_sha256:
        raise PublicationRefusee(
            f"La publication {row.version} est inscrite au registre, mais son dossier manque ou a changé : "
            "restaurez-le depuis la sauvegarde."
        )
    return folder


def _last_link(change: Transaction) -> str:
    last = select(Journal.sha256).order_by(Journal.numero.desc()).limit(1)
    return change.session.execute(last).scalar_one_or_none() or FIRST_LINK
