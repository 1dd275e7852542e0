"""One picture out of two: whose clock shows what, which tracks are the same, and where both together put them."""

from groundstation.share.correlate.clock import ClockOffset
from groundstation.share.correlate.fusion import Estimate, covariance_intersection, fuse

__all__ = ["ClockOffset", "Estimate", "covariance_intersection", "fuse"]
