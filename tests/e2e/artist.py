# SPDX-License-Identifier: GPL-3.0-or-later
"""What an artist does with the plug-in, and what can be known about it from outside."""

from pathlib import Path

import desktop

DATA = Path(__file__).parents[1] / 'data'
MENU = ('Filters', 'Comfy Cloud')
JOBS = 'Comfy Cloud Jobs'
SETTINGS = 'Comfy Cloud Settings'


def choose(entry):
    """Chooses an entry of the plug-in's menu."""
    desktop.choose_from_menu(*MENU, entry)


def enter_key(window, key, url):
    """Fills in the key assistant that a window shows, and presses its button."""
    desktop.type_into(desktop.field('API key:', window), key)
    desktop.choose_from_combo(desktop.field('Environment:', window), 'Another Address')
    desktop.type_into(desktop.find('text', 'Address of the environment', within=window), url)
    desktop.click(desktop.find('button', 'Test and Store', within=window))


def press(window, button):
    desktop.click(desktop.find('button', button, within=window))


def dismiss(window, button):
    press(window, button)
    desktop.wait_gone(window)


def close(window):
    dismiss(window, 'Close')


def describe(prompt):
    """Opens the form of “Generate Image”, says what the picture shows and presses its button."""
    choose('Generate Image…')
    form = desktop.window('Generate Image', desktop.ACTIVE)
    desktop.type_into(desktop.field('Prompt:', form), prompt)
    press(form, 'Generate')
    return form


def processes(program):
    """The ids of the processes that run a program. By their arguments, which are for all to read."""
    found = []
    for arguments in Path('/proc').glob('[0-9]*/cmdline'):
        try:
            if arguments.read_bytes().split(b'\0')[0] == str(program).encode():
                found.append(int(arguments.parent.name))
        except OSError:  # ended meanwhile
            pass
    return found


def hosts(place):
    """The processes of the plug-in in a workplace."""
    return processes(next((place.output / 'install').glob('**/plug-ins/comfy-cloud/comfy-cloud')))


def started(place):
    """The jobs that the sandbox was made to start, in order."""
    return [entry for entry in place.sandbox.ledger() if entry['what'] == 'job']


def wait_started(place, number):
    """Waits until that many jobs were started; returns the last one."""
    return desktop.wait_for(f'job {number} in the ledger',
                            lambda: len(started(place)) >= number and started(place))[-1]


def wait_ended(place, job):
    """Waits until a job of started() ended in the sandbox; returns how."""
    def ended():
        return next((entry['state'] for entry in place.sandbox.ledger()
                     if entry['what'] == 'job-end' and entry['id'] == job['id']), None)
    return desktop.wait_for(f'the end of {job["id"]}', ended)
