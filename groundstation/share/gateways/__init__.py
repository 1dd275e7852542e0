"""Ways out to parties that speak another format and cannot acknowledge or recall: CoT, ASTERIX, GeoJSON."""

from groundstation.share.gateways.service import GatewayService, GatewaySettings

__all__ = ["GatewayService", "GatewaySettings"]
