#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key of a whole session in GIMP is nowhere but in the keyring, and there not in clear.

    test-leak.py BUILD-FOLDER

Every program that leak-session.py starts is looked at when it begins, its arguments and environment;
afterwards everything that was written: GIMP's profile, settings, keyring, journal, ledger, logs, core
files, the images.
"""

import importlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import session
import tap

HERE = Path(__file__).parent
CLEAN, FOUND = 0, 1  # leak-scan's exit status

build = Path(sys.argv[1]).resolve()
planted_files = importlib.import_module('leak-session').PLANTED_FILES


def scan_session(folder, *options):
    """Runs a session in a folder. Returns leak-scan's exit status, and where it found the key."""
    if missing := [program for program in session.PROGRAMS if not shutil.which(program)]:
        raise tap.Skip(f'not installed: {", ".join(missing)}')
    key = f'comfyui-{secrets.token_hex(16)}\n'.encode()
    reader, writer = os.pipe()
    os.write(writer, key)
    os.close(writer)
    (folder / 'tmp').mkdir()
    ended = subprocess.run(
        [build / 'tests/tools/leak-scan', f'--key-fd={reader}', folder, '--',
         HERE / 'session.py', HERE / 'leak-session.py', build, folder, *options],
        input=key, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[reader],
        env=os.environ | {'TMPDIR': str(folder / 'tmp')}, check=False)
    os.close(reader)
    report = ended.stdout.decode('utf-8', 'replace')
    print(''.join(f'# {line}\n' for line in report.splitlines()[-40:]), end='')
    return ended.returncode, set(re.findall(r'^LEAK: (.*?), byte', report, re.MULTILINE))


def core_files_are_kept():
    """Whether the system puts core files where this test can see them."""
    pattern = Path('/proc/sys/kernel/core_pattern').read_text('ascii').strip()
    return not pattern.startswith(('|', '/'))


def a_session_leaves_its_key_nowhere():
    with tempfile.TemporaryDirectory(prefix='comfy-leak-') as name:
        status, places = scan_session(Path(name))
        assert status == CLEAN, f'{status}, {places}'
        # it did what it is there for
        assert list(Path(name).glob('left/home/.local/share/keyrings/*.keyring'))
        assert list(Path(name).glob('left/home/.local/state/comfy-cloud-gimp/jobs/*'))
        assert list(Path(name).glob('place/profile/plug-in-settings/*'))


def a_planted_key_is_found_in_each_place():
    with tempfile.TemporaryDirectory(prefix='comfy-leak-') as name:
        status, places = scan_session(Path(name), '--plant')
        assert status == FOUND, status
        expected = [re.escape(f'{name}/{file}') for file in planted_files]
        expected += [r'/proc/\d+/cmdline', r'/proc/\d+/environ', r'.*/place/generated\.xcf',
                     r'.*/comfy-cloud-gimp/jobs/']
        if core_files_are_kept():
            expected.append(re.escape(f'{name}/core'))
        missed = [place for place in expected if not any(re.match(place, found) for found in places)]
        assert not missed, missed


tap.run([a_session_leaves_its_key_nowhere, a_planted_key_is_found_in_each_place])
