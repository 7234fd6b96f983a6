"""Reads about people: who calls (`authenticate`), sessions, users, the audit log."""

from backend.master.people.queries.authenticate import authenticate, forget_known, known_at
from backend.master.people.queries.credentials import (
    credential_by_badge,
    credential_by_login,
    own_credentials,
)
from backend.master.people.queries.log import audit_log
from backend.master.people.queries.sessions import session_card, sessions
from backend.master.people.queries.users import api_keys, badge_of, roles, user_card, users

__all__ = [
    "api_keys",
    "audit_log",
    "authenticate",
    "badge_of",
    "credential_by_badge",
    "credential_by_login",
    "forget_known",
    "known_at",
    "own_credentials",
    "roles",
    "session_card",
    "sessions",
    "user_card",
    "users",
]
