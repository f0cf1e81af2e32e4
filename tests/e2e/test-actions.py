#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every action from the menu of real GIMP, with its form or at once; what is seen before it is
sent, what comes of it, and that one Undo takes it back. Leaves a contact sheet of all of them.

    test-actions.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox, whose results are plainly synthetic: it washes half of
a landscape over what it was sent, so that one sees that picture and result lie on each other.
"""

import re
import sys
from pathlib import Path

import artist
import contact_sheet
import desktop
import tap
from desktop import xdotool
from studio import Studio, newest_job

WIDTH, HEIGHT = 600, 400
WHOLE = (0, 0, WIDTH, HEIGHT)
# of the sheet, for README
SHORT = ['edit-with-prompt', 'fill-selection', 'extend-canvas', 'remove-background']
PREVIEW = re.compile(r'(\d+) × (\d+) pixels, (\d.*)')

ELLIPSE = '''
image.select_ellipse(Gimp.ChannelOps.REPLACE, 170, 100, 240, 180)
Gimp.Selection.feather(image, 20)
'''
# what the sandbox takes for the subject stands out from an even ground
SUBJECT = '''
image.scale(600, 450)
image.select_ellipse(Gimp.ChannelOps.REPLACE, 150, 50, 300, 300)
Gimp.Selection.invert(image)
Gimp.context_set_foreground(Gegl.Color.new('#2f7f8f'))
layer.edit_fill(Gimp.FillType.FOREGROUND)
Gimp.Selection.none(image)
'''

build = Path(sys.argv[1]).resolve()
place = Studio(build, 'actions')
sheet = contact_sheet.Sheet(build)


def open_form(title):
    artist.choose(f'{title}…')
    return desktop.window(title, desktop.ACTIVE)


def preview(form, other_than=None):
    """Waits until the form says what it would send: (width, height, size of the file)."""
    def look():
        for widget in desktop.widgets(form):
            found = PREVIEW.fullmatch((widget.get_name() or '').strip())
            if found and found.groups() != other_than:
                return found.groups()
        return None
    return desktop.wait_for('the preview', look)


def meanwhile(form, do):
    """Does something in the image, and comes back to the form."""
    place.focus()
    do()
    desktop.click(desktop.find('label', 'To be sent:', within=form))


def run(form, button, name):
    """Presses the form's button, and waits for the result of the one job that this starts."""
    before = place.jobs_started()
    place.shoot(f'form-{name}')
    artist.press(form, button)
    place.wait_placed(before + 1)
    assert place.jobs_started() == before + 1


def run_at_once(entry):
    before = place.jobs_started()
    artist.choose(entry)
    place.wait_placed(before + 1)
    assert place.jobs_started() == before + 1


def taken_back_and_brought_again():
    """Undo, once, takes all of the result back, and Redo brings it again. Returns the image before
    and after."""
    place.save('after')
    place.shoot(f'result-{place.work}')
    step = place.undo()
    assert place.last_step() is None, f'after {step}: {place.last_step()}'
    place.save('undone')
    place.redo(step)
    place.save('redone')
    before, after, undone, redone = place.read('before', 'after', 'undone', 'redone')
    assert undone == before, (undone, before)
    assert redone == after, (redone, after)
    assert before != after
    return before, after


def is_unchanged_outside(before, after):
    """What is seen is the same wherever nothing was selected, and another where all was."""
    changed = 0
    for y in range(before.seen.height):
        for x in range(before.seen.width):
            selected = before.selection.at(x, y)[0]
            differs = before.seen.at(x, y) != after.seen.at(x, y)
            assert selected or not differs, (x, y)
            changed += differs and selected == 255
    return changed > before.selection.pixels.count(255) * 0.9


@place.test
def generate_makes_an_image_when_none_is_open():
    form = open_form('Generate Image')
    desktop.type_into(desktop.field('Prompt:', form), 'A lighthouse on a red cliff')
    run(form, 'Generate', 'generate-image')
    place.gimp.wait_for_image('1 layer) 1024x1024')
    place.work = 'generate-image'
    place.save('after')
    place.shoot('result-generate-image')
    after, = place.read('after')
    assert after.layers[0].name.startswith('Generate Image: A lighthouse on a red cliff (seed ')
    assert after.layers[0].box == (0, 0, 1024, 1024)
    sheet.add(place.work, 'Generate Image', '“A lighthouse on a red cliff”', None, after)


@place.test
def vary_makes_another_of_the_same():
    place.begin('vary-this-layer', 'generate-image-after')
    run_at_once('Vary This Layer')
    before, after = taken_back_and_brought_again()
    new, old = after.layers
    assert new.box == old.box and new.pixels.pixels != old.pixels.pixels
    assert new.name.split(' (seed ')[0] == old.name.split(' (seed ')[0]
    assert new.name != old.name
    sheet.add(place.work, 'Vary This Layer', 'the same words, another seed', before, after)


