"""What all tests share."""

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Without a display Qt ends the whole run; the tests that need one start their own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No test is a matter of time: the machines that run them are noisy. `make test` draws the same examples every time, so that
# a change is judged by what it changed; `make test-all` (HYPOTHESIS_PROFILE=search) looks for new ones.
_CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("same", derandomize=True, **_CALM)
settings.register_profile("search", **_CALM)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

_HERE = Path(__file__).parent
_ALONE = ("system", "sitl")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts several processes or a display does not run beside other tests: both would be late."""
    for item in items:
        folder = item.path.relative_to(_HERE).parts[0] if item.path.is_relative_to(_HERE) else ""
        if folder in _ALONE or item.get_closest_marker("xserver"):
            item.add_marker(pytest.mark.alone)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """No garbage is collected while windows are painted.

    The windows of a test that has ended are held by reference cycles only. They may still be waiting for a paint, and a
    collection that begins in one takes away the very window that is being painted: the interpreter then ends with a
    segmentation fault. What a test leaves is collected when it is over, when nothing paints.
    """
    if not {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ())):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect(1)
        gc.enable()
