"""Pure plans: patrol patterns, checks against fences, MAVLink mission items, transfer state machines. No sockets."""
