"""A console in a process of its own, attached to a running station of the same machine and user.

It can be killed, be slow or hang: the station neither waits for it nor ends with it. Several may be attached.
"""
