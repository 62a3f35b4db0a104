"""Opens inputs: path, bytes, stream, PIL image, numpy array or `-` become pages, one at a time.

The only room that opens input files. What an input is, is told by its content, never by its name.
"""
