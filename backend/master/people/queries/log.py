"""The audit log, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.people.models import AuditEntry, User


@dataclass(frozen=True)
class AuditRow:
    """One security event, with the actor's name as it is today."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str | None
    action: str
    subject: str
    facts: dict[str, Any]
    device_id: int | None
    address: str


def audit_log(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    cursor: str | None = None,
    limit: int = 50,
    action: str | None = None,
    subject: str | None = None,
    actor_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page:
    """Security events, newest first, narrowed by what is given."""
    wanted = select(AuditEntry, User.name).outerjoin(User, User.id == AuditEntry.actor_id)
    if action is not None:
        wanted = wanted.where(AuditEntry.action == action)
    if subject is not None:
        wanted = wanted.where(AuditEntry.subject == subject)
    if actor_id is not None:
        wanted = wanted.where(AuditEntry.actor_id == actor_id)
    if since is not None:
        wanted = wanted.where(AuditEntry.at >= since)
    if until is not None:
        wanted = wanted.where(AuditEntry.at < until)
    return paginate(session, wanted, cursor=cursor, limit=limit, key=AuditEntry.id, descending=True, row=_row)


def _row(found: Any) -> AuditRow:
    entry, name = found[0], found[1]
    return AuditRow(
        entry.id,
        entry.at,
        entry.actor_id,
        name,
        entry.action,
        entry.subject,
        entry.facts,
        entry.device_id,
        entry.address,
    )
