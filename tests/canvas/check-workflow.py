#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any workflow as scripts run it: the plug-in in a real gimp-console against the sandbox. Runs the
examples of README.

usage: check-workflow.py PLUG-IN SANDBOX SOURCE-FOLDER
"""

import sys
import tempfile
from pathlib import Path

PLUG_IN, SANDBOX, SOURCE = map(Path, sys.argv[1:])
sys.path[:0] = [str(SOURCE / 'tests/e2e'), str(SOURCE / 'tests/canvas')]

import graphs  # noqa: E402
import tap  # noqa: E402
from console import Console  # noqa: E402
from sandbox import Sandbox  # noqa: E402

# put together here, so that no file looks as if it held a key
KEY = 'comfyui-' + '0123456789abcdef' * 2
SEED = b'18446744073709551615'

# around README's example
SCHEME = '''
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{photograph}")))
       (layer (vector-ref (car (gimp-image-get-layers image)) 0))
       (path "{path}"))
  {example}
  (gimp-file-save RUN-NONINTERACTIVE image "{result}"))
'''


def prepare(**environment):
    console.environment |= {'COMFY_TEST_PICTURES': str(SOURCE / 'tests/data'),
                            'COMFY_TEST_WORKFLOWS': str(workflows),
                            'COMFY_TEST_README': str(SOURCE / 'README.md'),
                            'COMFY_API_KEY': KEY, 'COMFY_BASE_URL': sandbox.v1_url,
                            'PYTHONPATH': str(SOURCE / 'tests/canvas'),
                            'PYTHONDONTWRITEBYTECODE': '1'} | environment


def part(names, **environment):
    """Runs parts of the script in a new GIMP."""
    prepare(COMFY_TEST_PART=names, **environment)
    ended = console.run_python(SOURCE / 'tests/canvas/batch-workflow.py', stderr=-2)
    assert ended.returncode == 0, ended.stdout


def jobs():
    return [entry for entry in sandbox.ledger() if entry['what'] == 'job']


def example(language):
    blocks = (SOURCE / 'README.md').read_text('utf-8').split(f'```{language}\n')[1:]
    return next(block.partition('```')[0] for block in blocks
                if 'run-workflow' in block.partition('```')[0])


def the_example_in_python_runs():
    part('example')
    assert len(jobs()) == 1


def the_example_in_script_fu_runs():
    prepare()
    result = folder / 'by-script.xcf'
    ended = console.run_scheme(SCHEME.format(
        photograph=SOURCE / 'tests/data/coffee.jpg', path=workflows / 'restyle.json',
        example=example('scheme'), result=result), stderr=-2)
    assert ended.returncode == 0 and result.exists(), ended.stdout
    assert len(jobs()) == 2


def values_are_given_by_name_and_seeds_have_64_bits():
    part('values')
    # what the sandbox ran stands in the picture that it made
    results = Path(console.environment['XDG_STATE_HOME'], 'comfy-cloud-gimp/jobs').glob('*/output*')
    assert sum(SEED in path.read_bytes() for path in results) == 2


def a_mask_is_the_selection():
    part('selection')


def pictures_come_of_other_images():
    part('images')


def texts_and_files_come_back():
    part('texts_and_files')


def what_cannot_run_says_why_and_starts_no_job():
    before = len(jobs())
    part('refusals')
    assert len(jobs()) == before


def the_other_protocol_does_the_same():
    part('values selection texts_and_files', COMFY_BASE_URL=sandbox.v2_url)


with tempfile.TemporaryDirectory(prefix='comfy-workflow-') as name:
    folder = Path(name)
    workflows = folder / 'workflows'
    for file, graph in {'restyle': graphs.example('i2i_z_image_turbo'),
                        'blend': graphs.example('sandbox_blend_two'),
                        'masked': graphs.masked_invert(), 'told': graphs.told(),
                        'film': graphs.filmed(), 'old-model': graphs.missing_model(),
                        'strange': graphs.missing_class()}.items():
        graphs.write(workflows / f'{file}.json', graph)
    console = Console(folder / 'gimp')
    console.add_plug_in('comfy-cloud', PLUG_IN, SOURCE / 'data')
    sandbox = Sandbox(SANDBOX, folder / 'sandbox', KEY, '--job-ms=50')
    try:
        tap.run([the_example_in_python_runs,
                 the_example_in_script_fu_runs,
                 values_are_given_by_name_and_seeds_have_64_bits,
                 a_mask_is_the_selection,
                 pictures_come_of_other_images,
                 texts_and_files_come_back,
                 what_cannot_run_says_why_and_starts_no_job,
                 the_other_protocol_does_the_same])
    finally:
        sandbox.stop()
