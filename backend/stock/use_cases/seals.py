"""Sealing the ledger after commit, and keeping the verdict of the proof."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.core.db import insert_once, locked
from backend.core.events import plain
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.layout.models import Warehouse
from backend.stock.events import TruthChecked
from backend.stock.models import StockMove, StockSeal, StockTruth
from backend.stock.queries.truth import VerifyReport, line_columns, unsealed
from backend.stock.rules import FIRST_DIGEST, digest_of


@dataclass(frozen=True, kw_only=True)
class SealLedger(Command):
    """Add at most `limit` links to the chain."""

    limit: int = 2_000


@dataclass(frozen=True)
class Sealed:
    """How many lines were sealed, and the number of the last link."""

    lines: int
    last_seq: int


def seal_ledger(session: Session, command: SealLedger, *, now: datetime) -> Sealed:
    """Seal the lines that were committed since the last time; one sealer at a time."""
    _truth_row(session)
    last = session.execute(
        select(StockSeal.seq, StockSeal.digest).order_by(StockSeal.seq.desc()).limit(1)
    ).one_or_none()
    seq, digest = (last.seq, last.digest) if last else (0, FIRST_DIGEST)
    lines = session.execute(
        unsealed(select(*line_columns()), session).order_by(StockMove.id).limit(command.limit)
    ).all()
    links = []
    for line in lines:
        seq, digest = seq + 1, digest_of(digest, line)
        links.append({"seq": seq, "move_id": line[0], "digest": digest})
    if links:
        session.execute(insert(StockSeal), links)
    return Sealed(len(links), seq)


def _truth_row(session: Session) -> StockTruth:
    insert_once(
        session,
        StockTruth,
        id=1,
        checked_at=None,
        sound=None,
        moves=0,
        sealed_seq=0,
        proved_seq=0,
        proved_digest=FIRST_DIGEST,
        report={},
    )
    return session.scalars(locked(select(StockTruth).where(StockTruth.id == 1))).one()


@dataclass(frozen=True, kw_only=True)
class RecordTruth(Command):
    """Keep the verdict of `queries.verify`."""

    report: VerifyReport


def record_truth(session: Session, command: RecordTruth, *, now: datetime) -> None:
    """Write the verdict for the board's light; told where it changed."""
    row = _truth_row(session)
    before, report = row.sound, command.report
    row.checked_at, row.sound, row.moves, row.sealed_seq = now, report.sound, report.moves, report.sealed
    if report.sound or report.proved_seq < row.proved_seq:
        row.proved_seq, row.proved_digest = report.proved_seq, report.proved_digest
    row.report = plain(report)
    session.flush()
    if before is not report.sound:
        for warehouse_id in session.scalars(select(Warehouse.id).order_by(Warehouse.id)):
            told = TruthChecked(warehouse_id=warehouse_id, sound=report.sound, faults=len(report.faults))
            emit(session, told, now=now)
