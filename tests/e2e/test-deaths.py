#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plug-in's process dies, GIMP dies, while jobs are at every stage: what was submitted is
found, resumed and delivered. The sandbox's ledger is the judge.

    test-deaths.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox.
"""

import os
import signal
import sys
from pathlib import Path

import artist
import desktop
import tap
from gimp import Gimp
from underway import (BACKGROUND, GENERATE, PASSWORD, QUEUED, READY, RUNNING, UPSCALE, Panel,
                      answer_prompt, find_prompts, lock_keyring)

NEVER = {'kind': 'silence'}

build = Path(sys.argv[1]).resolve()
place = Panel(build, 'deaths')


def kill_host():
    """The process with the panel, that owns all jobs. GIMP says so."""
    for pid in artist.hosts(place):
        os.kill(pid, signal.SIGKILL)
    artist.dismiss(desktop.window('GIMP Message', desktop.ACTIVE), 'OK')
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


def kill_gimp():
    place.gimp.end()
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


def check_offers(moment):
    """What was sent is to be fetched, what was not sent is not sent by itself."""
    place.tab('Jobs (4)')
    place.wait_buttons('Fetch: ', 3)
    assert place.buttons('Fetch: ') == [f'Fetch: {GENERATE}'] * 2 + [f'Fetch: {UPSCALE}']
    assert place.buttons('Go On: ') == [f'Go On: {BACKGROUND}']
    place.shoot(moment)


def deliver(number):
    """Fetches what was sent, sends what was not, and looks for all of it."""
    place.sandbox.control('release')
    artist.press(place.panel, 'Fetch All')
    desktop.wait_for('what was sent', lambda: len(place.left()) == 1)
    assert place.jobs_started() == number
    artist.press(place.panel, f'Go On: {BACKGROUND}')
    place.wait_delivered()
    desktop.wait_for('an empty list', lambda: not place.buttons('Fetch') + place.buttons('Go On'))
    place.tab('Results')
    for prompt in READY, RUNNING, QUEUED:
        place.thumb(prompt)


@place.test
def the_host_is_killed():
    place.begin('host-killed', 'photograph')
    place.open_panel()
    number = place.get_under_way(NEVER)
    kill_host()
    place.open_panel()
    place.thumb(READY)
    check_offers('host-killed')
    deliver(number)
    # what was placed at once; what waits in the history is in no image
    place.gimp.wait_for_image('2 layers) 1200x800')
    place.apply(RUNNING)
    place.shoot('host-killed-delivered')
    place.close_panel()
    place.judge(number + 1)


@place.test
def gimp_is_killed():
    place.begin('gimp-killed', 'photograph')
    place.open_panel()
    number = place.get_under_way(NEVER)
    place.save('under-way')
    kill_gimp()
    place.gimp = Gimp(place.profile, place.output / 'gimp.log')
    place.gimp.open(place.file('under-way'))
    place.open_panel()
    # what was made for another image is not shown
    place.thumb(READY)
    assert place.thumbs() == [READY], place.thumbs()
    check_offers('gimp-killed')
    deliver(number)
    # the image is known by its mark, though GIMP calls it otherwise than before
    place.gimp.wait_for_image('2 layers) 1200x800')
    place.apply(RUNNING)
    place.shoot('gimp-killed-delivered')
    place.close_panel()
    place.judge(number + 1)


@place.test
def the_keyring_is_locked_when_the_panel_comes_back():
    place.begin('keyring', 'photograph')
    place.open_panel()
    number = place.get_under_way(NEVER)
    kill_host()
    lock_keyring()
    place.open_panel()
    check_offers('keyring-locked')
    # nobody is asked for a password before he wants something
    assert not find_prompts()
    artist.press(place.panel, 'Fetch All')
    answer_prompt(None)
    place.tab('Results')
    desktop.find_text('The keyring stayed locked', within=place.panel)
    place.wait_buttons('Unlock and Retry', 3)
    place.shoot('keyring-stays-locked')
    assert not find_prompts()
    artist.press(place.panel, 'Unlock and Retry')
    answer_prompt(PASSWORD)
    desktop.wait_for('what goes on', lambda: not place.buttons('Unlock and Retry'))
    place.tab('Jobs')
    place.sandbox.control('release')
    artist.press(place.panel, f'Go On: {BACKGROUND}')
    place.wait_delivered()
    assert not find_prompts()
    place.close_panel()
    place.judge(number + 1)


TESTS = [
    the_host_is_killed,
    gimp_is_killed,
    the_keyring_is_locked_when_the_panel_comes_back,
]

with place:
    place.prepare_panel()
    tap.run([test for test in TESTS if test.__name__ in (sys.argv[2:] or test.__name__)])
