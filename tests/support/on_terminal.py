#!/usr/bin/env python3
"""Runs a command on a pseudo-terminal that a test reads and types on.

  on_terminal.py COLUMNS LINES COMMAND...

Lines of JSON on standard input: {"write": TEXT}, {"resize": [COLUMNS, LINES]},
{"signal": "SIGTERM"}. On standard output: {"out": TEXT} for what the command
wrote, then {"code", "signal", "restored"}: how it ended, and whether the
terminal has the settings that it had before.
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios


def set_size(fd, columns, lines):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def tell(message):
    print(json.dumps(message), flush=True)


def obey(line, fd, child):
    order = json.loads(line)
    if "write" in order:
        os.write(fd, order["write"].encode())
    if "resize" in order:
        set_size(fd, *order["resize"])
    if "signal" in order:
        os.kill(child, getattr(signal, order["signal"]))


def relay(fd, child):
    """Until the command has ended and all that it wrote was read.

    @returns its status, as of waitpid
    """
    typed = b""
    sources = [fd, 0]
    status = None
    while True:
        ready = select.select(sources, [], [], 0.02)[0]
        if fd in ready:
            tell({"out": os.read(fd, 65536).decode(errors="replace")})
        elif status is not None:
            return status
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:  # the test has ended
                sources.remove(0)
                os.kill(child, signal.SIGKILL)
            typed += more
            while b"\n" in typed:
                line, typed = typed.split(b"\n", 1)
                obey(line, fd, child)
        if status is None:
            ended, how = os.waitpid(child, os.WNOHANG)
            status = how if ended == child else None


def main():
    columns, lines = int(sys.argv[1]), int(sys.argv[2])
    master, slave = pty.openpty()  # a slave of our own keeps the settings
    set_size(slave, columns, lines)
    before = termios.tcgetattr(slave)
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        os.closerange(3, 64)
        os.execvp(sys.argv[3], sys.argv[3:])
    status = relay(master, child)
    after = termios.tcgetattr(slave)
    tell({
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "restored": before == after,
    })


if __name__ == "__main__":
    main()
