#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results arrive while the artist works: what is being drawn, selected and moved is the same as
without them, in real GIMP with a pointer that moves.

    test-stroke.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox, which holds jobs back until the very moment.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import artist
import desktop
import tap
from desktop import xdotool
from gimp import Gimp
from workplace import Workplace

ACTION = 'Invert'
PANEL = 'Comfy Cloud Panel'
PHOTOGRAPH = artist.DATA / 'coffee.jpg'
SIZE = '600x400'
PAINTED = 'coffee.jpg'  # the layer
NOT_SCALED = '600 × 400 pixels'
# on the screen, well within the picture
ZIGZAG = [(520, 330), (620, 560), (720, 330), (820, 560), (900, 400)]
POLYGON = [(520, 330), (840, 350), (820, 520), (560, 600)]

# in GIMP's Python: the layers of files, by name and pixels
READ = '''
import hashlib, json
from gi.repository import Gegl
read = {{}}
for path in {paths}:
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))
    read[path] = {{}}
    for layer in image.get_layers():
        buffer = layer.get_buffer()
        pixels = buffer.get(buffer.get_extent(), 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)
        size = f"{{layer.get_width()}}x{{layer.get_height()}}"
        read[path][layer.get_name()] = f"{{size}} {{hashlib.sha256(bytes(pixels)).hexdigest()}}"
with open({answer}, "w") as file:
    json.dump(read, file)
'''

build = Path(sys.argv[1]).resolve()
place = Workplace(build, build / 'stroke', '--job-ms=50')
SETTINGS = Path(os.environ['HOME'], '.config/comfy-cloud-gimp/settings.ini')
jobs_folder = Path(os.environ['HOME'], '.local/state/comfy-cloud-gimp/jobs')


def make_action():
    """An action that runs without a form, and whose result is as large as its layer."""
    folder = next((place.output / 'install').glob('**/comfy-cloud/data/actions'))
    source = artist.DATA / 'actions'
    sidecar = json.loads((source / 'invert.gimp.json').read_text('utf-8'))
    del sidecar['fields']
    sidecar |= {'menu-label': '_Invert', 'title': ACTION}
    (folder / 'invert.gimp.json').write_text(json.dumps(sidecar), 'utf-8')
    shutil.copy(source / 'invert.json', folder)


def tell_the_layer_in_the_title():
    with open(place.output / 'profile' / 'gimprc', 'a', encoding='utf-8') as gimprc:
        gimprc.write('(image-title-format "%D*%f-%p.%i (%t, %o, %L) %wx%h [%n]")\n')


def put_panel_beside_the_picture():
    SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    with open(SETTINGS, 'a', encoding='utf-8') as settings:
        settings.write('[panel]\nplace=1040;60;340;780;420;\n')


def saved(name):
    return place.output / f'{name}.xcf'


def read(*names):
    """The layers of images that were saved: a dictionary of names and pixels for each."""
    answer = place.output / 'read.json'
    command = READ.format(paths=[str(saved(name)) for name in names], answer=repr(str(answer)))
    ended = subprocess.run(
        ['gimp-console', '-i', '-d', '--quit', '--batch-interpreter=python-fu-eval', '-b', command],
        env=os.environ | {'GIMP3_DIRECTORY': str(place.output / 'profile')},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    assert ended.returncode == 0, ended.stdout
    layers = json.loads(answer.read_text('utf-8'))
    return [layers[str(saved(name))] for name in names]


def wait_for_layers(number, size=SIZE):
    place.gimp.wait_for_image(f'{number} layer{"s" if number > 1 else ""}) {size}')


def wait_for_step(name):
    desktop.wait_for(f'the step {name}', lambda: place.gimp.last_step() == name)


def undo(step, done=None):
    wait_for_step(step)
    xdotool('key', 'ctrl+z')
    desktop.wait_for(f'the end of {step}', done or (lambda: place.gimp.last_step() != step))


def move(start, end, steps=60):
    """Moves the pointer on a line, as slowly as the server takes its places. Each step has to be a
    move of at least a pixel: xdotool waits long for one that is none."""
    for i in range(1, steps + 1):
        xdotool('mousemove', '--sync', *(a + (b - a) * i // steps for a, b in zip(start, end)))


def press(point):
    xdotool('mousemove', '--sync', *point, 'mousedown', 1)


def release():
    xdotool('mouseup', 1)


def stroke(midst=None):
    """A long stroke with the pencil; in its midst something may happen."""
    xdotool('key', 'n')
    press(ZIGZAG[0])
    for i, (start, end) in enumerate(zip(ZIGZAG, ZIGZAG[1:])):
        if i == 2 and midst:
            midst()
        move(start, end)
    release()
    wait_for_step('Pencil')


def results():
    return len(list(jobs_folder.glob('*/output-0.*')))


class Held:
    """Jobs on the image that is shown, which end when they are told to."""

    def __init__(self, number):
        self.before = results()
        self.number = number
        place.sandbox.control('hold')
        started = len(artist.started(place))
        for _ in range(number):
            started += 1
            artist.choose(ACTION)
            if started == 1:  # said once, what leaves the machine
                artist.press(desktop.window(ACTION, desktop.ACTIVE), ACTION)
            artist.wait_started(place, started)
        artist.close(desktop.window(artist.JOBS))  # it may lie over the picture
        desktop.wait_for('GIMP', lambda: desktop.has_states(place.gimp.frame, desktop.ACTIVE))

    def arrive(self):
        """Until every result is on this machine."""
        place.sandbox.control('release')
        desktop.wait_for('the results', lambda: results() == self.before + self.number)


def with_gimp(test):
    """Each test has a photograph of its own; a failure leaves a picture and GIMP anew."""
    @functools.wraps(test)
    def run():
        try:
            place.gimp.open(PHOTOGRAPH)
            wait_for_layers(1)
            test()
            desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))
        except Exception:
            release()
            desktop.screenshot(build / 'screens' / f'e2e-failure-{test.__name__}.png')
            print(''.join(f'# {line}\n' for line in desktop.describe().splitlines()), end='')
            place.gimp.end()
            place.sandbox.control('release')
            desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))
            place.gimp = Gimp(place.output / 'profile', place.output / 'gimp.log')
            raise
    return run


