"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from cnn_desktop.core.language import _

Json = Annotated[bool, typer.Option("--json", help=_("One JSON object a line on stdout."))]
DataRoot = Annotated[Path | None, typer.Option(help=_("Folder that holds datasets in torchvision's layout."))]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda[:N], mps")]
ModelName = Annotated[str, typer.Option("--model", help=_("A run folder, a model file, or a pretrained name."))]
Weights = Annotated[Path | None, typer.Option(help=_("A state_dict on disk, for a pretrained name."))]
