# SPDX-License-Identifier: GPL-3.0-or-later
"""The official client of Comfy API v2, @comfyorg/sdk in the version of package-lock.json."""

import shutil
import subprocess
from pathlib import Path

here = Path(__file__).resolve().parent
certificates = Path('/etc/ssl/certs/ca-certificates.crt')


class Missing(Exception):
    """The client is not there and cannot be had, with the reason."""


def fetch(build):
    """Fetches it from npm into the build folder, unless this very version is there.

    Returns the folder from which scripts find it.
    """
    folder = build / 'tests' / 'sdk' / 'client'
    if not shutil.which('node') or not shutil.which('npm'):
        raise Missing('node and npm are not installed')
    lock = (here / 'package-lock.json').read_bytes()
    stamp = folder / 'complete'
    if not stamp.exists() or stamp.read_bytes() != lock:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ('package.json', 'package-lock.json'):
            shutil.copy(here / name, folder)
        trust = [f'--cafile={certificates}'] if certificates.exists() else []
        try:
            done = subprocess.run(
                ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1',
                 f'--cache={folder / "cache"}', *trust],
                cwd=folder, capture_output=True, text=True, timeout=200)
        except subprocess.TimeoutExpired:
            raise Missing('npm does not come to an end') from None
        # something else under that name is no reason to do without
        assert 'EINTEGRITY' not in done.stderr, done.stderr
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if 'WARN' not in line.upper()]
            reason = ' '.join(lines)[:200]
            raise Missing(f'the official client cannot be fetched from npm: {reason}')
        stamp.write_bytes(lock)
    return folder
