#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a script waits for a procedure of ours, beside the shortest possible wait for any.

usage: bench-procedure.py PLUG-IN TRIVIAL-PLUG-IN SOURCE-FOLDER

The call of ours goes all the way to the layer that it was not given: program, session, settings,
key, journal. What the cloud takes is not in it. Both are called in turn, so that the machine's other
work hits both.
"""

import json
import sys
import tempfile
from pathlib import Path

GOAL = 2.0  # times the trivial plug-in
CALLS = 40

BATCH = '''
import json, statistics, time

def prepare(name):
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    config.set_property('run-mode', Gimp.RunMode.NONINTERACTIVE)
    config.set_property('image', image)
    return procedure, config

def measure(procedure, config, status):
    begun = time.perf_counter()
    values = procedure.run(config)
    taken = time.perf_counter() - begun
    assert values.index(0) == status
    return taken

image = Gimp.Image.new(8, 8, Gimp.ImageBaseType.RGB)
trivial = prepare('bench-trivial')
ours = prepare('plug-in-comfy-cloud-upscale-4x')
times = [(measure(*trivial, Gimp.PDBStatusType.SUCCESS),
          measure(*ours, Gimp.PDBStatusType.EXECUTION_ERROR)) for _ in range({calls} + 2)][2:]
with open({result!r}, 'w') as file:
    json.dump([statistics.median(column) * 1000 for column in zip(*times)], file)
'''


def main(plug_in, trivial, source):
    sys.path.insert(0, str(Path(source) / 'tests/canvas'))
    from console import Console

    with tempfile.TemporaryDirectory(prefix='comfy-bench-') as folder:
        console = Console(folder)
        console.add_plug_in('comfy-cloud', plug_in, Path(source) / 'data')
        console.add_plug_in('bench-trivial', trivial)
        console.environment |= {'COMFY_API_KEY': 'comfyui-' + '0' * 32,
                                'COMFY_BASE_URL': 'http://127.0.0.1:9/developer/api/v1'}
        result = Path(folder) / 'result.json'
        batch = Path(folder) / 'batch.py'
        batch.write_text(BATCH.format(calls=CALLS, result=str(result)), 'utf-8')
        console.run_python(batch, check=True)
        trivial_ms, ours_ms = json.loads(result.read_text('utf-8'))

    print(f'trivial procedure: {trivial_ms:.1f} ms; ours: {ours_ms:.1f} ms, median of {CALLS}; '
          f'ratio {ours_ms / trivial_ms:.2f} (goal: at most {GOAL})')
    return 0 if ours_ms <= GOAL * trivial_ms else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
