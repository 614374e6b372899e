"""One file an architecture; every module in this folder is imported, and registers what it defines."""

import importlib
import pkgutil

from cnn_desktop.models.architecture import architectures as architectures

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
