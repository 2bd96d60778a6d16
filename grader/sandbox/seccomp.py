"""The system calls that a worker may make; everything else fails with ENOSYS.

The only module that knows pyseccomp. An allow-list, because the kernel grows a few calls with
every version and nobody would add them to a list of forbidden ones. Left out on purpose, and
tested one by one: new processes, programs, sockets, looking into other processes, namespaces,
mounts, keys, BPF, io_uring, pidfds, memory files, message queues, System V objects, signals to
others.
"""

import errno
import importlib
import tempfile
from functools import cache
from typing import Any

from ..errors import SandboxError

FILES = """
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek _llseek close
close_range open openat creat stat fstat lstat newfstatat fstatat64 stat64 fstat64 lstat64 statx
statfs fstatfs statfs64 fstatfs64 access faccessat faccessat2 getdents getdents64 readlink
readlinkat getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link
linkat symlink symlinkat chmod fchmod fchmodat umask truncate ftruncate fallocate fsync fdatasync
utime utimes utimensat futimesat flock dup dup2 dup3 pipe pipe2 fcntl fcntl64 sendfile
copy_file_range splice fadvise64 getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
"""
MEMORY = "brk mmap mmap2 munmap mprotect mremap madvise msync mincore"
TIME = """
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getitimer setitimer
alarm pause
"""
WAITING = """
poll ppoll select _newselect pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
epoll_pwait2 eventfd2
"""
SELF = """
getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getresuid getresgid
getgroups getrlimit setrlimit ugetrlimit getrusage getpriority sysinfo uname getcpu getrandom
sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max
sched_get_priority_min get_mempolicy exit exit_group
"""
THREADS = """
futex futex_time64 set_robust_list get_robust_list set_tid_address rseq membarrier rt_sigaction
rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigpending rt_sigtimedwait sigaltstack restart_syscall
"""
ALLOWED = " ".join((FILES, MEMORY, TIME, WAITING, SELF, THREADS)).split()

CLONE_THREAD = 0x10000
IOCTLS = (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, bytes waiting, flags
PRCTLS = (15, 16, 0x53564D41)  # names of threads and of memory areas


@cache
def program() -> bytes:
    """Return the filter as the kernel's own instructions, built once.

    Raises:
        SandboxError: libseccomp is not on this machine.
    """
    try:
        pyseccomp = importlib.import_module("pyseccomp")
    except RuntimeError as problem:
        raise SandboxError(
            "the system library libseccomp is missing: install the package libseccomp2 "
            "(Debian, Ubuntu) or libseccomp (Fedora, Arch, Alpine)"
        ) from problem
    rules = _Rules(pyseccomp)
    for name in ALLOWED:
        rules.allow(name)
    rules.allow("clone", (0, CLONE_THREAD, CLONE_THREAD))
    rules.allow("prlimit64", (0, 0xFFFFFFFF, 0))  # own limits only
    for command in IOCTLS:
        rules.allow("ioctl", (1, 0xFFFFFFFF, command))
    for option in PRCTLS:
        rules.allow("prctl", (0, 0xFFFFFFFF, option))
    return rules.exported()


class _Rules:
    """An allow-list under construction; calls that this machine does not have are passed over."""

    def __init__(self, library: Any) -> None:
        self.library = library
        self.filter = self.library.SyscallFilter(self.library.ERRNO(errno.ENOSYS))
        # other architectures, and x32 on x86_64, have call numbers of their own
        self.filter.set_attr(self.library.Attr.ACT_BADARCH, self.library.KILL_PROCESS)

    def allow(self, name: str, *masked: tuple[int, int, int]) -> None:
        """Allow the call, where each (argument, mask, value) holds."""
        lib = self.library
        arguments = [lib.Arg(at, lib.MASKED_EQ, mask, value) for at, mask, value in masked]
        number = lib.resolve_syscall(lib.Arch.NATIVE, name)
        if number >= 0:  # negative: a call of another machine
            self.filter.add_rule(lib.ALLOW, number, *arguments)

    def exported(self) -> bytes:
        with tempfile.TemporaryFile() as file:
            self.filter.export_bpf(file)
            file.seek(0)
            return file.read()
