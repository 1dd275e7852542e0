"""What all tests share."""

import os

from hypothesis import HealthCheck, settings

# No test is a matter of time: the machines that run them are noisy. `make test` draws the same examples every time, so that
# a change is judged by what it changed; `make test-all` (HYPOTHESIS_PROFILE=search) looks for new ones.
_CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("same", derandomize=True, **_CALM)
settings.register_profile("search", **_CALM)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
