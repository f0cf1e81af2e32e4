#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory that the plug-in takes in real GIMP while 8 jobs of the panel run, each of which sends
a layer of 4096².

    bench-panel-gimp.py BUILD-FOLDER SOURCE-FOLDER

Runs inside session.py, against the sandbox. Goal: at most 96 MB of anonymous memory over the empty
panel, and 7 MB of thumbnails; told apart are the taking of the pictures, and all that comes after.
"""

import json
import shutil
import sys
import threading
import time
from pathlib import Path

build = Path(sys.argv[1]).resolve()
sys.path.insert(0, str(Path(sys.argv[2]).resolve() / 'tests' / 'e2e'))

import artist  # noqa: E402
import desktop  # noqa: E402
from studio import JOBS_FOLDER, SETTINGS, Studio  # noqa: E402

PANEL = 'Comfy Cloud Panel'
ACTION = 'Invert'
EDGE = 4096  # px
JOBS = 8
GOAL = 96 + 7  # MB
TIMEOUT = 300  # seconds

place = Studio(build, 'bench-panel')


def make_action():
    """An action that sends its layer as large as it is, and asks for nothing."""
    folder = next((place.output / 'install').glob('**/comfy-cloud/data/actions'))
    source = artist.DATA / 'actions'
    sidecar = json.loads((source / 'invert.gimp.json').read_text('utf-8'))
    del sidecar['fields']
    sidecar |= {'menu-label': '_Invert', 'title': ACTION}
    (folder / 'invert.gimp.json').write_text(json.dumps(sidecar), 'utf-8')
    shutil.copy(source / 'invert.json', folder)


def anonymous(pid):
    """MB"""
    status = Path(f'/proc/{pid}/status').read_text('utf-8')
    return int(status.split('RssAnon:')[1].split()[0]) * 1024 / 1e6


def at_rest(pid):
    """MB, once that has not changed for a while: the form shows what would be sent."""
    seen = []

    def look():
        time.sleep(0.2)
        seen.append(anonymous(pid))
        return len(seen) > 15 and max(seen[-15:]) - min(seen[-15:]) < 1 and seen[-1]
    return desktop.wait_for('rest', look)


class Peak:
    """The most that a process takes from one moment to the next."""

    def __init__(self, pid):
        self.pid = pid
        self.most = 0
        threading.Thread(target=self.look, daemon=True).start()

    def look(self):
        while True:
            try:
                self.most = max(self.most, anonymous(self.pid))
            except (OSError, IndexError):  # it has ended
                return
            time.sleep(0.01)

    def take(self):
        most, self.most = self.most, 0
        return most


def is_idle(panel):
    return not any(desktop.matches(widget, 'list box', 'Jobs', desktop.SHOWN)
                   for widget in desktop.widgets(panel))


def tell(what, megabytes):
    print(f'{what}: {megabytes:.0f} MB of anonymous memory over the empty panel (goal {GOAL})'
          f'{"" if megabytes <= GOAL else " MISSED"}', flush=True)
    return megabytes <= GOAL


def run():
    place.begin('image', 'large')
    artist.choose('Panel')
    panel = desktop.window(PANEL, desktop.ACTIVE)
    (pid,) = artist.hosts(place)
    desktop.choose_from_combo(desktop.find('combo box', 'Action', within=panel), ACTION)
    button = desktop.find('button', ACTION, within=panel)
    desktop.wait_for('the form', lambda: desktop.has_states(button, desktop.USABLE))
    empty = at_rest(pid)
    print(f'the empty panel: {empty:.0f} MB of anonymous memory', flush=True)
    peak = Peak(pid)

    place.sandbox.control('hold')
    for number in range(JOBS):
        desktop.click(button)
        desktop.wait_for('the picture', lambda: len(list(JOBS_FOLDER.glob('*/request.json'))) > number
                         and desktop.has_states(button, desktop.USABLE), TIMEOUT)
    taken = tell(f'{JOBS} pictures of {EDGE}² are taken, while others go up', peak.take() - empty)
    artist.wait_started(place, JOBS)
    peak.take()
    place.sandbox.control('release')
    desktop.wait_for('the results', lambda: len(list(JOBS_FOLDER.glob('*/output-0.*'))) == JOBS,
                     TIMEOUT)
    desktop.wait_for('an empty queue', lambda: is_idle(panel), TIMEOUT)
    come = tell(f'{JOBS} results of {EDGE}² come', peak.take() - empty)
    place.shoot('results')

    return taken and come


with place:
    make_action()
    place.prepare('large', 'coffee.jpg', f'image.scale({EDGE}, {EDGE})')
    place.agree()
    with open(SETTINGS, 'a', encoding='utf-8') as settings:
        settings.write(f'max-jobs={JOBS}\n[panel]\nplace=700;60;720;780;360;\n')
    reached = run()
sys.exit(0 if reached else 1)
