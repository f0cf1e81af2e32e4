#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""gimp-console with a profile of its own and only the plug-ins that a test needs.

    console.py BINARY PROCEDURE    runs a plug-in that is a GLib test and passes its TAP on
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TIMEOUT = 300  # seconds
STOCK = ('script-fu', 'python-eval', 'file-png', 'file-jpeg')  # of GIMP's own plug-ins
TAP = re.compile(r'(TAP version|\d+\.\.|ok |not ok |#|Bail out!)')

# the tests' ground is made for GLib programs of ours; GIMP's own warnings shall not end it
NOT_FOR_GIMP = ('G_DEBUG', 'MALLOC_CHECK_', 'DISPLAY', 'WAYLAND_DISPLAY')


def stock_folder():
    answer = subprocess.run(['gimptool-3.0', '--gimpplugindir'], check=True, capture_output=True,
                            text=True)
    return Path(answer.stdout.strip()) / 'plug-ins'


class Console:
    """A profile folder; each run() starts GIMP in it once."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in NOT_FOR_GIMP}
        for name in ('home', 'run', 'plug-ins', 'profile'):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.environment |= {
            'HOME': str(self.folder / 'home'),
            'XDG_RUNTIME_DIR': str(self.folder / 'run'),
            'XDG_CONFIG_HOME': str(self.folder / 'home/.config'),
            'XDG_STATE_HOME': str(self.folder / 'home/.local/state'),
            'GIMP3_DIRECTORY': str(self.folder / 'profile'),
        }
        for name in STOCK:
            if (stock := stock_folder() / name).exists():
                (self.folder / 'plug-ins' / name).symlink_to(stock)
        (self.folder / 'profile/gimprc').write_text(
            f'(plug-in-path "{self.folder}/plug-ins")\n', 'utf-8')

    def add_plug_in(self, name, binary, data=None):
        """Puts a program, and a folder of data beside it, where GIMP looks for plug-ins."""
        folder = self.folder / 'plug-ins' / name
        folder.mkdir()
        (folder / name).symlink_to(Path(binary).resolve())
        if data:
            (folder / 'data').symlink_to(Path(data).resolve())

    def run(self, interpreter, command, **options):
        """Runs a batch command and returns what subprocess.run() does; exit code 0 is success."""
        return subprocess.run(
            ['gimp-console', '-i', '-d', '--quit', f'--batch-interpreter={interpreter}',
             '-b', command],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            timeout=TIMEOUT, **options)

    def run_scheme(self, command, **options):
        return self.run('plug-in-script-fu-eval', command, **options)

    def run_python(self, path, **options):
        return self.run('python-fu-eval', f'exec(compile(open({str(path)!r}).read(), '
                                          f'{str(path)!r}, "exec"))', **options)


def main(binary, procedure):
    with tempfile.TemporaryDirectory(prefix='comfy-canvas-') as folder:
        console = Console(folder)
        console.add_plug_in(procedure, binary)
        ended = console.run_scheme(f'({procedure})')
    for line in ended.stdout.splitlines():
        if TAP.match(line):
            print(line)
    return ended.returncode


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