@place.test
def edit_lies_exactly_above_the_layer():
    place.begin('edit-with-prompt', 'photograph')
    form = open_form('Edit with Prompt')
    desktop.type_into(desktop.field('Prompt:', form), 'Make it a green evening')
    assert preview(form)[:2] == ('1248', '832')
    run(form, 'Edit', 'edit-with-prompt')
    before, after = taken_back_and_brought_again()
    assert [layer.box for layer in after.layers] == [WHOLE, WHOLE]
    assert after.layers[0].mask is None
    sheet.add(place.work, 'Edit with Prompt', '“Make it a green evening”', before, after)


@place.test
def edit_changes_only_what_is_selected_with_the_model_that_was_chosen():
    place.begin('edit-selection', 'ellipse')
    form = open_form('Edit with Prompt')
    desktop.type_into(desktop.field('Prompt:', form), 'A violet pond')
    desktop.choose_from_combo(desktop.field('Model:', form), 'Qwen-Image-Edit 2511 (best)')
    run(form, 'Edit', 'edit-selection')
    graph = (newest_job()[0] / 'graph.json').read_text('utf-8')
    assert 'qwen_image_edit_2511' in graph and 'Lightning' not in graph
    before, after = taken_back_and_brought_again()
    assert after.layers[0].mask and is_unchanged_outside(before, after)
    assert after.selection.pixels == before.selection.pixels
    sheet.add(place.work, 'Edit with Prompt', 'only what is selected', before, after)


@place.test
def fill_fades_in_with_the_selection():
    place.begin('fill-selection', 'ellipse')
    form = open_form('Fill Selection')
    desktop.type_into(desktop.field('Prompt:', form), 'A blue lake')
    run(form, 'Fill', 'fill-selection')
    before, after = taken_back_and_brought_again()
    assert is_unchanged_outside(before, after)
    assert after.layers[1].box == WHOLE and after.layers[0].mask
    left, top, width, height = after.layers[0].box
    shown = [after.selection.rows((left, y, width, 1))[0] for y in range(top, top + height)]
    assert after.layers[0].mask.pixels == b''.join(shown), 'the mask is not the selection'
    sheet.add(place.work, 'Fill Selection', '“A blue lake”', before, after)


@place.test
def fill_says_what_is_missing_and_sees_what_is_selected_meanwhile():
    place.begin('fill-nothing', 'photograph')
    before = place.jobs_started()
    form = open_form('Fill Selection')
    artist.press(form, 'Fill')
    desktop.find_text('“Fill Selection” changes what is selected.', within=form)
    place.shoot('form-nothing-selected')
    assert place.jobs_started() == before

    meanwhile(form, lambda: place.gimp.select('Rectangle', (410, 330), (458, 640)))
    part = preview(form)
    meanwhile(form, lambda: xdotool('key', 'ctrl+a'))
    whole = preview(form, other_than=part)
    assert whole[:2] == ('1248', '832') and part[:2] != whole[:2], (part, whole)
    artist.dismiss(form, 'Cancel')
    assert place.jobs_started() == before


@place.test
def extend_grows_by_the_edges_that_were_typed():
    place.begin('extend-canvas', 'photograph')
    form = open_form('Extend Canvas')
    desktop.type_into(desktop.field('Prompt:', form), 'A yellow field')
    for name, pixels in (('Pixels on the right', '120'), ('Pixels at the top', '80')):
        desktop.type_into(desktop.find('spin button', name, within=form), pixels)
    run(form, 'Extend', 'extend-canvas')
    before, after = taken_back_and_brought_again()
    assert after.size == (720, 480)
    old = after.layers[1]
    assert old.box == (0, 80, WIDTH, HEIGHT)
    assert old.pixels.pixels == before.layers[0].pixels.pixels
    # beyond what is painted over so that no seam is seen
    assert before.seen.rows((0, 32, 568, 368)) == after.seen.rows((0, 112, 568, 368))
    assert set(after.seen.pixels[3::4]) == {255}
    sheet.add(place.work, 'Extend Canvas', 'to the right and at the top', before, after)


@place.test
def extend_grows_to_a_ratio():
    place.begin('extend-to-a-ratio', 'photograph')
    form = open_form('Extend Canvas')
    desktop.choose_from_combo(desktop.field('Ratio:', form), '16:9')
    desktop.find_text('New size: 711 × 400 pixels', within=form)
    run(form, 'Extend', 'extend-to-a-ratio')
    before, after = taken_back_and_brought_again()
    assert after.size == (711, 400)
    assert after.layers[1].box == (55, 0, WIDTH, HEIGHT)
    sheet.add(place.work, 'Extend Canvas', 'to 16:9', before, after)


