"""The `lookup` command. What it refuses, it refuses in one sentence and with exit code 1; bad words with 2."""

from __future__ import annotations

from typing import Any

import click

from lookup.refusals import Refusal

GROUPS = {
    "demo": "lookup.commands.demo",
    "feed": "lookup.commands.feed",
    "audit": "lookup.commands.audit",
    "receipt": "lookup.commands.receipt",
}


class _Groups(click.Group):
    """Loads a group of commands when it is asked for, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from importlib import import_module

        if cmd_name not in GROUPS:
            return None
        command = getattr(import_module(GROUPS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - a mistake in GROUPS, not in what somebody typed
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(
                "\n".join([str(refusal), *(f"  {f.path}: {f.problem}" for f in refusal.fields)])
            ) from None


@click.group(cls=_Groups, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lookup")
def main() -> None:
    """Live, recorded, cross-agency lookup of child protection plans."""
