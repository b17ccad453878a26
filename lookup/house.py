"""One installation, joined: every room that a door or a command needs. Only `open_house` joins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lookup.agreement import SharingAgreement, load_agreement
from lookup.audit_log import AuditLog
from lookup.desk import Desk
from lookup.enquiry import Enquiries
from lookup.finding import load_matching
from lookup.gathering import Gathering
from lookup.identity import Identity
from lookup.keys.keyring import ServerKeys
from lookup.looking_back import LookingBack, Readiness
from lookup.model import Authority
from lookup.publishing import Publishing
from lookup.recorder import Recorder
from lookup.refusals import RegisterUnavailable, UnsafeSetting
from lookup.register import Register
from lookup.settings import Settings
from lookup.signing_in import SigningIn
from lookup.visit import Reply, cannot_record_reply


@dataclass(frozen=True, slots=True)
class House:
    """One installation, joined: every room that a door or a command needs."""

    settings: Settings
    agreement: SharingAgreement
    keys: ServerKeys
    register: Register
    desk: Desk
    log: AuditLog
    recorder: Recorder
    identity: Identity
    enquiries: Enquiries
    publishing: Publishing
    looking_back: LookingBack
    signing_in: SigningIn
    readiness: Readiness
    cannot_record: Reply

    def close(self) -> None:
        """Let go of threads and files."""
        self.recorder.close()
        self.log.close()
        self.register.engine.dispose()
        self.desk.engine.dispose()


def open_house(settings: Settings) -> House:
    """The rooms of this installation. Raises `UnsafeSetting` for whatever is missing, unknown or unsafe."""
    agreement, keys = load_agreement(settings.agreement), ServerKeys.read(settings.keys)
    matching, authorities = load_matching(settings.matching), settings.directory.authorities
    is_new = not settings.desk_store.exists()
    register = Register.open(settings.register_store, keys, may_begin=is_new)
    desk = Desk.open(settings.desk_store, keys.desk)
    _refuse_unknown_authorities(register, authorities)
    log = AuditLog(settings.trail)
    recorder = Recorder(log, desk)
    identity = Identity(desk, settings.directory.agencies)
    otherwise = cannot_record_reply(authorities, demo=settings.demo)
    gathering = Gathering(register, keys.blinder, matching, authorities, agreement.population)
    enquiries = Enquiries(identity, desk, gathering, agreement, recorder, settings.demo, otherwise)
    publishing = Publishing(identity, register, agreement, recorder, authorities, settings.demo, otherwise)
    looking_back = LookingBack(identity, desk, log, recorder, settings.demo, otherwise)
    signing_in = SigningIn(identity, recorder, settings.demo, otherwise)
    readiness = Readiness(register, desk, log, authorities)
    return House(
        settings,
        agreement,
        keys,
        register,
        desk,
        log,
        recorder,
        identity,
        enquiries,
        publishing,
        looking_back,
        signing_in,
        readiness,
        otherwise,
    )


def _refuse_unknown_authorities(register: Register, authorities: Mapping[str, Authority]) -> None:
    """Every plan that is held needs somebody to ring. A register that is away now says so in each answer instead."""
    try:
        with register.reading() as look:
            unknown = look.counts().keys() - authorities.keys()
    except RegisterUnavailable:
        return
    finally:
        register.let_go()  # the workers open their own
    if unknown:
        raise UnsafeSetting(f"directory.toml lacks {', '.join(sorted(unknown))}, whose plans are held. Add it again.")
