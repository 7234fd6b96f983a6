"""HTTPS for handhelds on the local network: a small certificate authority, and a page that helps to trust it.

The authority can vouch for private addresses and local names only, so its key is worthless for anything else.

Usage: .venv/bin/python -m tools.lan certificates FOLDER
       .venv/bin/python -m tools.lan page FOLDER --port N --here URL --app URL
       .venv/bin/python -m tools.lan qr TEXT
"""

import argparse
import fcntl
import html
import ipaddress
import json
import os
import socket
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import zxingcpp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_PAGE = Path(__file__).parent / "lan_page"
_AUTHORITY_DAYS = 3650
_SERVER_DAYS = 825  # more is refused by iOS
_RENEW_DAYS = 30
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10")
_LOCAL_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
_SIOCGIFADDR = 0x8915


def lan_addresses() -> list[ipaddress.IPv4Address]:
    """This machine's private IPv4 addresses, the one towards the default route first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # no packet is sent: the kernel only picks a route
            found.append(probe.getsockname()[0])
        except OSError:
            pass
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # an interface without an IPv4 address
            found.append(socket.inet_ntoa(answer[20:24]))
    addresses = [ipaddress.IPv4Address(text) for text in dict.fromkeys(found)]
    return [address for address in addresses if not address.is_loopback and _may_vouch_for(address)]


def _may_vouch_for(address: ipaddress.IPv4Address) -> bool:
    return any(address in ipaddress.ip_network(network) for network in _PRIVATE)


# --------------------------------------------------------------------------------------------- certificates


def _write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _builder(
    subject: str, issuer: x509.Name | None, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer or name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority in `folder`, made on the first call."""
    certificate_file, key_file = folder / "tideline-ca.crt", folder / "tideline-ca.key"
    if certificate_file.exists() and key_file.exists():
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and _days_left(certificate) > _SERVER_DAYS:
            return certificate, key
    key = ec.generate_private_key(ec.SECP256R1())
    hostname = socket.gethostname()[:40]
    permitted: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_network(network)) for network in _PRIVATE
    ]
    permitted += [x509.DNSName(name) for name in (*_LOCAL_NAMES, hostname)]
    certificate = (
        _builder(f"Tideline local CA ({hostname})", None, key, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_private(key_file, _key_bytes(key))
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _days_left(certificate: x509.Certificate) -> int:
    return (certificate.not_valid_after_utc - datetime.now(UTC)).days


def _is_current(file: Path, names: Sequence[x509.GeneralName], authority: x509.Certificate) -> bool:
    """Whether the server certificate is of this authority, lasts a while and covers all `names`."""
    if not file.exists():
        return False
    certificate = x509.load_pem_x509_certificates(file.read_bytes())[0]
    covered = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        certificate.issuer == authority.subject
        and _days_left(certificate) > _RENEW_DAYS
        and all(name in list(covered) for name in names)
    )


def make_certificates(folder: Path, addresses: Sequence[ipaddress.IPv4Address]) -> tuple[Path, Path]:
    """The server's certificate chain and key for these addresses; made anew when they or the time demand it."""
    authority, authority_key = _authority(folder)
    hostname = socket.gethostname()[:40]
    names: list[x509.GeneralName] = [
        x509.DNSName(name) for name in ("localhost", hostname, f"{hostname}.local")
    ]
    names += [x509.IPAddress(address) for address in (ipaddress.IPv4Address("127.0.0.1"), *addresses)]
    chain_file, key_file = folder / "server.crt", folder / "server.key"
    if key_file.exists() and _is_current(chain_file, names, authority):
        return chain_file, key_file
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder("Tideline", authority.subject, key, _SERVER_DAYS - 1)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    _write_private(key_file, _key_bytes(key))
    pem = serialization.Encoding.PEM
    chain_file.write_bytes(certificate.public_bytes(pem) + authority.public_bytes(pem))
    return chain_file, key_file


def authority_fingerprint(folder: Path) -> str:
    """SHA-256 of the authority, as devices show it."""
    certificate = x509.load_pem_x509_certificate((folder / "tideline-ca.crt").read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


# ------------------------------------------------------------------------------------------------- the page


def qr_svg(text: str) -> str:
    """A QR code as an inline SVG picture."""
    picture: str = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_svg(scale=6)
    return picture[picture.index("<svg") :]


def qr_lines(text: str) -> str:
    """A QR code for a terminal: two rows of modules in each line of half blocks, dark on light."""
    picture = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=1)
    dark = [[value < 128 for value in row] for row in np.asarray(picture).tolist()]
    if len(dark) % 2:
        dark.append([False] * len(dark[0]))
    blocks = {(False, False): "\u2588", (False, True): "\u2580", (True, False): "\u2584", (True, True): " "}
    rows = (
        "".join(blocks[pair] for pair in zip(*dark[y : y + 2], strict=True)) for y in range(0, len(dark), 2)
    )
    return "\n".join(rows)


def page_html(*, here: str, app: str, fingerprint: str) -> str:
    """The helper page in every language of lan_page/texts.json, one below the other."""
    texts = json.loads((_PAGE / "texts.json").read_text(encoding="utf-8"))
    values = {
        "here": html.escape(here),
        "app": html.escape(app),
        "fingerprint": html.escape(fingerprint),
        "qr_here": qr_svg(here),
        "qr_app": qr_svg(app),
    }
    section = (_PAGE / "section.html").read_text(encoding="utf-8")
    sections = [
        section.format_map(values | {"language": language} | {key: str(text) for key, text in words.items()})
        for language, words in texts.items()
    ]
    page = (_PAGE / "page.html").read_text(encoding="utf-8")
    return page.replace("{sections}", "\n".join(sections))


def serve_page(folder: Path, *, port: int, here: str, app: str) -> None:
    """Serve the page and the authority's certificate over plain HTTP until stopped."""
    page = page_html(here=here, app=app, fingerprint=authority_fingerprint(folder)).encode()
    certificate = (folder / "tideline-ca.crt").read_bytes()

    class Handler(BaseHTTPRequestHandler):
        """Two answers, nothing else."""

        def do_GET(self) -> None:
            """The page, or the certificate."""
            if self.path == "/":
                self._answer(page, "text/html; charset=utf-8")
            elif self.path == "/tideline-ca.crt":
                self._answer(certificate, "application/x-x509-ca-cert")
            else:
                self.send_error(404)

        def _answer(self, body: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silence: nobody reads it."""

    ThreadingHTTPServer(("0.0.0.0", port), Handler).serve_forever()  # noqa: S104  # devices must reach it


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.lan")
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser(
        "certificates", help="make what is missing; prints addresses and fingerprint as JSON"
    )
    make.add_argument("folder", type=Path)
    page = verbs.add_parser("page", help="serve the helper page")
    page.add_argument("folder", type=Path)
    page.add_argument("--port", type=int, required=True)
    page.add_argument("--here", required=True)
    page.add_argument("--app", required=True)
    code = verbs.add_parser("qr", help="print a QR code in the terminal")
    code.add_argument("text")
    options = parser.parse_args()
    if options.verb == "qr":
        print(qr_lines(options.text))
        return
    if options.verb == "page":
        serve_page(options.folder, port=options.port, here=options.here, app=options.app)
        return
    addresses = lan_addresses()
    chain, key = make_certificates(options.folder, addresses)
    answer = {
        "addresses": [str(address) for address in addresses],
        "certificate": str(chain),
        "key": str(key),
        "fingerprint": authority_fingerprint(options.folder),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
