"""The sharing agreement: who may ask what, for which purpose, and see which fields.

Promises: an agreement that loads says each thing once and leaves nothing out, neither a purpose, a field nor a role; it
has no empty rule, no unknown word, no rule that rests on consent. Whatever is doubtful refuses to start
(`UnsafeSetting`), with its place in the file and what to do. Does not promise that anybody signed it: signatures are
over `hash`, the SHA-256 of the bytes of the file.
"""

from lookup.agreement.sheet import load_agreement
from lookup.agreement.terms import FIELDS, Grant, Party, Purpose, SharingAgreement

__all__ = ["FIELDS", "Grant", "Party", "Purpose", "SharingAgreement", "load_agreement"]
