"""Plans and areas in the files of other programs, one file here per format; see :mod:`missions.files.formats`.

Each format reads a file into a :class:`missions.plan_file.PlanFile` (the lists that go over MAVLink) or, where the file
holds shapes on a map, into a :class:`missions.files.drawing.Drawing`; and what it cannot hold it says when it writes.
"""