@with_gimp
def a_stroke_is_the_same_while_results_arrive():
    place.gimp.save(saved('untouched'))
    stroke()
    place.gimp.save(saved('alone'))
    undo('Pencil')

    held = Held(3)
    stroke(midst=held.arrive)
    wait_for_layers(4)
    assert f'[{PAINTED}]' in place.gimp.title(), place.gimp.title()
    place.gimp.save(saved('with-results'))
    for left in (3, 2, 1):  # one step each, and none of them the stroke's
        undo('Add Layer', lambda: f'{left} layer' in place.gimp.title())
    place.gimp.save(saved('without-results'))
    undo('Pencil')
    place.gimp.save(saved('undone'))

    untouched, alone, together, taken_back, undone = read(
        'untouched', 'alone', 'with-results', 'without-results', 'undone')
    assert alone[PAINTED] != untouched[PAINTED], 'nothing was painted'
    assert together[PAINTED] == alone[PAINTED], 'the stroke is another one'
    assert taken_back == alone
    assert undone == untouched


def open_panel():
    artist.choose('Panel')
    return desktop.window(PANEL, desktop.ACTIVE)


def ask_panel(panel, number):
    """Pictures that the sandbox does not begin before it is told to; the panel shows them in its
    history, and none of them comes into the image."""
    for i in range(number):
        started = len(artist.started(place))
        desktop.type_into(desktop.field('Prompt:', panel), f'An oak no. {i}')
        artist.press(panel, 'Generate')
        artist.wait_started(place, started + 1)


def give_gimp_the_keyboard():
    desktop.click(desktop.find('menu', 'Filters', within=place.gimp.frame))
    xdotool('key', 'Escape')
    desktop.wait_for('GIMP', lambda: desktop.has_states(place.gimp.frame, desktop.ACTIVE))


@with_gimp
def a_stroke_is_the_same_while_the_panel_is_busy():
    """Eight jobs at once: four whose results are placed at once, and four of the panel's, with their
    previews, whose results wait in its history."""
    place.gimp.save(saved('before-panel'))
    stroke()
    place.gimp.save(saved('alone-before-panel'))
    undo('Pencil')

    held = Held(4)
    panel = open_panel()
    ask_panel(panel, 4)
    held.number += 4
    give_gimp_the_keyboard()
    stroke(midst=held.arrive)
    wait_for_layers(5)
    desktop.screenshot(build / 'screens' / 'e2e-stroke-panel.png')
    place.gimp.save(saved('with-panel'))
    for left in (4, 3, 2, 1):
        undo('Add Layer', lambda: f'{left} layer' in place.gimp.title())
    place.gimp.save(saved('without-placed'))
    undo('Pencil')
    place.gimp.save(saved('undone-with-panel'))
    desktop.click(desktop.find('page tab', 'Results', within=panel))
    xdotool('key', 'alt+F4')
    desktop.wait_gone(panel)

    untouched, alone, together, taken_back, undone = read(
        'before-panel', 'alone-before-panel', 'with-panel', 'without-placed', 'undone-with-panel')
    assert alone[PAINTED] != untouched[PAINTED], 'nothing was painted'
    assert together[PAINTED] == alone[PAINTED], 'the stroke is another one'
    assert taken_back == alone
    assert undone == untouched


