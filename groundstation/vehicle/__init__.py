"""Aircraft: state reduced from MAVLink, poses over time, commands, plan transfer, and the service that runs them."""
