"""The rooms behind `lookup.audit_log`: what an entry is made of, where it lies, how it is proven and read.

Start at `lookup.audit_log`. From the ground up: `formats` (bytes), `ratchet` (keys of entries), `manifest` and `epochs`
(who may write and read), `tree` and `notes` (RFC 6962 and C2SP texts); `layout`, `key_files`, `locks` and `tables`
(where it lies); `founding` (a new trail), `sealing` and `writer` (append), `integrator` and `proving` (checkpoints and
proofs); `receipts`, `walking` and `verification` (checks that need no secret), `reading` (what needs both keys).
"""
