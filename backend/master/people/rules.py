"""Who may what, what a good secret is, and how long a wrong one makes you wait. Pure: randomness is handed in."""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret

from backend.core.errors import Refusal, Unprocessable

PERMISSIONS = frozenset(
    {
        "pick",
        "shelve",
        "pack",
        "supervise",
        "release_waves",
        "view_stock",
        "adjust_stock",
        "manage_master",
        "manage_people",
        "import_orders",
        "view_orders",
        "integrate",
        "measure",
    }
)
ROLES: dict[str, frozenset[str]] = {
    "picker": frozenset({"pick", "view_stock"}),
    "shelver": frozenset({"shelve", "view_stock"}),
    "packer": frozenset({"pack", "view_stock", "view_orders"}),
    "supervisor": PERMISSIONS - {"manage_people", "integrate", "manage_master"},
    "finance": frozenset({"view_orders", "view_stock"}),
    "admin": PERMISSIONS,
    "integration": frozenset({"integrate", "import_orders", "view_orders", "view_stock"}),
}
JOBS = frozenset({"pick", "shelve", "refill", "count", "sort", "pack", "receive", "return", "load"})
LANGUAGES = frozenset({"zh", "en"})

BADGE_PREFIX = "TL1:"
API_KEY_PREFIX = "tlk_"
BADGE_BYTES = 20  # 160 bits: 32 letters of base32 without padding
_PIN = re.compile(r"\d{4,12}")
_PASSWORD_LENGTHS = (10, 128)
_ROLE_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_TOO_COMMON = frozenset(
    {"1234567890", "0123456789", "password12", "password123", "qwertyuiop", "passw0rd123"}
)

# OWASP minimum for argon2id: 19 MiB, 2 passes, 1 lane. About 28 ms; the library's default takes 164 ms.
_MEMORY_KIB, _PASSES, _LANES, _HASH_BYTES = 19 * 1024, 2, 1, 32
_HASHER = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES, hash_len=_HASH_BYTES)


class Kind(StrEnum):
    """How a person proved who they are."""

    BADGE = "badge"
    PASSWORD = "password"  # noqa: S105 - the word, not a secret


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling, as far as core has to know. None as a scope means: unlimited."""

    user_id: int
    session_id: int | None
    device_id: int | None
    permissions: frozenset[str]
    warehouses: frozenset[int] | None
    shops: frozenset[str] | None
    language: str
    owners: frozenset[str] | None = None
    api_key_id: int | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class Brake:
    """How wrong tries are slowed: `free` of them, then a wait that doubles up to a limit, forgotten after quiet."""

    free: int
    first_s: int
    longest_s: int
    forget_s: int

    def wait_s(self, fails: int, last_at: datetime, now: datetime) -> int:
        """Seconds until the next try is allowed; 0 when it is allowed now."""
        past_s = int((now - last_at).total_seconds())
        if fails < self.free or past_s >= self.forget_s:
            return 0
        lock_s = min(self.longest_s, self.first_s << min(fails - self.free, 20))
        return max(0, lock_s - past_s)

    def is_forgotten(self, last_at: datetime, now: datetime) -> bool:
        """Whether earlier tries no longer count."""
        return (now - last_at).total_seconds() >= self.forget_s


CREDENTIAL_BRAKE = Brake(free=5, first_s=30, longest_s=3600, forget_s=86_400)
DEVICE_BRAKE = Brake(free=15, first_s=30, longest_s=900, forget_s=900)
ADDRESS_BRAKE = Brake(free=60, first_s=30, longest_s=900, forget_s=900)  # a whole shift may share one address


def brake_for(key: str) -> Brake:
    """The brake of a key made by `credential_key`, `device_key` or `address_key`."""
    return {"d": DEVICE_BRAKE, "a": ADDRESS_BRAKE}.get(key[0], CREDENTIAL_BRAKE)


def credential_key(kind: Kind, named: str) -> str:
    """What tries at one badge or login are counted under, whether or not anybody has it."""
    return f"c:{kind}:{hashlib.sha256(named.encode()).hexdigest()[:40]}"


def device_key(device_id: int) -> str:
    """What tries on one enrolled device are counted under."""
    return f"d:{device_id}"


def address_key(address: str) -> str:
    """What tries from one network address are counted under."""
    return f"a:{address}"


def normal_login(text: str) -> str:
    """A login as we compare it: full-width letters, case and outer blanks do not matter."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def badge_code_in(text: str) -> str:
    """The code in a scanned badge; whatever else was scanned comes back too and matches nobody.

    >>> badge_code_in("tl1:abcd ")
    'ABCD'
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    return plain.removeprefix(BADGE_PREFIX)


def badge_code(random_bytes: bytes) -> str:
    """A badge code of 20 random bytes."""
    return base64.b32encode(random_bytes).decode().rstrip("=")


def badge_text(code: str) -> str:
    """What the badge's QR code says."""
    return f"{BADGE_PREFIX}{code}"


