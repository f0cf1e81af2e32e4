# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything for work with the plug-in: its installation, a sandbox, GIMP with a profile."""

import secrets
import shutil
import subprocess

import desktop
from gimp import Gimp, prepare_profile
from sandbox import Sandbox


def install(build, output):
    """Installs the plug-in below a folder. Returns the folder of plug-ins that it is in."""
    subprocess.run(['meson', 'install', '--no-rebuild', '--quiet', '-C', build,
                    '--destdir', output / 'install'], check=True)
    return next((output / 'install').glob('**/plug-ins/comfy-cloud')).parent


class Workplace:
    """A folder made anew, with the plug-in, a sandbox that knows a key, and in a `with` GIMP."""

    def __init__(self, build, output, *sandbox_options, key=None):
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir(parents=True)
        self.output = output
        self.key = key or f'comfyui-{secrets.token_hex(16)}'
        prepare_profile(output / 'profile', install(build, output))
        self.sandbox = Sandbox(build / 'tests' / 'sandbox' / 'comfy-sandbox', output / 'sandbox',
                               self.key, *sandbox_options)

    def __enter__(self):
        self.gimp = Gimp(self.output / 'profile', self.output / 'gimp.log')
        return self

    def __exit__(self, kind, error, _trace):
        if kind is not None and issubclass(kind, Exception):
            desktop.screenshot(self.output / 'failure.png')
            print(f'On the screen, see also {self.output / "failure.png"}:\n{desktop.describe()}')
        self.gimp.end()
        self.sandbox.stop()
