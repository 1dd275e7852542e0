"""The world seen from outside: a MAVLink autopilot, a world with people in it, and a camera. Seeded, truth written."""
