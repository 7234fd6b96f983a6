"""Shapes of people's data on the wire. A PIN or password is sealed here, outside any transaction, before it becomes
part of a command.
"""

from dataclasses import replace
from typing import Any, cast

from marshmallow import Schema, fields, post_load, validate

from backend.core.execute import Command
from backend.core.http import CommandSchema
from backend.master.people.rules import JOBS, LANGUAGES, PERMISSIONS, sealed_password, sealed_pin
from backend.master.people.use_cases import (
    ActivateUser,
    ChangeRole,
    ChangeUser,
    CreateRole,
    CreateUser,
    DeactivateUser,
    LogOut,
    NewBadge,
    RevokeApiKey,
    RevokeSession,
    RevokeUserSessions,
    SetLanguage,
    SetPassword,
    SetPin,
    UnlockUser,
)

_ID = 2**53 - 1
_NAME = validate.And(validate.Length(1, 80), validate.Regexp(r"^\S(.*\S)?$"))
_LOGIN = validate.And(validate.Length(1, 64), validate.Regexp(r"^\S+$"))
_CODE = validate.Length(1, 80)
_SECRET = validate.Length(1, 256)


def _id(**more: Any) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(1, _ID), **more)


def _codes(known: frozenset[str] | None = None, **more: Any) -> fields.List:
    check = validate.OneOf(sorted(known)) if known else _CODE
    return fields.List(fields.String(validate=check), validate=validate.Length(max=500), **more)


class BadgeLoginIn(Schema):
    """What the scanner read and what the person typed."""

    badge = fields.String(required=True, validate=validate.Length(1, 120))
    pin = fields.String(required=True, validate=_SECRET, load_only=True)


class PasswordLoginIn(Schema):
    """Login and password at a desk."""

    login = fields.String(required=True, validate=validate.Length(1, 120))
    password = fields.String(required=True, validate=_SECRET, load_only=True)


class OwnSecretIn(Schema):
    """The old PIN or password as proof, and the new one."""

    old = fields.String(required=True, validate=_SECRET, load_only=True)
    new = fields.String(required=True, validate=_SECRET, load_only=True)


class LogOutIn(CommandSchema):
    """Nothing to say."""

    command = LogOut


class LanguageIn(CommandSchema):
    """One's own language."""

    command = SetLanguage
    language = fields.String(required=True, validate=validate.OneOf(sorted(LANGUAGES)))


class SessionUserOut(Schema):
    """The person."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(sorted(LANGUAGES)))
    login = fields.String(required=True)
    jobs = fields.List(fields.String(), required=True)


class WarehouseTagOut(Schema):
    """A warehouse to choose."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


class NamedOut(Schema):
    """An id and what people call it."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class SessionOut(Schema):
    """Who is logged in here, what they may, where, until when."""

    user = fields.Nested(SessionUserOut, required=True)
    permissions = fields.List(fields.String(), required=True)
    warehouses = fields.List(fields.Nested(WarehouseTagOut), required=True)
    device = fields.Nested(NamedOut, required=True, allow_none=True)
    session_id = fields.Integer(required=True, allow_none=True)
    expires_at = fields.DateTime(required=True, allow_none=True)


class SessionRowOut(Schema):
    """A session on the list."""

    id = fields.Integer(required=True)
    user_id = fields.Integer(required=True)
    user_name = fields.String(required=True)
    login = fields.String(required=True)
    kind = fields.String(required=True)
    device_id = fields.Integer(required=True, allow_none=True)
    device_name = fields.String(required=True, allow_none=True)
    address = fields.String(required=True)
    agent = fields.String(required=True)
    started_at = fields.DateTime(required=True)
    seen_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    ended_why = fields.String(required=True, allow_none=True)


class SessionQuery(Schema):
    """Whose sessions, and whether ended ones too."""

    user_id = fields.Integer(load_default=None, validate=validate.Range(1, _ID))
    ended = fields.Boolean(load_default=False)


class RevokeSessionIn(CommandSchema):
    """Which session."""

    command = RevokeSession
    session_id = _id()


class RevokeUserSessionsIn(CommandSchema):
    """Whose sessions."""

    command = RevokeUserSessions
    user_id = _id()


class _Tuples(CommandSchema):
    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        """The command, with tuples for lists."""
        return super().build({name: tuple(it) if isinstance(it, list) else it for name, it in data.items()})


class _AccountFields(_Tuples):
    name = fields.String(required=True, validate=_NAME)
    language = fields.String(load_default="zh", validate=validate.OneOf(sorted(LANGUAGES)))
    roles = _codes(load_default=())
    jobs = _codes(JOBS, load_default=())
    warehouses = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, _ID)),
        validate=validate.Length(max=500),
        load_default=(),
        allow_none=True,
        metadata={"description": "null: every warehouse"},
    )
    shops = _codes(load_default=None, allow_none=True, metadata={"description": "null: every shop"})
    owners = _codes(load_default=None, allow_none=True, metadata={"description": "null: every owner"})


class CreateUserIn(_AccountFields):
    """A new account."""

    command = CreateUser
    login = fields.String(required=True, validate=_LOGIN)
    pin = fields.String(load_default=None, allow_none=True, validate=_SECRET, load_only=True)
    password = fields.String(load_default=None, allow_none=True, validate=_SECRET, load_only=True)
    badge = fields.Boolean(load_default=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        """The command, with the secrets sealed."""
        pin, password = data.pop("pin"), data.pop("password")
        made = cast(CreateUser, super().build(data))
        return replace(
            made,
            pin_hash=sealed_pin(pin, made.by.command_id) if pin is not None else None,
            password_hash=sealed_password(password, made.by.command_id) if password is not None else None,
        )


class ChangeUserIn(_AccountFields):
    """An account's data, roles and scopes, all of them."""

    command = ChangeUser
    user_id = _id()


