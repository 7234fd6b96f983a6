"""What the device itself must do: install the app, keep it, and read a badge with its camera."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Playwright, expect

from tests.browser.conftest import FLAGS
from tests.browser.handheld import SMALL, Handheld
from tests.browser.town import Town
from tests.processes import ServerProcess

FRAME = (1280, 720)


def test_the_app_can_be_installed(
    playwright: Playwright, chromium: str, server: ServerProcess, tmp_path: Path
) -> None:
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=chromium, args=FLAGS, viewport=SMALL
    )
    try:
        device = Handheld(context, f"http://localhost:{server.port}").open()
        device.works_offline()
        cdp = context.new_cdp_session(device.page)
        assert cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        manifest = cdp.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert '"display"' in manifest["data"]
    finally:
        context.close()


def filmed(text: str, path: Path) -> None:
    """A film of somebody who holds a QR code before the camera, as a camera of Chromium plays it."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    picture = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=8)).convert("RGB")
    picture = picture.resize((330, 330))
    frame = Image.new("RGB", FRAME, (120, 126, 130))
    frame.paste(picture, ((FRAME[0] - picture.width) // 2, (FRAME[1] - picture.height) // 2))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=85)
    path.write_bytes(out.getvalue() * 3)


@pytest.mark.slow
def test_a_badge_before_the_camera_is_a_scan(
    playwright: Playwright, chromium: str, server: ServerProcess, town: Town, tmp_path: Path
) -> None:
    film = tmp_path / "badge.mjpeg"
    filmed(town.sites["CAMERA"].badges["wang"], film)
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = playwright.chromium.launch(
        executable_path=chromium, args=[*FLAGS, *camera, f"--use-file-for-fake-video-capture={film}"]
    )
    try:
        context = browser.new_context(viewport=SMALL, has_touch=True, is_mobile=True, locale="en-GB")
        context.grant_permissions(["camera"])
        device = Handheld(context, server.url).open()
        device.button("camera.open").tap()
        device.type_pin("4071")
        expect(device.page.locator("main.login")).to_have_count(0)
    finally:
        browser.close()