@place.test
def upscale_twice():
    place.begin('upscale-2x', 'photograph')
    run_at_once('Upscale 2×')
    before, after = taken_back_and_brought_again()
    assert after.size == (1200, 800)
    assert [layer.box for layer in after.layers] == [(0, 0, 1200, 800), WHOLE]
    sheet.add(place.work, 'Upscale 2×', 'with Real-ESRGAN', before, after)


@place.test
def upscale_four_times():
    place.begin('upscale-4x', 'photograph')
    run_at_once('Upscale 4×')
    before, after = taken_back_and_brought_again()
    assert after.size == (2400, 1600)
    sheet.add(place.work, 'Upscale 4×', 'with Real-ESRGAN', before, after)


@place.test
def upscale_with_new_detail():
    place.begin('creative-upscale', 'photograph')
    form = open_form('Creative Upscale')
    assert preview(form)[:2] == ('608', '400')
    run(form, 'Upscale', 'creative-upscale')
    before, after = taken_back_and_brought_again()
    assert after.size == (1200, 800)
    sheet.add(place.work, 'Creative Upscale', 'paints detail', before, after)


@place.test
def remove_background_gives_the_layer_a_mask():
    place.begin('remove-background', 'subject')
    run_at_once('Remove Background')
    before, after = taken_back_and_brought_again()
    layer, = after.layers
    assert layer.pixels.pixels == before.layers[0].pixels.pixels
    assert layer.mask.at(300, 200) == (255,) and layer.mask.at(5, 5) == (0,)
    sheet.add(place.work, 'Remove Background', 'as the mask of the layer', before, after)


@place.test
def select_subject_selects_and_changes_no_pixel():
    place.begin('select-subject', 'subject')
    run_at_once('Select Subject')
    before, after = taken_back_and_brought_again()
    assert after.seen.pixels == before.seen.pixels and len(after.layers) == 1
    assert after.selection.at(300, 200) == (255,) and after.selection.at(5, 5) == (0,)
    sheet.add(place.work, 'Select Subject', 'as the selection', before, after)


@place.test
def restyle_lies_exactly_above_the_layer():
    place.begin('restyle-layer', 'photograph')
    form = open_form('Restyle Layer')
    desktop.type_into(desktop.field('Prompt:', form), 'Coffee beans, an orange etching')
    run(form, 'Restyle', 'restyle-layer')
    before, after = taken_back_and_brought_again()
    assert [layer.box for layer in after.layers] == [WHOLE, WHOLE]
    sheet.add(place.work, 'Restyle Layer', '“An orange etching”', before, after)


@place.test
def split_makes_a_group_that_looks_the_same():
    place.begin('split-into-layers', 'photograph')
    form = open_form('Split into Layers')
    desktop.type_into(desktop.field('Number of layers:', form), '3')
    run(form, 'Split', 'split-into-layers')
    before, after = taken_back_and_brought_again()
    group, layer = after.layers
    assert layer.box == WHOLE and [child.box for child in group.children] == [WHOLE] * 3
    assert set(group.children[-1].pixels.pixels[3::4]) == {255}
    sheet.add(place.work, 'Split into Layers', 'a group, the background lowest', before, after,
              layers=group.children)


def a_contact_sheet_shows_all():
    sheet.draw(build / 'contact-sheet.png')
    sheet.draw(build / 'contact-sheet-short.png', SHORT)


TESTS = [
    generate_makes_an_image_when_none_is_open,
    vary_makes_another_of_the_same,
    edit_lies_exactly_above_the_layer,
    edit_changes_only_what_is_selected_with_the_model_that_was_chosen,
    fill_fades_in_with_the_selection,
    fill_says_what_is_missing_and_sees_what_is_selected_meanwhile,
    extend_grows_by_the_edges_that_were_typed,
    extend_grows_to_a_ratio,
    upscale_twice,
    upscale_four_times,
    upscale_with_new_detail,
    remove_background_gives_the_layer_a_mask,
    select_subject_selects_and_changes_no_pixel,
    restyle_lies_exactly_above_the_layer,
    split_makes_a_group_that_looks_the_same,
    a_contact_sheet_shows_all,
]

with place:
    place.prepare('photograph', 'coffee.jpg')
    place.prepare('ellipse', 'coffee.jpg', ELLIPSE)
    place.prepare('subject', 'raccoon.jpg', SUBJECT)
    tap.run([test for test in TESTS if test.__name__ in (sys.argv[2:] or test.__name__)])
