"""URL to MAVLink link: UDP, TCP, serial, loopback and replay; recorded, and made worse for tests by a word."""
