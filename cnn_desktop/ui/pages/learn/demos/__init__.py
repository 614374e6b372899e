"""What each lesson shows: a module a lesson, named as it is, each with `make(context)`."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
