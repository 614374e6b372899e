"""Runs and models as Python scripts that need nothing of this program.

The texts in a script are English, as its names are: it is source, not a page of the program.
"""

from cnn_desktop.train.scripting.exporting import PythonExport, export_python
from cnn_desktop.train.scripting.training_script import TrainingScript, training_script

__all__ = ["PythonExport", "TrainingScript", "export_python", "training_script"]
