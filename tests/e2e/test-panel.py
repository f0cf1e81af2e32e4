#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel in real GIMP: it stays open beside the image, works on the one that it is given, shows
what is under way, and jobs from the menu as well.

    test-panel.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox.
"""

import sys
from pathlib import Path

import artist
import desktop
import tap
from desktop import xdotool
from studio import SETTINGS, Studio

PANEL = 'Comfy Cloud Panel'
WIDTH, HEIGHT = 600, 400

build = Path(sys.argv[1]).resolve()
place = Studio(build, 'panel')


def open_panel():
    artist.choose('Panel')
    return desktop.window(PANEL, desktop.ACTIVE)


def close(panel):
    xdotool('key', 'alt+F4')
    desktop.wait_gone(panel)


def prompt(panel, text):
    desktop.type_into(desktop.field('Prompt:', panel), text)


def is_idle(panel):
    """Whether the queue is empty, and takes no room."""
    return not any(desktop.matches(widget, 'list box', 'Jobs', desktop.SHOWN)
                   for widget in desktop.widgets(panel))


@place.test
def it_opens_once_and_is_raised_by_the_second_call():
    place.begin('open', 'photograph')
    panel = open_panel()
    assert len(artist.hosts(place)) == 1
    place.shoot('open')
    place.focus()
    assert desktop.window(PANEL) == open_panel()
    assert len(artist.hosts(place)) == 1
    close(panel)
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


def generate(panel, text):
    """Asks for a picture by the keyboard."""
    prompt(panel, text)
    xdotool('key', 'ctrl+Return')


@place.test
def what_it_asks_for_runs_and_waits_for_the_artist():
    place.begin('generate', 'photograph')
    panel = open_panel()
    place.sandbox.control('hold')
    number = place.jobs_started()
    generate(panel, 'A red bicycle leaning on a brick wall')
    artist.wait_started(place, number + 1)
    desktop.find_text('Running', within=panel)
    place.shoot('running')
    place.sandbox.control('release')
    desktop.wait_for('an empty queue', lambda: is_idle(panel))
    place.shoot('generated')
    assert '1 layer) ' in place.gimp.title()
    close(panel)


TESTS = [
    what_it_asks_for_runs_and_waits_for_the_artist,
    it_opens_once_and_is_raised_by_the_second_call,
]

with place:
    place.prepare('photograph', 'coffee.jpg', f'image.scale({WIDTH}, {HEIGHT})')
    place.agree()
    with open(SETTINGS, 'a', encoding='utf-8') as settings:
        settings.write('[panel]\nplace=1040;60;320;800;420;\n')
    tap.run([test for test in TESTS if test.__name__ in (sys.argv[2:] or test.__name__)])
