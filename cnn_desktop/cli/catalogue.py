"""`datasets`, `architectures`: what there is."""

from dataclasses import asdict
from typing import Annotated

import typer

from cnn_desktop.cli.checking import check_dataset
from cnn_desktop.cli.downloading import download_dataset
from cnn_desktop.cli.options import DataRoot, Json
from cnn_desktop.cli.output import print_json, print_table
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import data_root as default_data_root
from cnn_desktop.core.units import bytes_text, percent_text

datasets_app = typer.Typer(help=_("The datasets that there are."), rich_markup_mode=None)


@datasets_app.callback(invoke_without_command=True)
def list_datasets(context: typer.Context, data_root: DataRoot = None, as_json: Json = False) -> None:
    """List the datasets, and which of them are on this machine."""
    if context.invoked_subcommand is not None:
        return
    from cnn_desktop.data.dataset import datasets
    from cnn_desktop.data.sets import open_dataset as _registers  # noqa: F401 - importing it fills the registry

    root = data_root or default_data_root()
    rows: list[list[str]] = []
    for name in datasets:
        source = datasets[name]
        is_present = source.is_present(root)
        if as_json:
            print_json(
                {
                    "name": name,
                    "title": source.title,
                    "classes": source.class_count,
                    "pictures": source.picture_count,
                    "present": is_present,
                    "download_bytes": source.download_bytes,
                }
            )
        else:
            rows.append([name, _("here") if is_present else _("not here"), source.title, source.summary])
    if rows:
        print_table(rows)


datasets_app.command("check")(check_dataset)
datasets_app.command("download")(download_dataset)


Pretrained = Annotated[bool, typer.Option(help=_("List all networks that `predict` can take, with their weights."))]


def list_architectures(pretrained: Pretrained = False, as_json: Json = False) -> None:
    """List the architectures that can be trained, or all networks that come with weights."""
    if pretrained:
        _list_networks(as_json)
        return
    from cnn_desktop.models.described import all_trainable

    rows: list[list[str]] = []
    for architecture in all_trainable():
        if as_json:
            print_json(
                {
                    "name": architecture.name,
                    "title": architecture.title,
                    "summary": architecture.summary,
                    "min_size": architecture.min_size,
                    "preferred_size": architecture.preferred_size,
                    "pretrained": architecture.pretrained() is not None,
                    "recipe": architecture.recipe.model_dump(),
                    "is_own": architecture.design is not None,
                }
            )
        else:
            rows.append([architecture.name, architecture.title, architecture.summary])
    if rows:
        print_table(rows)


def _list_networks(as_json: bool) -> None:
    from cnn_desktop.models.zoo import zoo_entries

    rows: list[list[str]] = []
    for entry in zoo_entries():
        if as_json:
            print_json({**asdict(entry), "present": entry.is_present()})
        else:
            place = _("here") if entry.is_present() else bytes_text(entry.bytes)
            rows.append([entry.ref, place, percent_text(entry.top1), entry.title, entry.restriction])
    if rows:
        print_table(rows)
