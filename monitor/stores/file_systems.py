"""Where a state file lies: SQLite cannot trust the locks of a network file system."""

from __future__ import annotations

from pathlib import Path

from monitor import errors

NETWORK_FILE_SYSTEMS = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "beegfs", "ocfs2", "gfs2",
        "ncpfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.ceph", "fuse.davfs",
    }
)  # fmt: skip


def refuse_network(path: str) -> None:
    """Refuse a state on a network file system, whose locks SQLite cannot trust; unknown systems pass."""
    kind = file_system(path)
    if kind in NETWORK_FILE_SYSTEMS:
        raise errors.StoreError(f"{path} is on a network file system ({kind}); SQLite needs a local disk")


def file_system(path: str, mounts: str = "/proc/self/mountinfo") -> str:
    """The kind of file system that holds a path, as the kernel names it; empty where it does not say."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        place = Path(path).absolute().resolve()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if place.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), after.split(" ")[0]
    return kind
