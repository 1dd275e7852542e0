"""What all tests share."""

from hypothesis import HealthCheck, settings

# No test is a matter of time: the machines that run them are noisy.
settings.register_profile("noisy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("noisy machine")
