"""Devices come in with a one-time code, are named, seen and shut out."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor

import zxingcpp
from PIL import Image

from backend.core.errors import Refusal
from backend.master.devices.rules import fingerprint, normal_enrolment_code
from backend.master.devices.use_cases import EnrolDevice, OfferEnrolment, enrol_device, offer_enrolment
from tests.build.layout import a_warehouse
from tests.build.people import a_device, a_user, audited, key, logged_in, somebody_logged_in


def a_code(house, board, **more):
    body = {"warehouse_id": more.pop("warehouse_id", None) or a_warehouse(house)} | more
    reply = board.post("/api/devices/enrolments", json=body, headers=key())
    assert reply.status_code == 201, reply.json
    return reply.json


def enrol(client, code, name="Gun 7", headers=None):
    return client.post("/api/devices/enrol", json={"code": code, "name": name}, headers=headers or key())


def test_a_code_is_shown_as_text_and_picture_and_lets_one_device_in(house):
    board = somebody_logged_in(house, "supervise")
    shown = a_code(house, board)
    picture = base64.b64decode(shown["qr_png"].partition(",")[2])
    assert zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))[0].text == shown["qr_text"]
    handheld = house.client()
    reply = enrol(handheld, shown["qr_text"])
    assert reply.status_code == 201
    assert reply.json["name"] == "Gun 7"
    assert reply.json["warehouse_id"] == shown["warehouse_id"]
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert house.events("devices.device_enrolled")[0]["channel"] == f"warehouse:{shown['warehouse_id']}"
    house.work()
    assert [entry[0] for entry in audited(house) if entry[0].startswith(("device", "enrolment"))] == [
        "enrolment_offered",
        "device_enrolled",
    ]


def test_a_code_works_once_also_when_two_devices_use_it_together(house):
    house.run(offer_enrolment, OfferEnrolment, warehouse_id=a_warehouse(house), code_hash=fingerprint("CODE"))

    def use(number):
        try:
            house.run(
                enrol_device,
                EnrolDevice,
                code_hash=fingerprint("CODE"),
                token_hash=f"t{number}",
                name=f"D{number}",
            )
        except Refusal as refusal:
            return refusal.code
        return "in"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(use, range(8))) == ["enrolment_code_invalid"] * 7 + ["in"]


def test_a_lost_reply_is_given_again_with_the_same_token(house):
    shown, headers = a_code(house, somebody_logged_in(house, "supervise")), key()
    one, again = house.client(), house.client()
    assert (
        enrol(one, shown["code"], headers=headers).json == enrol(again, shown["code"], headers=headers).json
    )
    assert one.get_cookie("tideline_device").value == again.get_cookie("tideline_device").value


def test_an_old_an_unknown_and_a_used_code_get_the_same_answer(house):
    board = somebody_logged_in(house, "supervise")
    place = a_warehouse(house)
    old = a_code(house, board, warehouse_id=place)["code"]
    house.clock.advance(minutes=15)
    used = a_code(house, board, warehouse_id=place)["code"]
    assert enrol(house.client(), used).status_code == 201
    replies = [enrol(house.client(), code) for code in (old, used, "AAAABBBBCCCCDDDD")]
    assert {(reply.status_code, reply.json["code"]) for reply in replies} == {(409, "enrolment_code_invalid")}


def test_a_code_may_be_typed_with_blanks_and_in_small_letters():
    assert normal_enrolment_code(" tle1:abcd-efgh ijkl　mnop") == "ABCDEFGHIJKLMNOP"


def test_codes_are_made_by_supervisors_for_their_own_warehouses(house):
    here, there = a_warehouse(house, "W1"), a_warehouse(house, "W2")
    body = {"warehouse_id": there}
    picker = somebody_logged_in(house, "pick", login="picker")
    assert picker.post("/api/devices/enrolments", json=body, headers=key()).status_code == 403
    board = somebody_logged_in(house, "supervise", login="boss", warehouses=(here,))
    refused = board.post("/api/devices/enrolments", json=body, headers=key())
    assert (refused.status_code, refused.json["code"]) == (403, "outside_scope")
    assert (
        board.post("/api/devices/enrolments", json=body | {"minutes": 9999}, headers=key()).status_code == 422
    )


def test_devices_are_listed_named_and_shut_out(house):
    here, there = a_warehouse(house, "W1"), a_warehouse(house, "W2")
    mine, far = a_device(house, here, token="a"), a_device(house, there, token="b")
    board = somebody_logged_in(house, "supervise", login="boss", warehouses=(here,))
    assert [row["id"] for row in board.get("/api/devices").json] == [mine]
    renamed = board.post(f"/api/devices/{mine}/rename", json={"name": "Gun 8"}, headers=key())
    assert renamed.json["name"] == "Gun 8"
    assert board.post(f"/api/devices/{far}/revoke", headers=key()).json["code"] == "outside_scope"
    assert board.post("/api/devices/999/revoke", headers=key()).json["code"] == "device_not_found"
    for _ in range(2):
        assert board.post(f"/api/devices/{mine}/revoke", headers=key()).status_code == 200
    assert len(house.events("devices.device_revoked")) == 1
    assert board.get("/api/devices").json == []
    assert board.get("/api/devices?revoked=true").json[0]["revoked_at"] is not None


def test_a_device_is_seen_when_it_is_used(house):
    device_id = a_device(house, a_warehouse(house), token="seven")
    house.clock.advance(minutes=30)
    client = house.client()
    client.set_cookie("tideline_device", "seven")
    logged_in(house, a_user(house).id, client=client)
    board = somebody_logged_in(house, "supervise")
    row = board.get("/api/devices").json[0]
    assert row["id"] == device_id
    assert row["last_seen_at"] > row["registered_at"]
