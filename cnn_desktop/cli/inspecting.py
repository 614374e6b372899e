"""`inspect`: a layer's filters and feature maps as files."""

from pathlib import Path
from typing import Annotated

import typer

from cnn_desktop.cli.options import Json, ModelName, Weights
from cnn_desktop.cli.output import print_json, print_text
from cnn_desktop.core.language import _


def inspect_command(
    model: ModelName,
    image: Annotated[Path, typer.Option(help=_("The picture that the network looks at."))],
    layer: Annotated[str, typer.Option(help=_("A layer's name, such as conv1."))],
    output: Annotated[Path, typer.Option(help=_("Folder for the PNG and NPY files."))],
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Write a layer's feature maps and filters for a picture as PNG and NPY."""
    from cnn_desktop.data.decoding import open_picture
    from cnn_desktop.explain.export import write_layer
    from cnn_desktop.models.weights import open_model

    for path in write_layer(open_model(model, weights), open_picture(image), layer, output):
        if as_json:
            print_json({"file": str(path)})
        else:
            print_text(str(path))
