"""The demo's people: their secrets are made by chance on this machine and written down for its owner alone."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from backend.core.clock import Clock
from backend.core.db import Database
from backend.core.errors import Unprocessable
from backend.core.execute import execute, system_actor
from backend.core.ids import uuid7
from backend.master.people.queries import badge_of
from backend.master.people.rules import badge_text, sealed_password, sealed_pin
from backend.master.people.use_cases import (
    CreateUser,
    SetPassword,
    SetPin,
    create_user,
    set_password,
    set_pin,
)
from backend.operations.demo.queries import known_users
from backend.operations.demo.rules.plan import Person

_JOBS = {"picker": ("pick",), "shelver": ("shelve", "refill", "count")}


def kept_logins(var_dir: Path) -> dict[str, Any] | None:
    """What an earlier seeding wrote down, or nothing."""
    try:
        found = json.loads((var_dir / "demo.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "warehouse" in found else None


def give_logins(
    db: Database, clock: Clock, var_dir: Path, people: Iterable[Person], *, warehouse_id: int, warehouse: str
) -> Path:
    """Open the accounts, or give those that are there new secrets, and write all of it to `demo.json`."""
    entries = [_entry(db, clock, var_dir, person, warehouse_id) for person in people]
    shown = [entry for entry in entries if not entry["login"].startswith("sim-")]
    supervisor = next(entry for entry in entries if entry["role"] == "supervisor")
    document = {
        "warehouse": {"id": warehouse_id, "code": warehouse},
        "logins": shown,
        "simulation": {
            "pickers": [
                {name: entry[name] for name in ("login", "badge", "pin")}
                for entry in entries
                if entry["login"].startswith("sim-")
            ],
            "supervisor": {"login": supervisor["login"], "password": supervisor["password"]},
        },
    }
    return _write(var_dir / "demo.json", json.dumps(document, ensure_ascii=False, indent=1).encode())


def _entry(db: Database, clock: Clock, var_dir: Path, person: Person, warehouse_id: int) -> dict[str, Any]:
    pin = _a_pin()
    password = secrets.token_urlsafe(12) if person.desk else None
    user_id = _account(db, clock, person, warehouse_id, pin=pin, password=password)
    with db.read() as session:
        badge = badge_text(badge_of(session, user_id, by=system_actor(uuid7())))
    picture = None
    if not person.login.startswith("sim-"):
        picture = str(_write(var_dir / "badges" / f"{person.login}.png", _qr_png(badge)))
    return {
        "role": person.role, "name": person.name, "login": person.login, "badge": badge, "badge_png": picture,
        "pin": pin, "password": password,
    }  # fmt: skip


def _account(
    db: Database, clock: Clock, person: Person, warehouse_id: int, *, pin: str, password: str | None
) -> int:
    with db.read() as session:
        user_id = known_users(session).get(person.login)
    if user_id is None:
        by = system_actor(uuid7())
        command = CreateUser(
            by=by,
            login=person.login,
            name=person.name,
            roles=(person.role,),
            jobs=_JOBS.get(person.role, ()),
            warehouses=None if person.role == "admin" else (warehouse_id,),
            pin_hash=sealed_pin(pin, by.command_id),
            password_hash=sealed_password(password, by.command_id) if password else None,
        )
        return int(execute(db, create_user, command, clock=clock).body["id"])
    by = system_actor(uuid7())
    execute(db, set_pin, SetPin(by=by, user_id=user_id, pin_hash=sealed_pin(pin, by.command_id)), clock=clock)
    if password:
        by = system_actor(uuid7())
        sealed = sealed_password(password, by.command_id)
        execute(db, set_password, SetPassword(by=by, user_id=user_id, password_hash=sealed), clock=clock)
    return user_id


def _a_pin() -> str:
    """Six digits that are not too plain to be taken."""
    while True:
        pin = f"{secrets.randbelow(1_000_000):06}"
        try:
            sealed_pin(pin, "is it taken?")
        except Unprocessable:
            continue
        return pin


def _qr_png(text: str) -> bytes:
    import io

    import numpy as np
    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    out = io.BytesIO()
    Image.fromarray(np.array(code.to_image(scale=8))).save(out, "PNG")
    return out.getvalue()


def _write(path: Path, data: bytes) -> Path:
    """Write whole or not at all, readable by the owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    part.replace(path)
    return path
