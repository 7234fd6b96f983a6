"""Shapes of device data on the wire."""

from marshmallow import Schema, fields, validate

from backend.core.http import CommandSchema
from backend.master.devices.rules import ENROLMENT_MINUTES, LONGEST_ENROLMENT_MINUTES, Kind
from backend.master.devices.use_cases import RenameDevice, RevokeDevice

_NAME = validate.And(validate.Length(1, 60), validate.Regexp(r"^\S(.*\S)?$"))


class EnrolmentIn(Schema):
    """What the code is for."""

    warehouse_id = fields.Integer(required=True, strict=True)
    kind = fields.String(
        load_default=Kind.HANDHELD.value, validate=validate.OneOf([kind.value for kind in Kind])
    )
    minutes = fields.Integer(
        load_default=ENROLMENT_MINUTES, strict=True, validate=validate.Range(1, LONGEST_ENROLMENT_MINUTES)
    )


class EnrolmentOut(Schema):
    """An open code: shown once, as text and as a picture."""

    id = fields.Integer(required=True)
    warehouse_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    expires_at = fields.DateTime(required=True)
    code = fields.String(required=True)
    qr_text = fields.String(required=True)
    qr_png = fields.String(required=True, metadata={"description": "data: URI"})


class EnrolIn(Schema):
    """A code, scanned or typed, and what the device shall be called."""

    code = fields.String(required=True, validate=validate.Length(1, 60))
    name = fields.String(required=True, validate=_NAME)


class RenameIn(CommandSchema):
    """Another name."""

    command = RenameDevice
    device_id = fields.Integer(required=True, strict=True)
    name = fields.String(required=True, validate=_NAME)


class RevokeIn(CommandSchema):
    """Which device."""

    command = RevokeDevice
    device_id = fields.Integer(required=True, strict=True)


class KnownDeviceOut(Schema):
    """A device in short."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    warehouse_id = fields.Integer(required=True)


class DeviceQuery(Schema):
    """Revoked ones too?"""

    revoked = fields.Boolean(load_default=False)


class DeviceOut(KnownDeviceOut):
    """A device on the list."""

    registered_at = fields.DateTime(required=True)
    last_seen_at = fields.DateTime(required=True, allow_none=True)
    revoked_at = fields.DateTime(required=True, allow_none=True)
