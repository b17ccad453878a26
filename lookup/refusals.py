"""Every way the service says no.

A refusal is a decision or a condition that we understand; it has a stable code, a status and a sentence for the person
who reads it (RFC 9457). Anything else that is raised is a fault. No sentence ever holds a child's details.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request that is not as it must be: its path (``$.birth_date``) and what to do about it."""

    path: str
    problem: str


class Refusal(Exception):
    """The service says no. `fields` names what is wrong with each field, where there are fields."""

    status = 500
    code = "refused"
    title = "The service refused this request."

    def __init__(self, detail: str = "", fields: Sequence[Field] = ()) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.fields = tuple(fields)


class Fault(Refusal):
    """Something broke that nobody foresaw. It says nothing about any child."""

    status, code, title = 500, "fault", "Something went wrong here, and nothing was checked. Telephone instead."


class Malformed(Refusal):
    status, code, title = 400, "malformed_request", "The request is not as it must be."


class TooLittleGiven(Refusal):
    status, code = 400, "too_little_given"
    title = (
        "Give at least a name and a date of birth, or part of one with a postcode, "
        "or an NHS number with a date of birth."
    )


class NotSignedIn(Refusal):
    status, code, title = 401, "not_signed_in", "Sign in first."


class NotPermitted(Refusal):
    status, code, title = 403, "not_permitted", "The sharing agreement does not permit this."


class NotFound(Refusal):
    status, code, title = 404, "not_found", "There is nothing at this address for you."


class WrongMethod(Refusal):
    status, code, title = 405, "wrong_method", "This address does not take that method."


class SlowRequest(Refusal):
    status, code, title = 408, "request_too_slow", "The request did not arrive in time."


class Superseded(Refusal):
    status, code = 409, "superseded"
    title = "The register already holds a version of this plan with the same or a later time."


class TooLarge(Refusal):
    status, code, title = 413, "request_too_large", "The request is too large."


class WrongMediaType(Refusal):
    status, code, title = 415, "wrong_media_type", "Send the body as application/json."


class RequestIdReused(Refusal):
    status, code = 422, "request_id_reused"
    title = "This X-Request-ID was used for another request. Use a new one for each enquiry."


class CannotRecord(Refusal):
    """Desk or trail cannot take the record, so there is no answer. Its body is the same to the byte every time."""

    status, code, title = 503, "cannot_record", "The service cannot answer now. Telephone instead."


class RegisterUnavailable(Refusal):
    status, code, title = 503, "register_unavailable", "The register cannot take changes now. Try again in a minute."


class FileRefused(Refusal):
    """A file that an agency sent cannot be used as it is. Nothing of it was taken."""

    status, code, title = 422, "file_refused", "This file was refused, and nothing of it was taken."


class UnsafeSetting(Refusal):
    """The service does not start: a setting, a key or a file is missing, unknown or unsafe."""

    code, title = "unsafe_setting", "The service does not start with this setting."


class RecordBroken(Refusal):
    """A check of the audit trail failed: the record is not what was written."""

    code, title = "record_broken", "The audit trail is not as it was written."
