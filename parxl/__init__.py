"""parxl: Excel in, Excel out scoring of Vietnam's public-administration-reform tables (PAR INDEX)."""

__version__ = "0.1.0"
