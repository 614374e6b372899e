"""Choosing and opening a model, for every page that needs one."""
