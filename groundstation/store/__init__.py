"""The flight's records on disk: SQLite files written by one thread, read through :mod:`groundstation.store.queries`."""

from groundstation.store.service import StoreService

__all__ = ["StoreService"]
