"""What the commands about the trail have in common: which installation, and how an unreadable file ends a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from lookup.canonical import NotCanonical

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    envvar="DEMO_DIR",
    default=Path(".demo"),
    show_default=True,
    help="The installation's folder (environment: DEMO_DIR).",
)


@contextmanager
def unreadable_shown() -> Iterator[None]:
    """A file that cannot be read, or text that cannot be recorded, ends the command with one sentence."""
    try:
        yield
    except NotCanonical as fault:
        raise click.ClickException(f"This cannot be read or recorded: {fault}") from None
    except OSError as fault:
        raise click.ClickException(f"{fault.filename}: {fault.strerror}") from None
