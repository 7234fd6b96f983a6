"""After commit: seal the ledger, and prove it again and again."""

from backend.core.execute import Actor
from backend.core.jobs import JobBook, JobContext, Periodic
from backend.stock.queries.truth import has_unproved_moves, has_unsealed_moves, verify
from backend.stock.use_cases import RecordTruth, Sealed, SealLedger, record_truth, seal_ledger

_MOST_ROUNDS = 50
SEAL, VERIFY = "stock.seal", "stock.verify"


def seal(work: JobContext) -> None:
    """Seal what is waiting, in parts."""
    for number in range(_MOST_ROUNDS):
        sealed = work.run(seal_ledger, _seal_some, number)
        lines = sealed.result.lines if isinstance(sealed.result, Sealed) else sealed.body["lines"]
        if not lines:
            return
        work.heartbeat()


def _seal_some(by: Actor) -> SealLedger:
    return SealLedger(by=by)


def prove(work: JobContext) -> None:
    """Prove the ledger from a reader's view, which holds up no writer, and keep the verdict."""
    with work.db.read() as session:
        report = verify(session, whole_chain=False)

    def build(by: Actor) -> RecordTruth:
        return RecordTruth(by=by, report=report)

    work.run(record_truth, build)


BOOK = JobBook(
    {SEAL: seal, VERIFY: prove},
    slow=frozenset({VERIFY}),
    periodic=(
        Periodic(SEAL, 5, has_unsealed_moves),
        Periodic(VERIFY, 60, has_unproved_moves),
        Periodic(VERIFY, 1500),  # and in a quiet house too: somebody may have touched the tables
    ),
)
