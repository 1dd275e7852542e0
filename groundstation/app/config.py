"""The station's configuration file (TOML). All faults of a file are told at once, each with its place and a hint."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from groundstation.core.errors import ConfigError

Port = Annotated[int, Field(ge=1, le=65535)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StationSection(_Section):
    """Who we are and where our data lies."""

    name: str = Field(default="station", pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    data_dir: Path = Path("marchwarden-data")
    store: str = ""
    """Where incidents, tracks and telemetry are kept: files in ``data_dir``, or ``postgresql+psycopg://host/db?station=name``."""
    operator: str = "operator"


class AreaSection(_Section):
    """The folder with ``area.geojson`` and ``terrain.tif``. ``terrain_sigma_m``: how wrong its heights are, one sigma."""

    folder: Path | None = None
    terrain_sigma_m: float = Field(default=1.0, gt=0.0, le=100.0)
    basemap: Path | None = None
    """An MBTiles file for the map's background; hillshade of the terrain where there is none."""


class LinkSection(_Section):
    """The MAVLink link to the aircraft, a URL; empty for a station without one (a neighbour, say)."""

    url: str = ""
    further: list[str] = []
    """More links to the same or to other aircraft. Where one aircraft is heard on several, the best is used."""


class RouterPortSection(_Section):
    """A port for other programs (QGroundControl, MAVProxy, a script) beside the station. Without more words they see and
    ask, and change nothing; see ``groundstation.link.permissions``."""

    url: str
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")
    systems: list[Annotated[int, Field(ge=1, le=255)]] | None = None
    commands: list[int | str] = []
    """MAV_CMD numbers or names."""
    messages: list[int | str] = []
    mission: bool = False
    fence: bool = False
    rally: bool = False
    parameters: bool = False
    files: bool = False
    rates: bool = False
    system_id: int = Field(default=0, ge=0, le=255)
    """Under which address the aircraft sees them; 0 for one of the router's (230 to 249)."""
    messages_s: float = Field(default=200.0, ge=1.0, le=10_000.0)


class RouterSection(_Section):
    """Ports for other programs; none by default."""

    ports: list[RouterPortSection] = []


