#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command on a desktop of its own: home, session bus, unlocked keyring, display, windows.

    session.py [--display] COMMAND…

Nothing of the user's session is visible to the command and nothing of its own is left when it ends,
by itself or by a signal. Standard output is the command's alone, so that it may speak TAP; where a
part is not installed, it says in TAP that the test is skipped. With --display the windows open on
the display named by DISPLAY, the user's.
"""

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAMS = ('Xvfb', 'xauth', 'dbus-daemon', 'gdbus', 'gnome-keyring-daemon', 'openbox')
START_TIMEOUT = 20  # seconds for any one part; they take tenths of one
STOP_TIMEOUT = 3    # seconds for everything to end before it is killed
SCREEN = '1440x900x24'

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def descendants():
    """The ids of all processes below this one."""
    children = {}
    for stat in Path('/proc').glob('[0-9]*/stat'):
        try:
            fields = stat.read_text().rpartition(')')[2].split()
        except OSError:  # ended meanwhile
            continue
        if fields[0] != 'Z':
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, queue = [], [os.getpid()]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def reap():
    """Collects what has ended, without waiting."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


class Session:
    """The parts of a desktop, started in the order in which they need each other."""

    def __init__(self, display=None, xauthority=None):
        self.display = display
        self.folder = Path(tempfile.mkdtemp(prefix='comfy-session-'))
        self.log = open(self.folder / 'log', 'ab')
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(('DBUS_', 'XDG_', 'WAYLAND_', 'GNOME_', 'SSH_',
                                                    'COMFY_API_'))}
        for name in ('home', 'run'):
            (self.folder / name).mkdir(mode=0o700)
        self.environment |= {
            'HOME': str(self.folder / 'home'),
            'XDG_RUNTIME_DIR': str(self.folder / 'run'),
            'GDK_BACKEND': 'x11',
            'LANG': os.environ.get('LANG', 'C.UTF-8'),
        }
        if display:
            self.environment |= {'DISPLAY': display}
            if xauthority:
                self.environment |= {'XAUTHORITY': xauthority}

    def start(self):
        # orphans of the command and of the bus come to us, so that none outlives the session
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
        if not self.display:
            self.start_display()
        self.start_bus()
        self.start_keyring()
        if not self.display:
            self.start_window_manager()

    def spawn(self, *command, **options):
        return subprocess.Popen(command, **{
            'env': self.environment, 'preexec_fn': end_with_parent, 'stdin': subprocess.DEVNULL,
            'stdout': self.log, 'stderr': self.log} | options)

    def spawn_announcing(self, option, *command):
        """Starts a program that writes one line to a file descriptor when it is ready."""
        reader, writer = os.pipe()
        process = self.spawn(*command, option.format(writer), pass_fds=[writer])
        os.close(writer)
        with open(reader, encoding='ascii') as announced:
            return self.read_line(process, announced)

    def read_line(self, process, stream):
        readable, _, _ = select.select([stream], [], [], START_TIMEOUT)
        line = stream.readline().strip() if readable else ''
        if not line:
            raise RuntimeError(f'{process.args[0]} did not start')
        return line

    def start_display(self):
        authority = self.folder / 'Xauthority'
        cookie = os.urandom(16).hex()
        self.environment['XAUTHORITY'] = str(authority)
        self.add_cookie(authority, ':0', cookie)
        number = self.spawn_announcing(
            '{}', 'Xvfb', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset',
            '-auth', str(authority), '-displayfd')
        self.environment['DISPLAY'] = f':{number}'
        self.add_cookie(authority, f':{number}', cookie)

    def add_cookie(self, authority, display, cookie):
        # by standard input, because arguments are for all to read
        subprocess.run(['xauth', '-q', '-f', authority], input=f'add {display} . {cookie}\n',
                       text=True, check=True, env=self.environment, stdout=self.log,
                       stderr=self.log)

    def start_bus(self):
        path = self.folder / 'run' / 'bus'
        self.environment['DBUS_SESSION_BUS_ADDRESS'] = self.spawn_announcing(
            '--print-address={}', 'dbus-daemon', '--session', '--nofork', '--nopidfile',
            f'--address=unix:path={path}')

    def start_keyring(self):
        daemon = self.spawn('gnome-keyring-daemon', '--foreground', '--unlock',
                            '--components=secrets', stdin=subprocess.PIPE)
        daemon.stdin.write(b'not a secret')  # becomes the password of the new login keyring
        daemon.stdin.close()
        subprocess.run(['gdbus', 'wait', '--session', '--timeout', str(START_TIMEOUT),
                        'org.freedesktop.secrets'], check=True, env=self.environment,
                       stdout=self.log, stderr=self.log)

    def start_window_manager(self):
        openbox = self.spawn('openbox', '--sm-disable', '--startup', 'echo ready',
                             stdout=subprocess.PIPE, text=True)
        self.read_line(openbox, openbox.stdout)

    def stop(self):
        deadline = time.monotonic() + STOP_TIMEOUT
        sent = set()
        while remaining := descendants():
            late = time.monotonic() > deadline
            for pid in remaining:
                if late or pid not in sent:
                    sent.add(pid)
                    try:
                        os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
                    except ProcessLookupError:
                        pass
            time.sleep(0.01)
            reap()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def main(arguments):
    display = None
    if arguments[:1] == ['--display']:
        display = os.environ['DISPLAY']
        arguments = arguments[1:]
    if not arguments:
        sys.exit(__doc__)

    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        print(f'1..0 # SKIP not installed: {", ".join(missing)}')
        return 77

    # an end from outside unwinds like an exception, through stop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))

    session = Session(display, os.environ.get('XAUTHORITY'))
    try:
        session.start()
        # a key is for the command, not for the desktop around it
        keys = {name: value for name, value in os.environ.items() if name.startswith('COMFY_API_')}
        status = session.spawn(*arguments, env=session.environment | keys, stdin=None, stdout=None,
                               stderr=None).wait()
    except RuntimeError as error:
        log = (session.folder / 'log').read_text('utf-8', 'replace')
        sys.stderr.write(f'session: {error}\n{log}')
        status = 1
    except KeyboardInterrupt:
        status = 130
    finally:
        session.stop()
    return 128 - status if status < 0 else status


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
