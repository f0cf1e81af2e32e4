#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any workflow of the artist's from “Run Workflow…” in real GIMP: found in the list, filled in, run,
and its results where they belong. By the keyboard, where that is possible.

    test-workflows.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox, which really carries out the graphs of graphs.py.
"""

import subprocess
import sys
from pathlib import Path

import artist
import desktop
import graphs
import tap
from desktop import xdotool
from studio import Studio

WIDTH, HEIGHT = 600, 400
WHOLE = (0, 0, WIDTH, HEIGHT)
LIST = 'Run Workflow'
CLIPBOARD = '''
import gi
gi.require_version('Gtk', '3.0')
from gi.repository import Gdk, Gtk
print(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text() or '', end='')
'''
RECTANGLE = 'image.select_rectangle(Gimp.ChannelOps.REPLACE, 150, 100, 240, 180)'

build = Path(sys.argv[1]).resolve()
place = Studio(build, 'workflow')
folder = place.profile / 'comfy-cloud' / 'workflows'


def open_list():
    artist.choose('Run Workflow…')
    return desktop.window(LIST, desktop.ACTIVE)


def row(window, title):
    """Waits until the list shows a workflow."""
    return desktop.find('label', title, within=window)


def search(window, text):
    """Types into the search, which has the keyboard when the list is opened, and keeps what was
    looked for when one comes back."""
    entry = desktop.find('text', 'Search', within=window)
    if not desktop.has_states(entry, desktop.FOCUSED):
        desktop.click(entry)
    xdotool('key', 'ctrl+a')
    desktop.type_text(text)
    desktop.wait_for('the search', lambda: desktop.Atspi.Text.get_text(entry, 0, -1) == text)


def pick(window, title):
    """Types a title, and opens what is found by Enter. Returns the form."""
    search(window, title)
    row(window, title)
    xdotool('key', 'Return')
    return desktop.window(title, desktop.ACTIVE)


def open_form(title):
    return pick(open_list(), title)


def run(form, shown):
    """Runs the form by Ctrl+Enter, and waits until its one job is done."""
    before = place.jobs_started()
    place.shoot(shown)
    xdotool('key', 'ctrl+Return')
    place.wait_placed(before + 1)
    assert place.jobs_started() == before + 1
    place.save('after')
    place.shoot(f'{shown}-result')
    return place.read('before', 'after')


def inverted(rgba):
    return bytes(value if i % 4 == 3 else 255 - value for i, value in enumerate(rgba))


def preview(form):
    """Waits until the form shows what it would send."""
    desktop.find_text('600 × 400 pixels', within=form)


def is_inverted_in(box, before, after):
    """The colours' opposites in a box, and what was there around it; 1 off, as floats are."""
    left, top, width, height = box
    for y in range(0, HEIGHT, 7):
        for x in range(0, WIDTH, 7):
            old, new = before.seen.at(x, y), after.seen.at(x, y)
            if left <= x < left + width and top <= y < top + height:
                old = inverted(old)
            assert all(abs(a - b) <= 1 for a, b in zip(old, new)), (x, y, old, new)


@place.test
def a_file_that_comes_is_listed_found_and_run():
    place.begin('masked', 'rectangle')
    window = open_list()
    row(window, 'Generate Image')
    desktop.find_text('You have no workflows of your own yet.', within=window)
    place.shoot('list-without-own')
    graphs.write(folder / 'Masked Invert.json', graphs.masked_invert())
    row(window, 'Masked Invert')
    place.shoot('list')
    form = pick(window, 'Masked Invert')
    preview(form)
    before, after = run(form, 'form')
    assert [layer.box for layer in after.layers] == [WHOLE, WHOLE]
    assert after.selection.pixels == before.selection.pixels
    is_inverted_in((150, 100, 240, 180), before, after)


