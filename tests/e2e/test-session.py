#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What session.py promises: a desktop of its own, of which nothing is left."""

import os
import secrets
import signal
import subprocess
from pathlib import Path

import tap

SESSION = Path(__file__).with_name('session.py')


def session(*command, **options):
    return subprocess.Popen([SESSION, *command], stdout=subprocess.PIPE, text=True, **options)


def processes_with(marker):
    """Everything alive that inherited a marker in its environment."""
    found = []
    for environ in Path('/proc').glob('[0-9]*/environ'):
        try:
            if marker.encode() in environ.read_bytes():
                found.append(environ.parent.name)
        except OSError:  # ended meanwhile, or not ours
            pass
    return found


def the_command_has_a_desktop():
    output, _ = session('sh', '-c', 'xprop -root _NET_SUPPORTING_WM_CHECK && '
                        'printf hidden | secret-tool store --label=test name test && '
                        'secret-tool lookup name test').communicate()
    assert 'window id' in output, output
    assert output.endswith('hidden'), output


def nothing_of_the_user_is_seen():
    user = {'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nowhere', 'XDG_DATA_HOME': '/nowhere',
            'WAYLAND_DISPLAY': 'wayland-0', 'SSH_AUTH_SOCK': '/nowhere'}
    output, _ = session('env', env=os.environ | user).communicate()
    assert 'nowhere' not in output and 'wayland' not in output, output
    assert f'HOME={os.environ["HOME"]}\n' not in output, output


def a_key_is_for_the_command_alone():
    key = secrets.token_hex()
    process = session('sh', '-c', 'echo "$COMFY_API_KEY"; read -r end',
                      stdin=subprocess.PIPE, env=os.environ | {'COMFY_API_KEY': key})
    assert process.stdout.readline() == f'{key}\n'
    assert len(processes_with(key)) == 2, 'the session, which was given it, and the command'
    process.communicate('end\n')


def two_sessions_share_nothing():
    store = session('sh', '-c', 'printf x | secret-tool store --label=test name test')
    assert store.wait() == 0
    assert session('secret-tool', 'lookup', 'name', 'test').wait() != 0


def the_exit_status_is_the_commands():
    assert session('sh', '-c', 'exit 5').wait() == 5
    assert session('sh', '-c', 'kill -KILL $$').wait() == 128 + signal.SIGKILL


def nothing_outlives_the_command():
    marker = secrets.token_hex()
    process = session('sh', '-c', 'sleep 1000 & setsid sleep 1000 & trap "" TERM; echo up',
                      env=os.environ | {'MARKER': marker})
    process.communicate()
    assert not processes_with(marker)


def nothing_outlives_a_signal():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        marker = secrets.token_hex()
        process = session('sh', '-c', 'setsid sleep 1000 & echo up; wait',
                          env=os.environ | {'MARKER': marker})
        assert process.stdout.readline() == 'up\n'
        folder = Path(Path(f'/proc/{processes_with(marker)[-1]}/environ').read_text()
                      .split('XDG_RUNTIME_DIR=')[1].split('\0')[0]).parent
        assert folder.exists()
        process.send_signal(number)
        assert process.wait() == 128 + number
        assert not processes_with(marker)
        assert not folder.exists()


tap.run([the_command_has_a_desktop,
         nothing_of_the_user_is_seen,
         a_key_is_for_the_command_alone,
         two_sessions_share_nothing,
         the_exit_status_is_the_commands,
         nothing_outlives_the_command,
         nothing_outlives_a_signal])
