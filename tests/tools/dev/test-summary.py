#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What summary.py promises: no failure, no skip and no missing run goes unnoticed."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / 'e2e'))
import tap  # noqa: E402

SUMMARY = Path(__file__).with_name('summary.py')


def summary(*tests):
    """Returns the exit code and the lines for a log of (result, exit code, output) each."""
    with tempfile.NamedTemporaryFile('w', suffix='.json') as log:
        for number, (result, returncode, output) in enumerate(tests):
            print(json.dumps({'name': f'comfy-cloud:core / test-{number}', 'result': result,
                              'returncode': returncode, 'stdout': output}), file=log, flush=True)
        done = subprocess.run([SUMMARY, f'core={log.name}'], capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines()


def sub_tests_count():
    assert summary(('OK', 0, 'TAP version 14\n1..2\nok 1 /a\nok 2 /b\n')) == \
        (0, ['2 passed, 0 failed, 0 skipped'])


def a_skip_has_its_reason():
    code, lines = summary(('OK', 0, '1..2\nok 1 /a\nok 2 /b # SKIP no display\n'),
                          ('SKIP', 0, '1..0 # SKIP no gimp\n'),
                          ('SKIP', 77, 'it is Sunday\n'))
    assert code == 0
    assert lines == ['skipped  core: test-0: /b: no display', 'skipped  core: test-1: no gimp',
                     'skipped  core: test-2: it is Sunday', '1 passed, 0 failed, 3 skipped']


def a_failure_is_named():
    code, lines = summary(('FAIL', 1, '1..2\nok 1 /a\nnot ok 2 /b - it broke\n'))
    assert (code, lines) == (1, ['FAILED   core: test-0: /b - it broke',
                                 '1 passed, 1 failed, 0 skipped'])


def a_failure_says_why():
    _, lines = summary(('FAIL', 1, '1..2\nnot ok 1 /a\n# Traceback\n# it broke\nok 2 /b\n# fine\n'))
    assert lines == ['FAILED   core: test-0: /a', '         Traceback', '         it broke',
                     '1 passed, 1 failed, 0 skipped']
    _, lines = summary(('ERROR', -11, '1..1\nok 1 /a\nlost\n'))
    assert lines[1:3] == ['         1..1', '         ok 1 /a'] and lines[3].strip() == 'lost', lines


def of_what_was_said_the_end_is_printed():
    said = ''.join(f'# line {number}\n' for number in range(100))
    _, lines = summary(('FAIL', 1, f'1..1\nnot ok 1 /a\n{said}'))
    assert lines[1:-1] == [f'         line {number}' for number in range(92, 100)], lines


def a_crash_after_the_last_sub_test_fails():
    for result, returncode in (('ERROR', -11), ('FAIL', 1), ('TIMEOUT', -15)):
        code, lines = summary((result, returncode, '1..1\nok 1 /a\n'))
        assert code == 1 and lines[-1] == '1 passed, 1 failed, 0 skipped', lines


def only_skips_is_not_enough():
    assert summary(('SKIP', 77, ''))[0] == 1
    assert summary()[0] == 1


def a_run_without_a_log_fails():
    done = subprocess.run([SUMMARY, 'core=/nowhere'], capture_output=True, text=True)
    assert done.returncode == 1 and 'did not run' in done.stdout


tap.run([sub_tests_count, a_skip_has_its_reason, a_failure_is_named, a_failure_says_why,
         of_what_was_said_the_end_is_printed,
         a_crash_after_the_last_sub_test_fails, only_skips_is_not_enough,
         a_run_without_a_log_fails])
