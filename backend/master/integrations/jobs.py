"""Webhooks in the background: follow the news, deliver each message, put off what cannot be delivered now."""

import json

from backend.core.errors import Unavailable
from backend.core.jobs import JobBook, JobContext, Periodic
from backend.master.integrations.adapters.post import post
from backend.master.integrations.queries import Letter, is_behind, letter_to_send
from backend.master.integrations.rules import signed_headers, unboxed
from backend.master.integrations.use_cases import (
    DELIVER,
    FollowNews,
    ForgetDelivered,
    NoteAttempt,
    PostponeDelivery,
    follow_news,
    forget_delivered,
    note_attempt,
    postpone_delivery,
)

_FOLLOW = "integrations.follow"
_TIDY = "integrations.tidy"
_EVERY_S = 2


def follow(work: JobContext) -> None:
    """Turn what has happened into deliveries."""
    work.run(follow_news, lambda by: FollowNews(by=by))


def tidy(work: JobContext) -> None:
    """Drop what arrived long ago."""
    work.run(forget_delivered, lambda by: ForgetDelivered(by=by))


def deliver(work: JobContext) -> None:
    """Send one message; what comes of it decides what happens next."""
    delivery_id, tries = work.payload["delivery_id"], work.payload["tries"]
    now = work.clock.now()
    with work.db.read() as session:
        letter = letter_to_send(session, delivery_id, now=now)
    if letter is None or letter.tries != tries:
        return
    paused_until = letter.paused_until_at
    if paused_until is not None and paused_until > now and tries == 0:
        work.run(
            postpone_delivery, lambda by: PostponeDelivery(by=by, delivery_id=delivery_id, until=paused_until)
        )
        return
    status, error, permanent = _send(work, letter)
    work.run(
        note_attempt,
        lambda by: NoteAttempt(
            by=by, delivery_id=delivery_id, tries=tries, status=status, error=error, permanent=permanent
        ),
    )


def _send(work: JobContext, letter: Letter) -> tuple[int | None, str | None, bool]:
    opened = [unboxed(box, work.settings.secret) for box in letter.boxes]
    secrets = [secret for secret in opened if secret is not None]
    if not secrets:
        return None, "secret_unreadable", True
    body = json.dumps(letter.body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signed_headers(secrets, letter.message_id, work.clock.now(), body)
    headers |= {"Content-Type": "application/json", "User-Agent": "Tideline-Webhooks/1"}
    try:
        status = post(letter.url, headers, body, private_allowed=work.settings.webhooks_to_private)
    except Unavailable as unavailable:
        return None, str(unavailable), unavailable.permanent
    return status, None, False


BOOK = JobBook(
    {_FOLLOW: follow, DELIVER: deliver, _TIDY: tidy},
    slow=frozenset({DELIVER}),
    periodic=(Periodic(_FOLLOW, _EVERY_S, when=is_behind), Periodic(_TIDY, 86_400)),
)
