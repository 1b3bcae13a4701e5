# SPDX-License-Identifier: MIT
"""The command line: thin functions, one per command; `./xanh` hands over to it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from server.commands.screen import complain
from server.errors import XanhError

app = typer.Typer(name="xanh", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
user = typer.Typer(no_args_is_help=True, help="Accounts of staff: they read the official data of the layers they may edit.")
app.add_typer(user, name="user")
key = typer.Typer(no_args_is_help=True, help="Keys of accounts, for desktop programs and scripts.")
app.add_typer(key, name="key")
changes = typer.Typer(no_args_is_help=True, help="What was saved, by whom; and taking it back.")
app.add_typer(changes, name="changes")
tiles = typer.Typer(no_args_is_help=True, help="Map tiles and their cache.")
app.add_typer(tiles, name="tiles")
feedback = typer.Typer(no_args_is_help=True, help="Reports of the public: see them, answer them.")
app.add_typer(feedback, name="feedback")
webhook = typer.Typer(no_args_is_help=True, help="Addresses of other systems that are sent what is published.")
app.add_typer(webhook, name="webhook")
style = typer.Typer(no_args_is_help=True, help="Styles of maps (SLD 1.0, SE 1.1).")
app.add_typer(style, name="style")
layer = typer.Typer(no_args_is_help=True, help="Layer files.")
app.add_typer(layer, name="layer")
harvest = typer.Typer(no_args_is_help=True, help="Services of other agencies (WFS, OGC API Features) read into layers, again and again.")
app.add_typer(harvest, name="harvest")
_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command()
def up(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on (config.yml: server.port).")] = None,
    province: Annotated[str | None, typer.Option(help="Two-digit code of the province to load and show.")] = None,
    detach: Annotated[bool, typer.Option("--detach", help="Return when ready and leave the server running.")] = False,
) -> None:
    """Set up what is missing, load and publish the province, serve it."""
    from server.commands.up import UpOptions, run_up

    raise typer.Exit(run_up(UpOptions(port, province, detach)))


@app.command()
def down() -> None:
    """Stop what this state directory (XANH_VAR) has running, and nothing else."""
    from server.commands.down import run_down

    raise typer.Exit(run_down())


@app.command()
def migrate(
    plan: Annotated[bool, typer.Option("--plan", help="Print the difference between layer files and database; change nothing.")] = False,
    drop: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A layer or layer.field whose data may go; repeatable.")] = None,
) -> None:
    """Make the tables follow the layer files, in one transaction."""
    from server.commands.data import run_migrate

    raise typer.Exit(run_migrate(plan, drop or []))


@app.command()
def publish(
    layer: Annotated[str | None, typer.Argument(help="Layer id; all layers when left out.")] = None,
    geoserver: Annotated[str | None, typer.Option(metavar="URL", help="Send public layers and styles to this GeoServer instead.")] = None,
    workspace: Annotated[str, typer.Option(help="Workspace of the GeoServer.")] = "xanh",
) -> None:
    """Bring the approved rows of the official store to the public one, or public layers to a GeoServer."""
    if geoserver is not None:
        from server.commands.geoserver import run_publish_geoserver

        raise typer.Exit(run_publish_geoserver(geoserver, workspace, layer))
    from server.commands.data import run_publish

    raise typer.Exit(run_publish(layer))


@app.command()
def check() -> None:
    """Check config, layers, code lists and styles against each other and the database; print everything wrong at once."""
    from server.commands.check import run_check

    raise typer.Exit(run_check())


@style.command("check")
def check_style(files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="SLD files.")]) -> None:
    """Print what of these files would be lost when they are drawn; exit status 0 = nothing, 1 = something, 2 = a file is no SLD."""
    from server.commands.style import run_style_check

    raise typer.Exit(run_style_check(files))


@style.command("support")
def show_style_support() -> None:
    """Print which elements of SLD and SE are drawn in full, in part or not at all (Markdown)."""
    from server.commands.style import run_style_support

    raise typer.Exit(run_style_support())


@layer.command("new")
def new_layer(
    file: Annotated[Path, typer.Argument(help="Any file `xanh load` takes; with --table schema.table.")],
    layer_id: Annotated[str | None, typer.Option("--id", help="Id of the layer; else from the file's name.")] = None,
    group: Annotated[str | None, typer.Option(help="Group of the layer tree; else the first.")] = None,
    crs: Annotated[int | None, typer.Option(help="EPSG code of the coordinates, where the file does not say.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of its texts; else found.")] = None,
    inner_layer: Annotated[str | None, typer.Option("--inner-layer", help="Layer inside a file that holds several.")] = None,
    table: Annotated[bool, typer.Option("--table", help="FILE is a table of our database, as schema.table.")] = False,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="... of this one: postgresql://...; a password in PGPASSWORD.")
    ] = None,
) -> None:
    """Write layers/<group>/<id>.yml, complete and with comments, and a first style from a file or a table."""
    from loaders.source import SourceOptions
    from loaders.wizard.make import Wanted
    from server.commands.newlayer import run_new_layer
    from server.commands.table import TableWish

    options = SourceOptions(crs=crs, encoding=encoding, layer=inner_layer)
    wish = TableWish(database) if table or database else None
    raise typer.Exit(run_new_layer(Wanted(file, layer_id, group), options, wish))


@app.command()
def schema() -> None:
    """Write the JSON Schema of layer files."""
    from server.commands.check import run_schema

    raise typer.Exit(run_schema())


@app.command(context_settings=_PASS_ON, add_help_option=False)
def load(context: typer.Context) -> None:
    """Load a file (shapefile, GeoPackage, GeoJSON, CSV, GeoTIFF ...) into a layer."""
    from server.commands.load import run_load

    run_load(context.args)


@app.command(context_settings=_PASS_ON)
def test(context: typer.Context) -> None:
    """Check style, types, imports and the front end, run the tests. With arguments: pytest with them, or `--cite SUITE` (OGC)."""
    from server.commands.test import run_tests

    raise typer.Exit(run_tests(context.args))


@app.command()
def bench(
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A workload; repeatable; all without.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures as JSON.")] = None,
    seconds: Annotated[float, typer.Option(min=0.5, help="Seconds per measurement.")] = 4.0,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds per workload; the median counts.")] = 3,
) -> None:
    """Measure against the peers of this machine on the same rows, in turns, and print ratios."""
    from bench.cli import BenchOptions, run_bench

    raise typer.Exit(run_bench(BenchOptions(tuple(only or ()), json_file, seconds, rounds)))


@user.command("add")
def user_add(
    name: Annotated[str, typer.Argument(help="Small letters, digits and . _ @ -")],
    role: Annotated[str, typer.Option(help="viewer, editor, reviewer, publisher or admin.")],
    layer: Annotated[list[str] | None, typer.Option(metavar="ID", help="A layer the role holds for; repeatable; all without.")] = None,
) -> None:
    """Make an account. The password is asked for twice, or read as one line from standard input."""
    from server.commands.user import add_user

    raise typer.Exit(add_user(name, role, layer or []))


@user.command("list")
def user_list() -> None:
    """Show the accounts."""
    from server.commands.user import list_users

    raise typer.Exit(list_users())


@user.command("remove")
def user_remove(name: str) -> None:
    """End an account at once."""
    from server.commands.user import remove_user

    raise typer.Exit(remove_user(name))


@user.command("password")
def user_password(name: str) -> None:
    """Give an account another password and unlock it; asked for like that of a new one."""
    from server.commands.user import change_password

    raise typer.Exit(change_password(name))


@webhook.command("add")
def webhook_add(
    url: Annotated[str, typer.Argument(help="Where to send: an address that begins with https://.")],
    layer: Annotated[list[str] | None, typer.Option(help="Only this layer; repeatable.")] = None,
    note: Annotated[str, typer.Option(help="Whose it is.")] = "",
) -> None:
    """Send what is published from now on to an address. Its secret is shown once."""
    from server.commands.webhook import make_webhook

    raise typer.Exit(make_webhook(url, tuple(dict.fromkeys(layer or ())) or None, note))


@webhook.command("list")
def webhook_list() -> None:
    """Show the webhooks."""
    from server.commands.webhook import show_webhooks

    raise typer.Exit(show_webhooks())


@webhook.command("test")
def webhook_test(name: Annotated[str, typer.Argument(help="Its name as the list shows it.")]) -> None:
    """Send a message without changes, now."""
    from server.commands.webhook import ping_webhook

    raise typer.Exit(ping_webhook(name))


@webhook.command("log")
def webhook_log(
    name: Annotated[str, typer.Argument(help="Its name as the list shows it.")],
    last: Annotated[int, typer.Option(min=1, max=1000, help="So many of the latest.")] = 30,
) -> None:
    """Show what became of what was sent."""
    from server.commands.webhook import show_deliveries

    raise typer.Exit(show_deliveries(name, last))


@webhook.command("resume")
def webhook_resume(name: Annotated[str, typer.Argument(help="Its name as the list shows it.")]) -> None:
    """Let a paused webhook go on where it stopped."""
    from server.commands.webhook import continue_webhook

    raise typer.Exit(continue_webhook(name))


@webhook.command("remove")
def webhook_remove(name: Annotated[str, typer.Argument(help="Its name as the list shows it.")]) -> None:
    """Remove a webhook with its log."""
    from server.commands.webhook import drop_webhook

    raise typer.Exit(drop_webhook(name))


@harvest.command("add")
def harvest_add(
    name: Annotated[str, typer.Argument(help="What to call it: small letters, digits and _.")],
    url: Annotated[str, typer.Option(help="Address of the WFS, or landing page of the OGC API.")],
    type_name: Annotated[str, typer.Option("--type-name", help="Feature type, or collection.")],
    layer: Annotated[str, typer.Option(metavar="ID", help="The layer it is read into.")],
    service: Annotated[str, typer.Option(help="wfs or features (OGC API Features).")] = "wfs",
    version: Annotated[str | None, typer.Option(help="Of a WFS: 2.0.0 or 1.1.0.")] = None,
    every: Annotated[str | None, typer.Option(help="How often: 30m, 24h, 7d; only by hand without.")] = None,
    mode: Annotated[str | None, typer.Option(help="append, upsert, replace or sync.")] = None,
    key: Annotated[str | None, typer.Option(metavar="FIELD", help="Layer field by which objects are known; else the layer's key.")] = None,
    crs: Annotated[int | None, typer.Option(help="EPSG code, where the service says nothing or the wrong thing.")] = None,
    field_map: Annotated[
        list[str] | None, typer.Option("--map", metavar="SOURCE=field", help="Which field fills which; repeatable.")
    ] = None,
    leave_out: Annotated[list[str] | None, typer.Option("--leave-out", metavar="FIELD", help="Not to be filled; repeatable.")] = None,
    condition: Annotated[str | None, typer.Option("--filter", help="Which objects: FES (WFS) or CQL2 text (OGC API).")] = None,
) -> None:
    """Try a service and write layers/harvest/NAME.yml; nothing is loaded yet."""
    from loaders.cli import read_pairs
    from server.commands.harvest import add_harvest

    told = {"layer": layer, "service": service, "version": version, "url": url, "type_name": type_name, "every": every, "mode": mode}
    more = {"key": key, "crs": crs, "map": read_pairs(field_map or [], "--map") or None, "leave_out": leave_out, "filter": condition}
    raise typer.Exit(add_harvest(name, {word: value for word, value in (told | more).items() if value is not None}))


@harvest.command("list")
def harvest_list() -> None:
    """Show the harvests, when they ran and what became of them."""
    from server.commands.harvest import list_harvests

    raise typer.Exit(list_harvests())


@harvest.command("run")
def harvest_run(
    name: Annotated[str, typer.Argument(help="Its name as the list shows it.")],
    plan: Annotated[bool, typer.Option("--plan", help="Ask the service and say what would be done; change nothing.")] = False,
    max_deleted: Annotated[
        float | None, typer.Option("--max-deleted", min=0, max=100, metavar="PERCENT", help="Share of the objects that may go, this once.")
    ] = None,
) -> None:
    """Read a service into its layer now and publish that."""
    from server.commands.harvest import run_harvest

    raise typer.Exit(run_harvest(name, only_plan=plan, max_deleted_percent=max_deleted))


@harvest.command("remove")
def harvest_remove(name: Annotated[str, typer.Argument(help="Its name as the list shows it.")]) -> None:
    """Remove a harvest; what it loaded stays."""
    from server.commands.harvest import remove_harvest

    raise typer.Exit(remove_harvest(name))


@key.command("add")
def key_add(
    account: Annotated[str, typer.Argument(help="The account it stands for: it can do what that can, at most.")],
    layer: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A layer it is good for; repeatable; all of the account without.")
    ] = None,
    role: Annotated[str | None, typer.Option(help="A lower role than the account's.")] = None,
    days: Annotated[int, typer.Option(min=0, max=3650, help="Days it is good for; 0: until it is revoked.")] = 365,
    note: Annotated[str, typer.Option(help="What it is for, to know it again.")] = "",
) -> None:
    """Make a key. It is shown once."""
    from server.accounts.keys import NewKey
    from server.commands.key import make_key, read_role

    raise typer.Exit(make_key(NewKey(account, tuple(dict.fromkeys(layer or ())) or None, read_role(role), days or None, note)))


@key.command("list")
def key_list() -> None:
    """Show the keys that were not revoked."""
    from server.commands.key import show_keys

    raise typer.Exit(show_keys())


@key.command("use")
def key_use(days: Annotated[int, typer.Option(min=1, max=400, help="So many days back.")] = 30) -> None:
    """Show what keys asked for, by day and layer."""
    from server.commands.key import show_use

    raise typer.Exit(show_use(days))


@key.command("revoke")
def key_revoke(name: Annotated[str, typer.Argument(help="Its name as the list shows it.")]) -> None:
    """End a key at once."""
    from server.commands.key import drop_key

    raise typer.Exit(drop_key(name))


@changes.command("list")
def changes_list(
    account: Annotated[str | None, typer.Option(help="Of this account alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many, newest first.")] = 20,
) -> None:
    """Show what was saved: one line per save, whatever number of requests the client made of it."""
    from server.commands.changes import list_changes

    raise typer.Exit(list_changes(account, limit))


@changes.command("undo")
def changes_undo(
    number: Annotated[int, typer.Argument(min=1, help="The id the list shows.")],
    force: Annotated[bool, typer.Option("--force", help="Also what was changed again since.")] = False,
) -> None:
    """Put every feature of one save back as it was before it, and publish that. History keeps both."""
    from server.commands.changes import undo_changes

    raise typer.Exit(undo_changes(number, force=force))


@feedback.command("list")
def feedback_list(
    every: Annotated[bool, typer.Option("--all", help="Finished ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many, newest first.")] = 50,
) -> None:
    """Show the reports that wait for staff."""
    from server.commands.feedback import show_reports

    raise typer.Exit(show_reports(every, limit))


@feedback.command("show")
def feedback_show(
    number: str,
    photo: Annotated[Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Write its picture (JPEG) to this file.")] = None,
) -> None:
    """Show one report, with what only staff may see."""
    from server.commands.feedback import show_report

    raise typer.Exit(show_report(number, photo))


@feedback.command("set")
def feedback_set(
    number: str,
    state: Annotated[str, typer.Argument(help="received, working, done, refused or duplicate.")],
    answer: Annotated[str, typer.Option(help="What everybody who follows the report reads.")] = "",
    same_as: Annotated[str | None, typer.Option(metavar="NUMBER", help="The report a duplicate repeats.")] = None,
) -> None:
    """Decide about a report and answer it."""
    from server.commands.feedback import set_report

    raise typer.Exit(set_report(number, state, answer, same_as))


@tiles.command("seed")
def tiles_seed(
    layer: Annotated[
        str | None, typer.Option(metavar="ID", help="A layer, a group or basemap; the base map and all layers without.")
    ] = None,
    zoom: Annotated[str, typer.Option(metavar="A-B", help="Zoom levels, both included.")] = "0-10",
) -> None:
    """Draw tiles ahead of the first who asks; what is there already is passed over."""
    from server.commands.tiles import run_seed

    raise typer.Exit(run_seed(layer, zoom))


def main() -> int:
    """Run one command; errors made on purpose become one line. Returns the exit status."""
    try:
        app(prog_name="xanh")
    except XanhError as error:
        english = error.message if error.locator is None or error.locator in error.message else f"{error.locator}: {error.message}"
        complain(f"{error.message_vi} · {english}" if error.message_vi else english)
        return 1
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
