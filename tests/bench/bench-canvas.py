#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the canvas takes to capture and place pixels, inside of a real gimp-console.

usage: bench-canvas.py PLUG-IN SOURCE-FOLDER MEASURE

The plug-in measures and judges; canvas-bench.c has the list of measures. Each of its lines is printed,
and one that misses its goal fails the run.
"""

import sys
import tempfile
from pathlib import Path

PROCEDURE = 'bench-comfy-canvas'
PREFIX = 'canvas: '
EXPORTERS = ('file-webp',)  # of GIMP's own plug-ins, beside those that tests need


def main(plug_in, source, measure):
    sys.path.insert(0, str(Path(source) / 'tests/canvas'))
    import console

    # meson has its own limit
    console.TIMEOUT = None
    console.STOCK += EXPORTERS
    with tempfile.TemporaryDirectory(prefix='comfy-bench-') as folder:
        gimp = console.Console(folder)
        gimp.add_plug_in(PROCEDURE, plug_in)
        ended = gimp.run_scheme(f'({PROCEDURE} #:measure "{measure}")')

    lines = [line.removeprefix(PREFIX) for line in ended.stdout.splitlines()
             if line.startswith(PREFIX)]
    print('\n'.join(lines))
    if not lines:
        sys.exit(f'{measure} was not measured')
    return ended.returncode


if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
