"""The ciphers of the house, by name: sealing, signing, wrapping.

Promises: every cipher is used in one way only, with its parameters fixed here, and whatever fails to open or to verify
raises `RecordBroken`; nothing returns a boolean that a caller could forget to look at.
Does not promise: fresh nonces (the caller's duty), key storage, or that memory is wiped after use: Python cannot
reliably do it.
Trusts: the operating system's random numbers and the `cryptography` package, which only `lookup.keys` may import.

AES-256-GCM is NIST SP 800-38D, Ed25519 is RFC 8032, HPKE is RFC 9180 with MLKEM768-X25519 (KEM 0x647A), HKDF-SHA256
and AES-256-GCM.
"""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from lookup.refusals import RecordBroken, UnsafeSetting

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SIGNATURE_BYTES = 64

RECIPIENT_PUBLIC_BYTES = 1216
RECIPIENT_PRIVATE_BYTES = 96
WRAP_OVERHEAD_BYTES = 1136
_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64

_HPKE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal(key: bytes, nonce: bytes, plain: bytes, associated: bytes) -> bytes:
    """`plain` under AES-256-GCM, its 16-byte tag at the end. A key and a nonce are used together once, ever."""
    return AESGCM(key).encrypt(nonce, plain, associated)


def open_sealed(key: bytes, nonce: bytes, box: bytes, associated: bytes) -> bytes:
    """What `seal` was given. Raises `RecordBroken` for another key, nonce, place or a changed byte."""
    try:
        return AESGCM(key).decrypt(nonce, box, associated)
    except (InvalidTag, ValueError):  # a box cut short has not even its nonce or its tag
        raise RecordBroken("A sealed box does not open: another key, another place, or changed bytes.") from None


class Signer:
    """An Ed25519 key that signs. Its `repr` shows nothing of it."""

    __slots__ = ("_key", "public")

    def __init__(self, private: bytes) -> None:
        """From 32 raw bytes; raises `UnsafeSetting` for any other length."""
        if len(private) != KEY_BYTES:
            raise UnsafeSetting(f"A signing key has {KEY_BYTES} bytes, this one has {len(private)}.")
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.public: bytes = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature."""
        return self._key.sign(message)


def new_signing_key() -> bytes:
    """A fresh Ed25519 private key, 32 raw bytes."""
    return os.urandom(KEY_BYTES)


def verify_signature(public: bytes, signature: bytes, message: bytes) -> None:
    """Raise `RecordBroken` unless `signature` over `message` is by the 32-byte key `public`."""
    try:
        _public_key(public).verify(signature, message)
    except InvalidSignature:
        raise RecordBroken("A signature does not verify.") from None


@lru_cache(maxsize=1024)
def _public_key(public: bytes) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        raise RecordBroken("This is not an Ed25519 public key.") from None


def new_recipient_key() -> bytes:
    """A fresh private key to receive what is wrapped: ML-KEM seed (64 bytes) and X25519 key (32), one after the other.

    Both parts are plain random bytes: FIPS 203 seeds (d, z) and RFC 7748 scalars have no structure of their own.
    """
    return os.urandom(RECIPIENT_PRIVATE_BYTES)


def recipient_public(private: bytes) -> bytes:
    """The 1,216-byte public key: ML-KEM encapsulation key, then X25519 key."""
    mlkem, x25519 = _recipient_parts(private)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def wrap(public: bytes, secret: bytes, info: bytes) -> bytes:
    """`secret` for the holder of `public`, bound to `info`: enc (1,120 bytes), then ciphertext with its tag."""
    if len(public) != RECIPIENT_PUBLIC_BYTES:
        raise UnsafeSetting(f"A recipient's public key has {RECIPIENT_PUBLIC_BYTES} bytes, this one has {len(public)}.")
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES])
        x25519 = X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:])
    except ValueError:
        raise UnsafeSetting("This is not a recipient's public key (MLKEM768-X25519).") from None
    return _HPKE.encrypt(secret, MLKEM768X25519PublicKey(mlkem, x25519), info=info)


def unwrap(private: bytes, wrapped: bytes, info: bytes) -> bytes:
    """What `wrap` was given. Raises `RecordBroken` for another key, another `info` or changed bytes."""
    mlkem, x25519 = _recipient_parts(private)
    try:
        return _HPKE.decrypt(wrapped, MLKEM768X25519PrivateKey(mlkem, x25519), info=info)
    except (InvalidTag, ValueError):
        raise RecordBroken("A wrapped secret does not open: another key, another place, or changed bytes.") from None


def _recipient_parts(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(private) != RECIPIENT_PRIVATE_BYTES:
        raise UnsafeSetting(f"A recipient's key has {RECIPIENT_PRIVATE_BYTES} bytes, this one has {len(private)}.")
    return (
        MLKEM768PrivateKey.from_seed_bytes(private[:_MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(private[_MLKEM_SEED_BYTES:]),
    )
