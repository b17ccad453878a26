"""Passwords of the demo's people: fixed and easy to remember, because there is nothing to protect.

For the demo alone: it serves invented children, and refuses every address but the loopback's.
"""


def demo_password(user_id: str) -> str:
    """The password of one of the demo's people, the same in every demo: ``harrow-green-`` and their given name."""
    return f"harrow-green-{user_id.partition('.')[0]}"
