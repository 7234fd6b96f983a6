"""The audit log's only writer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.execute import Actor, Command
from backend.master.people.models import AuditEntry, AuthSession


def record(
    session: Session,
    by: Actor,
    action: str,
    subject: str,
    *,
    now: datetime,
    actor_id: int | None = None,
    address: str | None = None,
    **facts: Any,
) -> None:
    """Add a security event.

    Args:
        session: to write with.
        by: who does it; their session tells the address when `address` is not given.
        action: what, in the past tense, e.g. `pin_changed`.
        subject: to whom or what, e.g. `user:4`.
        now: when.
        actor_id: who, when `by` is not yet known to be anybody.
        address: network address.
        facts: what else a reader should know; never a secret.
    """
    if address is None and by.session_id is not None:
        address = session.scalar(select(AuthSession.address).where(AuthSession.id == by.session_id))
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor_id if actor_id is not None else by.user_id,
            action=action,
            subject=subject,
            facts=facts,
            device_id=by.device_id,
            address=address or "",
        )
    )


@dataclass(frozen=True, kw_only=True)
class RecordAudit(Command):
    """A security event that a lower room has told of."""

    action: str
    subject: str
    actor_id: int | None = None
    device_id: int | None = None
    address: str = ""
    name: str = ""


def record_audit(session: Session, command: RecordAudit, *, now: datetime) -> None:
    """Add what a lower room has told of to the log."""
    session.add(
        AuditEntry(
            at=now,
            actor_id=command.actor_id,
            action=command.action,
            subject=command.subject,
            facts={"name": command.name} if command.name else {},
            device_id=command.device_id,
            address=command.address,
        )
    )