@place.test
def what_the_server_does_not_have_is_said_before_anything_is_sent():
    place.begin('missing', 'photograph')
    graphs.write(folder / 'Old Model.json', graphs.missing_model())
    graphs.write(folder / 'Strange Node.json', graphs.missing_class())
    before = place.sandbox.ledger()

    form = open_form('Old Model')
    said = desktop.find_text('“The Model”', within=form)
    assert graphs.MISSING_MODEL in said and 'sd_xl_base_1.0.safetensors' in said, said
    print(f'# {said}', flush=True)
    place.shoot('missing-model')
    xdotool('key', 'ctrl+Return')
    place.shoot('missing-model-run')
    artist.press(form, 'Workflows')

    form = pick(form, 'Strange Node')
    said = desktop.find_text('The node “My Inverter”', within=form)
    assert 'ImageInverter' in said and '“ImageInvert” is' in said, said
    print(f'# {said}', flush=True)
    place.shoot('missing-class')
    xdotool('key', 'ctrl+Return')
    desktop.find_text('The node “My Inverter”', within=form)
    artist.dismiss(form, 'Cancel')
    asked = place.sandbox.ledger()[len(before):]
    assert not [each for each in asked if each['what'] == 'job' or each.get('method') == 'POST'], asked


def edit(form):
    artist.press(form, 'Edit Form…')
    desktop.find('button', 'Done', within=form)


@place.test
def a_form_is_corrected_and_the_same_graph_is_known_again():
    place.begin('corrected', 'rectangle')
    graphs.write(folder / 'Blur.json', graphs.example('sandbox_masked_blur'))
    form = open_form('Blur')
    edit(form)
    place.shoot('edit')
    desktop.type_into(desktop.find('text', 'Image: name', within=form), 'What is blurred')
    desktop.type_into(desktop.find('text', 'Search all parameters', within=form), 'radius')
    desktop.choose_from_combo(
        desktop.find('combo box', 'Blur radius: where it is shown', within=form), 'In the form')
    desktop.choose_from_combo(desktop.field('Result becomes:', form), 'A group of layers')
    place.shoot('edit-corrected')
    artist.press(form, 'Done')
    desktop.type_into(desktop.field('Blur radius:', form), '3')
    before, after = run(form, 'corrected')
    group, below = after.layers
    assert [layer.box for layer in group.children] == [WHOLE] and below.box == WHOLE
    assert before.seen.pixels != after.seen.pixels

    graphs.write(folder / 'Another Name.json', graphs.example('sandbox_masked_blur'))
    form = open_form('Another Name')
    desktop.field('What is blurred:', form)
    desktop.field('Blur radius:', form)
    edit(form)
    desktop.type_into(desktop.field('Menu name:', form), 'Blur Softly')
    artist.press(form, 'Save as Action')
    desktop.find_text('“Blur Softly” stands in the list', within=form)
    place.shoot('edit-saved')
    artist.press(form, 'Done')
    artist.press(form, 'Workflows')
    search(form, 'blur')
    row(form, 'Blur Softly')
    place.shoot('list-with-action')
    artist.dismiss(form, 'Cancel')

    place.restart()
    place.begin('saved', 'rectangle')
    artist.choose('Blur Softly…')
    form = desktop.window('Blur Softly', desktop.ACTIVE)
    desktop.type_into(desktop.field('Blur radius:', form), '9')
    _, after = run(form, 'saved')
    assert [layer.box for layer in after.layers[0].children] == [WHOLE]
    assert after.layers[0].name.startswith('Blur Softly')


@place.test
def a_picture_that_comfyui_saved_is_opened():
    place.begin('png', 'photograph')
    folder.mkdir(parents=True, exist_ok=True)
    graphs.write_png(folder / 'ComfyUI_00001_.png', graphs.example('sandbox_invert'))
    window = open_list()
    row(window, 'ComfyUI_00001_')
    place.shoot('list-with-picture')
    before, after = run(pick(window, 'ComfyUI_00001_'), 'png')
    is_inverted_in(WHOLE, before, after)


def clipboard():
    return subprocess.run([sys.executable, '-c', CLIPBOARD], check=True, capture_output=True,
                          text=True).stdout


