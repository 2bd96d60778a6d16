"""Every family of system calls that a worker must not have, really tried."""

import errno

import pyseccomp
import pytest

from grader.model import Isolation, Status
from grader.sandbox import WorkerGone

FAMILIES = {
    "processes": "fork vfork clone clone3",
    "programs": "execve execveat",
    "sockets": "socket socketpair connect bind listen accept accept4 sendto sendmsg recvmsg",
    "other processes": "ptrace process_vm_readv process_vm_writev kcmp process_madvise",
    "signals": "kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo",
    "namespaces": "unshare setns chroot pivot_root sethostname setdomainname",
    "keys": "keyctl add_key request_key",
    "kernel programs": "bpf perf_event_open userfaultfd seccomp",
    "io_uring": "io_uring_setup io_uring_enter io_uring_register io_setup io_submit",
    "pidfds": "pidfd_open pidfd_getfd pidfd_send_signal",
    "memory files": "memfd_create memfd_secret",
    "mounts": "mount umount2 open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr",
    "mqueue": "mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify",
    "System V": "shmget shmat shmctl semget semop semctl msgget msgsnd msgrcv",
    "identity": "setuid setgid setreuid setregid setresuid setresgid setgroups capset setfsuid",
    "machine": "reboot kexec_load init_module finit_module delete_module swapon acct syslog",
    "clocks": "settimeofday clock_settime adjtimex clock_adjtime",
    "handles": "open_by_handle_at name_to_handle_at fanotify_init",
    "others": "personality iopl ioperm setpriority sched_setaffinity mlock mlockall quotactl",
}
TRY_ALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for name, number in {calls}:
    result = libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0)
    say(f"{{name}} {{result}} {{ctypes.get_errno()}}")
"""
ONE = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
say(libc.{call} == -1 and ctypes.get_errno())
"""


def _numbers(names):
    found = [(name, pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)) for name in names]
    return [(name, number) for name, number in found if number >= 0]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_not_there(shared, run, family) -> None:
    calls = _numbers(FAMILIES[family].split())
    assert calls
    said = run(shared, TRY_ALL.format(calls=calls)).splitlines()
    assert said == [f"{name} -1 {errno.ENOSYS}" for name, _ in calls]


@pytest.mark.parametrize(
    "call",
    [
        "prctl(4, 1, 0, 0, 0)",  # be dumpable
        "prctl(1, 0, 0, 0, 0)",  # outlive the parent
        "prctl(22, 0, 0, 0, 0)",  # another filter
        "prctl(36, 1, 0, 0, 0)",  # adopt orphans
        "ioctl(0, 0x5412, b'x')",  # type into the terminal
        "ioctl(0, 0x541C, b'x')",  # the console
        "prlimit(2, 7, None, None)",  # limits of another process
        "syscall(56, 0x11, 0, 0, 0, 0)",  # fork as libc does it: clone(SIGCHLD)
        "syscall(56, 0x10000011, 0, 0, 0, 0)",  # clone into a new user namespace
    ],
)
def test_a_harmful_use_of_a_harmless_call_is_not_there(shared, run, call) -> None:
    assert run(shared, ONE.format(call=call)) == str(errno.ENOSYS)


def test_python_ways_fail_too(worker, run) -> None:
    tries = ["os.fork()", "os.posix_spawn('/runtime/bin/python3', ['x'], {})", "os.kill(1, 9)"]
    tries += ["subprocess.run(['true'])", "socket.socket()", "os.memfd_create('x')"]
    tries += ["os.setuid(0)", "os.mkfifo('/tmp/x')", "socket.create_connection(('1.1.1.1', 53))"]
    for attempt in tries:
        said = run(worker, f"import os, socket, subprocess\nsay({attempt})")
        assert said.partition(":")[0] in ("OSError", "PermissionError", "FileNotFoundError"), said


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param("libc.syscall(0x40000000 + 39)", id="x32"),
        pytest.param("ctypes.CFUNCTYPE(ctypes.c_int)(address)()", id="i386"),
    ],
)
@pytest.mark.parametrize("way", [Isolation.ZYGOTE, Isolation.LANDLOCK])
def test_calls_of_another_architecture_kill(open_way, run, way, attack) -> None:
    if pyseccomp.system_arch() != pyseccomp.Arch.X86_64:
        pytest.skip("x32 and i386 are ways of x86_64")
    code = "mov eax, 20; int 0x80; ret", b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
    source = f"""
import ctypes, mmap
libc = ctypes.CDLL(None)
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write({code[1]!r})
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
say({attack})
"""
    with open_way(way) as sandbox:
        with sandbox.worker() as worker, pytest.raises(WorkerGone) as caught:
            run(worker, source)
        assert caught.value.status is Status.CRASHED
        with sandbox.worker() as following:
            assert run(following, "say(1)") == "1"


def test_what_numerical_code_needs_is_there(worker, run) -> None:
    source = """
import tempfile, threading, time, pathlib, random, statistics, numpy as np
import numpy.fft, numpy.polynomial, numpy.ma
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "a.npy")
    np.save(path, np.arange(6.0).reshape(2, 3))
    say(np.load(path).sum())
threads = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
say(np.linalg.inv(np.eye(3) * 2)[0, 0])
print("into the void")
say(np.random.default_rng().random() < 1)
"""
    assert run(worker, source).splitlines() == ["15.0", "0.5", "True"]
