#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions are data: one that the plug-in was not built with, two files of JSON, is used from the menu
and from Script-Fu, and what comes back follows from the bytes that were uploaded.

    test-third-action.py BUILD-FOLDER

Runs inside session.py, against the sandbox.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import artist
import desktop
import tap
from workplace import Workplace

TITLE = 'Invert in the Cloud'
PHOTOGRAPHS = {'coffee': '600x400', 'raccoon': '1024x768'}

# the third photograph is the first one turned, so that each has pixels of its own
BY_SCRIPT_FU = '''
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{photograph}")))
       (layer (vector-ref (car (gimp-image-get-layers image)) 0)))
  (gimp-image-rotate image ROTATE-DEGREES90)
  (plug-in-comfy-cloud-invert #:run-mode RUN-NONINTERACTIVE #:image image
                              #:drawables (vector layer) #:name "by-script")
  (gimp-file-save RUN-NONINTERACTIVE image "{result}"))
'''

# in GIMP's Python: a result is the opposite of an upload, the upload is the layer below
CHECK = '''
import sys
sys.path.insert(0, "{helpers}")
from batch_tools import Gimp, Gio, inverted, read

def layers(path):
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path)).get_layers()

uploads = [read(layers(path)[0]) for path in {uploads}]
results = []
for path in {results}:
    new, below = layers(path)
    assert read(below) in uploads, path
    assert read(new) == inverted(read(below)), path
    results.append(read(new))
assert len(set(results)) == len(uploads) == {number}
'''

build = Path(sys.argv[1]).resolve()
place = Workplace(build, build / 'third-action', '--job-ms=50')


def console(interpreter, command):
    """Runs a batch command in a GIMP without windows, with the same profile."""
    ended = subprocess.run(
        ['gimp-console', '-i', '-d', '--quit', f'--batch-interpreter={interpreter}', '-b', command],
        env=os.environ | {
            'GIMP3_DIRECTORY': str(place.output / 'profile'),
            'COMFY_TEST_PICTURES': str(artist.DATA)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    assert ended.returncode == 0, ended.stdout


def result(name):
    return place.output / f'{name}.xcf'


def it_runs_from_menu_and_window():
    for number, (name, size) in enumerate(PHOTOGRAPHS.items(), 1):
        place.gimp.open(artist.DATA / f'{name}.jpg')
        artist.choose(f'{TITLE}…')
        form = desktop.window(TITLE, desktop.ACTIVE)
        desktop.type_into(desktop.field('Name:', form), name)
        desktop.screenshot(build / 'screens' / f'e2e-third-action-{name}.png')
        artist.press(form, 'Invert')
        place.gimp.wait_for_image(f'2 layers) {size}')
        place.gimp.save(result(name))
        assert len(artist.started(place)) == number


def it_runs_from_script_fu():
    before = len(artist.started(place))
    console('plug-in-script-fu-eval', BY_SCRIPT_FU.format(
        photograph=artist.DATA / 'coffee.jpg', result=result('by-script')))
    assert len(artist.started(place)) == before + 1


def each_result_follows_from_what_was_uploaded():
    jobs = Path(os.environ['HOME'], '.local/state/comfy-cloud-gimp/jobs')
    uploads = [str(path) for path in jobs.glob('*/source.*')]
    results = [str(result(name)) for name in [*PHOTOGRAPHS, 'by-script']]
    console('python-fu-eval', CHECK.format(
        helpers=artist.DATA.parent / 'canvas', uploads=uploads, results=results,
        number=len(results)))


for file in (artist.DATA / 'actions').glob('invert.*'):
    shutil.copy(file, next((place.output / 'install').glob('**/comfy-cloud/data/actions')))
os.environ |= {'COMFY_API_KEY': place.key, 'COMFY_BASE_URL': place.sandbox.v1_url}
with place:
    tap.run([it_runs_from_menu_and_window, it_runs_from_script_fu,
             each_result_follows_from_what_was_uploaded])
