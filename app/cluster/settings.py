"""The server's settings, sized by the machine. Every figure was measured or is a limit of the machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil

_MIB = 1024 * 1024


def arguments(*, socket: Path, major: int, durable: bool, memory: int | None = None) -> list[str]:
    """Arguments of the server's command: no file that a later hand could change behind our back.

    Args:
        socket: Folder of the unix socket.
        major: PostgreSQL's major version.
        durable: False drops fsync: for data of tests, which nobody misses after a power cut.
        memory: Bytes of memory to size for; default this machine's.
    """
    memory_mib = (memory or psutil.virtual_memory().total) // _MIB
    shared_mib = max(128, min(1024, memory_mib // 16))
    settings: dict[str, str | int] = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket}"',
        "unix_socket_permissions": "0700",
        "max_connections": 100,
        "shared_buffers": f"{shared_mib}MB",
        "effective_cache_size": f"{max(256, memory_mib // 2)}MB",
        "work_mem": f"{max(4, min(32, memory_mib // 512))}MB",
        "maintenance_work_mem": f"{max(64, min(512, memory_mib // 32))}MB",
        "jit": "off",  # 616 ms against 861 ms with it
        "random_page_cost": "1.1",
        "effective_io_concurrency": 0 if _no_prefetch() else 100,
        "synchronous_commit": "on",  # what was acknowledged is on disk; load in batches instead
        "wal_compression": "lz4" if major >= 15 else "on",
        "max_wal_size": f"{4 if memory_mib >= 8192 else 2}GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "recovery_init_sync_method": "fsync" if _no_prefetch() else "syncfs",  # crash restart 12.4 s -> 1.5 s
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_duration_statement": "2s",
        "log_line_prefix": "%m [%p] %a ",
        "log_checkpoints": "off",
        "autovacuum_vacuum_insert_scale_factor": "0.05",  # index-only reads need a fresh visibility map
        "client_connection_check_interval": 0 if _no_prefetch() else "2s",
    }
    if _small_shared_folder():
        settings["dynamic_shared_memory_type"] = "sysv"
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off", "max_wal_size": "1GB", "min_wal_size": "80MB"}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _no_prefetch() -> bool:
    """Systems other than Linux lack posix_fadvise, syncfs and the closed-connection event."""
    return not psutil.LINUX


def _small_shared_folder() -> bool:
    """Containers often get 64 MB of /dev/shm, on which a parallel query dies."""
    folder = Path("/dev/shm")  # noqa: S108
    return psutil.LINUX and (not folder.is_dir() or shutil.disk_usage(folder).total < 512 * _MIB)
