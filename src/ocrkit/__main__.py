"""`python -m ocrkit`: the command line."""

import sys

from ocrkit.cli import main

sys.exit(main())
