#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A round of requests to the sandbox, whose answers are held against the OpenAPI files.

    test-contract.py BUILD-FOLDER

The files are openapi-v2.yaml and openapi-developer-v1.yaml in COMFY_CONTRACTS, or in
../shared/contracts beside the project; without them all is skipped.
"""

import json
import os
import secrets
import struct
import sys
import urllib.error
import urllib.request
import zlib
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent / 'e2e'))
import tap  # noqa: E402
from sandbox import Sandbox  # noqa: E402

build = Path(sys.argv[1]).resolve()
contracts = Path(os.environ.get('COMFY_CONTRACTS') or here.parents[2] / 'shared' / 'contracts')
rich, poor = (f'comfyui-{secrets.token_hex(16)}' for _ in range(2))
PLANS = f'{rich}:rich@example.org:1000000:standard\n{poor}:poor@example.org:0:standard\n'


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect)


def to_json_schema(node):
    """OpenAPI 3.0 has its own word for what may be null."""
    if isinstance(node, list):
        return [to_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {name: to_json_schema(value) for name, value in node.items()}
    if schema.pop('nullable', None) is True:
        return {'anyOf': [schema, {'type': 'null'}]}
    return schema


class Contract:
    """One OpenAPI file; prefix: what stands before its paths on the wire, and what in the file."""

    def __init__(self, name, on_wire, in_file):
        try:
            import jsonschema
            import yaml
        except ImportError as error:
            raise tap.Skip(f'{error.name} is not installed') from error
        path = contracts / name
        if not path.exists():
            raise tap.Skip(f'{name} is not in {contracts}')
        self.jsonschema = jsonschema
        self.document = to_json_schema(yaml.safe_load(path.read_text('utf-8')))
        self.prefixes = on_wire, in_file
        self.checked = set()

    def resolve(self, node):
        while '$ref' in node:
            target = self.document
            for part in node['$ref'].removeprefix('#/').split('/'):
                target = target[part]
            node = target
        return node

    def operation(self, method, path):
        on_wire, in_file = self.prefixes
        segments = (in_file + path.removeprefix(on_wire)).split('?')[0].split('/')
        for template, item in self.document['paths'].items():
            parts = template.split('/')
            if len(parts) == len(segments) and method.lower() in item \
                    and all(p.startswith('{') or p == s for p, s in zip(parts, segments)) \
                    and (template == '/'.join(segments)
                         or '/'.join(segments) not in self.document['paths']):
                return template, item[method.lower()]
        raise AssertionError(f'{method} {path} is not in the contract')

    def validate(self, schema, value, what):
        validator = self.jsonschema.Draft7Validator(
            {**schema, 'components': self.document['components']})
        problems = [f'{"/".join(map(str, error.path))}: {error.message}'
                    for error in validator.iter_errors(value)]
        assert not problems, f'{what}: {problems}'

    def check(self, method, path, status, body, content_type):
        template, operation = self.operation(method, path)
        what = f'{method} {template} {status}'
        assert str(status) in operation['responses'], f'{what} is not in the contract'
        content = self.resolve(operation['responses'][str(status)]).get('content') or {}
        self.checked.add(what)
        if method == 'HEAD' or not content:
            assert method == 'HEAD' or not body, f'{what} has a body'
        elif 'application/json' in content:
            assert content_type == 'application/json', f'{what} is {content_type}'
            self.validate(content['application/json']['schema'], json.loads(body), what)
        elif 'text/event-stream' in content:
            assert content_type == 'text/event-stream', f'{what} is {content_type}'
            self.check_events(operation['x-sse-events'], body.decode())

    def check_events(self, kinds, text):
        for event in text.split('\n\n'):
            lines = [line for line in event.split('\n') if line and not line.startswith(':')]
            if not lines:
                continue
            name, data = (line.split(': ', 1)[1] for line in lines)
            self.checked.add(f'event {name}')
            self.validate({'$ref': kinds[name]['schema']}, json.loads(data), name)


class Round:
    """Sends requests, each of which is checked."""

    def __init__(self, contract, base, **options):
        self.contract = contract
        self.base = base
        self.sandbox = Sandbox(build / 'tests' / 'sandbox' / 'comfy-sandbox',
                               build / 'tests' / 'contract', PLANS,
                               *(f'--{name.replace("_", "-")}={value}'
                                 for name, value in options.items()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sandbox.stop()

    def send(self, method, path, expected, data=None, key=rich, content_type='application/json',
             **headers):
        """Returns what the answer holds; expected: its status."""
        url = path if path.startswith('/') else self.base + '/' + path
        body = json.dumps(data).encode() if isinstance(data, dict) else data
        request = urllib.request.Request(self.sandbox.base_url + url, data=body, method=method)
        if key:
            request.add_header('Authorization', f'Bearer {key}')
        if body is not None:
            request.add_header('Content-Type', content_type)
        for name, value in headers.items():
            request.add_header(name.replace('_', '-'), value)
        try:
            answer = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
        assert answer.status == expected, (method, path, answer.status, content[:300])
        self.contract.check(method, url, answer.status, content, answer.headers.get_content_type())
        return json.loads(content) if content[:1] == b'{' else content

    def wait_for_end(self, job):
        """Asks the ledger, which limits no one."""
        while not any(entry['what'] == 'job-end' and entry['id'] == job['id']
                      for entry in self.sandbox.ledger()):
            pass

    def upload(self, path, expected, name, **texts):
        lines = []
        for part, value in texts.items():
            lines += [f'--B\r\nContent-Disposition: form-data; name="{part}"\r\n\r\n'
                      f'{value}\r\n'.encode()]
        lines += [f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                  'Content-Type: image/png\r\n\r\n'.encode(), png(), b'\r\n--B--\r\n']
        return self.send('POST', path, expected, b''.join(lines),
                         content_type='multipart/form-data; boundary=B')


def png(width=16, height=16):
    def chunk(kind, data):
        body = kind + data
        return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))

    rows = b''.join(b'\0' + bytes((x * y) % 256 for x in range(width * 3)) for y in range(height))
    return (b'\x89PNG\r\n\x1a\n'
            + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def graph(name='sandbox_invert', image=None):
    nodes = json.loads((here.parent / 'data' / 'workflows' / f'{name}.json').read_text('utf-8'))
    if image is not None:
        nodes['1']['inputs']['image'] = image
    return nodes


def ask_for_assets(session):
    texts = {'content_type': 'image/png', 'file_path': 'a.png'}
    first = session.upload('assets', 201, 'a.png', **texts)
    session.upload('assets', 200, 'a.png', expires_in='60', **texts)
    session.upload('assets', 409, 'a.png', expected_hash='blake3:0', **texts)
    session.upload('assets', 422, 'a.png')
    known = {'hash': first['hash'], 'file_path': 'b.png'}
    minted = session.send('POST', 'assets/from-hash', 201, known)
    session.send('POST', 'assets/from-hash', 200, known)
    session.send('POST', 'assets/from-hash', 404, {'hash': 'blake3:0'})
    session.send('POST', 'assets/from-hash', 401, known, key=None)
    session.send('HEAD', 'assets/by-hash/' + first['hash'].replace(':', '%3A'), 200)
    session.send('HEAD', 'assets/by-hash/blake3%3A0', 404)
    session.send('GET', f'assets/{first["id"]}', 200)
    session.send('GET', 'assets/x', 404)
    session.send('GET', f'assets/{first["id"]}', 401, key='wrong')
    session.send('GET', f'assets/{first["id"]}/content', 302)
    session.send('GET', 'assets/x/content', 404)
    session.send('DELETE', f'assets/{minted["id"]}', 204)
    session.send('DELETE', f'assets/{minted["id"]}', 404)
    return first


def ask_for_jobs(session, asset):
    reference = {'__type': 'core/ASSET', 'info': {'id': asset['id']}}
    job = session.send('POST', 'jobs', 201, {'workflow': graph(image=reference)},
                       Idempotency_Key='one')
    session.send('POST', 'jobs', 422, {'workflow': graph(image=reference)}, Idempotency_Key='one')
    session.send('DELETE', f'assets/{asset["id"]}', 409)
    session.send('POST', 'jobs', 422, {'workflow': graph(image='never.png')})
    session.send('POST', 'jobs', 422, {'workflow': {'nodes': [], 'links': []}})
    session.send('POST', 'jobs', 422, {'workflow': {'1': {'class_type': 'Nope', 'inputs': {}}}})
    session.send('POST', 'jobs', 402, {'workflow': graph('sandbox_generate_color')}, key=poor)
    session.send('POST', 'jobs', 401, {'workflow': graph('sandbox_generate_color')}, key=None)
    waiting = session.send('POST', 'jobs', 201, {'workflow': graph('sandbox_generate_color')})
    assert waiting['status'] == 'queued', waiting
    session.send('POST', 'jobs', 429, {'workflow': graph('sandbox_generate_color')})
    assert session.send('POST', f'jobs/{waiting["id"]}/cancel', 200)['status'] == 'canceled'
    session.send('GET', job['urls']['self'], 200)
    session.send('GET', job['urls']['events'], 200)
    done = session.send('GET', job['urls']['self'], 200)
    assert done['status'] == 'succeeded' and done['outputs'], done
    session.send('GET', f'assets/{done["outputs"][0]["id"]}', 200)
    session.send('GET', f'jobs/{job["id"]}/workflow', 200)
    for path in ('jobs/x', 'jobs/x/events', 'jobs/x/workflow'):
        session.send('GET', path, 404)
    session.send('POST', 'jobs/x/cancel', 404)


def ask_for_the_rest(session):
    sampled = session.send('POST', 'jobs', 201, {'workflow': graph('t2i_sdxl_base')})
    session.send('GET', sampled['urls']['events'], 200)
    session.sandbox.control('fail')
    failing = session.send('POST', 'jobs', 201, {'workflow': graph('sandbox_generate_color')})
    session.send('GET', failing['urls']['events'], 200)
    assert session.send('GET', failing['urls']['self'], 200)['error']
    session.sandbox.control('expire', jobs='kept')
    assert session.send('GET', failing['urls']['self'], 200)['status'] == 'expired'


def v2_is_as_its_contract_says():
    contract = Contract('openapi-v2.yaml', '', '')
    with Round(contract, '/api/v2', job_ms=800, queue_length=1) as session:
        ask_for_jobs(session, ask_for_assets(session))
        ask_for_the_rest(session)
    told = {name for name in contract.checked if name.startswith('event')}
    assert told == {f'event {name}' for name in ('status', 'progress', 'preview', 'output')}, told
    print(f'# {len(contract.checked)} kinds of answers of v2')


def v2_without_events_is_as_its_contract_says():
    contract = Contract('openapi-v2.yaml', '', '')
    with Round(contract, '/api/v2', job_ms=800, stream_limit=1) as session:
        job = session.send('POST', 'jobs', 201, {'workflow': graph('sandbox_generate_color')})
        session.sandbox.control('hold')
        request = urllib.request.Request(session.sandbox.base_url + job['urls']['events'])
        request.add_header('Authorization', f'Bearer {rich}')
        with urllib.request.urlopen(request):
            session.send('GET', job['urls']['events'], 429)
        session.sandbox.control('flavour', flavour='serverless')
        session.send('GET', f'jobs/{job["id"]}/events', 501)


def check_graphs(session):
    good, bad = graph('sandbox_generate_color'), {'1': {'class_type': 'Nope', 'inputs': {}}}
    assert session.send('POST', 'workflows/validate', 200, {'workflow': good}) == {'valid': True}
    answer = session.send('POST', 'workflows/validate', 200, {'workflow': bad})
    assert not answer['valid'] and answer['errors'][0]['node_id'] == '1', answer
    answer = session.send('POST', 'workflows/validate', 200, {'workflow': graph(image='x.png')})
    assert not answer['valid'] and 'x.png' in answer['errors'][0]['message'], answer
    session.send('POST', 'workflows/validate', 400, {})

    session.send('POST', 'jobs/batch', 400, b'{')
    session.send('POST', 'jobs/batch', 422, {'jobs': []})
    session.send('POST', 'jobs/batch', 422, {'jobs': [{'workflow': good}, {'workflow': bad}]})
    batch = session.send('POST', 'jobs/batch', 202,
                         {'jobs': [{'workflow': good, 'tags': ['a']}, {'workflow': good}]})
    listed = session.send('GET', f'jobs?batch_id={batch["batch_id"]}', 200)['jobs']
    assert [job['id'] for job in reversed(listed)] == [job['id'] for job in batch['jobs']], listed
    for job in batch['jobs']:
        session.wait_for_end(job)


def v1_is_as_its_contract_says():
    contract = Contract('openapi-developer-v1.yaml', '/developer/api/v1', '/v1')
    with Round(contract, '/developer/api/v1', job_ms=800, input_ms=1) as session:
        session.send('GET', 'account', 200)
        picture = session.upload('inputs', 201, 'a.png', tags='one,two')
        session.send('GET', f'inputs/{picture["id"]}', 200)
        session.send('GET', 'inputs/x', 404)
        session.send('POST', 'inputs', 400, b'', content_type='text/plain')
        session.send('POST', 'jobs', 400, b'{')
        session.send('POST', 'jobs', 422, {})
        session.send('POST', 'jobs', 422, {'workflow': {'1': {'class_type': 'Nope', 'inputs': {}}}})
        check_graphs(session)
        job = session.send('POST', 'jobs', 202, {'workflow': graph(image=picture['name']),
                                                 'tags': ['one']})
        waiting = session.send('POST', 'jobs', 202, {'workflow': graph('sandbox_generate_color')})
        session.send('POST', f'jobs/{waiting["id"]}/cancel', 200)
        session.send('POST', f'jobs/{waiting["id"]}/cancel', 400)
        session.wait_for_end(job)
        assert session.send('GET', f'jobs/{job["id"]}', 200)['usage']['events']
        for period in ('', '?period=day', '?period=week', '?period=month'):
            assert session.send('GET', 'account/usage' + period, 200)['jobs_completed'] > 0
        outputs = session.send('GET', f'jobs/{job["id"]}/outputs', 200)['outputs']
        session.send('GET', 'jobs?tags=one&limit=5', 200)
        page = session.send('GET', 'jobs?limit=1&offset=0', 200)
        assert page['has_more'] and page['total'] > 1 and len(page['jobs']) == 1, page
        rest = session.send('GET', f'jobs?limit=100&offset={page["total"] - 1}', 200)
        assert not rest['has_more'] and rest['jobs'][0]['id'] != page['jobs'][0]['id'], rest
        session.send('GET', 'jobs/x', 404)
        session.send('GET', f'outputs/{outputs[0]["id"]}', 200)
        session.send('GET', 'outputs/x', 404)
        session.send('DELETE', f'outputs/{outputs[0]["id"]}', 204)
        session.send('DELETE', f'outputs/{outputs[0]["id"]}', 404)
        assert not session.send('GET', f'jobs/{job["id"]}', 200)['outputs']
        session.send('DELETE', f'inputs/{picture["id"]}', 204)
        session.send('DELETE', f'inputs/{picture["id"]}', 404)
    print(f'# {len(contract.checked)} kinds of answers of v1')


tap.run([v2_is_as_its_contract_says, v2_without_events_is_as_its_contract_says,
         v1_is_as_its_contract_says])
