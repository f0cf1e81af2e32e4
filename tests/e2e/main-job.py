#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job in real GIMP, done as a user does it, without an account.

    main-job.py BUILD-FOLDER OUTPUT-FOLDER

Runs inside session.py, against the sandbox. Adds a key and sees that it works, generates a picture,
fills a selection, upscales a photograph, and leaves images and screenshots in the output folder.
Fails when anything is not as it should be; the sandbox's ledger has the last word on what was
started.
"""

import re
import struct
import sys
from pathlib import Path

import desktop
from workplace import Workplace

PHOTOGRAPH = Path(__file__).parents[1] / 'data' / 'coffee.jpg'
KEY_NAME = 'Sandbox on this machine'
PROMPT = 'A lighthouse on a cliff at dusk, warm light in its windows, waves below'
FILLING = 'A blue lake'
ELLIPSE = (560, 380), (840, 600)  # on the screen, well within the photograph

RESULTS = '''
Done. In {output} lie
  settings.png             the settings window: the key works
  generate-form.png        what is asked before a picture is made
  generate-running.png     the job while it runs
  generated-in-gimp.png    the picture in GIMP;     the image itself: generated.xcf, generated.png
  fill-form.png            a selection, and what is sent of the image for it
  filled-in-gimp.png       what was painted into it; the image itself: filled.xcf, filled.png
  upscale-running.png      the last job while it runs
  upscaled-in-gimp.png     the photograph in GIMP;  the image itself: upscaled.xcf, upscaled.png
  gimp.log, sandbox/ledger.jsonl   what GIMP printed; what the sandbox was asked and what it started

The pictures were painted by the sandbox, which only stands in for the cloud's models. What happened
around them was real: GIMP, the plug-in, the keyring, uploads, jobs and downloads.'''


def say(text):
    print(text, flush=True)


def add_key(place):
    """Adds a key in the settings window, which tests it before it stores it."""
    desktop.choose_from_menu('Filters', 'Comfy Cloud', 'Settings…')
    settings = desktop.window('Comfy Cloud Settings', desktop.ACTIVE)
    desktop.click(desktop.find('button', 'Add Key…', within=settings))
    desktop.type_into(desktop.field('API key:', settings), place.key)
    desktop.type_into(desktop.field('Name:', settings), KEY_NAME)
    desktop.choose_from_combo(desktop.field('Environment:', settings), 'Another Address')
    desktop.type_into(desktop.find('text', 'Address of the environment', within=settings),
                      place.sandbox.v1_url)
    desktop.click(desktop.find('button', 'Test and Store', within=settings))
    say(f'   {desktop.find_text("Works", within=settings)}')
    desktop.screenshot(place.output / 'settings.png')
    desktop.click(desktop.find('button', 'Close', within=settings))
    desktop.wait_gone(settings)


def watch_job(place, screenshot):
    """Waits until the window of jobs shows that one runs, takes a picture of that, lets it end."""
    jobs = desktop.window('Comfy Cloud Jobs')
    desktop.find_text('Running', within=jobs)
    desktop.find_text('0:02', within=jobs)
    desktop.screenshot(place.output / screenshot)
    place.sandbox.control('release')


def keep(place, name):
    """Takes a picture of the image in GIMP, and leaves it as XCF and PNG."""
    place.gimp.press('ctrl+shift+j')  # the whole image in the window
    desktop.screenshot(place.output / f'{name}-in-gimp.png')
    place.gimp.save(place.output / f'{name}.xcf')
    place.gimp.export_png(place.output / f'{name}.png')


def generate(place):
    """Makes a picture from words. No image is open, so it becomes one."""
    desktop.choose_from_menu('Filters', 'Comfy Cloud', 'Generate Image…')
    form = desktop.window('Generate Image', desktop.ACTIVE)
    desktop.type_into(desktop.field('Prompt:', form), PROMPT)
    desktop.screenshot(place.output / 'generate-form.png')
    place.sandbox.control('hold')
    desktop.click(desktop.find('button', 'Generate', within=form))
    watch_job(place, 'generate-running.png')
    place.gimp.wait_for_image('1 layer) 1024x1024')
    keep(place, 'generated')


def fill(place):
    """Paints something new into an ellipse that is selected in a photograph."""
    place.gimp.open(PHOTOGRAPH)
    place.gimp.select('Ellipse', *ELLIPSE)
    desktop.choose_from_menu('Filters', 'Comfy Cloud', 'Fill Selection…')
    form = desktop.window('Fill Selection', desktop.ACTIVE)
    desktop.type_into(desktop.field('Prompt:', form), FILLING)
    desktop.wait_for('what will be sent', lambda: any(
        ' pixels, ' in (widget.get_name() or '') for widget in desktop.widgets(form)))
    desktop.screenshot(place.output / 'fill-form.png')
    desktop.click(desktop.find('button', 'Fill', within=form))
    place.gimp.wait_for_image('2 layers) 600x400')
    keep(place, 'filled')


def upscale(place):
    """Makes a photograph four times as wide and as high, as a layer above it."""
    place.gimp.open(PHOTOGRAPH)
    place.sandbox.control('hold')
    desktop.choose_from_menu('Filters', 'Comfy Cloud', 'Upscale 4×')
    watch_job(place, 'upscale-running.png')
    place.gimp.wait_for_image('2 layers) 2400x1600')
    keep(place, 'upscaled')


def png_size(path):
    return struct.unpack('>II', path.read_bytes()[16:24])


def check(place):
    """What the screen does not tell."""
    assert png_size(place.output / 'generated.png') == (1024, 1024)
    assert png_size(place.output / 'filled.png') == (600, 400)
    assert png_size(place.output / 'upscaled.png') == (2400, 1600)

    jobs = [entry for entry in place.sandbox.ledger() if entry['what'] == 'job']
    assert len(jobs) == 3, f'{len(jobs)} jobs were started'

    complaints = re.findall(r'.*(?:\(comfy-cloud:.*CRITICAL|comfy-cloud: fatal).*',
                            (place.output / 'gimp.log').read_text('utf-8', 'replace'))
    assert not complaints, '\n'.join(complaints)

    for path in place.output.rglob('*'):
        assert not path.is_file() or place.key.encode() not in path.read_bytes(), \
            f'the key lies in {path}'


def main(build, output):
    with Workplace(build, output) as place:
        say('1. A key is added in the settings window, is tested, and kept in the keyring.')
        add_key(place)
        say('2. Generate Image makes a picture from words, as a new image.')
        generate(place)
        say('3. Fill Selection paints something new into a selection, as a layer with a mask.')
        fill(place)
        say('4. Upscale 4× enlarges a photograph, as a layer above it.')
        upscale(place)
        check(place)
    say(RESULTS.format(output=output))


main(*(Path(argument).resolve() for argument in sys.argv[1:]))
