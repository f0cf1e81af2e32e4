# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for Comfy Cloud as a process on loopback, see tests/sandbox/README.md."""

import http.client
import json
import subprocess
import urllib.request
from pathlib import Path

RESPONSES = Path(__file__).resolve().parent.parent / 'sandbox' / 'responses.json'


class Sandbox:
    """A running sandbox. base_url, v1_url, v2_url, … are where it listens."""

    def __init__(self, program, folder, key, *options):
        folder.mkdir(parents=True, exist_ok=True)
        ready = folder / 'sandbox.json'
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [program, '--port=0', '--keys-from-stdin', f'--ready-file={ready}',
             f'--ledger={folder / "ledger.jsonl"}', f'--responses={RESPONSES}', *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(key)
        self.process.stdin.close()
        if not self.process.stdout.readline():  # one line, once it listens
            raise RuntimeError('The sandbox did not start.')
        self.__dict__ |= json.loads(ready.read_text('utf-8'))

    def control(self, command, **arguments):
        """Tells it how to behave: 'hold' keeps jobs from starting, 'release' lets them go on, …"""
        request = urllib.request.Request(f'{self.control_url}/{command}', method='POST',
                                         data=json.dumps(arguments).encode())
        urllib.request.urlopen(request).close()

    def ledger(self):
        """What it was asked and what it started, in order."""
        with urllib.request.urlopen(f'{self.control_url}/ledger') as answer:
            return json.load(answer)

    def answers(self):
        """Whether it can be reached, or has an outage: then any part of an answer may be missing."""
        try:
            self.ledger()
        except (OSError, http.client.HTTPException, ValueError):
            return False
        return True

    def stop(self):
        self.process.terminate()
        self.process.wait()
