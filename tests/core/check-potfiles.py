#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every source with words for people is in po/POTFILES.in, in order, and nothing else: SOURCE-FOLDER.
With --write the list is made anew. Speaks TAP."""

import re
import sys
from pathlib import Path

MARKED = re.compile(r'\b(_|N_|C_|ngettext) ?\(\s*"')
MADE = 'data/action-strings.c'  # of the actions' forms, by the build


def expected(source):
    files = [path for path in sorted((source / 'plugin').rglob('*.c'))
             if MARKED.search(path.read_text('utf-8'))]
    return [MADE, *sorted(str(path.relative_to(source)) for path in files)]


def main(source, write=None):
    listed = Path(source, 'po/POTFILES.in')
    wanted = expected(Path(source))
    if write == '--write':
        listed.write_text('\n'.join(wanted) + '\n', 'utf-8')
    lines = listed.read_text('utf-8').split()
    good = lines == wanted and len(wanted) > 10
    print('1..1')
    print(f'{"ok" if good else "not ok"} 1 every source with words for people is listed')
    for name in sorted(set(lines) ^ set(wanted)):
        print(f'# {"is missing" if name in wanted else "is too much"}: {name}')
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
