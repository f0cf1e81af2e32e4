#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plug-in is stopped, the network goes, the key is revoked, the keyring locks, while jobs are
at every stage: all is said in words, goes on, and is delivered once. The sandbox's ledger is the
judge.

    test-outages.py BUILD-FOLDER [TEST…]

Runs inside session.py, against the sandbox.
"""

import os
import secrets
import signal
import sys
from pathlib import Path

import artist
import desktop
import tap
from underway import (EMAIL, PASSWORD, QUEUED, READY, RUNNING, Panel, answer_prompt, find_prompts,
                      lock_keyring)

NEVER = {'kind': 'silence'}
LATE = {'kind': 'delay', 'ms': 2000}
REFUSED_MS = 30000

build = Path(sys.argv[1]).resolve()
place = Panel(build, 'outages')


def refuse(milliseconds):
    place.sandbox.control('refuse', ms=milliseconds)
    desktop.wait_for('the outage', lambda: not place.sandbox.answers())


def wait_back():
    desktop.wait_for('the sandbox', place.sandbox.answers)


def check_delivered(number):
    place.wait_delivered()
    desktop.wait_for('an empty queue', lambda: not place.rows())
    for prompt in READY, RUNNING, QUEUED:
        place.thumb(prompt)
    place.close_panel()
    place.judge(number)


@place.test
def all_connections_are_refused_for_half_a_minute():
    place.begin('refused', 'photograph')
    place.open_panel()
    number = place.get_under_way(NEVER)
    refuse(REFUSED_MS)
    place.activate_panel()
    desktop.find_text('Connection lost, trying again in', within=place.panel)
    desktop.screenshot(place.screens / 'panel-offline.png')
    wait_back()
    place.sandbox.control('release')
    check_delivered(number + 1)


@place.test
def everything_is_stopped_and_goes_on():
    """Meanwhile the jobs end, and nobody holds the connections any more."""
    place.begin('stopped', 'photograph')
    place.open_panel()
    number = place.get_under_way(NEVER)
    host, = artist.hosts(place)
    os.kill(host, signal.SIGSTOP)
    try:
        refuse(4000)
        wait_back()
        place.sandbox.control('release')
        for job in artist.started(place):
            artist.wait_ended(place, job)
    finally:
        os.kill(host, signal.SIGCONT)
    place.activate_panel()
    check_delivered(number + 1)


@place.test
def the_keyring_locks_while_jobs_run():
    place.begin('keyring', 'photograph')
    place.open_panel()
    number = place.get_under_way(LATE)
    lock_keyring()
    place.sandbox.control('release')
    place.wait_delivered()
    assert not find_prompts()
    # the next one asks
    place.activate_panel()
    place.generate('A yellow house')
    answer_prompt(PASSWORD)
    place.thumb('A yellow house')
    check_delivered(number + 2)


@place.test
def the_key_is_revoked_while_jobs_run():
    place.begin('revoked', 'photograph')
    place.open_panel()
    number = place.get_under_way(LATE)
    place.sandbox.control('revoke', account=EMAIL)
    place.sandbox.control('drop')
    place.activate_panel()
    place.wait_buttons('Replace Key…', 4)
    told = desktop.find_text('The key “',
                             within=desktop.find('list box', 'Jobs', within=place.panel))
    assert 'was rejected by 127.0.0.1' in told and 'been revoked or deleted' in told, told
    place.shoot('key-revoked')
    place.keys.append(f'comfyui-{secrets.token_hex(16)}')
    place.sandbox.control('renew', account=EMAIL, key=place.keys[-1])
    artist.press(place.panel, 'Replace Key…')
    desktop.type_into(desktop.field('API key:', place.panel), place.keys[-1])
    place.shoot('key-replaced')
    artist.press(place.panel, 'Test and Store')
    desktop.wait_for('jobs that go on', lambda: not place.buttons('Replace Key…'))
    place.sandbox.control('release')
    check_delivered(number + 1)


TESTS = [
    all_connections_are_refused_for_half_a_minute,
    everything_is_stopped_and_goes_on,
    the_keyring_locks_while_jobs_run,
    the_key_is_revoked_while_jobs_run,
]

with place:
    place.prepare_panel()
    tap.run([test for test in TESTS if test.__name__ in (sys.argv[2:] or test.__name__)])
