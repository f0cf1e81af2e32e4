#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what meson's test logs tell and closes with one line: N passed, N failed, N skipped.

    summary.py LABEL=LOG.json…

A log is the testlog.json of one `meson test` run. Tests that speak TAP count by their sub-tests.
Every failure is named, with the end of what was said of it, and every skip printed with its reason.
The exit code is 1 when something failed, when a log is missing, or when nothing ran.
"""

import itertools
import json
import re
import sys
from pathlib import Path

TAP_RESULT = re.compile(r'\s*(?P<not>not )?ok \d+(?: -)? ?(?P<name>.*?)'
                        r'(?:\s+# ?(?P<directive>SKIP|TODO)\b\s*(?P<reason>.*))?$', re.IGNORECASE)
TAP_COMMENT = re.compile(r'\s*# ?(?P<text>.*)')
TAP_SKIP_ALL = re.compile(r'1\.\.0\s*# ?SKIP\b\s*(?P<reason>.*)', re.IGNORECASE)

LAST = 8  # lines of what was said of a failure


def comments_after(lines, number):
    """What follows a line of TAP and belongs to it: its diagnostics."""
    following = map(TAP_COMMENT.match, lines[number + 1:])
    return [comment['text'] for comment in itertools.takewhile(bool, following)]


class Totals:
    def __init__(self):
        self.passed = 0
        self.failures = []  # a name and what was said of it each
        self.skips = []

    def add_test(self, label, test):
        """One entry of a log: a TAP program with its sub-tests, or a program that only exits."""
        name = f"{label}: {test['name'].split(' / ')[-1]}"
        failures_before = len(self.failures)
        lines = test['stdout'].splitlines()
        skip_all = next(filter(None, map(TAP_SKIP_ALL.match, lines)), None)
        results = [(result, comments_after(lines, number)) for number, line in enumerate(lines)
                   if (result := TAP_RESULT.match(line))]

        if skip_all:
            self.skips.append((name, skip_all['reason']))
        elif results:
            for result, comments in results:
                self.add_result(name, result, comments)
        elif test['result'] == 'SKIP':
            self.skips.append((name, lines[-1] if lines else 'no reason given'))
        elif test['result'] == 'OK':
            self.passed += 1

        # a crash, a time-out or a leak report after the last sub-test
        if test['result'] not in ('OK', 'SKIP') and len(self.failures) == failures_before:
            self.failures.append((f"{name} ({test['result'].lower()}, exit {test['returncode']})",
                                  (test['stdout'] + test.get('stderr', '')).splitlines()))

    def add_result(self, name, result, comments):
        full_name = f"{name}: {result['name']}"
        if result['directive']:
            self.skips.append((full_name, result['reason'] or 'no reason given'))
        elif result['not']:
            self.failures.append((full_name, comments))
        else:
            self.passed += 1


def main(arguments):
    totals = Totals()
    for argument in arguments:
        label, path = argument.split('=', 1)
        if not Path(path).exists():
            totals.failures.append((f'{label} did not run', []))
            continue
        with open(path, encoding='utf-8') as log:
            for line in log:
                totals.add_test(label, json.loads(line))

    for name, reason in totals.skips:
        print(f'skipped  {name}: {reason}')
    for name, said in totals.failures:
        print(f'FAILED   {name}')
        for line in said[-LAST:]:
            print(f'         {line}'.rstrip())
    print(f'{totals.passed} passed, {len(totals.failures)} failed, {len(totals.skips)} skipped')
    return 0 if totals.passed and not totals.failures else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
