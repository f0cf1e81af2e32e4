#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds every sidecar of a folder against the schema: SCHEMA FOLDER. Speaks TAP."""

import glob
import json
import os
import sys

try:
    import jsonschema
except ImportError:
    print('1..0 # SKIP python3-jsonschema is not installed')
    sys.exit(0)


def load(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def rejects(validator, sidecar):
    return next(validator.iter_errors(sidecar), None)


def main(schema_path, folder):
    schema = load(schema_path)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    sidecars = sorted(glob.glob(os.path.join(folder, '*.gimp.json')))
    failed = 0
    print(f'1..{len(sidecars) + 1}')
    for number, path in enumerate(sidecars, 1):
        error = rejects(validator, load(path))
        failed += error is not None
        print(f'{"not ok" if error else "ok"} {number} {os.path.basename(path)}')
        if error:
            print(f'# {error.json_path}: {error.message}')
    # a schema that takes everything would pass every file
    good = not rejects(validator, {'version': 1, 'title': 'no blurb'})
    failed += good
    print(f'{"not ok" if good else "ok"} {len(sidecars) + 1} a broken sidecar is rejected')
    return 1 if failed or not sidecars else 0


sys.exit(main(*sys.argv[1:]))
