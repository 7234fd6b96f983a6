"""What happens to people when devices come and go: the log is written, sessions on a revoked device end."""

from backend.core.execute import Actor
from backend.core.outbox import reaction
from backend.master.devices.events import DeviceEnrolled, DeviceRenamed, DeviceRevoked, EnrolmentOffered
from backend.master.people.use_cases import EndDeviceSessions, RecordAudit, end_device_sessions, record_audit


def _offered(event: EnrolmentOffered, by: Actor) -> RecordAudit:
    return RecordAudit(
        by=by,
        action="enrolment_offered",
        subject=f"enrolment:{event.enrolment_id}",
        actor_id=event.by_user_id,
    )


def _enrolled(event: DeviceEnrolled, by: Actor) -> RecordAudit:
    return RecordAudit(
        by=by,
        action="device_enrolled",
        subject=f"device:{event.device_id}",
        actor_id=event.by_user_id,
        device_id=event.device_id,
        address=event.address,
        name=event.device_name,
    )


def _renamed(event: DeviceRenamed, by: Actor) -> RecordAudit:
    return RecordAudit(
        by=by,
        action="device_renamed",
        subject=f"device:{event.device_id}",
        actor_id=event.by_user_id,
        name=event.device_name,
    )


def _revoked(event: DeviceRevoked, by: Actor) -> EndDeviceSessions:
    return EndDeviceSessions(
        by=by, device_id=event.device_id, device_name=event.device_name, by_user_id=event.by_user_id
    )


REACTIONS = [
    reaction(EnrolmentOffered, record_audit, _offered),
    reaction(DeviceEnrolled, record_audit, _enrolled),
    reaction(DeviceRenamed, record_audit, _renamed),
    reaction(DeviceRevoked, end_device_sessions, _revoked),
]
