#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results are taken back as an artist does it, with keys, in a GIMP with a window.

    test-undo.py BUILD-FOLDER TEST-PLUG-IN

Runs inside session.py. The tests are those of tests/canvas/test-undo.c, as a plug-in in that GIMP.
"""

import re
import shutil
import sys
from pathlib import Path

import gimp

TIMEOUT = 240  # seconds
PROCEDURE = 'test-comfy-undo'
TAP = re.compile(r'(TAP version|\d+\.\.|ok |not ok |#|Bail out!)')

build, plug_in = (Path(argument).resolve() for argument in sys.argv[1:])
output = build / 'undo'
shutil.rmtree(output, ignore_errors=True)
folder = output / 'plug-ins' / plug_in.name
folder.mkdir(parents=True)
(folder / plug_in.name).symlink_to(plug_in)
gimp.prepare_profile(output / 'profile', output / 'plug-ins')

log = output / 'gimp.log'
process = gimp.start(output / 'profile', log, '--quit',
                     '--batch-interpreter=plug-in-script-fu-eval', '-b', f'({PROCEDURE})')
try:
    status = process.wait(TIMEOUT)
finally:
    process.kill()
    lines = log.read_text('utf-8', 'replace').splitlines()
    print(*filter(TAP.match, lines), sep='\n')
    print(*(f'# {line}' for line in lines if not TAP.match(line)), sep='\n')
sys.exit(status)
