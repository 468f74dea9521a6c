"""The private PostGIS of a machine that has none running: found, made, started, ended.

Use ``Cluster(folder)``; see `app.cluster.cluster`. Nothing listens on the network: the only way in is a unix
socket in a folder that no other user may enter.
"""

from app.cluster.cluster import Cluster

__all__ = ["Cluster"]