@place.test
def a_text_is_shown_and_copied():
    place.begin('text', 'photograph')
    graphs.write(folder / 'Caption.json', graphs.told())
    form = open_form('Caption')
    place.shoot('text')
    xdotool('key', 'ctrl+Return')
    jobs = desktop.window(artist.JOBS)
    desktop.find_text('A cup of coffee,', within=jobs)
    place.gimp.wait_for_image('2 layers)')
    place.shoot('text-result')
    artist.press(jobs, 'Copy the text')
    assert desktop.wait_for('the text', clipboard) == 'A cup of coffee,\nseen from above.'
    artist.press(jobs, 'Take this job off the list')
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


@place.test
def a_film_is_saved_where_the_artist_says():
    place.begin('film', 'photograph')
    graphs.write(folder / 'Film.json', graphs.filmed())
    form = open_form('Film')
    preview(form)
    place.shoot('film')
    xdotool('key', 'ctrl+Return')
    jobs = desktop.window(artist.JOBS)
    save = desktop.find_text('Save “Film 0', within=jobs)
    place.shoot('film-result')
    artist.press(jobs, save)
    path = place.output / 'film.mp4'
    place.gimp.answer_chooser(desktop.window('Save Result', desktop.ACTIVE), path)
    desktop.find_text('Saved.', within=jobs)
    place.shoot('film-saved')
    assert path.read_bytes()[4:12] == b'ftypisom'
    artist.press(jobs, 'Take this job off the list')
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))
    assert '1 layer)' in place.gimp.title()


@place.test
def two_kinds_of_results_are_one_step():
    place.begin('two-kinds', 'photograph')
    graphs.write(folder / 'Two Kinds.json', graphs.two_kinds())
    form = open_form('Two Kinds')
    before, after = run(form, 'two-kinds')
    assert [layer.box for layer in after.layers] == [WHOLE, WHOLE]
    assert before.bounds is None and after.bounds is not None
    for x, y in ((10, 10), (300, 200), (500, 300)):
        red = before.seen.at(x, y)[0]
        if abs(red - 127) > 3:
            assert after.selection.at(x, y) == ((255,) if red > 127 else (0,)), (x, y, red)
    place.undo()
    assert place.last_step() is None, place.last_step()
    place.save('undone')
    undone, = place.read('undone')
    assert undone == before


@place.test
def a_workflow_is_run_for_several_seeds():
    place.begin('seeds', 'photograph')
    graphs.write(folder / 'Seeds.json', graphs.example('i2i_z_image_turbo'))
    before = place.jobs_started()
    form = open_form('Seeds')
    desktop.choose_from_combo(desktop.field('Batch:', form), 'For several seeds')
    desktop.type_into(desktop.field('Jobs:', form), '3')
    desktop.find_text('3 jobs, each is paid for', within=form)
    place.shoot('seeds')
    xdotool('key', 'ctrl+Return')
    jobs = desktop.window(artist.JOBS)
    desktop.find_text('Batch “Seeds”: 3 of 3 done', within=jobs)
    place.gimp.wait_for_image('4 layers)')
    place.shoot('seeds-result')
    assert place.jobs_started() == before + 3
    artist.press(jobs, 'Take this batch off the list')
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


TESTS = [
    a_file_that_comes_is_listed_found_and_run,
    what_the_server_does_not_have_is_said_before_anything_is_sent,
    a_form_is_corrected_and_the_same_graph_is_known_again,
    a_picture_that_comfyui_saved_is_opened,
    a_text_is_shown_and_copied,
    a_film_is_saved_where_the_artist_says,
    two_kinds_of_results_are_one_step,
    a_workflow_is_run_for_several_seeds,
]

with place:
    place.agree()
    place.prepare('photograph', 'coffee.jpg')
    place.prepare('rectangle', 'coffee.jpg', RECTANGLE)
    tap.run([test for test in TESTS if test.__name__ in (sys.argv[2:] or test.__name__)])
