"""The flight's records on disk: SQLite files written by one thread, read through :mod:`groundstation.store.queries`.

The service is imported when it is asked for, so that who wants one module of this package does not load them all.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundstation.store.service import StoreService

__all__ = ["StoreService"]


def __getattr__(name: str) -> Any:
    if name != "StoreService":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from groundstation.store.service import StoreService

    return StoreService
