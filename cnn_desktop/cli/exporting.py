"""`export`: a model in another form, with the proof that it answers the same."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from cnn_desktop.cli.options import Json, ModelName, Weights
from cnn_desktop.cli.output import ProgressLine, print_json, print_message, print_text
from cnn_desktop.cli.predicting import open_named_model
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text

if TYPE_CHECKING:
    from cnn_desktop.predict.export.exporting import Exported
    from cnn_desktop.train.exporting import Form


def export_command(
    model: ModelName,
    form: Annotated[str, typer.Option("--format", help="onnx, safetensors, python")],
    output: Annotated[Path, typer.Option(help=_("The file to write; for python, a folder."))],
    with_preprocessing: Annotated[
        bool, typer.Option("--with-preprocessing", help=_("Let the ONNX graph take pictures of any size, uint8 RGB."))
    ] = False,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Write a model as ONNX, as a model file or as Python, and prove that it answers the same."""
    from cnn_desktop.train.exporting import export, run_of

    wanted = _checked(form, output, with_preprocessing)
    opened = open_named_model(model, weights)
    line = ProgressLine()
    exported = export(
        opened,
        output,
        wanted,
        with_preprocessing=with_preprocessing,
        run=None if weights is not None else run_of(model),
        progress=lambda done, total: line.show(_("Exporting"), done, total),
    )
    line.clear()
    if as_json:
        print_json({"format": form, **exported.to_json()})
    else:
        _print(exported)


def _checked(form: str, output: Path, with_preprocessing: bool) -> "Form":
    """Before the model is opened, which may take long."""
    from cnn_desktop.predict.export.onnx_graph import require_onnx
    from cnn_desktop.train.exporting import Form

    if form not in get_args(Form):
        names = ", ".join(get_args(Form))
        raise BadInputError(_("There is no format “{form}”; there are {names}.").format(form=form, names=names))
    if form == "python" and (output.suffix == ".py" or output.is_file()):
        text = _("Python goes into a folder of scripts, and {output} is a file: name a folder, such as {folder}.")
        raise BadInputError(text.format(output=output, folder=output.with_suffix("")))
    if form != "python" and output.is_dir():
        raise BadInputError(_("{output} is a folder; name the file to write.").format(output=output))
    if form == "onnx":
        require_onnx()
    if with_preprocessing and form != "onnx":
        raise BadInputError(_("--with-preprocessing goes with --format onnx; other forms say the preprocessing."))
    return cast("Form", form)


def _print(exported: "Exported") -> None:
    for file in exported.files:
        print_text(f"{file}  {bytes_text(file.stat().st_size)}")
    for proof in exported.proofs:
        print_text(str(proof))
    if exported.notice:
        print_message(exported.notice)
