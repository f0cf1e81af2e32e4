# SPDX-License-Identifier: GPL-3.0-or-later
"""A workplace whose GIMP is given prepared images, one after the other, and whose results are read
back from the files that it saves."""

import functools
import json
import os
import shutil
from pathlib import Path

import artist
import desktop
import xcf
from gimp import Gimp
from workplace import Workplace

JOBS_FOLDER = Path(os.environ['HOME'], '.local/state/comfy-cloud-gimp/jobs')

SETTINGS = Path(os.environ['HOME'], '.config/comfy-cloud-gimp/settings.ini')

# in GIMP's Python: a photograph as an image of its own, with what a test needs
PREPARE = '''
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({photograph!r}))
layer = image.get_layers()[0]
{steps}
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path({path!r}), None)
'''


def newest_job():
    """The folder of the job that was begun last, and what was asked for."""
    folder = max(JOBS_FOLDER.glob('*/request.json'),
                 key=lambda path: path.stat().st_mtime_ns).parent
    return folder, json.loads((folder / 'request.json').read_text('utf-8'))


class Studio(Workplace):
    """`with` it, GIMP runs, set up with the sandbox's key."""

    def __init__(self, build, name, *sandbox_options):
        super().__init__(build, build / name, '--job-ms=50', *sandbox_options)
        self.screens = build / 'screens'
        self.profile = self.output / 'profile'
        self.work = None  # the name of what is being done
        os.environ |= {'COMFY_API_KEY': self.key, 'COMFY_BASE_URL': self.sandbox.v1_url}

    def agree(self):
        """As if the artist had been told already what leaves the machine."""
        origin = self.sandbox.v1_url.split('/developer')[0]
        SETTINGS.parent.mkdir(parents=True, exist_ok=True)
        SETTINGS.write_text(f'[preferences]\nconsents={origin};\n', 'utf-8')

    def prepare(self, name, photograph, steps=''):
        """Makes an image to begin with: a photograph of tests/data, changed by Python in GIMP."""
        xcf.console(PREPARE.format(photograph=str(artist.DATA / photograph), steps=steps,
                                   path=str(self.output / f'{name}.xcf')), self.profile)

    def file(self, moment):
        return self.output / f'{self.work}-{moment}.xcf'

    def begin(self, work, image):
        """Opens a copy of a prepared image. Its state stays in the file “before”."""
        self.work = work
        shutil.copy(self.output / f'{image}.xcf', self.file('before'))
        self.gimp.open(self.file('before'))

    def focus(self):
        """Gives the image window the keyboard."""
        self.gimp.take_keyboard()

    def save(self, moment):
        self.gimp.save(self.file(moment))

    def read(self, *moments):
        return xcf.read(self.profile, *(self.file(moment) for moment in moments))

    def shoot(self, name):
        desktop.screenshot(self.screens / f'{self.output.name}-{name}.png')

    def jobs_started(self):
        return len(artist.started(self))

    def wait_placed(self, number):
        """Until that many jobs were started in all, and the plug-in has nothing more to do."""
        artist.wait_started(self, number)
        desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(self))

    def last_step(self):
        """What Edit → Undo would undo."""
        return self.gimp.last_step()

    def undo(self):
        """Edit → Undo, once; returns what that took back."""
        step = self.last_step()
        self.gimp.press('ctrl+z')
        desktop.wait_for(f'the end of {step}', lambda: self.last_step() != step)
        return step

    def redo(self, step):
        self.gimp.press('ctrl+y')
        desktop.wait_for(step, lambda: self.last_step() == step)

    def restart(self):
        """Another GIMP, without what is left in this one."""
        self.gimp.end()
        desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(self))
        self.gimp = Gimp(self.profile, self.output / 'gimp.log')

    def test(self, function):
        """A decorator. A failure leaves a picture, and GIMP and the sandbox as if anew."""
        @functools.wraps(function)
        def run():
            try:
                function()
            except Exception:
                self.shoot(f'failure-{function.__name__.replace("_", "-")}')
                print(''.join(f'# {line}\n' for line in desktop.describe().splitlines()), end='')
                desktop.wait_for('the sandbox', self.sandbox.answers)
                self.sandbox.control('reset')
                self.restart()
                shutil.rmtree(JOBS_FOLDER, ignore_errors=True)  # else they are offered from now on
                raise
        return run
