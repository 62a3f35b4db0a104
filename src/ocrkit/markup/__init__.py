"""What vision models write, into the values of the model: pure functions over text.

Knows no engine, no pixels and no network. Model text is untrusted: nothing of its markup survives into a value.
"""
