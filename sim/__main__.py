"""``python -m sim``: the simulator alone."""

from __future__ import annotations

import sys

from sim.runner import main

if __name__ == "__main__":
    sys.exit(main())
