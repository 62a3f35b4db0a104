"""Pure functions over values: reading order, lines into blocks, tables, alignment of texts.

Takes and gives `ocrkit.model` values and numbers; opens nothing, imports no engine.
"""
