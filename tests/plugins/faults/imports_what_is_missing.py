"""Planted fault: the plugin needs a module that is not installed."""

from importlib import import_module

import_module("a_module_that_is_not_installed")
