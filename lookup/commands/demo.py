"""``lookup demo``: a whole borough to try the service on, on this machine alone."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import click
from rich.console import Console

from lookup.demo.building import Demo, build_demo, demo_client, open_demo
from lookup.demo.passwords import demo_password
from lookup.demo.running import make_fresh, make_stale, serve_demo
from lookup.house import open_house
from lookup.model import Practitioner, Role
from lookup.moments import now
from lookup.settings import read_settings

TOKEN_MINUTES = 60

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    envvar="DEMO_DIR",
    default=Path(".demo"),
    show_default=True,
    help="The demo's folder (or set DEMO_DIR).",
)


@click.group()
def demo() -> None:
    """Try the service on an invented borough. Everything here answers on this machine only."""


@demo.command()
@folder_option
@click.option(
    "--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000, show_default=True, help="Or set PORT."
)
def run(folder: Path, port: int) -> None:
    """Build the demo if there is none yet, say who can sign in, and serve it until you stop it (Ctrl-C)."""
    console = Console()
    made = _open_or_build(folder, console)
    _introduce(made, port, console)
    raise SystemExit(serve_demo(made, port))


@demo.command()
@folder_option
def build(folder: Path) -> None:
    """Build the demo's folder without serving it."""
    _open_or_build(folder, Console())


@demo.command()
@click.argument("role", type=click.Choice([role.value for role in Role]))
@folder_option
def token(role: str, folder: Path) -> None:
    """Print a bearer token, good for 60 minutes, of a named person of this ROLE."""
    made = open_demo(folder)
    person = _person(made, Role(role))
    house = open_house(read_settings(made.folder, {}))
    try:
        client = demo_client(person.agency.code)
        click.echo(house.identity.issue_token(client, person.user_id, now(), timedelta(minutes=TOKEN_MINUTES)))
    finally:
        house.close()
    click.echo(f"This is the token of {person.name}, {role} at {person.agency.name}.", err=True)


@demo.command()
@click.argument("kind")
@folder_option
def child(kind: str, folder: Path) -> None:
    """Print the details of a child of this KIND as JSON, ready to post once a purpose is added.

    KIND is one of: on_plan, plan_ended, looked_after, unborn, restricted, twin, namesake, sibling_not_on_register,
    not_on_register.
    """
    kinds = open_demo(folder).borough.kinds
    if kind not in kinds:
        raise click.BadParameter(f"use one of {', '.join(kinds)}.", param_hint="KIND")
    click.echo(json.dumps(dict(kinds[kind]), ensure_ascii=False, indent=1))


@demo.command()
@folder_option
def plan(folder: Path) -> None:
    """Print a plan to publish as JSON: the path to PUT it to, its body, and the child to ask about afterwards."""
    click.echo(json.dumps(open_demo(folder).borough.demo_plan, ensure_ascii=False, indent=1))


@demo.command()
@click.argument("authority")
@folder_option
def stale(authority: str, folder: Path) -> None:
    """Back-date the register of AUTHORITY at once: it can then no longer say that a child is not on a plan."""
    make_stale(open_demo(folder), authority)
    click.echo(f"The register of {authority} is now 36 hours old. Undo it with: lookup demo fresh {authority}")


@demo.command()
@click.argument("authority")
@folder_option
def fresh(authority: str, folder: Path) -> None:
    """Make the register of AUTHORITY fresh again."""
    make_fresh(open_demo(folder), authority)
    click.echo(f"The register of {authority} is fresh.")


@demo.command()
@folder_option
def people(folder: Path) -> None:
    """Print who can sign in, and how."""
    click.echo(_who_can_sign_in(open_demo(folder)))


def _open_or_build(folder: Path, console: Console) -> Demo:
    if (folder / "demo.toml").exists():
        return open_demo(folder)
    with console.status("Building the demo …") as status:
        return build_demo(folder, lambda step: status.update(f"Building the demo: {step} …"))


def _person(made: Demo, role: Role) -> Practitioner:
    return next(person for person in made.borough.practitioners if person.role is role)


def _introduce(made: Demo, port: int, console: Console) -> None:
    click.echo(_who_can_sign_in(made))
    console.print(
        f"\nDEMO, invented children only. Open [bold]http://127.0.0.1:{port}[/bold] and sign in, or ask the API:"
    )
    console.print("  lookup demo token triage_nurse      a bearer token")
    console.print("  lookup demo child on_plan           a child to ask about")
    console.print("Stop with Ctrl-C.\n")


def _who_can_sign_in(made: Demo) -> str:
    """A line for each person, never cut: somebody is about to type what it says."""
    lines = ["Who can sign in (user name, password, role at agency):"]
    for person in made.borough.practitioners:
        role = person.role.value.replace("_", " ")
        lines.append(f"  {person.user_id:<19} {demo_password(person.user_id):<23} {role} at {person.agency.name}")
    return "\n".join(lines)
