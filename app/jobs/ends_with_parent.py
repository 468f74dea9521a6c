"""Loaded first by the server of worker processes, and by nobody else: it ends when the process that began it ends."""

from __future__ import annotations

import os
import signal

from app.cluster.lifeline import die_with_parent

die_with_parent(os.getppid(), signal.SIGKILL)
