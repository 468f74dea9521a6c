"""``python -m app.cluster VAR``: be the database server of that folder, under a supervisor."""

import sys
from pathlib import Path

from app.cluster import Cluster
from app.domain.errors import LagesbildError

try:
    Cluster(Path(sys.argv[1])).run_in_foreground()
except LagesbildError as error:
    sys.exit(str(error))
