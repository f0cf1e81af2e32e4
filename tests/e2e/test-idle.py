#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel in real GIMP, open and in sight, with a history, while nothing runs: it lets the
processor sleep. What is left is GEGL, which cleans up every ten seconds wherever it is.

    test-idle.py BUILD-FOLDER

Runs inside session.py, against the sandbox.
"""

import os
import sys
import time
from pathlib import Path

import artist
import desktop
import tap
from studio import JOBS_FOLDER, SETTINGS, Studio

PANEL = 'Comfy Cloud Panel'
RESULTS = 3
PERIOD = 60 if os.environ.get('COMFY_TEST_LONG') else 18  # seconds
MAX_SWITCHES = 10 * PERIOD // 60
QUIET = 5  # seconds: what a job leaves to be done is done
SETTLED = 90  # seconds: by then it is quiet
LEFT = 70  # seconds: connections are kept for a minute, and less what a screen reader looked at

build = Path(sys.argv[1]).resolve()
place = Studio(build, 'idle')


def switches(pid):
    """How often each thread of a process gave its processor away, because it had nothing to do."""
    counted = {}
    for status in Path(f'/proc/{pid}/task').glob('*/status'):
        try:
            lines = dict(line.split(':', 1) for line in status.read_text('utf-8').splitlines())
        except OSError:  # the thread has ended meanwhile
            continue
        name = f'{lines["Name"].strip()} {status.parent.name}'
        counted[name] = int(lines['voluntary_ctxt_switches'])
    return counted


def since(earlier, later):
    """What was counted meanwhile, by thread. A new thread counts whole."""
    return {name: number - earlier.get(name, 0) for name, number in later.items()
            if number != earlier.get(name, 0)}


def woken(pid, seconds):
    """How often the threads of a process gave their processor away in a time: a list of seconds and
    what was counted until then."""
    seen = []
    before = switches(pid)
    begun = time.monotonic()
    while (now := time.monotonic() - begun) < seconds:
        time.sleep(0.2)  # to look does not wake it
        later = switches(pid)
        if more := since(before, later):
            seen.append((round(now, 1), more))
        before = later
    return seen


def count(seen):
    return sum(sum(more.values()) for _, more in seen)


def open_panel():
    """Opens the panel, or gives it the keyboard."""
    artist.choose('Panel')
    return desktop.window(PANEL, desktop.ACTIVE)


def make_history():
    for number in range(RESULTS):
        panel = open_panel()
        started = place.jobs_started()
        desktop.type_into(desktop.field('Prompt:', panel), f'Oak no. {number}')
        artist.press(panel, 'Generate')
        artist.wait_ended(place, artist.wait_started(place, started + 1))
    desktop.wait_for('the history',
                     lambda: len(list(JOBS_FOLDER.glob('*/output-0.*'))) == RESULTS)
    desktop.wait_for('an empty queue', lambda: not any(
        desktop.matches(widget, 'list box', 'Jobs', desktop.SHOWN)
        for widget in desktop.widgets(panel)))


def wait_until_quiet(pid):
    time.sleep(LEFT)
    deadline = time.monotonic() + SETTLED
    while seen := woken(pid, QUIET):
        assert time.monotonic() < deadline, f'never quiet; in {QUIET} s: {seen}'


@place.test
def an_open_panel_lets_the_processor_sleep():
    place.begin('idle', 'photograph')
    make_history()
    place.shoot('panel')
    # a blinking cursor is the toolkit's, and stands where the keyboard is: now in the image
    place.focus()
    (pid,) = artist.hosts(place)
    wait_until_quiet(pid)
    seen = woken(pid, PERIOD)
    print(f'# in {PERIOD} s: {count(seen)} times; {seen}')
    assert artist.hosts(place) == [pid]
    assert count(seen) <= MAX_SWITCHES, f'more than {MAX_SWITCHES}: {seen}'


with place:
    place.prepare('photograph', 'coffee.jpg', 'image.scale(600, 400)')
    place.agree()
    with open(SETTINGS, 'a', encoding='utf-8') as settings:
        settings.write('[panel]\nplace=700;60;720;700;360;\n')
    tap.run([an_open_panel_lets_the_processor_sleep])
