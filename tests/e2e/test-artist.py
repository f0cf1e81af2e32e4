#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plug-in promises an artist, tried out in real GIMP against the sandbox.

    test-artist.py BUILD-FOLDER

Runs inside session.py. One GIMP for as long as all is well; the sandbox's `hold` and `release` decide
what happens during a job. About money, the sandbox's ledger has the last word.
"""

import functools
import os
import re
import signal
import sys
from pathlib import Path

import artist
import desktop
import tap
from gimp import Gimp
from workplace import Workplace

PHOTOGRAPH = artist.DATA / 'coffee.jpg'  # 600×400
UPSCALED = '2400x1600'
SECRET = 'A heliotrope zeppelin'
SECRET_WORD = b'heliotrope'
EARLIER_JOB = '1 earlier job has not been finished.'

build = Path(sys.argv[1]).resolve()
screens = build / 'screens'
place = Workplace(build, build / 'artist', '--job-ms=300')


def shoot(name):
    desktop.screenshot(screens / f'e2e-{name}.png')


def with_gimp(test):
    """A failure leaves a picture, and the next test a GIMP without what is left of this one."""
    @functools.wraps(test)
    def run():
        try:
            test()
        except Exception:
            shoot(f'failure-{test.__name__.replace("_", "-")}')
            print(''.join(f'# {line}\n' for line in desktop.describe().splitlines()), end='')
            restart()
            place.sandbox.control('release')
            raise
    return run


def restart():
    place.gimp.end()
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))
    place.gimp = Gimp(place.output / 'profile', place.output / 'gimp.log')


def open_photograph():
    """The photograph as an image of its own, whatever was made of it before."""
    place.gimp.open(PHOTOGRAPH)
    place.gimp.wait_for_image('1 layer) 600x400')


def hold_an_upscale():
    """A photograph with a job that runs until the sandbox is told to release it."""
    open_photograph()
    place.sandbox.control('hold')
    before = len(artist.started(place))
    artist.choose('Upscale 4×')
    return artist.wait_started(place, before + 1)


@with_gimp
def without_a_key_it_is_asked_for_and_the_action_goes_on():
    form = artist.describe('A red bicycle')
    desktop.find_text('Add an API Key', within=form)
    shoot('key-is-asked-for')
    artist.enter_key(form, place.key, place.sandbox.v1_url)
    # said before the first upload ever
    desktop.find_text('“Generate Image” sends', within=form)
    assert not artist.started(place)
    shoot('what-leaves-the-machine')
    artist.press(form, 'Generate')
    # no image was open
    place.gimp.wait_for_image('1 layer) 1024x1024')
    assert len(artist.started(place)) == 1


@with_gimp
def upscale_runs_at_once():
    open_photograph()
    before = len(artist.started(place))
    artist.choose('Upscale 4×')
    place.gimp.wait_for_image(f'2 layers) {UPSCALED}')
    shoot('upscaled')
    assert len(artist.started(place)) == before + 1


def settings_in_image(content):
    """Name and content of what GIMP has written into an image about calls of the plug-in."""
    for name in re.finditer(rb'GimpProcedureConfigRun-[a-z0-9-]+', content):
        start = name.end() + 9  # a zero, four bytes of flags, four of size
        size = int.from_bytes(content[start - 4:start], 'big')
        yield name.group(), content[start:start + size]


@with_gimp
def a_form_is_run_for_several_seeds_and_summed_up():
    open_photograph()
    before = len(artist.started(place))
    artist.choose('Generate Image…')
    form = desktop.window('Generate Image', desktop.ACTIVE)
    desktop.type_into(desktop.field('Prompt:', form), 'A red bicycle')
    desktop.choose_from_combo(desktop.field('Batch:', form), 'For several seeds')
    desktop.find_text('4 jobs, each is paid for', within=form)
    shoot('batch-is-chosen')
    artist.press(form, 'Run 4 Jobs')
    jobs = desktop.window(artist.JOBS)
    desktop.find_text('Batch “Generate Image”: 4 of 4 done', within=jobs)
    shoot('batch-is-done')
    place.gimp.wait_for_image('5 layers)')
    assert len(artist.started(place)) == before + 4
    artist.press(jobs, 'Take this batch off the list')
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


@with_gimp
def no_file_of_gimps_and_no_image_has_the_words_among_its_settings():
    """Where they are: in the name of the layer, and in what it remembers."""
    open_photograph()
    artist.describe(SECRET)
    place.gimp.wait_for_image('2 layers)')
    saved = place.output / 'private.xcf'
    place.gimp.save(saved)
    content = saved.read_bytes()
    assert SECRET_WORD in content
    settings = dict(settings_in_image(content))
    assert any(b'generate-image' in name for name in settings), settings
    assert not any(SECRET_WORD in value for value in settings.values()), settings
    files = [path for path in (place.output / 'profile').rglob('*') if path.is_file()]
    assert any('generate-image' in path.name for path in files), files
    assert not any(SECRET_WORD in path.read_bytes() for path in files)


@with_gimp
def settings_stand_in_preferences_too():
    desktop.choose_from_menu('Edit', 'Comfy Cloud Settings…')
    settings = desktop.window(artist.SETTINGS, desktop.ACTIVE)
    desktop.find_text('Works: ', within=settings)
    shoot('settings')
    artist.close(settings)


@with_gimp
def cancel_reaches_the_server_and_says_what_it_cost():
    job = hold_an_upscale()
    jobs = desktop.window(artist.JOBS)
    desktop.find_text('Running', within=jobs)
    artist.press(jobs, 'Cancel “Upscale 4×”')
    desktop.find_text('Cancelled; it had begun and may have cost credits.', within=jobs)
    shoot('cancelled')
    assert artist.wait_ended(place, job) == 'cancelled'
    artist.press(jobs, 'Take this job off the list')
    place.sandbox.control('release')
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))
    place.gimp.wait_for_image('1 layer) 600x400')


@with_gimp
def a_closed_image_gets_its_result_as_a_new_one():
    hold_an_upscale()
    closed = place.gimp.title()
    desktop.choose_from_menu('File', 'Close View')
    desktop.wait_for('another image', lambda: place.gimp.title() != closed)
    place.sandbox.control('release')
    place.gimp.wait_for_image(f'1 layer) {UPSCALED}')


def finish_what_was_left(properties):
    """What “Jobs” offers of an earlier session is fetched, and nothing is left to offer."""
    before = len(artist.started(place))
    artist.choose('Jobs')
    jobs = desktop.window(artist.JOBS)
    desktop.find_text(EARLIER_JOB, within=jobs)
    shoot('earlier-session')
    artist.press(jobs, 'Go On')
    place.gimp.wait_for_image(properties)
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))
    assert len(artist.started(place)) == before


@with_gimp
def a_killed_process_of_the_plug_in_loses_no_job():
    job = hold_an_upscale()
    desktop.find_text('Running', within=desktop.window(artist.JOBS))
    for pid in artist.hosts(place):
        os.kill(pid, signal.SIGKILL)
    # that a plug-in crashed; active, so the window manager has put it where it stays
    artist.dismiss(desktop.window('GIMP Message', desktop.ACTIVE), 'OK')
    place.sandbox.control('release')
    assert artist.wait_ended(place, job) == 'completed'
    finish_what_was_left(f'2 layers) {UPSCALED}')


@with_gimp
def a_killed_gimp_loses_no_job():
    job = hold_an_upscale()
    desktop.find_text('Running', within=desktop.window(artist.JOBS))
    restart()
    place.sandbox.control('release')
    assert artist.wait_ended(place, job) == 'completed'
    finish_what_was_left(f'1 layer) {UPSCALED}')


with place:
    tap.run([
        without_a_key_it_is_asked_for_and_the_action_goes_on,
        upscale_runs_at_once,
        a_form_is_run_for_several_seeds_and_summed_up,
        no_file_of_gimps_and_no_image_has_the_words_among_its_settings,
        settings_stand_in_preferences_too,
        cancel_reaches_the_server_and_says_what_it_cost,
        a_closed_image_gets_its_result_as_a_new_one,
        a_killed_process_of_the_plug_in_loses_no_job,
        a_killed_gimp_loses_no_job,
    ])
