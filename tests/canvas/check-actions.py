#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions as scripts call them: the plug-in in a real gimp-console against the sandbox.

usage: check-actions.py PLUG-IN SANDBOX SOURCE-FOLDER
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

PLUG_IN, SANDBOX, SOURCE = map(Path, sys.argv[1:])
sys.path[:0] = [str(SOURCE / 'tests/e2e'), str(SOURCE / 'tests/canvas')]

import tap  # noqa: E402
from console import Console  # noqa: E402
from sandbox import Sandbox  # noqa: E402

# put together here, so that no file looks as if it held a key
KEY = 'comfyui-' + '0123456789abcdef' * 2
WRONG_KEY = 'comfyui-' + 'fedcba9876543210' * 2


def part(names, script='batch.py', **environment):
    """Runs parts of a script in a new GIMP."""
    console.environment |= {'COMFY_TEST_PICTURES': str(SOURCE / 'tests/data'),
                            'COMFY_TEST_PART': names,
                            'PYTHONPATH': str(SOURCE / 'tests/canvas'),
                            'PYTHONDONTWRITEBYTECODE': '1'}
    for name in ('COMFY_API_KEY', 'COMFY_BASE_URL'):
        console.environment.pop(name, None)
    console.environment |= environment
    ended = console.run_python(SOURCE / 'tests/canvas' / script, stderr=-2)
    assert ended.returncode == 0, ended.stdout


def with_key(names, url=None, script='batch.py'):
    part(names, script, COMFY_API_KEY=KEY, COMFY_BASE_URL=url or sandbox.v1_url)


def shipped(names):
    with_key(names, script='batch-actions.py')


def jobs():
    return [entry for entry in sandbox.ledger() if entry['what'] == 'job']


def unfinished():
    """States of jobs in the journal that somebody would be offered to go on with."""
    journal = Path(console.environment['XDG_STATE_HOME'], 'comfy-cloud-gimp/jobs')
    states = [json.loads(record.read_text('utf-8'))['state'] for record in journal.glob('*/job.json')]
    return [state for state in states if state not in ('placed', 'failed', 'cancelled', 'expired')]


def an_action_dropped_as_data_is_there_at_the_next_start():
    with_key('before_the_drop')
    for name in ('invert.json', 'invert.gimp.json'):
        shutil.copy(SOURCE / 'tests/data/actions' / name, data / 'actions')
    with_key('invert')


def an_image_of_any_mode_gets_the_right_colours():
    with_key('modes deep')


def the_two_actions_run_from_a_script():
    with_key('upscale generate')


def what_cannot_run_says_why_and_starts_no_job():
    before = len(jobs())
    with_key('refusals')
    part('no_key', COMFY_BASE_URL=sandbox.v1_url)
    part('rejected', COMFY_API_KEY=WRONG_KEY, COMFY_BASE_URL=sandbox.v1_url)
    assert len(jobs()) == before


def what_a_script_was_told_has_failed_is_not_offered_again():
    part('rejected', COMFY_API_KEY=WRONG_KEY, COMFY_BASE_URL=sandbox.v1_url)
    assert not unfinished(), unfinished()


def the_other_protocol_does_the_same():
    with_key('upscale invert', sandbox.v2_url)


def every_action_is_a_procedure():
    shipped('all_are_there')


def every_model_generates():
    shipped('generate_models')


def every_model_edits_a_layer_where_it_is():
    shipped('edit edit_keeps_transparency')


def an_edit_stays_within_the_selection():
    shipped('edit_selection')


def all_that_is_seen_can_be_edited():
    shipped('edit_visible')


def filling_changes_nothing_outside_of_the_selection():
    shipped('fill fill_nothing')


def a_larger_canvas_keeps_the_old_picture():
    shipped('extend')


def restyling_departs_as_far_as_was_said():
    shipped('restyle')


def upscaling_gives_the_promised_size():
    shipped('upscale')


def the_background_is_masked_and_not_erased():
    shipped('remove_background')


def the_subject_is_selected():
    shipped('select_subject')


def a_layer_is_split_with_the_background_lowest():
    shipped('split')


with tempfile.TemporaryDirectory(prefix='comfy-actions-') as name:
    folder = Path(name)
    data = folder / 'data'
    shutil.copytree(SOURCE / 'data', data)
    console = Console(folder / 'gimp')
    console.add_plug_in('comfy-cloud', PLUG_IN, data)
    sandbox = Sandbox(SANDBOX, folder / 'sandbox', KEY, '--job-ms=50')
    try:
        tap.run([an_action_dropped_as_data_is_there_at_the_next_start,
                 an_image_of_any_mode_gets_the_right_colours,
                 the_two_actions_run_from_a_script,
                 what_cannot_run_says_why_and_starts_no_job,
                 what_a_script_was_told_has_failed_is_not_offered_again,
                 the_other_protocol_does_the_same,
                 every_action_is_a_procedure,
                 every_model_generates,
                 every_model_edits_a_layer_where_it_is,
                 an_edit_stays_within_the_selection,
                 all_that_is_seen_can_be_edited,
                 filling_changes_nothing_outside_of_the_selection,
                 a_larger_canvas_keeps_the_old_picture,
                 restyling_departs_as_far_as_was_said,
                 upscaling_gives_the_promised_size,
                 the_background_is_masked_and_not_erased,
                 the_subject_is_selected,
                 a_layer_is_split_with_the_background_lowest])
    finally:
        sandbox.stop()
