"""What a worker gives up before student code runs; system calls through ctypes, Linux only.

Every function raises OSError when the kernel refuses, so that a worker which could not be
confined never starts.
"""

import contextlib
import ctypes
import fcntl
import os
import resource
import struct
from collections.abc import Iterable

libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWPID = 0x20000, 0x4000000, 0x8000000, 0x20000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
SECCOMP_MODE_FILTER, CAPABILITY_VERSION_3, SIGKILL, EINVAL = 2, 0x20080522, 9, 22
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446  # the same on every machine
LANDLOCK_VERSION, LANDLOCK_PATH_BENEATH = 1, 1
READ_FILE, READ_DIR, WRITE_FILE, TRUNCATE = 1 << 2, 1 << 3, 1 << 1, 1 << 14
MEBI = 2**20


def _call(name: str, *arguments: object) -> int:
    result = int(getattr(libc, name)(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def _prctl(option: int, *arguments: int) -> None:
    padded = [*arguments, 0, 0, 0, 0][:4]
    _call("prctl", option, *(ctypes.c_ulong(value) for value in padded))


def leave_namespaces() -> None:
    """Give the next child its own mounts, processes, System V objects and host name."""
    _call("unshare", CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWUTS)


def mount_private() -> None:
    """Mount this worker's own /proc, /tmp and /dev/shm over the zygote's, sized."""
    safe = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _call("mount", None, b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
    _mount(b"proc", b"/proc", safe, b"hidepid=2,subset=pid")
    _mount(b"tmpfs", b"/tmp", safe, b"size=64m,nr_inodes=4096,mode=1777")
    _mount(b"tmpfs", b"/dev/shm", safe, b"size=16m,nr_inodes=256,mode=1777")
    os.chdir("/tmp")  # noqa: S108


def _mount(kind: bytes, target: bytes, flags: int, options: bytes) -> None:
    _call("mount", kind, target, kind, ctypes.c_ulong(flags), options)


def prefer_for_oom() -> None:
    """Make the kernel take this process first when memory runs out."""
    with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
        file.write("1000")


def limit(memory: int, cpu: int) -> None:
    """Set the limits that hold for the whole life of the worker; seconds and bytes."""
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: 32 * MEBI,
        resource.RLIMIT_STACK: 16 * MEBI,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_NPROC: 64,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    for which, value in wanted.items():
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError):  # macOS refuses some of them
            resource.setrlimit(which, (value, value))


def drop_bounding_set() -> None:
    """Take every capability out of reach of later programs, where we may."""
    for capability in range(64):
        try:
            _prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # beyond the last one, or CAP_SETPCAP is not held
            return


def become(uid: int) -> None:
    """Turn into an unprivileged user and group of that number, in no other group."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def drop_capabilities() -> None:
    """Empty all capability sets."""
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    _call("capset", header, bytes(24))
    with contextlib.suppress(OSError):  # kernels before 4.3 have no ambient set
        _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def die_with_parent() -> None:
    """Be killed when the parent dies; a change of user undoes it, so this comes after."""
    _prctl(PR_SET_PDEATHSIG, SIGKILL)


def seal() -> None:
    """Be no process that others may look into, and gain no privilege ever again."""
    _prctl(PR_SET_DUMPABLE, 0)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def keep_only(wanted: Iterable[int]) -> list[int]:
    """Close every descriptor but these, which become 3, 4, …; 0, 1 and 2 lead nowhere."""
    high = [_duplicate_above(fd, 100) for fd in wanted]
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard, inheritable=False)
    kept = [os.dup2(fd, 3 + at, inheritable=False) for at, fd in enumerate(high)]
    os.closerange(3 + len(kept), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    return kept


def _duplicate_above(fd: int, lowest: int) -> int:
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, lowest)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def load_filter(program: bytes) -> None:
    """Load a seccomp program, given as the kernel's own instructions of eight bytes."""
    code = ctypes.create_string_buffer(program, len(program))
    whole = _Program(len(program) // 8, ctypes.addressof(code))
    _call("prctl", PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(whole), 0, 0)


def landlock_version() -> int:
    """Return the version of landlock that the kernel speaks; 0 where there is none."""
    version = int(libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), LANDLOCK_VERSION))
    return max(version, 0)


def landlock(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Leave only these files and folders in reach; nothing may be executed."""
    version = landlock_version()
    everything = _rights(version)
    network = 3 if version >= 4 else 0  # bind and connect of TCP
    scopes = 3 if version >= 6 else 0  # abstract sockets and signals
    attributes = struct.pack("=QQQ", everything, network, scopes)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _call("syscall", LANDLOCK_CREATE, attributes, ctypes.c_size_t(size), 0)
    for path in readable:
        _allow(rules, path, READ_FILE | READ_DIR)
    for path in writable:
        _allow(rules, path, everything & ~1)
    _call("syscall", LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


def _rights(version: int) -> int:
    count = {0: 0, 1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    if not count:
        raise OSError(38, "landlock: the kernel does not have it")
    return (1 << count) - 1


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(path):  # noqa: PTH112
        rights &= READ_FILE | WRITE_FILE | TRUNCATE  # the kernel refuses folders' rights on files
    rule = struct.pack("=Qi", rights, fd)
    _call("syscall", LANDLOCK_ADD, rules, LANDLOCK_PATH_BENEATH, rule, 0)
    os.close(fd)
