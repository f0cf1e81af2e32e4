#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs in real GIMP: who owns them, what GIMP's own Undo, Repeat and end do to them.

    jobs.py BUILD-FOLDER OUTPUT-FOLDER

Runs inside session.py, against the sandbox, as one long session: each step goes on from the one
before. Fails when anything is not as it should be; the sandbox's ledger judges what was started.
"""

import os
import shutil
import sys
from pathlib import Path

import desktop
from gimp import Gimp
from workplace import Workplace

SOURCE = Path(__file__).parents[2]
PHOTOGRAPH = SOURCE / 'tests/data/coffee.jpg'


def say(text):
    print(text, flush=True)


def processes(place):
    """The ids of the plug-in's processes in this test's GIMP."""
    found = []
    for folder in Path('/proc').glob('[0-9]*'):
        try:
            if (folder / 'cmdline').read_bytes().startswith(bytes(place.output / 'install')):
                found.append(int(folder.name))
        except OSError:  # ended meanwhile
            pass
    return sorted(found)


def started(place):
    return sum(entry['what'] == 'job' for entry in place.sandbox.ledger())


def wait_for_processes(place, number):
    desktop.wait_for(f'{number} processes', lambda: len(processes(place)) == number)
    return processes(place)


def choose(action):
    desktop.choose_from_menu('Filters', 'Comfy Cloud', action)


def confirm(title, button):
    window = desktop.window(title, desktop.ACTIVE)
    desktop.click(desktop.find('button', button, within=window))


def first_job_becomes_host(place):
    place.gimp.open(PHOTOGRAPH)
    place.sandbox.control('hold')
    choose('Upscale 4×')
    confirm('Upscale 4×', 'Run')  # says for the first time what leaves the machine
    desktop.find_text('Running', within=desktop.window('Comfy Cloud Jobs'))
    return wait_for_processes(place, 1)


def next_jobs_are_handed_over(place, host):
    choose('Invert in the Cloud…')
    confirm('Invert in the Cloud', 'Invert')
    desktop.find('label', 'Invert in the Cloud', within=desktop.window('Comfy Cloud Jobs'))
    choose('Jobs')
    assert wait_for_processes(place, 1) == host, 'another process owns jobs'
    assert started(place) == 2


def host_ends_after_its_last_job(place):
    place.sandbox.control('release')
    place.gimp.wait_for_image('3 layers) 2400x1600')
    wait_for_processes(place, 0)


def two_at_once_both_arrive(place):
    """Neither knows of the other: one becomes the host of both."""
    before = started(place)
    place.sandbox.control('hold')
    choose('Upscale 4×')
    choose('Upscale 4×')
    desktop.wait_for('both jobs', lambda: started(place) == before + 2)
    wait_for_processes(place, 1)
    place.sandbox.control('release')
    place.gimp.wait_for_image('5 layers) 2400x1600')
    wait_for_processes(place, 0)
    assert started(place) == before + 2


def each_result_is_one_undo_step(place):
    for key, title in (('ctrl+z', '4 layers)'), ('ctrl+z', '3 layers)'), ('ctrl+z', '2 layers)'),
                       ('ctrl+z', '1 layer) 600x400'), ('ctrl+y', '2 layers) 2400x1600')):
        place.gimp.press(key)
        place.gimp.wait_for_image(title)


def repeat_asks(place):
    before = started(place)
    place.gimp.press('ctrl+f')
    confirm('Upscale 4×', 'Cancel')  # from the menu this runs at once
    wait_for_processes(place, 0)
    assert started(place) == before, 'Repeat started a job unasked'


def gimp_dies_and_the_job_does_not(place):
    image = place.output / 'work.xcf'
    place.gimp.save(image)
    place.sandbox.control('hold')
    choose('Upscale 4×')
    desktop.find_text('Running', within=desktop.window('Comfy Cloud Jobs'))
    before = started(place)
    place.gimp.end()
    wait_for_processes(place, 0)
    place.sandbox.control('release')

    place.gimp = Gimp(place.output / 'profile', place.output / 'gimp-again.log')
    place.gimp.open(image)
    choose('Jobs')
    jobs = desktop.window('Comfy Cloud Jobs')
    desktop.click(desktop.find('button', 'Go On', within=jobs))
    place.gimp.wait_for_image('3 layers)')
    assert started(place) == before, 'a job was started twice'


def main(build, output):
    place = Workplace(build, output, '--job-ms=300')
    # a third action, as data, before GIMP has ever seen the plug-in
    for file in (SOURCE / 'tests/data/actions').glob('invert.*'):
        shutil.copy(file, next((output / 'install').glob('**/comfy-cloud/data/actions')))
    os.environ |= {'COMFY_API_KEY': place.key, 'COMFY_BASE_URL': place.sandbox.v1_url}
    with place:
        say('1. The first job’s process owns it, and takes over those of the others.')
        next_jobs_are_handed_over(place, first_job_becomes_host(place))
        say('2. It ends with its last job.')
        host_ends_after_its_last_job(place)
        say('3. Two at the same moment both arrive.')
        two_at_once_both_arrive(place)
        say('4. Each result is one step of Undo.')
        each_result_is_one_undo_step(place)
        say('5. Repeat asks before it spends money.')
        repeat_asks(place)
        say('6. GIMP dies; the job goes on in the next one, in the same image.')
        gimp_dies_and_the_job_does_not(place)
    complaints = [line for log in output.glob('gimp*.log') for line in log.open(errors='replace')
                  if '(comfy-cloud:' in line and 'CRITICAL' in line]
    assert not complaints, ''.join(complaints)


main(*(Path(argument).resolve() for argument in sys.argv[1:]))
