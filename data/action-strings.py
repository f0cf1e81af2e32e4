#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the strings of the actions' sidecars as C that xgettext reads: OUTPUT SIDECAR…"""

import json
import sys

SHOWN = ('menu-label', 'title', 'run-label', 'blurb', 'help', 'label', 'hint', 'placeholder')


def strings(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in SHOWN and isinstance(inner, str):
                yield inner
            else:
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def main(output, *sidecars):
    with open(output, 'w', encoding='utf-8') as out:
        for sidecar in sidecars:
            with open(sidecar, encoding='utf-8') as file:
                for text in strings(json.load(file)):
                    out.write(f'N_({json.dumps(text, ensure_ascii=False)})\n')


main(*sys.argv[1:])
