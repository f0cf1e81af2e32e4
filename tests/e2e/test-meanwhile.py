#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an artist does to the image while a job runs: the result comes to where it was taken all the
same, and nothing that was done meanwhile is lost.

    test-meanwhile.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox, which holds the job back until all is done.
"""

import sys
from pathlib import Path

import artist
import desktop
import tap
from desktop import xdotool
from studio import Studio, newest_job

WIDTH, HEIGHT = 600, 400
WHOLE = (0, 0, WIDTH, HEIGHT)
SELECTED = (170, 100, 240, 180)
ELLIPSE = f'image.select_ellipse(Gimp.ChannelOps.REPLACE, {", ".join(map(str, SELECTED))})'
TITLE = 'Fill Selection'

build = Path(sys.argv[1]).resolve()
place = Studio(build, 'meanwhile')


def hold_a_fill(work):
    """A photograph with an ellipse that is being filled, until release()."""
    place.begin(work, 'ellipse')
    place.sandbox.control('hold')
    before = place.jobs_started()
    artist.choose(f'{TITLE}…')
    form = desktop.window(TITLE, desktop.ACTIVE)
    desktop.type_into(desktop.field('Prompt:', form), 'A blue lake')
    artist.press(form, 'Fill')
    artist.wait_started(place, before + 1)
    place.focus()


def release():
    number = place.jobs_started()
    place.sandbox.control('release')
    place.wait_placed(number)
    assert place.jobs_started() == number


def taken():
    """The box that the newest job was taken from."""
    _, request = newest_job()
    return tuple(request['placement'][key] for key in ('x', 'y', 'width', 'height'))


def read():
    """The image before and after."""
    place.save('after')
    place.shoot(place.work)
    return place.read('before', 'after')


def check_fill(layer, before):
    """The layer lies where it was taken, and shows what was selected then."""
    box = taken()
    assert layer.box == box, (layer.box, box)
    assert layer.mask.pixels == b''.join(before.selection.rows(box))


def do(*path):
    """Chooses an entry of GIMP's own menus, and waits until that is a step."""
    before = place.last_step()
    desktop.choose_from_menu(*path)
    desktop.wait_for(f'the step of {path[-1]}', lambda: place.last_step() != before)


@place.test
def the_layer_is_moved():
    hold_a_fill('layer-moved')
    xdotool('key', 'm')
    xdotool('mousemove', '--sync', 700, 450, 'click', 1)
    for _ in range(5):
        xdotool('key', 'shift+Right')
    desktop.wait_for('the step', lambda: place.last_step() == 'Move Layer')
    release()
    before, after = read()
    new, old = after.layers
    check_fill(new, before)
    assert old.box[0] > 0 and old.pixels.pixels == before.layers[0].pixels.pixels


@place.test
def the_selection_is_changed():
    hold_a_fill('selection-changed')
    do('Select', 'Invert')
    release()
    before, after = read()
    check_fill(after.layers[0], before)
    assert after.selection.at(5, 5) == (255,) and after.selection.at(290, 190) == (0,)


@place.test
def the_image_is_cropped():
    """The only layer is cut: nobody can tell which part is left, so the result comes to the recorded
    place of the canvas."""
    hold_a_fill('cropped')
    do('Image', 'Crop to Selection')
    release()
    before, after = read()
    assert after.size == SELECTED[2:]
    check_fill(after.layers[0], before)


@place.test
def what_was_done_before_is_undone():
    place.begin('undone', 'ellipse')
    do('Select', 'Invert')
    place.sandbox.control('hold')
    before = place.jobs_started()
    artist.choose('Upscale 2×')
    artist.wait_started(place, before + 1)
    place.undo()
    release()
    before, after = read()
    assert after.bounds == before.bounds
    assert after.layers[0].box == (0, 0, 2 * WIDTH, 2 * HEIGHT)


@place.test
def the_layer_is_deleted():
    hold_a_fill('layer-deleted')
    do('Layer', 'Delete Layers')
    release()
    before, after = read()
    new, = after.layers
    check_fill(new, before)


@place.test
def the_image_is_closed():
    """What came is an image of its own, as large as that was; all of it is seen."""
    hold_a_fill('image-closed')
    closed = place.gimp.title()
    desktop.choose_from_menu('File', 'Close View')
    desktop.wait_for('another image', lambda: place.gimp.title() != closed)
    release()
    place.gimp.wait_for_image(f'1 layer) {WIDTH}x{HEIGHT}')
    before, after = read()
    check_fill(after.layers[0], before)


@place.test
def the_image_becomes_grey():
    hold_a_fill('grey')
    do('Image', 'Mode', 'Grayscale')
    release()
    before, after = read()
    assert after.type == 'gray'
    check_fill(after.layers[0], before)


TESTS = [
    the_layer_is_moved,
    the_selection_is_changed,
    the_image_is_cropped,
    what_was_done_before_is_undone,
    the_layer_is_deleted,
    the_image_is_closed,
    the_image_becomes_grey,
]

with place:
    place.prepare('ellipse', 'coffee.jpg', ELLIPSE)
    place.agree()
    tap.run([test for test in TESTS if test.__name__ in (sys.argv[2:] or test.__name__)])
