"""Names for deeds: command ids that the caller makes before sending, and ids derived from a cause."""

import os
import time
import uuid

_NAMESPACE = uuid.UUID("6f1b1a52-6c1e-5c6e-9d5a-7d2f3c1b9a10")


def uuid7() -> str:
    """A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, then random."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def derived_id(*parts: object) -> str:
    """The command id that follows from its cause: the same cause, repeated, names the same deed.

    >>> derived_id("event", 7) == derived_id("event", 7)
    True
    """
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts)))


def is_command_id(text: str) -> bool:
    """Whether the text is a UUID in its canonical form."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
