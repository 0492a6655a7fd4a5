#!/usr/bin/env python3
"""Runs a program under what a unit's settings forbid, where no systemd runs.

Usage: confine.py ROOT UNIT… -- PROGRAM ARGUMENT…

The program sees the folder ROOT as "/": not by chroot, which forbids user
namespaces, but in mounts of its own.

Knows those that the codec's sandbox could suffer from: SystemCallFilter=,
RestrictNamespaces=, RestrictAddressFamilies=, MemoryDenyWriteExecute= and
NoNewPrivileges=. Each is made of the same rules as systemd's (its seccomp-util).
"""
import ctypes
import os
import re
import subprocess
import sys

ALLOW = 0x7FFF0000
EQUAL, MASKED_EQUAL = 4, 7  # scmp_compare
PR_SET_NO_NEW_PRIVS, PR_SET_MDWE = 38, 65
MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 0x1000, 0x4000, 0x40000, 2
NAMESPACES = {"user": 0x10000000, "mnt": 0x20000, "net": 0x40000000, "ipc": 0x8000000,
              "uts": 0x4000000, "cgroup": 0x2000000, "pid": 0x20000000}
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
ENOSYS, EPERM, EAFNOSUPPORT = 38, 1, 97
LAST_FAMILY = 46

seccomp = ctypes.CDLL("libseccomp.so.2")
libc = ctypes.CDLL(None, use_errno=True)
seccomp.seccomp_init.restype = ctypes.c_void_p


class Comparison(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("how", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def errno(number):
    return 0x00050000 | number


class Filter:
    def __init__(self, default):
        self.context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(default)))

    def rule(self, action, name, *comparisons):
        call = seccomp.seccomp_syscall_resolve_name(name.encode())
        array = (Comparison * len(comparisons))(*comparisons)
        if call >= 0:
            check(seccomp.seccomp_rule_add_array(self.context, ctypes.c_uint32(action), call, len(comparisons), array))

    def load(self):
        check(seccomp.seccomp_load(self.context))


def check(result):
    if result < 0:
        sys.exit(f"confine.py: {os.strerror(-result)}")


def calls_of(group):
    """The system calls of "@mount", as systemd lists them."""
    if not group.startswith("@"):
        return {group}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", group], check=True, capture_output=True, text=True).stdout
    words = [line.strip() for line in listed.splitlines()[1:] if line.startswith("    ") and "#" not in line]
    return set().union(*(calls_of(word) for word in words))


def settings_of(files):
    found = {}
    for file in files:
        with open(file, encoding="utf-8") as text:
            for key, value in re.findall(r"^(\w+)=(.*)$", text.read(), re.MULTILINE):
                found.setdefault(key, []).extend(value.split())
    return found


def confine(settings, last):
    filters = []
    only = Filter(errno(EPERM))
    for call in set().union(calls_of("@default"), *(calls_of(word) for word in settings["SystemCallFilter"])):
        only.rule(ALLOW, call)
    filters.append(only)
    spaces = Filter(ALLOW)
    spaces.rule(errno(ENOSYS), "clone3")
    for name, flag in NAMESPACES.items():
        if name not in settings["RestrictNamespaces"]:
            spaces.rule(errno(EPERM), "unshare", Comparison(0, MASKED_EQUAL, flag, flag))
            spaces.rule(errno(EPERM), "clone", Comparison(0, MASKED_EQUAL, flag, flag))
    filters.append(spaces)
    families = Filter(ALLOW)
    allowed = {FAMILIES[name] for name in settings["RestrictAddressFamilies"]}
    for family in set(range(LAST_FAMILY)) - allowed:
        families.rule(errno(EAFNOSUPPORT), "socket", Comparison(0, EQUAL, family, 0))
    filters.append(families)
    last()
    if settings["MemoryDenyWriteExecute"] == ["yes"]:
        check(-ctypes.get_errno() if libc.prctl(PR_SET_MDWE, 1, 0, 0, 0) else 0)
    if settings["NoNewPrivileges"] == ["yes"]:
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for one in filters:
        one.load()


def enter(root):
    def must(failed):
        check(-ctypes.get_errno() if failed else 0)

    place = root.encode()
    must(libc.unshare(NAMESPACES["mnt"]))
    must(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
    must(libc.mount(place, place, None, MS_BIND | MS_REC, None))
    os.chdir(root)
    must(libc.syscall(seccomp.seccomp_syscall_resolve_name(b"pivot_root"), b".", b"."))
    must(libc.umount2(b".", MNT_DETACH))
    os.chdir("/")


if __name__ == "__main__":
    end = sys.argv.index("--")
    confine(settings_of(sys.argv[2:end]), lambda: enter(sys.argv[1]))
    os.execv(sys.argv[end + 1], sys.argv[end + 1:])