class SetPinIn(CommandSchema):
    """A new PIN for somebody."""

    command = SetPin
    user_id = _id()
    pin = fields.String(required=True, validate=_SECRET, load_only=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        """The command, with the PIN sealed."""
        made = cast(SetPin, super().build({"user_id": data["user_id"], "pin_hash": ""}))
        return replace(made, pin_hash=sealed_pin(data["pin"], made.by.command_id))


class SetPasswordIn(CommandSchema):
    """A new password for somebody."""

    command = SetPassword
    user_id = _id()
    password = fields.String(required=True, validate=_SECRET, load_only=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        """The command, with the password sealed."""
        made = cast(SetPassword, super().build({"user_id": data["user_id"], "password_hash": ""}))
        return replace(made, password_hash=sealed_password(data["password"], made.by.command_id))


class NewBadgeIn(CommandSchema):
    """Whose badge."""

    command = NewBadge
    user_id = _id()


class DeactivateUserIn(CommandSchema):
    """Whose account."""

    command = DeactivateUser
    user_id = _id()


class ActivateUserIn(CommandSchema):
    """Whose account."""

    command = ActivateUser
    user_id = _id()


class UnlockUserIn(CommandSchema):
    """Whose tries."""

    command = UnlockUser
    user_id = _id()


class UserQuery(Schema):
    """Which people."""

    q = fields.String(load_default=None, validate=validate.Length(max=80))
    active = fields.Boolean(load_default=None)


class UserOut(Schema):
    """A user; a scope of null is unlimited."""

    id = fields.Integer(required=True)
    login = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(sorted(LANGUAGES)))
    active = fields.Boolean(required=True)
    roles = fields.List(fields.String(), required=True)
    jobs = fields.List(fields.String(), required=True)
    warehouses = fields.List(fields.Integer(), required=True, allow_none=True)
    shops = fields.List(fields.String(), required=True, allow_none=True)
    owners = fields.List(fields.String(), required=True, allow_none=True)
    has_pin = fields.Boolean(required=True)
    has_password = fields.Boolean(required=True)
    has_badge = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)


class CreateRoleIn(_Tuples):
    """A new role."""

    command = CreateRole
    code = fields.String(required=True, validate=validate.Length(1, 40))
    name = fields.String(required=True, validate=_NAME)
    permissions = _codes(PERMISSIONS, required=True)


class ChangeRoleIn(_Tuples):
    """A role's name and permissions, all of them."""

    command = ChangeRole
    role_id = _id()
    name = fields.String(required=True, validate=_NAME)
    permissions = _codes(PERMISSIONS, required=True)


class SavedRoleOut(Schema):
    """A role that was written."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)


class RoleOut(SavedRoleOut):
    """A role on the list."""

    builtin = fields.Boolean(required=True)
    people = fields.Integer(required=True)


class ApiKeyIn(Schema):
    """What the key is for."""

    user_id = _id()
    name = fields.String(required=True, validate=_NAME)
    permissions = _codes(PERMISSIONS, required=True)
    days = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 3650))


class RevokeApiKeyIn(CommandSchema):
    """Which key."""

    command = RevokeApiKey
    api_key_id = _id()


class ApiKeyOut(Schema):
    """A key on the list; `hint` is its beginning."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    user_id = fields.Integer(required=True)
    user_name = fields.String(required=True)
    hint = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    created_at = fields.DateTime(required=True)
    last_used_at = fields.DateTime(required=True, allow_none=True)
    expires_at = fields.DateTime(required=True, allow_none=True)
    revoked_at = fields.DateTime(required=True, allow_none=True)


class NewApiKeyOut(ApiKeyOut):
    """A new key, shown this once."""

    token = fields.String(required=True)


class AuditQuery(Schema):
    """Which events."""

    action = fields.String(load_default=None, validate=_CODE)
    subject = fields.String(load_default=None, validate=_CODE)
    actor_id = fields.Integer(load_default=None, validate=validate.Range(1, _ID))
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)


class AuditOut(Schema):
    """A security event."""

    id = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    actor_id = fields.Integer(required=True, allow_none=True)
    actor_name = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    subject = fields.String(required=True)
    facts = fields.Dict(required=True)
    device_id = fields.Integer(required=True, allow_none=True)
    address = fields.String(required=True)
