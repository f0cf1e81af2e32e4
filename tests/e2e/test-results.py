#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that give something else than a good picture, or have not what an action asks for first;
and the artist's settings about results. Whatever comes stays in the job's folder, nothing is paid
twice, and the window of jobs says what to do.

    test-results.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox.
"""

import functools
import json
import sys
from pathlib import Path

import artist
import desktop
import tap
from studio import Studio, newest_job

WIDTH, HEIGHT = 120, 80
DEEP = 'image.convert_precision(Gimp.Precision.U16_NON_LINEAR)\nimage.scale(120, 80)'

build = Path(sys.argv[1]).resolve()
place = Studio(build, 'results')


def start(work, entry='Upscale 2×', image='photograph'):
    """Chooses an action that runs at once; returns how many jobs there are with it."""
    place.begin(work, image)
    number = place.jobs_started() + 1
    artist.choose(entry)
    return number


def placed(work, entry='Upscale 2×', image='photograph'):
    """The same, until its result is there: one job, and the image before and after."""
    number = start(work, entry, image)
    place.wait_placed(number)
    assert place.jobs_started() == number
    place.save('after')
    return place.read('before', 'after')


def files():
    """What lies in the folder of the newest job beside its record, by name."""
    folder, _ = newest_job()
    return {path.name: path for path in folder.iterdir()}


def is_told(kind, sentence, is_kept=True, **arguments):
    """A job whose result is spoiled ends with a sentence in the window of jobs, the image as it is.
    Returns the files of the job's folder."""
    place.sandbox.control('result', kind=kind, **arguments)
    number = start(f'result-{kind}')
    jobs = desktop.window(artist.JOBS)
    told = desktop.find_text(sentence, within=jobs)
    print(f'# {kind}: {told}', flush=True)
    place.shoot(kind)
    if is_kept:
        # it was paid for: whatever it is, the artist can have it
        desktop.wait_for('a way to save the file', lambda: [
            button for button in desktop.widgets(jobs)
            if button.get_role_name() == 'button' and button.get_name().startswith('Save “')])
    artist.press(jobs, 'Take this job off the list')
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))
    assert place.jobs_started() == number
    place.save('after')
    before, after = place.read('before', 'after')
    assert before == after, (before, after)
    return {name: path.read_bytes() for name, path in files().items()}


@place.test
def a_page_is_kept_and_not_placed():
    kept = is_told('html', 'The picture is neither PNG, WebP nor JPEG')
    assert b'<html' in kept['output-0.png'].lower()


@place.test
def half_a_picture_is_kept_and_not_placed():
    kept = is_told('truncated', 'The picture is damaged.')
    assert kept['output-0.png'].startswith(b'\x89PNG')


@place.test
def an_empty_file_is_told():
    kept = is_told('empty', 'The file ')
    assert kept['output-0.png'] == b''


@place.test
def a_picture_of_billions_of_pixels_is_kept_and_not_placed():
    kept = is_told('bomb', 'The picture is 60000 × 60000 pixels')
    assert kept['output-0.png']


@place.test
def another_format_is_kept_and_not_placed():
    kept = is_told('gif', 'The picture is neither PNG, WebP nor JPEG')
    assert any(data.startswith(b'GIF8') for data in kept.values())


@place.test
def a_job_without_a_result_is_told():
    is_told('none', 'The job ended without a picture.', is_kept=False)
    # and that was the last of it: the window, asked for, waits for being closed
    artist.choose('Jobs')
    jobs = desktop.window(artist.JOBS, desktop.ACTIVE)
    assert not list(desktop.widgets(desktop.find('list box', 'Jobs', within=jobs)))
    place.shoot('no-job')
    artist.close(jobs)
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))


@place.test
def twenty_results_become_a_group():
    place.sandbox.control('result', kind='many', outputs=20)
    before, after = placed('result-many')
    group, layer = after.layers
    assert len(group.children) == 20 and layer.box == (0, 0, WIDTH, HEIGHT)
    step = place.undo()
    place.save('undone')
    undone, = place.read('undone')
    assert undone == before, step


@place.test
def another_size_fits_where_it_belongs():
    place.sandbox.control('result', kind='size', width=77, height=33)
    before, after = placed('result-size', 'Remove Background')
    layer, = after.layers
    assert (layer.mask.width, layer.mask.height) == (WIDTH, HEIGHT)
    place.sandbox.control('result', kind='size', width=77, height=33)
    before, after = placed('result-size-natural')
    assert after.layers[0].box == (0, 0, 77, 33)


