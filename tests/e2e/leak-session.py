#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole session in GIMP with a key that is read from standard input.

    leak-session.py BUILD-FOLDER OUTPUT-FOLDER [--plant]

Runs inside session.py. Adds the key, runs jobs, aborts the plug-in in the middle of one, saves images
and quits; what the session leaves at home goes to the output folder, too. With --plant the key is put
wherever it could have leaked to.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import artist
import desktop
from workplace import Workplace

# where a planted key has to be found, as leak-scan's output names it, beside those that follow from
# giving it away as a prompt
PLANTED_FILES = (
    'place/profile/planted',
    'place/sandbox/ledger.jsonl',
    'place/gimp.log',
    'left/home/.local/share/keyrings/planted.keyring',
    'left/home/.config/comfy-cloud-gimp/planted',
    'left/home/.cache/planted',
    'left/run/planted',
)


def allow_core_files(output):
    """A core file would lie in the folder that GIMP and the plug-in run in."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    os.chdir(output)


def generate(place, prompt):
    form = artist.describe(prompt)
    artist.enter_key(form, place.key, place.sandbox.v1_url)
    desktop.find_text('“Generate Image” sends', within=form)
    artist.press(form, 'Generate')
    place.gimp.wait_for_image('1 layer) 1024x1024')
    place.gimp.save(place.output / 'generated.xcf')


def abort_in_the_middle(place):
    """The plug-in dies of an abort while it holds the key, and the next one goes on."""
    place.gimp.open(artist.DATA / 'coffee.jpg')
    place.sandbox.control('hold')
    artist.choose('Upscale 4×')
    desktop.find_text('Running', within=desktop.window(artist.JOBS))
    for pid in artist.hosts(place):
        os.kill(pid, signal.SIGABRT)
    artist.dismiss(desktop.window('GIMP Message', desktop.ACTIVE), 'OK')
    place.sandbox.control('release')
    artist.choose('Jobs')
    artist.press(desktop.window(artist.JOBS), 'Go On')
    place.gimp.wait_for_image('2 layers) 2400x1600')
    place.gimp.save(place.output / 'upscaled.xcf')


def quit_gimp(place):
    """GIMP writes some of its files only now."""
    desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(place))
    desktop.choose_from_menu('File', 'Quit')
    place.gimp.process.wait(desktop.TIMEOUT)


def collect(output):
    """Takes along what the session would remove."""
    session = Path(os.environ['HOME']).parent

    def not_files(folder, names):
        paths = {name: Path(folder, name) for name in names}
        return [name for name, path in paths.items()
                if not path.is_file() and not path.is_dir() and not path.is_symlink()]
    for name in ('home', 'run'):
        shutil.copytree(session / name, output / 'left' / name, symlinks=True, ignore=not_files)
    shutil.copy(session / 'log', output / 'left')


def plant(key, output):
    for name in PLANTED_FILES:
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        with open(output / name, 'a', encoding='utf-8') as file:
            file.write(key)
    subprocess.run(['true', key], check=True)
    subprocess.run(['true'], env=os.environ | {'PLANTED': key}, check=True)
    # a process that nothing protects
    subprocess.run([sys.executable, '-c', 'import os; key = input(); os.abort()'], input=key,
                   text=True, check=False)


def main(build, output, planting):
    key = sys.stdin.readline().strip()
    allow_core_files(output)
    with Workplace(build, output / 'place', '--job-ms=100', key=key) as place:
        generate(place, key if planting else 'A red bicycle')
        abort_in_the_middle(place)
        quit_gimp(place)
    collect(output)
    if planting:
        plant(key, output)


if __name__ == '__main__':
    main(Path(sys.argv[1]), Path(sys.argv[2]), '--plant' in sys.argv)
