"""`python -m benchmarks embed`."""

import sys

from benchmarks.embed.command import main

sys.exit(main())
