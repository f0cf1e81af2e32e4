#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What layers remember, varied by a script, and searched for in files.

usage: check-vary.py PLUG-IN SANDBOX SOURCE-FOLDER
"""

import gzip
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
WORDS = [b'heliotrope', b'zeppelin', b'quagmire']
SETTINGS = '.config/comfy-cloud-gimp/settings.ini'
JOBS = 'comfy-cloud-gimp/jobs'


def part(names):
    """Runs parts of the script in a new GIMP."""
    console.environment |= {'COMFY_TEST_PICTURES': str(SOURCE / 'tests/data'),
                            'COMFY_TEST_PART': names,
                            'COMFY_TEST_OUTPUT': str(output),
                            'COMFY_API_KEY': KEY, 'COMFY_BASE_URL': sandbox.v1_url,
                            'PYTHONPATH': str(SOURCE / 'tests/canvas'),
                            'PYTHONDONTWRITEBYTECODE': '1'}
    ended = console.run_python(SOURCE / 'tests/canvas/batch-vary.py', stderr=-2)
    assert ended.returncode == 0, ended.stdout


def jobs():
    return [entry for entry in sandbox.ledger() if entry['what'] == 'job']


def read_xcf(name):
    """The bytes of a file of GIMP's, also of the parts that it may have compressed as a whole."""
    content = (output / name).read_bytes()
    return gzip.decompress(content) if content[:2] == b'\x1f\x8b' else content


def holds_prompt(content):
    return any(word in content or word.decode().encode('utf-16-le') in content for word in WORDS)


def what_was_made_of_words_is_made_again():
    part('vary_generated vary_a_mask_that_is_painted_on')


def what_was_made_of_a_picture_is_made_again():
    part('vary_restyled')


def what_cannot_be_varied_says_why_and_starts_no_job():
    before = len(jobs())
    part('nothing_to_vary')
    assert len(jobs()) == before + 1  # the one whose layer has no seed


def a_file_from_elsewhere_is_varied_by_its_words():
    part('forget_pictures')
    shutil.rmtree(Path(console.environment['XDG_STATE_HOME'], JOBS))
    before = len(jobs())
    part('vary_without_a_journal')
    assert len(jobs()) == before + 1


def a_layer_remembers_its_words():
    part('save_remembering')
    assert holds_prompt(read_xcf('remembering.xcf'))


def no_file_of_gimps_knows_the_words():
    """Neither GIMP's settings nor whatever else it keeps in its profile."""
    for path in (output.parent / 'gimp/profile').rglob('*'):
        if path.is_file():
            assert not holds_prompt(path.read_bytes()), path


def a_saved_image_tells_nothing_when_that_is_wished():
    settings = Path(console.environment['HOME'], SETTINGS)
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('[preferences]\nremember-in-layers=false\n', 'utf-8')
    part('save_forgetful')
    content = read_xcf('forgetful.xcf')
    assert not holds_prompt(content)
    # it is the right file: what is told apart from others is there, and how it was made is not
    assert b'org.comfy.cloud.gimp.job' in content
    assert b'org.comfy.cloud.gimp.recipe' not in content


with tempfile.TemporaryDirectory(prefix='comfy-vary-') as name:
    folder = Path(name)
    output = folder / 'output'
    output.mkdir()
    console = Console(folder / 'gimp')
    console.add_plug_in('comfy-cloud', PLUG_IN, SOURCE / 'data')
    sandbox = Sandbox(SANDBOX, folder / 'sandbox', KEY, '--job-ms=50')
    try:
        tap.run([what_was_made_of_words_is_made_again,
                 what_was_made_of_a_picture_is_made_again,
                 what_cannot_be_varied_says_why_and_starts_no_job,
                 a_file_from_elsewhere_is_varied_by_its_words,
                 a_layer_remembers_its_words,
                 no_file_of_gimps_knows_the_words,
                 a_saved_image_tells_nothing_when_that_is_wished])
    finally:
        sandbox.stop()
