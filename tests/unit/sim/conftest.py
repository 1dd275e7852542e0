"""Worlds and a small camera shared by the simulator's tests: painting the ground takes a second."""

from __future__ import annotations

import dataclasses

import pytest

from sim.camera import Renderer
from sim.scenario import Scenario, load_scenario
from sim.world import World


def small(name: str) -> Scenario:
    """A shipped scenario with a small picture."""
    scenario = load_scenario(name)
    return dataclasses.replace(
        scenario, camera=dataclasses.replace(scenario.camera, width_px=640, height_px=360, bitrate_bit_s=2_000_000)
    )


@pytest.fixture(scope="session")
def day_world() -> World:
    return World(load_scenario("border_day"), 11)


@pytest.fixture(scope="session")
def night_renderer() -> Renderer:
    return Renderer(World(small("border_night"), 12))
