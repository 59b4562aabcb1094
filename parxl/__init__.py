"""parxl: Excel in, Excel out scoring of Vietnam's public-administration-reform tables (PAR INDEX)."""

import os

# NumPy would start a thread for every processor, in every process: parxl asks it for no algebra.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
