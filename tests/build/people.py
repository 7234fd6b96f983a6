"""People and devices for tests: somebody with a badge and a PIN, logged in or not."""

from functools import cache
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.ids import uuid7
from backend.master.devices.rules import fingerprint
from backend.master.devices.use_cases import EnrolDevice, OfferEnrolment, enrol_device, offer_enrolment
from backend.master.people.models import AuditEntry, Role, User
from backend.master.people.rules import PERMISSIONS, badge_text, sealed_password, sealed_pin
from backend.master.people.use_cases import CreateRole, CreateUser, create_role, create_user

PIN = "4071"
PASSWORD = "correct horse battery"
sealed_pin_of = cache(lambda pin: sealed_pin(pin, "a test"))  # 28 ms each: once is enough
sealed_password_of = cache(lambda password: sealed_password(password, "a test"))


def a_user(house: Any, login: str = "wang", **fields: Any) -> Any:
    """A user with a badge, the PIN 4071 and the password above; the row as the office sees it."""
    given = {
        "name": login.title(),
        "roles": ("picker",),
        "warehouses": None,
        "pin_hash": sealed_pin_of(PIN),
        "password_hash": sealed_password_of(PASSWORD),
    } | fields
    return house.run(create_user, CreateUser, login=login, **given)


def a_user_with(house: Any, *permissions: str, login: str = "somebody", **fields: Any) -> Any:
    """A user with exactly these permissions."""
    code = "only_" + "_".join(sorted(permissions))[:30] if permissions else "only_nothing"
    with house.read() as session:
        known = session.scalar(select(Role.id).where(Role.code == code))
    if known is None:
        house.run(create_role, CreateRole, code=code, name=code, permissions=tuple(permissions))
    return a_user(house, login, roles=(code,), **fields)


def badge_of(house: Any, user_id: int) -> str:
    """The text of a person's badge."""
    with house.read() as session:
        code = session.scalar(select(User.badge_code).where(User.id == user_id))
    return badge_text(code)


def key() -> dict[str, str]:
    """The header of a write."""
    return {"Idempotency-Key": uuid7()}


def logged_in(house: Any, user_id: int, *, client: FlaskClient | None = None) -> FlaskClient:
    """A browser in which the person has logged in by badge."""
    client = client or house.client()
    reply = client.post("/api/session/badge", json={"badge": badge_of(house, user_id), "pin": PIN})
    assert reply.status_code == 200, reply.json
    return client


def somebody_logged_in(house: Any, *permissions: str, login: str = "somebody", **fields: Any) -> FlaskClient:
    """A browser with somebody who has exactly these permissions, by default all."""
    user = a_user_with(house, *(permissions or sorted(PERMISSIONS)), login=login, **fields)
    return logged_in(house, user.id)


def a_device(house: Any, warehouse_id: int, *, name: str = "Handheld 1", token: str = "device token") -> int:
    """An enrolled device that keeps this token; its id."""
    code = uuid7()
    house.run(offer_enrolment, OfferEnrolment, warehouse_id=warehouse_id, code_hash=fingerprint(code))
    return house.run(
        enrol_device, EnrolDevice, code_hash=fingerprint(code), token_hash=fingerprint(token), name=name
    ).id


def audited(house: Any, action: str | None = None) -> list[tuple[str, str, dict[str, Any]]]:
    """The audit log, oldest first: action, subject, facts."""
    with house.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.subject, row.facts) for row in rows if action in (None, row.action)]
