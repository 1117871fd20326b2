"""API keys: `keys create`, `keys list` and `keys revoke`."""

from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from api.cli.options import AsJson, IndexFolder, read_day
from api.cli.parts import load_http_settings, print_json
from api.cli.rendering import plain
from api.cli.terminal import aside, failing_clearly, output

if TYPE_CHECKING:
    from api.keys import Key, Keys

app = typer.Typer(help="Make, list and revoke the API keys of a server.", no_args_is_help=True)


@app.command(epilog="Example: dateline keys create desk --scope read --source AFP --until 2027-06-30")
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is.", show_default=False)],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCOPE", help="What it may do: read, ingest or admin; may be repeated (read unless given)."
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only articles of this source; may be repeated.", show_default=False),
    ] = None,
    embargoed: Annotated[
        bool, typer.Option("--embargoed", help="Let it see articles before their embargo ends.")
    ] = False,
    until: Annotated[
        datetime | None,
        typer.Option(parser=read_day, metavar="YYYY-MM-DD", help="Last day on which it is valid, in UTC."),
    ] = None,
    index_folder: IndexFolder = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, once: it is kept nowhere. A server that runs knows it at once."""
    with failing_clearly(as_json=as_json):
        from api.keys import KeyScope
        from search.errors import SettingsError

        known = {one.value for one in KeyScope}
        for given in scope or ():
            if given not in known:
                raise SettingsError(f"There is no scope {given!r}.", f"Give one of: {', '.join(sorted(known))}.")
        keys = _keys(index_folder)
        expires = None
        if until is not None and until.year < MAXYEAR:
            expires = until.replace(tzinfo=UTC) + timedelta(days=1)
        key, secret = keys.create(
            name, map(KeyScope, scope or ["read"]), source or None, embargoed=embargoed, expires=expires
        )
        if as_json:
            print_json({**key.to_json(), "key": secret})
            return
        output().print(Text(secret))
        aside().print(Text(f"This is the key {plain(name)!r} ({_told(key)}). It is not shown again.", "dim"))
        aside().print(Text(f"Only a hash of it is kept, in {plain(str(keys.path))}.", "dim"))


@app.command("list", epilog="Example: dateline keys list --json")
def list_keys(index_folder: IndexFolder = None, as_json: AsJson = False) -> None:
    """List the keys, without their secrets."""
    with failing_clearly(as_json=as_json):
        keys = _keys(index_folder).all()
        if as_json:
            print_json({"keys": [key.to_json() for key in keys]})
            return
        for key in keys:
            output().print(Text(f"{key.id}  {plain(key.name)}  {_told(key)}"))
        if not keys:
            aside().print(Text("There are no keys. Make one: dateline keys create NAME", "dim"))


@app.command(epilog="Example: dateline keys revoke desk")
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME|ID", help="Which key.", show_default=False)],
    index_folder: IndexFolder = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a key; every server refuses it from now on."""
    with failing_clearly(as_json=as_json):
        revoked = _keys(index_folder).revoke(name)
        if as_json:
            print_json({"revoked": revoked.to_json()})
        else:
            output().print(Text(f"revoked: {plain(revoked.name)} ({revoked.id})"))


def _keys(index_folder: "IndexFolder") -> "Keys":
    from api.keys import Keys, keys_file

    settings = load_http_settings(index_folder, None, None)
    return Keys(keys_file(settings.index, settings.keys_file))


def _told(key: "Key") -> str:
    """What a key is good for, in words."""
    parts = [", ".join(sorted(key.scopes))]
    if key.sources is not None:
        parts.append(f"only {', '.join(map(plain, key.sources))}")
    if key.embargoed:
        parts.append("articles under embargo, too")
    if key.expires:
        ended = "expired" if key.is_over(datetime.now(UTC)) else "expires"
        parts.append(f"{ended} {key.expires:%Y-%m-%d %H:%M} UTC")
    return "; ".join(parts)