class VideoSection(_Section):
    """The video stream of the aircraft's camera; empty for none."""

    url: str = ""
    stream: str = Field(default="cam1", pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")
    hfov_deg: float = Field(default=40.0, gt=0.5, lt=150.0)
    """Field of view, used where the stream itself does not tell it (no KLV)."""
    vfov_deg: float = Field(default=23.1, gt=0.5, lt=150.0)
    calibration: Path | None = None
    """The camera's calibration (``vision.lens.read_calibration``); None takes the lens as free of distortion."""
    time_offset_s: float = Field(default=0.0, ge=-2.0, le=2.0)
    """What the clock of the poses shows more than the video's. Above 0.25 s it cannot be applied to live metadata, whose
    pose for a picture would then come only after it."""
    compass_sigma_deg: float = Field(default=0.0, ge=0.0, le=30.0)
    """How far the compass of the aircraft may be off for minutes, one sigma, on top of what its attitude wanders: 2 to 3 for
    one that was not swung on the spot. Every position on the map is as uncertain as that makes it."""
    estimate_bias: bool = False
    """Whether the lasting error of the camera's angles is estimated in flight, from parked vehicles, and taken off."""


class VisionSection(_Section):
    """The detector. ``model`` None is the shipped one; ``backend`` and ``device`` as in
    ``vision.detectors.base.DetectorOptions``."""

    model: Path | None = None
    threads: int = Field(default=2, ge=1, le=64)
    backend: Literal["auto", "onnxruntime", "openvino", "ultralytics"] = "auto"
    device: str = Field(default="cpu", pattern=r"^[A-Za-z][A-Za-z0-9_.:-]{0,31}$")


class RulesSection(_Section):
    """What is told as an incident. ``file`` None: the shipped rules (``groundstation/incidents/rules.toml``)."""

    file: Path | None = None


class ProceduresSection(_Section):
    """What is to be done about an alert. ``file`` None: the shipped ones (``groundstation/incidents/procedures.toml``)."""

    file: Path | None = None


class EvidenceSection(_Section):
    """Evidence packages. ``keep_days`` None keeps them until somebody takes them away."""

    keep_days: float | None = Field(default=None, gt=0.0, le=36500.0)


class TerrainSection(_Section):
    """Terrain for aircraft that ask for it. ``pieces_per_s`` of about 60 bytes each keep a radio usable."""

    answer_requests: bool = True
    pieces_per_s: float = Field(default=20.0, ge=0.5, le=500.0)


class CameraSection(_Section):
    """Who holds a camera and where it may look. ``no_look``: GeoJSON polygons that must not come into the picture."""

    no_look: Path | None = None
    beyond_fence_m: float = Field(default=300.0, ge=0.0, le=20_000.0)
    idle_s: float = Field(default=60.0, ge=5.0, le=3600.0)
    answer_s: float = Field(default=15.0, ge=1.0, le=600.0)


class PreflightSection(_Section):
    """The list before a flight. ``enforce`` false: it is read and told, but a start is not refused against it."""

    enforce: bool = True


class PatrolSection(_Section):
    """How the border patrol is planned; see ``missions.patterns``."""

    height_agl_m: float = Field(default=110.0, gt=5.0, le=500.0)
    speed_m_s: float = Field(default=4.0, gt=0.5, le=30.0)
    standoff_m: float = Field(default=75.0, ge=10.0, le=2000.0)
    stretch_length_m: float | None = Field(default=None, gt=20.0)
    """How much of the border is patrolled, about the place nearest to the launch point; all that is reached if absent."""
    laps: int = Field(default=20, ge=1, le=100)


class PeerSection(_Section):
    """One neighbouring station and the agreement with it: one of the two connects, the other listens."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    common_name: str = ""
    """The name in their certificate; the same as ``name`` when empty."""
    connect: str = ""
    listen: str = ""
    ca: Path
    agreement: Path | None = None
    agreement_may_come: bool = False
    """That the file of the agreement is not there yet is no error: nothing is shared until it is."""


class GatewaySection(_Section):
    """Tracks for a party that speaks another format (TAK, ASTERIX, GeoJSON), under an agreement that names it as recipient.

    ``url`` as in ``groundstation.share.gateways.url``; relative paths in it are from the folder of this file.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")
    url: str
    agreement: Path
    recipient: str = ""
    """The party of the agreement that it leads to; the same as ``name`` when empty."""
    folder: Path = Path(".")


class ShareSection(_Section):
    """Sharing with neighbours. Off as long as there is no peer."""

    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None
    """Our own authority's certificate; with it, a certificate of another authority is noticed at the start."""
    ca_key: Path | None = None
    """Our own authority's key; with it the station renews its certificate itself."""
    certificate_days: float = Field(default=7.0, ge=0.01, le=90.0)
    protected_areas: Path | None = None
    """GeoJSON polygons (a reception centre, a school): who is inside is never told to a third country."""
    protection_steps: list[str] = ["protection"]
    """Steps of procedures whose tick says that somebody may ask for protection or is at risk."""
    paired: bool = False
    """That the neighbours come from ``groundstation share accept``, and that there has to be one."""
    peers: list[PeerSection] = []
    gateways: list[GatewaySection] = []
    """Parties that get what an agreement allows and cannot answer for it; none by default."""


class StationConfig(_Section):
    """The whole file."""

    station: StationSection = StationSection()
    area: AreaSection = AreaSection()
    link: LinkSection = LinkSection()
    router: RouterSection = RouterSection()
    video: VideoSection = VideoSection()
    vision: VisionSection = VisionSection()
    rules: RulesSection = RulesSection()
    procedures: ProceduresSection = ProceduresSection()
    evidence: EvidenceSection = EvidenceSection()
    terrain: TerrainSection = TerrainSection()
    camera: CameraSection = CameraSection()
    preflight: PreflightSection = PreflightSection()
    patrol: PatrolSection = PatrolSection()
    share: ShareSection = ShareSection()
    log_level: Literal["debug", "info", "warning", "error"] = "info"


def _known_names(location: tuple[int | str, ...]) -> list[str]:
    """The field names that are allowed where an unknown one was found."""
    model: Any = StationConfig
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        arguments = getattr(annotation, "__args__", ())
        model = arguments[0] if arguments else annotation
    return list(model.model_fields)


def _explain(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for fault in error.errors():
        location = fault["loc"]
        place = ".".join(str(part) for part in location)
        if fault["type"] == "extra_forbidden":
            close = difflib.get_close_matches(str(location[-1]), _known_names(location), n=1)
            lines.append(f"{place}: unknown name" + (f", did you mean {close[0]!r}?" if close else ""))
        else:
            lines.append(f"{place}: {fault['msg'].lower()} (it is {fault['input']!r})")
    return lines


def _absolute(value: Any, folder: Path) -> Any:
    """Paths in a file are relative to the file, not to where the program was started."""
    if isinstance(value, Path):
        return value if value.is_absolute() else (folder / value)
    if isinstance(value, BaseModel):
        return value.model_copy(update={k: _absolute(getattr(value, k), folder) for k in type(value).model_fields})
    if isinstance(value, list):
        return [_absolute(item, folder) for item in value]
    return value


def read_config(path: Path) -> StationConfig:
    """Read a configuration file.

    Raises :class:`ConfigError` with every fault of the file, one a line.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check the path given with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}", "mend the line that it names") from error
    try:
        config = StationConfig.model_validate(document)
    except ValidationError as error:
        faults = "\n  ".join(_explain(error))
        raise ConfigError(f"{path}:\n  {faults}\n", "mend these; examples/station.toml shows every name") from error
    resolved = _absolute(config, path.resolve().parent)
    assert isinstance(resolved, StationConfig)
    return resolved
