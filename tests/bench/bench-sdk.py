#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job costs this machine: core beside the official client of Comfy API v2.

usage: bench-sdk.py BUILD-FOLDER SOURCE-FOLDER

Both invert the same picture of 1 MB in the same sandbox, whole processes, in turn, so that the
machine's other work hits both. Core is what the plug-in has: journal, upload cache, events. The
client does what its own first page shows. Goals: a quarter of its CPU time and of its peak memory
for one job, half its CPU time for each further one in the same process. What goes over the line is
the sandbox's ledger's to say: the second run sends nothing of the picture.
"""

import hashlib
import json
import os
import random
import secrets
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROUNDS = 3
JOBS = 20  # in one process
GOAL_CPU = 0.25
GOAL_PEAK = 0.25
GOAL_FURTHER = 0.5
SKIPPED = 77  # as meson has it
MB = 1000 * 1000


def write_picture(path, seed, width=640, height=520):
    """A picture that does not compress, a PNG of 1 MB."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))

    noise = random.Random(seed)
    rows = b''.join(b'\0' + noise.randbytes(width * 3) for _ in range(height))
    path.write_bytes(b'\x89PNG\r\n\x1a\n'
                     + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
                     + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
    assert MB * 0.9 < path.stat().st_size < MB * 1.1


class Client:
    """One of the two, at a sandbox of its own."""

    def __init__(self, build, work, sandbox_class, name):
        key = f'comfyui-{secrets.token_hex(16)}'
        self.name = name
        self.meter = build / 'tests' / 'bench' / 'bench-meter'
        self.folder = work / name
        self.sandbox = sandbox_class(
            build / 'tests' / 'sandbox' / 'comfy-sandbox', self.folder / 'sandbox',
            f'{key}:bench@b.example:1000000000000', '--protocol=v2', '--job-ms=20',
            '--request-limit=1000000')
        # what makes GLib and malloc() careful in tests would be measured, too
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ('G_DEBUG', 'MALLOC_CHECK_')}
        self.environment |= {'COMFY_API_KEY': key, 'COMFY_BASE_URL': self.sandbox.base_url,
                             'GIO_USE_PROXY_RESOLVER': 'dummy'}

    def begin_anew(self):
        """Forgets everything that earlier runs left on this machine."""
        self.home = Path(tempfile.mkdtemp(dir=self.folder))
        for kind in ('CONFIG_HOME', 'STATE_HOME', 'CACHE_HOME', 'DATA_HOME', 'RUNTIME_DIR'):
            (self.home / kind).mkdir(mode=0o700)
            self.environment[f'XDG_{kind}'] = str(self.home / kind)

    def run(self, picture, count):
        """Returns what the meter and the ledger say of one process, and the results' checksums."""
        where = Path(tempfile.mkdtemp(dir=self.home))
        before = len(self.sandbox.ledger())
        done = subprocess.run([self.meter, *self.command(picture, where, count)],
                              env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        entries = self.sandbox.ledger()[before:]
        requests = [entry for entry in entries if entry['what'] == 'request']
        assert len([entry for entry in entries if entry['what'] == 'job']) == count, entries
        results = [hashlib.sha256(path.read_bytes()).hexdigest()
                   for path in where.iterdir() if path.name != 'placed']
        assert len(results) == count, results
        return json.loads(done.stdout) | {
            'requests': len(requests),
            'sent': sum(entry['bytes_in'] for entry in requests),
            'picture': sum(entry['bytes_in'] for entry in requests
                           if entry['path'].endswith('/assets')),
            'results': results}

    def measure(self, number):
        """One round: the same job in two processes, then many jobs in one."""
        picture = self.folder / 'picture.png'
        write_picture(picture, number)
        self.begin_anew()
        first, second = self.run(picture, 1), self.run(picture, 1)
        assert first['picture'] >= picture.stat().st_size

        write_picture(picture, number + 1)
        self.begin_anew()
        many = self.run(picture, JOBS)
        many['further_us'] = (many['cpu_us'] - first['cpu_us']) / (JOBS - 1)
        return {'first': first, 'second': second, 'many': many}


class Ours(Client):
    def __init__(self, build, work, sandbox_class):
        super().__init__(build, work, sandbox_class, 'ours')
        self.program = build / 'tests' / 'bench' / 'bench-sdk-job'

    def command(self, picture, where, count):
        return [self.program, picture, where, str(count)]


class Theirs(Client):
    def __init__(self, build, work, sandbox_class, script, graph):
        super().__init__(build, work, sandbox_class, 'theirs')
        self.script = script
        self.graph = graph

    def command(self, picture, where, count):
        return ['node', self.script, self.graph, picture, where, str(count)]


def median(rounds, run, what):
    return statistics.median(measured[run][what] for measured in rounds)


def report(ours, theirs):
    """Prints it all; returns whether each goal is reached."""
    def compare(label, run, what, unit, divisor, goal=None):
        mine, other = median(ours, run, what), median(theirs, run, what)
        ratio = mine / other
        judged = f' (goal: at most {goal})' if goal is not None else ''
        print(f'{label}: {mine / divisor:.1f} {unit}; the official client: {other / divisor:.1f} '
              f'{unit}; ratio {ratio:.2f}{judged}')
        return goal is None or ratio <= goal

    reached = [
        compare('CPU, one job', 'first', 'cpu_us', 'ms', 1000, GOAL_CPU),
        compare('peak memory, one job', 'first', 'peak_kib', 'MB', 1024, GOAL_PEAK),
        compare(f'CPU, each of jobs 2 to {JOBS}', 'many', 'further_us', 'ms', 1000, GOAL_FURTHER),
        compare('CPU, the same job again', 'second', 'cpu_us', 'ms', 1000),
        compare(f'peak memory, {JOBS} jobs', 'many', 'peak_kib', 'MB', 1024),
        compare('wall time, one job', 'first', 'wall_us', 'ms', 1000),
        compare('wall time, the same job again', 'second', 'wall_us', 'ms', 1000)]
    for run in ('first', 'second'):
        print(f'{run} run: requests {median(ours, run, "requests"):.0f}, bytes sent '
              f'{median(ours, run, "sent"):.0f}; the official client: requests '
              f'{median(theirs, run, "requests"):.0f}, bytes sent {median(theirs, run, "sent"):.0f}')
    again = max(measured['second']['picture'] for measured in ours)
    print(f'of the picture the second run sends {again} bytes (goal: 0)')
    return all(reached) and again == 0


def main(build, source):
    tests = Path(source) / 'tests'
    sys.path[:0] = [str(tests / 'sdk'), str(tests / 'e2e')]
    import client
    from sandbox import Sandbox

    build = Path(build)
    try:
        folder = client.fetch(build)
    except client.Missing as reason:
        print(f'skipped: {reason}')
        return SKIPPED
    # it finds the client from where it lies
    script = shutil.copy(tests / 'bench' / 'bench-sdk.mjs', folder)

    with tempfile.TemporaryDirectory(prefix='comfy-bench-') as work:
        sides = []
        try:
            sides.append(Ours(build, Path(work), Sandbox))
            sides.append(Theirs(build, Path(work), Sandbox, script,
                                tests / 'data' / 'actions' / 'invert.json'))
            rounds = [[side.measure(2 * number) for side in sides] for number in range(ROUNDS + 1)]
        finally:
            for side in sides:
                side.sandbox.stop()

    # the first round finds nothing in the system's caches
    ours, theirs = zip(*rounds[1:])
    assert all(mine[run]['results'] == other[run]['results']
               for mine, other in zip(ours, theirs) for run in mine)
    return 0 if report(ours, theirs) else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
