"""Settings: read from the environment once, at start; a wrong or unknown one stops the start with the whole list.

Policy that a manager changes (cut-offs, tolerances, strategies) is data in its room, not a setting.
"""

import dataclasses
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "TIDELINE_"


class BadSettings(Exception):
    """The environment is wrong; the message lists everything that is."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("settings: " + "; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What the operator decides. Each field is the environment variable TIDELINE_<NAME>; docs/settings.md explains it."""

    database_url: str = "sqlite:///var/tideline.db"
    redis_url: str = ""
    secret: str = ""
    var_dir: str = "var"
    pwa_dir: str = "pwa/dist"
    pool_size: int = 20
    max_sockets: int = 1200
    job_threads: int = 2
    run_background: bool = True
    secure_cookies: bool = False
    trusted_proxies: int = 0
    session_idle_minutes: int = 720
    session_days: int = 7
    badge_needs_device: bool = False
    rate_limit: str = "6000/minute"
    login_rate_limit: str = "300/minute"
    max_body_bytes: int = 1_048_576
    max_upload_bytes: int = 26_214_400
    webhooks_to_private: bool = False
    sqlite_synchronous: str = "FULL"
    log_level: str = "INFO"
    metrics_token: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read TIDELINE_* variables.

        Raises:
            BadSettings: with every unknown name and every value that does not parse.
        """
        problems: list[str] = []
        known = {PREFIX + field.name.upper(): field for field in dataclasses.fields(cls)}
        values: dict[str, Any] = {}
        for name, text in environ.items():
            if not name.startswith(PREFIX):
                continue
            if name not in known:
                problems.append(f"{name} is not a setting")
                continue
            field = known[name]
            try:
                values[field.name] = _PARSERS[str(field.type)](text)
            except ValueError as error:
                problems.append(f"{name}: {error}")
        made = cls(**values)
        problems += made._contradictions()
        if problems:
            raise BadSettings(problems)
        return made if made.secret else dataclasses.replace(made, secret=kept_secret(Path(made.var_dir)))

    def _contradictions(self) -> list[str]:
        problems = []
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            problems.append("TIDELINE_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
        if self.sqlite_synchronous not in {"FULL", "NORMAL", "OFF"}:
            problems.append("TIDELINE_SQLITE_SYNCHRONOUS must be FULL, NORMAL or OFF")
        if self.secret and len(self.secret) < 32:
            problems.append("TIDELINE_SECRET must have at least 32 characters")
        positive = ("pool_size", "max_sockets", "job_threads", "max_body_bytes", "max_upload_bytes")
        small = [name for name in positive if getattr(self, name) < 1]
        return problems + [f"{PREFIX}{name.upper()} must be at least 1" for name in small]


def kept_secret(var_dir: Path) -> str:
    """The secret in var/secret, made on the first start and readable by its owner only."""
    path = var_dir / "secret"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be 1 or 0")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("must be a whole number") from None


_PARSERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "<class 'str'>": str,
    "int": _whole,
    "<class 'int'>": _whole,
    "bool": _flag,
    "<class 'bool'>": _flag,
}