def api_key_token(random_bytes: bytes) -> str:
    """An API key of 32 random bytes."""
    return API_KEY_PREFIX + base64.b32encode(random_bytes).decode().rstrip("=").lower()


def sealed_pin(pin: str, command_id: str) -> str:
    """The PIN as we keep it (argon2id).

    The salt follows from the command id, which is unique: the same command, repeated, says the same.

    Raises:
        Unprocessable: `weak_pin`.
    """
    if not _PIN.fullmatch(pin) or not pin.isascii() or _is_plain_pin(pin):
        raise Unprocessable("weak_pin")
    return _sealed(pin, f"pin\x1f{command_id}")


def sealed_password(password: str, command_id: str) -> str:
    """The password as we keep it (argon2id), see `sealed_pin`.

    Raises:
        Unprocessable: `weak_password`.
    """
    text = unicodedata.normalize("NFKC", password)
    shortest, longest = _PASSWORD_LENGTHS
    if not shortest <= len(text) <= longest or len(set(text)) < 4 or text.casefold() in _TOO_COMMON:
        raise Unprocessable("weak_password", shortest=shortest)
    return _sealed(text, f"password\x1f{command_id}")


def _is_plain_pin(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {9})  # 7777, 3456, 6543


def _sealed(secret: str, salt_from: str) -> str:
    salt = hashlib.sha256(salt_from.encode()).digest()[:16]
    sealed = hash_secret(
        secret.encode(),
        salt,
        time_cost=_PASSES,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        hash_len=_HASH_BYTES,
        type=Type.ID,
    )
    return sealed.decode()


@cache
def nobodys_hash() -> str:
    """A hash that no secret matches on purpose: unknown users cost the same time as known ones."""
    return _sealed("nobody", "nobody")


def proves(secret: str, sealed: str | None) -> bool:
    """Whether the secret is the one that was sealed. Takes the same time when there is nothing to compare with."""
    nobody = nobodys_hash()  # made on the first call of all, or the first unknown name would take longer
    try:
        _HASHER.verify(sealed or nobody, unicodedata.normalize("NFKC", secret))
    except (VerificationError, InvalidHashError):
        return False
    return sealed is not None


def checked_permissions(permissions: Iterable[str]) -> tuple[str, ...]:
    """Sorted, without doubles.

    Raises:
        Unprocessable: `unknown_permission`.
    """
    unknown = sorted(set(permissions) - PERMISSIONS)
    if unknown:
        raise Unprocessable("unknown_permission", unknown=unknown)
    return tuple(sorted(set(permissions)))


def checked_role_code(code: str) -> str:
    """A role's code: small letters, digits, underscores.

    Raises:
        Unprocessable: `bad_role_code`.
    """
    if not _ROLE_CODE.fullmatch(code):
        raise Unprocessable("bad_role_code", code=code)
    return code


def check_may_grant(held: frozenset[str], wanted: Iterable[str]) -> None:
    """Nobody hands out what they do not hold; `*` is the house itself.

    Raises:
        Refusal: `cannot_grant`.
    """
    missing = sorted(set(wanted) - held)
    if missing and "*" not in held:
        raise Refusal("cannot_grant", missing=missing)
