"""The local authority vouches for private places only, and its page helps in both languages."""

import ipaddress
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen

import pytest
import zxingcpp
from cryptography import x509
from PIL import Image

from tools.lan import authority_fingerprint, make_certificates, page_html, qr_lines, qr_svg

DESK = ipaddress.IPv4Address("192.168.7.20")
OTHER = ipaddress.IPv4Address("10.1.2.3")


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def tls_address(tmp_path: Path):
    """A server on loopback that shows the certificate."""
    chain, key = make_certificates(tmp_path, [DESK])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with HTTPServer(("127.0.0.1", 0), Hello) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_who_trusts_the_authority_trusts_the_server(tls_address: str, tmp_path: Path):
    trust = ssl.create_default_context(cafile=str(tmp_path / "tideline-ca.crt"))
    with urlopen(tls_address, context=trust) as answer:
        assert answer.read() == b"hello"


def test_who_does_not_trust_it_is_warned(tls_address: str):
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(tls_address, context=ssl.create_default_context())


def test_keys_are_readable_by_their_owner_only(tmp_path: Path):
    make_certificates(tmp_path / "tls", [DESK])
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "tls").glob("*.key")}
    assert modes == {"server.key": 0o600, "tideline-ca.key": 0o600}
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700


def test_the_same_addresses_keep_the_certificate_and_new_ones_renew_it(tmp_path: Path):
    chain, _ = make_certificates(tmp_path, [DESK])
    first, authority = chain.read_bytes(), authority_fingerprint(tmp_path)
    make_certificates(tmp_path, [DESK])
    assert chain.read_bytes() == first
    make_certificates(tmp_path, [OTHER])
    assert chain.read_bytes() != first
    assert authority_fingerprint(tmp_path) == authority, "devices would have to trust us again"


def test_the_server_certificate_is_short_enough_for_every_device(tmp_path: Path):
    chain, _ = make_certificates(tmp_path, [DESK])
    server = x509.load_pem_x509_certificates(chain.read_bytes())[0]
    assert (server.not_valid_after_utc - server.not_valid_before_utc).days <= 825
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert DESK in names.get_values_for_type(x509.IPAddress)


def test_the_authority_cannot_vouch_for_the_rest_of_the_world(tmp_path: Path):
    make_certificates(tmp_path, [DESK])
    authority = x509.load_pem_x509_certificate((tmp_path / "tideline-ca.crt").read_bytes())
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    networks = [
        each.value for each in constraints.value.permitted_subtrees or [] if isinstance(each, x509.IPAddress)
    ]
    assert networks
    assert all(network.is_private or network == ipaddress.ip_network("100.64.0.0/10") for network in networks)
    names = {
        each.value for each in constraints.value.permitted_subtrees or [] if isinstance(each, x509.DNSName)
    }
    assert "local" in names
    assert not names & {"com", "cn", "net", "org", ""}


def test_the_page_helps_in_both_languages_and_names_everything():
    page = page_html(here="http://192.168.7.20:8444/", app="https://192.168.7.20:8443/", fingerprint="AB:CD")
    for words in ('lang="zh-CN"', 'lang="en"', "AB:CD", "https://192.168.7.20:8443/", "/tideline-ca.crt"):
        assert words in page
    assert "{" not in page.partition("</style>")[2], "a place on the page was left unfilled"


def test_every_language_of_the_page_says_the_same_things():
    texts = json.loads(
        (Path(__file__).parents[3] / "tools" / "lan_page" / "texts.json").read_text(encoding="utf-8")
    )
    first, *others = texts.values()
    assert all(set(first) == set(other) for other in others)
    assert all(text.strip() for words in texts.values() for text in words.values())


def test_an_address_with_markup_in_it_stays_text():
    page = page_html(here="http://<b>/", app="https://x/?a=1&b=2", fingerprint="AB")
    assert "<b>" not in page
    assert "a=1&amp;b=2" in page


def test_the_qr_code_of_the_terminal_can_be_read():
    lines = qr_lines("http://192.168.7.20:8444/").splitlines()
    light = {"\u2588": (1, 1), "\u2580": (1, 0), "\u2584": (0, 1), " ": (0, 0)}
    rows = [[light[block][half] * 255 for block in line] for line in lines for half in (0, 1)]
    picture = Image.new("L", (len(rows[0]) * 4 + 40, len(rows) * 4 + 40), 255)
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            picture.paste(value, (20 + x * 4, 20 + y * 4, 24 + x * 4, 24 + y * 4))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["http://192.168.7.20:8444/"]


def test_the_qr_code_can_be_read():
    picture = zxingcpp.create_barcode("https://192.168.7.20:8443/", zxingcpp.BarcodeFormat.QRCode).to_image(
        scale=4
    )
    file = BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    found = zxingcpp.read_barcodes(Image.open(file))
    assert [code.text for code in found] == ["https://192.168.7.20:8443/"]
    assert qr_svg("https://192.168.7.20:8443/").startswith("<svg")
