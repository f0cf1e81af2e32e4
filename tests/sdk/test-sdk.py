#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox is what the official client of Comfy API v2 takes it for, and core gets the same.

    test-sdk.py BUILD-FOLDER

The client, @comfyorg/sdk in the version of package-lock.json, is fetched from npm into the build
folder. Where it cannot be, its tests are skipped.
"""

import filecmp
import functools
import json
import os
import secrets
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent / 'e2e'))
import client as sdk  # noqa: E402
import tap  # noqa: E402
from sandbox import Sandbox  # noqa: E402

build = Path(sys.argv[1]).resolve()
folder = build / 'tests' / 'sdk' / 'client'
graphs = here.parent / 'data' / 'workflows'
key = f'comfyui-{secrets.token_hex(16)}'


@functools.cache
def fetch_client():
    """Returns why the client cannot be had, or None. Asked once."""
    try:
        sdk.fetch(build)
    except sdk.Missing as reason:
        return str(reason)
    return None


def client():
    """Returns what runs the client."""
    reason = fetch_client()
    if reason:
        raise tap.Skip(reason)
    # it is found from where the script lies
    shutil.copy(here / 'drive.mjs', folder)
    return ['node', folder / 'drive.mjs']


def write_png(path, channels, width=64, height=48):
    """A picture of 8 bits whose every channel runs differently; channels: 1, 3 or 4."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))

    rows = b''.join(
        b'\0' + bytes((x * (c + 3) + y * (7 - c) + sum(path.stem.encode())) % 256
                      for x in range(width) for c in range(channels))
        for y in range(height))
    colour = {1: 0, 3: 2, 4: 6}[channels]
    path.write_bytes(b'\x89PNG\r\n\x1a\n'
                     + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, colour, 0, 0, 0))
                     + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def pictures_of(graph, where):
    """Writes what the graph loads. Returns NODE=PICTURE for each."""
    nodes = json.loads(graph.read_text('utf-8'))
    arguments = []
    for node_id, node in nodes.items():
        if node['class_type'] in ('LoadImage', 'LoadImageMask'):
            path = where / node['inputs']['image']
            write_png(path, 1 if node['class_type'] == 'LoadImageMask' else 4)
            arguments.append(f'{node_id}={path}')
    return arguments


def run(program, graph, where, pictures, sandbox):
    """Runs one of the two clients. Returns what it printed."""
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    done = subprocess.run([*program, graph, where, *pictures], capture_output=True, text=True,
                          timeout=120, check=False,
                          env=os.environ | {'COMFY_BASE_URL': sandbox.base_url,
                                            'COMFY_API_KEY': key, 'NO_COLOR': '1'})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def requests(sandbox, method, path):
    return [entry for entry in sandbox.ledger()
            if entry['what'] == 'request' and entry['method'] == method
            and entry['path'].startswith(path)]


def check_run(told, pictures, first):
    """What the client saw of one run; @first: nobody has sent these pictures before."""
    assert told['status'] == 'succeeded', told
    assert told['statuses'][-1] == 'succeeded', told
    assert told['values'] == sorted(told['values']) and told['values'][-1] == 1, told
    assert told['uploaded'] == [first] * len(pictures), told
    assert told['format'] == 'api', told


def check_graph(graph, work):
    program = client()
    sandbox = Sandbox(build / 'tests' / 'sandbox' / 'comfy-sandbox', work, key, '--job-ms=80')
    try:
        pictures = pictures_of(graph, work)
        told = json.loads(run(program, graph, work / 'theirs', pictures, sandbox))
        check_run(told, pictures, True)
        assert told['kept'] > 0, told

        # the second run sends no file, whatever it calls it
        n_uploads = len(requests(sandbox, 'POST', '/api/v2/assets'))
        again = json.loads(run(program, graph, work / 'again', pictures, sandbox))
        check_run(again, pictures, False)
        later = requests(sandbox, 'POST', '/api/v2/assets')[n_uploads:]
        assert all(entry['path'].endswith('/from-hash') for entry in later), later
        assert len(later) == len(pictures), later

        run([build / 'tests' / 'sdk' / 'comfy-run-graph'], graph, work / 'ours', pictures, sandbox)
        names = [str(number) for number in range(told['kept'])]
        for other in ('again', 'theirs'):
            same = filecmp.cmpfiles(work / 'ours', work / other, names, shallow=False)
            assert same == (names, [], []), (other, same)
        assert sorted(os.listdir(work / 'ours')) == sorted(names)

        # a key goes to the API alone, and nothing that was answered was against the table
        entries = sandbox.ledger()
        assert all(entry['auth'] == 'none' for entry in entries if entry.get('port') == 'downloads')
        assert not [entry for entry in entries if entry['what'] == 'violation']
        return told
    finally:
        sandbox.stop()


def named(test, name):
    test.__name__ = name
    return test


def previews_are_pictures():
    told = check_graph(graphs / 't2i_sdxl_base.json', folder.parent / 'previews')
    assert told['previews'], told
    for preview in told['previews']:
        assert preview['type'] == 'image/jpeg' and preview['head'] == 'ffd8ff', preview
        assert preview['size'] > 500, preview


tap.run([named(functools.partial(check_graph, graph, folder.parent / graph.stem), graph.stem)
         for graph in sorted(graphs.glob('sandbox_*.json'))] + [previews_are_pictures])
