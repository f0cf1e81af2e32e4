#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the sidecars that a program prints against the schema: SCHEMA PROGRAM. Speaks TAP."""

import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print('1..0 # SKIP python3-jsonschema is not installed')
    sys.exit(0)


def main(schema_path, program):
    with open(schema_path, encoding='utf-8') as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    lines = subprocess.run([program], stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    failed = 0
    print(f'1..{len(lines)}')
    for number, line in enumerate(lines, 1):
        name, sidecar = line.split('\t', 1)
        error = next(validator.iter_errors(json.loads(sidecar)), None)
        failed += error is not None
        print(f'{"not ok" if error else "ok"} {number} {name}')
        if error:
            print(f'# {error.json_path}: {error.message}')
    return 1 if failed or len(lines) < 60 else 0


sys.exit(main(*sys.argv[1:]))
