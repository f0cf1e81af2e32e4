#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel in real GIMP: it stays open beside the image, works on the one that it is given, shows
what is under way, and jobs from the menu as well.

    test-panel.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox.
"""

import re
import sys
from pathlib import Path

import artist
import desktop
import tap
from desktop import xdotool
from studio import SETTINGS, Studio

PANEL = 'Comfy Cloud Panel'
WIDTH, HEIGHT = 600, 400
ELLIPSE = 'image.select_ellipse(Gimp.ChannelOps.REPLACE, 170, 20, 240, 250)'

build = Path(sys.argv[1]).resolve()
place = Studio(build, 'panel')


def begin(work, image):
    """Opens an image, whichever window has the keyboard."""
    place.focus()
    place.begin(work, image)


def open_panel():
    artist.choose('Panel')
    return desktop.window(PANEL, desktop.ACTIVE)


def close(panel):
    if not desktop.has_states(panel, desktop.ACTIVE):
        artist.choose('Panel')
        desktop.wait_for('the panel', lambda: desktop.has_states(panel, desktop.ACTIVE))
    xdotool('key', 'alt+F4')
    desktop.wait_gone(panel)


def prompt(panel, text):
    desktop.type_into(desktop.field('Prompt:', panel), text)


def chosen(panel, combo):
    """What is chosen in a combo box."""
    box = desktop.find('combo box', combo, within=panel)
    return desktop.Atspi.Selection.get_selected_child(box, 0).get_name()


def shows(panel, text):
    return any((widget.get_name() or '').startswith(text) and
               desktop.has_states(widget, desktop.SHOWN) for widget in desktop.widgets(panel))


def is_idle(panel):
    """Whether the queue is empty, and takes no room."""
    return not any(desktop.matches(widget, 'list box', 'Jobs', desktop.SHOWN)
                   for widget in desktop.widgets(panel))


@place.test
def it_opens_once_and_is_raised_by_the_second_call():
    begin('open', 'photograph')
    panel = open_panel()
    assert len(artist.hosts(place)) == 1
    place.shoot('open')
    place.focus()
    assert desktop.window(PANEL) == open_panel()
    assert len(artist.hosts(place)) == 1
    close(panel)
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


def call(number):
    """Asks for the panel several times without a search in the menu between: faster than a process
    of the plug-in starts."""
    entry = desktop.find(name='Panel', within=desktop.find('menu', 'Filters'), states=())
    for _ in range(number):
        desktop.Atspi.Action.do_action(entry, 0)


@place.test
def there_is_one_however_fast_it_is_asked_for():
    begin('fast', 'photograph')
    artist.choose('Panel')
    call(2)
    panel = desktop.window(PANEL, desktop.ACTIVE)
    desktop.wait_for('one process', lambda: len(artist.hosts(place)) == 1)
    assert len(desktop.windows(PANEL)) == 1
    close(panel)
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


def generate(panel, text):
    """Asks for a picture by the keyboard."""
    prompt(panel, text)
    xdotool('key', 'ctrl+Return')


def wait_for_result(panel, text):
    """Waits until the history has, and shows, what was asked for."""
    desktop.wait_for('an empty queue', lambda: is_idle(panel))
    desktop.find_text(text, within=panel)
    return desktop.find('button', 'Apply', within=panel, states=desktop.USABLE)


def make(panel, text, button='Generate'):
    number = place.jobs_started()
    prompt(panel, text)
    artist.press(panel, button)
    artist.wait_started(place, number + 1)
    return wait_for_result(panel, text)


def layers():
    """How many layers the image has, by its title."""
    return int(re.search(r'(\d+) layers?\)', place.gimp.title())[1])


@place.test
def it_is_reached_while_it_reads_the_image():
    """GIMP ends a process that it calls at such a moment, so the panel is not reached through GIMP."""
    begin('pixels', 'large')
    panel = open_panel()
    (host,) = artist.hosts(place)
    for number in range(4):
        started = place.jobs_started()
        generate(panel, f'Plain no. {number}')
        artist.wait_ended(place, artist.wait_started(place, started + 1))
        # while the result comes, and is compared with all of the image
        for _ in range(6):
            call(3)
        desktop.wait_for('one process', lambda: artist.hosts(place) == [host])
        wait_for_result(panel, f'Plain no. {number}')
    assert not desktop.windows('GIMP Message')
    close(panel)
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


@place.test
def what_it_asks_for_runs_and_waits_for_the_artist():
    begin('generate', 'photograph')
    panel = open_panel()
    place.sandbox.control('hold')
    number = place.jobs_started()
    generate(panel, 'A red bicycle leaning on a brick wall')
    artist.wait_started(place, number + 1)
    desktop.find_text('Running', within=panel)
    place.shoot('running')
    place.sandbox.control('release')
    wait_for_result(panel, 'A red bicycle')
    place.shoot('generated')
    assert layers() == 1
    close(panel)


@place.test
def enter_applies_in_one_undo_step():
    begin('apply', 'photograph')
    panel = open_panel()
    make(panel, 'A lighthouse in the rain')
    list_box = desktop.find(None, 'History', within=panel)
    thumb = next(widget for widget in desktop.widgets(list_box)
                 if desktop.has_states(widget, [desktop.Atspi.StateType.FOCUSABLE]))
    desktop.click(thumb)
    xdotool('key', 'Return')
    desktop.wait_for('a second layer', lambda: layers() == 2)
    place.shoot('applied')
    place.undo()
    desktop.wait_for('one layer', lambda: layers() == 1)
    # undone, it can be applied once more, and costs nothing
    number = place.jobs_started()
    artist.press(panel, 'Apply')
    desktop.wait_for('a second layer', lambda: layers() == 2)
    assert place.jobs_started() == number
    close(panel)


@place.test
def it_works_on_the_image_that_is_sent():
    begin('first', 'photograph')
    panel = open_panel()
    begin('second', 'photograph')
    artist.choose('Send to Panel')
    desktop.find('combo box', 'Image', within=panel)
    desktop.wait_for('the other image', lambda: 'second-before' in chosen(panel, 'Image'))
    close(panel)
    # without a panel it opens one
    artist.choose('Send to Panel')
    panel = desktop.window(PANEL, desktop.ACTIVE)
    assert 'second-before' in chosen(panel, 'Image')
    place.shoot('sent')
    close(panel)


@place.test
def the_same_is_asked_for_again_from_the_menu():
    begin('again', 'photograph')
    panel = open_panel()
    make(panel, 'A green door')
    number = place.jobs_started()
    place.focus()
    artist.choose('Generate Again')
    artist.wait_started(place, number + 1)
    desktop.wait_for('an empty queue', lambda: is_idle(panel))
    assert place.jobs_started() == number + 1
    close(panel)


@place.test
def a_job_from_the_menu_is_seen_in_its_queue():
    begin('menu', 'photograph')
    panel = open_panel()
    place.sandbox.control('hold')
    number = place.jobs_started()
    place.focus()
    artist.choose('Upscale 2×')
    artist.wait_started(place, number + 1)
    desktop.find_text('Upscale 2×', within=desktop.find('list box', 'Jobs', within=panel))
    place.shoot('menu')
    assert not any(child.get_name() == artist.JOBS and desktop.has_states(child, desktop.SHOWN)
                   for application in desktop.applications()
                   for child in (application.get_child_at_index(i)
                                 for i in range(application.get_child_count())) if child)
    place.sandbox.control('release')
    desktop.wait_for('an empty queue', lambda: is_idle(panel))
    # what came from the menu goes into the image at once, as it does without a panel
    desktop.wait_for('the result', lambda: layers() == 2)
    assert len(artist.hosts(place)) == 1
    close(panel)


@place.test
def the_history_belongs_to_the_image_and_survives_a_restart():
    begin('kept', 'photograph')
    panel = open_panel()
    make(panel, 'A yellow boat')
    place.save('before')
    place.restart()
    begin('other', 'photograph')
    panel = open_panel()
    assert not shows(panel, 'A yellow boat')
    place.focus()
    place.gimp.open(place.output / 'kept-before.xcf')
    artist.choose('Send to Panel')
    desktop.find_text('A yellow boat', within=panel)
    place.shoot('after-restart')
    artist.press(panel, 'Apply')
    desktop.wait_for('the result', lambda: layers() == 2)
    close(panel)


@place.test
def more_is_asked_for_while_it_works():
    begin('working', 'selected')
    panel = open_panel()
    desktop.choose_from_combo(desktop.find('combo box', 'Action', within=panel), 'Edit with Prompt')
    for wish in ('The cup is blue', 'The table is of marble', 'A slice of cake beside the cup'):
        make(panel, wish, 'Edit')
    desktop.find('toggle button', 'Before', within=panel, states=desktop.USABLE)
    place.shoot('history')
    number = place.jobs_started()
    place.sandbox.control('hold')
    for wish in ('A window behind the table', 'Evening light'):
        desktop.find('button', 'Edit', within=panel, states=desktop.USABLE)
        prompt(panel, wish)
        artist.press(panel, 'Edit')
        number += 1
        artist.wait_started(place, number)
    desktop.find_text('Running', within=panel)
    place.shoot('working')
    # one is applied, however far it is scrolled, and what runs goes on
    apply = desktop.find('button', 'Apply', within=panel, states=())
    desktop.Atspi.Action.do_action(apply, 0)
    desktop.wait_for('a second layer', lambda: layers() == 2)
    place.sandbox.control('release')
    desktop.wait_for('an empty queue', lambda: is_idle(panel))
    assert place.jobs_started() == number and layers() == 2
    close(panel)


TESTS = [
    it_opens_once_and_is_raised_by_the_second_call,
    there_is_one_however_fast_it_is_asked_for,
    it_is_reached_while_it_reads_the_image,
    what_it_asks_for_runs_and_waits_for_the_artist,
    enter_applies_in_one_undo_step,
    it_works_on_the_image_that_is_sent,
    the_same_is_asked_for_again_from_the_menu,
    a_job_from_the_menu_is_seen_in_its_queue,
    the_history_belongs_to_the_image_and_survives_a_restart,
    more_is_asked_for_while_it_works,  # the last: the panel remembers the action that it leaves
]

with place:
    place.prepare('photograph', 'coffee.jpg', f'image.scale({WIDTH}, {HEIGHT})')
    place.prepare('large', 'coffee.jpg', 'image.scale(3600, 2400)')
    place.prepare('selected', 'coffee.jpg', f'image.scale({WIDTH}, {HEIGHT})\n{ELLIPSE}')
    place.agree()
    with open(SETTINGS, 'a', encoding='utf-8') as settings:
        settings.write('[panel]\nplace=1080;30;320;840;300;\n')
    tap.run([test for test in TESTS if test.__name__ in (sys.argv[2:] or test.__name__)])
