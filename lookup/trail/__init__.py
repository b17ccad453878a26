"""The rooms behind `lookup.audit_log`: what an entry is made of, where it lies, how it is proven and read.

Start at `lookup.audit_log`. From the ground up: `formats` (bytes), `ratchet` and `epochs` (keys of entries), `tree` and
`notes` (RFC 6962 and C2SP texts), `manifest` (who may write and read), `tables` and `locks` (where it lies),
`integrator` (checkpoints), `receipts` and `verification` (checks that need no secret), `reading` (those that do).
"""