@with_gimp
def nothing_comes_in_while_a_button_is_down():
    held = Held(1)
    stroke(midst=lambda: (held.arrive(), wait_for_layers(1)))
    assert '1 layer)' in place.gimp.title(), 'before the stroke had ended'
    wait_for_layers(2)


def select_polygon(midst=None):
    """A selection of straight lines; GIMP keeps a half drawn one for as long as the artist takes."""
    xdotool('key', 'f')
    for i, point in enumerate(POLYGON):
        if i == 3 and midst:
            midst()
        xdotool('mousemove', '--sync', *point, 'click', 1)
    xdotool('mousemove', '--sync', *POLYGON[0], 'click', 1, 'key', 'Return')
    wait_for_step('Free Select')


def crop_to_selection():
    desktop.choose_from_menu('Image', 'Crop to Selection')
    desktop.wait_for('another size', lambda: f') {SIZE}' not in place.gimp.title())
    return place.gimp.title().split(') ')[1].split()[0]


@with_gimp
def a_half_drawn_selection_goes_on():
    select_polygon()
    size = crop_to_selection()
    undo('Crop Image')
    undo('Free Select')

    held = Held(1)
    select_polygon(midst=lambda: (held.arrive(), wait_for_layers(2)))
    assert crop_to_selection() == size


@with_gimp
def a_rectangle_being_dragged_takes_no_result_away():
    held = Held(1)
    xdotool('key', 'r')
    press(POLYGON[0])
    move(POLYGON[0], (600, 400), 20)
    held.arrive()
    move((600, 400), (900, 600))  # time enough to be placed too soon
    move((900, 600), (720, 470))
    release()
    wait_for_layers(2)
    assert crop_to_selection() == '200x140'
    # one that came too soon was there for a while
    assert '2 layers)' in place.gimp.title(), place.gimp.title()


def begin_scaling():
    """A handle of the scale tool was moved, and nothing is applied. Returns what the tool says."""
    xdotool('key', 'shift+s')
    label = desktop.find('label', NOT_SCALED, within=place.gimp.frame)
    press((850, 500))
    move((850, 500), (880, 530), 20)
    release()
    return desktop.wait_for('another size', lambda: label.get_name() != NOT_SCALED and label)


@with_gimp
def a_transformation_is_not_applied_by_a_result():
    """GIMP gives it up, with the layer as it was: see “Place results” for those who mind."""
    place.gimp.save(saved('not-scaled'))
    held = Held(1)
    begin_scaling()
    held.arrive()
    wait_for_layers(2)
    desktop.find('label', NOT_SCALED, within=place.gimp.frame)
    place.gimp.save(saved('given-up'))
    undo('Add Layer')
    place.gimp.save(saved('not-scaled-again'))

    before, given_up, after = read('not-scaled', 'given-up', 'not-scaled-again')
    assert given_up[PAINTED] == before[PAINTED]
    assert after == before


def place_on_click():
    artist.choose('Settings…')
    settings = desktop.window(artist.SETTINGS, desktop.ACTIVE)
    desktop.click(desktop.find('page tab', 'Jobs and Privacy', within=settings))
    desktop.choose_from_combo(desktop.field('Place results:', settings), 'When I click')
    artist.close(settings)


def apply_scaling():
    """Return, for GIMP has the keyboard; again, where a busy GIMP has missed it."""
    def is_scaled():
        return (place.gimp.last_step() or '').startswith('Scale to')

    def press_return():
        xdotool('key', 'Return')
        try:
            return desktop.wait_for('the step', is_scaled, 5)
        except desktop.NotThere:
            return False
    desktop.wait_for('the scaling', press_return)


@with_gimp
def placed_on_a_click_it_leaves_a_transformation_alone():
    place_on_click()
    held = Held(1)
    label = begin_scaling()
    size = label.get_name()
    held.arrive()
    jobs = desktop.window(artist.JOBS)
    desktop.find_text('The result is ready.', within=jobs)
    desktop.screenshot(build / 'screens' / 'e2e-result-is-ready.png')
    assert label.get_name() == size, label.get_name()
    apply_scaling()
    wait_for_layers(1)
    artist.press(jobs, 'Place')
    wait_for_layers(2)


make_action()
tell_the_layer_in_the_title()
put_panel_beside_the_picture()
os.environ |= {'COMFY_API_KEY': place.key, 'COMFY_BASE_URL': place.sandbox.v1_url}
with place:
    tests = [
        a_stroke_is_the_same_while_results_arrive,
        a_stroke_is_the_same_while_the_panel_is_busy,
        nothing_comes_in_while_a_button_is_down,
        a_half_drawn_selection_goes_on,
        a_rectangle_being_dragged_takes_no_result_away,
        a_transformation_is_not_applied_by_a_result,
        placed_on_a_click_it_leaves_a_transformation_alone,
    ]
    tap.run([test for test in tests if test.__name__ in (sys.argv[2:] or test.__name__)])