def comes_as(kind, beginning):
    place.sandbox.control('result-format', format=kind)
    before, after = placed(f'format-{kind}')
    place.sandbox.control('reset')
    assert after.layers[0].box == (0, 0, 2 * WIDTH, 2 * HEIGHT)
    assert after.layers[1].pixels.pixels == before.layers[0].pixels.pixels
    assert any(path.read_bytes().startswith(beginning) for name, path in files().items()
               if name.startswith('output-0'))


@place.test
def jpeg_and_webp_are_placed():
    comes_as('jpeg', b'\xff\xd8')
    comes_as('webp', b'RIFF')


@place.test
def another_file_of_the_model_is_taken():
    for said in ({'allowed': ['RealESRGAN_x4plus.pth']}, {'config': 'none'}):
        place.sandbox.control('missing-model', name='RealESRGAN_x4plus.safetensors', **said)
        _, after = placed(f'missing-model-{next(iter(said))}')
        assert after.layers[0].box == (0, 0, 2 * WIDTH, 2 * HEIGHT)
        place.sandbox.control('reset')


@place.test
def a_deep_image_does_without_the_node_for_16_bits():
    place.sandbox.control('missing-node', class_type='SaveImageAdvanced')
    _, after = placed('missing-node', image='deep')
    assert after.precision == 'u16-non-linear'
    assert after.layers[0].box == (0, 0, 2 * WIDTH, 2 * HEIGHT)


@place.test
def png_goes_where_webp_is_refused():
    place.sandbox.control('refuse-webp')
    _, after = placed('refuse-webp')
    assert after.layers[0].box == (0, 0, 2 * WIDTH, 2 * HEIGHT)
    assert any(entry['what'] == 'request' and entry['status'] == 415
               for entry in place.sandbox.ledger()), 'nothing was refused'


def with_settings(change):
    artist.choose('Settings…')
    settings = desktop.window(artist.SETTINGS, desktop.ACTIVE)
    desktop.click(desktop.find('page tab', 'Jobs and Privacy', within=settings))
    change(settings)
    place.shoot('settings')
    artist.close(settings)


def tick(settings, box):
    desktop.click(desktop.find('check box', box, within=settings))


def choose_place(settings, when):
    desktop.choose_from_combo(desktop.field('Place results:', settings), when)


@place.test
def a_result_waits_for_a_click_if_the_artist_wants_that():
    with_settings(functools.partial(choose_place, when='When I click'))
    number = start('on-click')
    jobs = desktop.window(artist.JOBS)
    desktop.find_text('The result is ready.', within=jobs)
    place.shoot('result-is-ready')
    assert f'1 layer) {WIDTH}x{HEIGHT}' in place.gimp.title()
    artist.press(jobs, 'Place')
    place.wait_placed(number)
    place.gimp.wait_for_image(f'2 layers) {2 * WIDTH}x{2 * HEIGHT}')
    with_settings(functools.partial(choose_place, when='At once'))


@place.test
def uploads_are_deleted_if_the_artist_wants_that():
    def deleted():
        return [entry for entry in place.sandbox.ledger()
                if entry['what'] == 'request' and entry['method'] == 'DELETE'
                and entry['status'] < 300]

    placed('uploads-kept')
    assert not deleted()
    with_settings(functools.partial(
        tick, box='Delete uploads from the server when a job is done'))
    placed('uploads-deleted')
    assert len(deleted()) == 1, deleted()


@place.test
def layers_forget_how_they_were_made_if_the_artist_wants_that():
    _, after = placed('remembered')
    assert json.loads(after.layers[0].recipe)
    with_settings(functools.partial(tick, box='Remember in new layers how they were made'))
    _, after = placed('forgotten')
    assert after.layers[0].recipe is None


TESTS = [
    a_page_is_kept_and_not_placed,
    half_a_picture_is_kept_and_not_placed,
    an_empty_file_is_told,
    a_picture_of_billions_of_pixels_is_kept_and_not_placed,
    another_format_is_kept_and_not_placed,
    a_job_without_a_result_is_told,
    twenty_results_become_a_group,
    another_size_fits_where_it_belongs,
    jpeg_and_webp_are_placed,
    another_file_of_the_model_is_taken,
    a_deep_image_does_without_the_node_for_16_bits,
    png_goes_where_webp_is_refused,
    a_result_waits_for_a_click_if_the_artist_wants_that,
    uploads_are_deleted_if_the_artist_wants_that,
    layers_forget_how_they_were_made_if_the_artist_wants_that,
]

with place:
    place.prepare('photograph', 'coffee.jpg', 'image.scale(120, 80)')
    place.prepare('deep', 'coffee.jpg', DEEP)
    place.agree()
    tap.run([test for test in TESTS if test.__name__ in (sys.argv[2:] or test.__name__)])
