"""Codes and tokens of devices, and how a text becomes a QR picture. Random bytes come from the caller."""

import base64
import hashlib
import hmac
import io
import unicodedata
from enum import StrEnum

import zxingcpp
from PIL import Image

ENROLMENT_PREFIX = "TLE1:"
ENROLMENT_MINUTES = 15
LONGEST_ENROLMENT_MINUTES = 24 * 60
_CODE_BYTES = 10  # 80 bits for a code that lives minutes and works once: guessing needs no further brake
_TOKEN_BYTES = 32


class Kind(StrEnum):
    """What a device is."""

    HANDHELD = "handheld"
    DESK = "desk"
    WALL = "wall"
    PRINTER = "printer"
    SCALE = "scale"


def derived_bytes(secret_key: str, purpose: str, command_id: str, length: int) -> bytes:
    """Bytes only this server can make, the same for the same command: a reply that was lost is given again.

    HMAC-SHA256 of purpose and command id; at most 32 bytes.
    """
    message = f"{purpose}\x1f{command_id}".encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).digest()[:length]


def enrolment_code(secret_key: str, command_id: str) -> str:
    """A one-time code: 16 letters and digits of base32 (80 bits), readable aloud."""
    return base64.b32encode(derived_bytes(secret_key, "enrolment", command_id, _CODE_BYTES)).decode()


def device_token(secret_key: str, command_id: str) -> str:
    """The 256-bit token that a device keeps."""
    return (
        base64.urlsafe_b64encode(derived_bytes(secret_key, "device", command_id, _TOKEN_BYTES))
        .decode()
        .rstrip("=")
    )


def fingerprint(token: str) -> str:
    """What we keep of a token: its SHA-256. Only for tokens of 80 random bits and more, never for a PIN."""
    return hashlib.sha256(token.encode()).hexdigest()


def normal_enrolment_code(text: str) -> str:
    """The code in what was scanned or typed: prefix, spaces, hyphens, case and full-width letters do not matter."""
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    return plain.removeprefix(ENROLMENT_PREFIX).replace(" ", "").replace("-", "")


def qr_png(text: str, *, pixels_per_module: int = 8) -> bytes:
    """A QR code as PNG with its quiet zone, error correction M."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = Image.fromarray(barcode.to_image(scale=pixels_per_module, add_quiet_zones=True))
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()
