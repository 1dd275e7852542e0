"""Telemetry that lies beside a recording: DJI's SRT files and tables (CSV), read into camera poses.

``dji_srt`` and ``table`` read a file into a :class:`~vision.sidecar.samples.TelemetryLog` (what the file says, nothing
added); ``poses`` makes camera poses of it with what the file does not say (mounting angles, height of the take-off
place, field of view); ``series`` gives the pose at a frame's time. The files are untrusted input: a line that makes no
sense is counted with its reason, and a file without any usable line is one :class:`~geofences.errors.VideoError`.
"""
