"""Load on `ocrkit serve`, on this machine alone, with the engine replaced by one that waits."""
