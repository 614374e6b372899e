"""`inspect`: the layers of a model, and what one of them makes of a picture, as files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnn_desktop.cli.options import Json, ModelName, Weights
from cnn_desktop.cli.output import print_json, print_table, print_text
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model


def inspect_command(
    model: ModelName,
    image: Annotated[Path | None, typer.Option(help=_("The picture that the network looks at."))] = None,
    layer: Annotated[
        str | None, typer.Option(help=_("A layer's name, such as conv1; without it the layers are listed."))
    ] = None,
    output: Annotated[Path | None, typer.Option(help=_("Folder for the PNG and NPY files."))] = None,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """List a model's layers, or write one's feature maps and filters for a picture as PNG and NPY."""
    from cnn_desktop.models.weights import open_model

    if layer is None:
        _list_layers(open_model(model, weights), as_json)
        return
    if image is None or output is None:
        raise BadInputError(_("What a layer makes of a picture needs the picture and a folder: --image and --output."))
    from cnn_desktop.data.decoding import open_picture
    from cnn_desktop.explain.export import write_layer

    for path in write_layer(open_model(model, weights), open_picture(image), layer, output):
        if as_json:
            print_json({"file": str(path)})
        else:
            print_text(str(path))


def _list_layers(model: "Model", as_json: bool) -> None:
    from cnn_desktop.explain.recording import layers_of

    layers = layers_of(model)
    if as_json:
        for layer in layers:
            facts = {"name": layer.name, "kind": layer.kind, "detail": layer.detail}
            print_json({**facts, "shape": layer.shape, "parameters": layer.parameters})
        return
    header = (_("layer"), _("kind"), _("output"), _("parameters"))
    rows = [
        (
            layer.name,
            f"{layer.kind} {layer.detail}".strip(),
            "×".join(map(str, layer.shape)),
            f"{layer.parameters:,}" if layer.parameters else "",
        )
        for layer in layers
    ]
    print_table([header, *rows])
