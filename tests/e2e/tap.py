# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs test functions and tells the results in TAP."""

import sys
import traceback


class Skip(Exception):
    """Raised by a test that cannot be run here, with the reason."""


def run(tests):
    """Runs functions named after the behaviour they promise; ends the program."""
    failed = 0
    print(f'1..{len(tests)}')
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace('_', '-')
        try:
            test()
            print(f'ok {number} {name}', flush=True)
        except Skip as reason:
            print(f'ok {number} {name} # SKIP {reason}', flush=True)
        except Exception:
            failed += 1
            print(f'not ok {number} {name}', flush=True)
            print(''.join(f'# {line}\n' for line in traceback.format_exc().splitlines()), end='',
                  flush=True)
    sys.exit(1 if failed else 0)
