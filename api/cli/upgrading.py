"""`dateline upgrade`: an archive of an earlier format brought up to the present one."""

from functools import partial

from api.cli.failure import failing_clearly
from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_settings, print_json
from api.cli.terminal import aside, output


def upgrade(index_folder: IndexFolder = None, as_json: AsJson = False) -> None:
    """Bring an archive that an earlier Dateline made up to the present format, all or nothing; embeds nothing."""
    with failing_clearly(as_json=as_json):
        from api.cli.progress import progress_bar
        from indexer.upgrades import upgrade as upgrade_archive

        settings = load_settings(index_folder)
        with progress_bar(aside(), "articles") as show:
            before, after = upgrade_archive(settings.index, partial(show, "upgrading"))
        if as_json:
            print_json({"from": before, "to": after})
        elif before == after:
            output().print(f"the archive has schema version {after} already", highlight=False)
        else:
            output().print(f"upgraded from schema version {before} to {after}", highlight=False)
            aside().print(
                "Index the same paths again to read from the files what the old format did not keep.", style="dim"
            )
