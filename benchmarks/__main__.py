"""`python -m benchmarks embed` and `python -m benchmarks batch`."""

import sys

from benchmarks.command import main

sys.exit(main())
