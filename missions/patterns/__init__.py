"""Patterns: from an area and a request to a plan.

Each module has ``plan_<pattern>(area, terrain, request) -> Plan``; the ways themselves, in metres of a plane and without
area or terrain, are functions of their own:

===================== =================================================================================================
border_shuttle        ``plan_border_patrol``
border_loop           ``plan_border_loop``; ``loop_path(line_en_m, near_m, far_m, region, from_m, to_m)``
corridor              ``plan_corridor``; ``corridor_path(line_en_m, offset_m, region)``
area_sweep            ``plan_area_sweep``; ``sweep.sweep_path(region, spacing_m, heading_deg=None, start_en_m=None)``
expanding_square      ``plan_expanding_square``; ``expanding_square_path(datum_en_m, first_leg_deg, spacing_m, legs)``
sector_search         ``plan_sector_search``; ``sector_search_path(datum_en_m, first_leg_deg, radius_m)``
orbit                 ``plan_orbit``; ``orbit_path(centre_en_m, radius_m, start_en_m, clockwise)``
random_gap            ``plan_random_gap``; ``random_visits(length_m, speed_m_s, ...)``
===================== =================================================================================================

All ways are ``(n, 2)`` east, north in metres.
"""
