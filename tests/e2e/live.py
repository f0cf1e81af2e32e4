#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One small job against the real service, with the key in COMFY_API_KEY. It costs.

    live.py BUILD-FOLDER OUTPUT-FOLDER

Runs inside session.py; started by ./dev live, which has asked twice. Calls the plug-in as a script
does, in gimp-console, and leaves the picture in the output folder.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from gimp import prepare_profile
from workplace import install

PROMPT = 'A small red boat on a calm lake at sunrise'
SCRIPT = '''
(let* ((result (plug-in-comfy-cloud-generate-image #:run-mode RUN-NONINTERACTIVE
                                                   #:prompt "{prompt}" #:width 512 #:height 512)))
  (gimp-file-save RUN-NONINTERACTIVE (car result) "{picture}"))
'''


def main(build, output):
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    picture = output / 'live.png'
    prepare_profile(output / 'profile', install(build, output))
    with open(output / 'gimp.log', 'w', encoding='utf-8') as log:
        subprocess.run(['gimp-console', '--no-interface', '--no-data', '--quit',
                        '--batch-interpreter=plug-in-script-fu-eval',
                        '--batch', SCRIPT.format(prompt=PROMPT, picture=picture)],
                       env=os.environ | {'GIMP3_DIRECTORY': str(output / 'profile')},
                       stdout=log, stderr=log, check=False)
    if picture.exists():
        print(f'The picture of “{PROMPT}” lies in {picture}')
        return 0
    print(f'There is no picture. What GIMP says lies in {output / "gimp.log"}, and first of all:')
    print(*(line for line in (output / 'gimp.log').read_text('utf-8').splitlines()
            if line.startswith('Error')), sep='\n')
    return 1


sys.exit(main(*(Path(argument).resolve() for argument in sys.argv[1:])))
