"""Speed, accuracy, memory and confidence of ocrkit beside its peers, on data named on the command line.

Run from the repository's root as `python -m bench`. Knows ocrkit by its public API only.
"""
