"""Planted fault: the plugin raises while it is imported."""

raise RuntimeError("no licence file\nand a second line that no list should show")
