#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""GIMP on the user's own display, with the plug-in, a private keyring and the sandbox.

    window.py BUILD-FOLDER OUTPUT-FOLDER

Runs inside session.py --display until the user closes GIMP.
"""

import os
import sys
from pathlib import Path

import gimp
from workplace import Workplace

PHOTOGRAPH = Path(__file__).parents[1] / 'data' / 'raccoon.jpg'
HOW_TO = '''
GIMP opens, with Comfy Cloud in the menu Filters. It has a profile and a keyring of its own; nothing
of yours is touched. The actions run on a stand-in for the cloud on this machine, with the key "From
the environment", so they work at once and cost nothing.

To add a key yourself: Filters, Comfy Cloud, Settings…, Add Key…, with
  API key       {key}
  Environment   Another Address: {url}

What the stand-in is asked and what it starts is written to {ledger}.
'''


def main(build, output):
    place = Workplace(build, output)
    os.environ['COMFY_API_KEY'] = place.key
    os.environ['COMFY_BASE_URL'] = place.sandbox.v1_url
    print(HOW_TO.format(key=place.key, url=place.sandbox.v1_url,
                        ledger=output / 'sandbox' / 'ledger.jsonl'), flush=True)
    gimp.start(output / 'profile', output / 'gimp.log', PHOTOGRAPH).wait()
    place.sandbox.stop()


main(*(Path(argument).resolve() for argument in sys.argv[1:]))
