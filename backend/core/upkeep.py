"""What the house does for itself at night: forget old commands, told events and done jobs."""

from backend.core.execute import forget_old_commands
from backend.core.jobs import JobBook, JobContext, Periodic, forget_ended_jobs
from backend.core.outbox import forget_old_events


def tidy(work: JobContext) -> None:
    """Drop what is past its keeping time."""
    with work.db.write() as session:
        now = work.clock.now()
        forget_old_commands(session, now)
        forget_ended_jobs(session, now)
        forget_old_events(session, now)


UPKEEP = JobBook({"core.tidy": tidy}, periodic=(Periodic("core.tidy", 3600),))
