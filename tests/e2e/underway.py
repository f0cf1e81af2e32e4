# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the panel and of the menu at every stage, and what has to be true of them in the end."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import artist
import desktop
from desktop import xdotool
from studio import JOBS_FOLDER, SETTINGS, Studio

PANEL = 'Comfy Cloud Panel'
EMAIL = 'artist-1@example.org'  # of the sandbox's first key
V1 = '/developer/api/v1'
PASSWORD = 'not a secret'  # of session.py's keyring

READY, RUNNING, QUEUED = 'A red bicycle', 'A green boat', 'A blue lake'  # prompts
GENERATE, UPSCALE, BACKGROUND = 'Generate Image', 'Upscale 2×', 'Remove Background'

HOME = Path(os.environ['HOME'])
SECRETS = '/org/freedesktop/secrets'


class Panel(Studio):
    """`with` it, GIMP runs; prepare_panel() gives it a key, which is in the keyring."""

    def __init__(self, build, name):
        super().__init__(build, name)
        # one that comes from the environment can be neither locked nor replaced
        del os.environ['COMFY_API_KEY'], os.environ['COMFY_BASE_URL']
        self.panel = None
        self.keys = [self.key]  # all that there were

    def prepare_panel(self):
        """A photograph, and a key that the artist gives the panel with the first picture."""
        self.prepare('photograph', 'coffee.jpg', 'image.scale(600, 400)')
        self.agree()
        with open(SETTINGS, 'a', encoding='utf-8') as settings:
            settings.write('[panel]\nplace=770;20;660;860;300;\n')
        self.begin('key', 'photograph')
        self.open_panel()
        self.generate('A grey stone')
        desktop.find_text('Add an API Key', within=self.panel)
        artist.enter_key(self.panel, self.key, self.sandbox.v1_url)
        self.thumb('A grey stone')
        self.close_panel()

    def begin(self, work, image):
        """Nothing is known of what was uploaded before, so that it is uploaded again."""
        shutil.rmtree(HOME / '.cache/comfy-cloud-gimp', ignore_errors=True)
        super().begin(work, image)

    def open_panel(self):
        self.focus()
        artist.choose('Panel')
        self.panel = desktop.window(PANEL, desktop.ACTIVE)
        return self.panel

    def activate_panel(self):
        """Gives the panel the keyboard, whatever is before it. Not through the menu: that call may
        come when the panel is just being closed, and opens it again."""
        xdotool('search', '--onlyvisible', '--name', f'^{PANEL}$', 'windowactivate', '--sync')
        desktop.wait_for('the panel', lambda: desktop.has_states(self.panel, desktop.ACTIVE))

    def close_panel(self):
        self.activate_panel()
        xdotool('key', 'alt+F4')
        desktop.wait_gone(self.panel)
        desktop.wait_for('the end of the plug-in', lambda: not artist.hosts(self))

    def generate(self, prompt):
        # not before what was asked for last is under way
        desktop.find('button', 'Generate', within=self.panel, states=desktop.USABLE)
        # without the keyboard, which GIMP may take meanwhile
        desktop.Atspi.EditableText.set_text_contents(desktop.field('Prompt:', self.panel), prompt)
        artist.press(self.panel, 'Generate')

    def thumb(self, name):
        """The picture in the history that was asked for so."""
        return desktop.find('list item', name, within=self.panel)

    def thumbs(self):
        """What is in the history, the newest first."""
        return [widget.get_name() for history in desktop.widgets(self.panel)
                if desktop.matches(history, 'scroll pane', 'History', desktop.SHOWN)
                for widget in desktop.widgets(history) if widget.get_role_name() == 'list item']

    def tab(self, name):
        """Goes to a tab of the panel; behind “Jobs” is how many wait."""
        def look():
            return next((widget for widget in desktop.widgets(self.panel)
                         if widget.get_role_name() == 'page tab'
                         and (widget.get_name() or '').startswith(name)), None)
        desktop.click(desktop.wait_for(f'the tab {name}', look))

    def apply(self, name):
        """Puts a picture of the history into the image."""
        number = int(re.search(r'(\d+) layer', self.gimp.title())[1])
        thumb = self.thumb(name)
        # it may be where only scrolling leads
        desktop.Atspi.Selection.select_child(thumb.get_parent(), thumb.get_index_in_parent())
        artist.press(self.panel, 'Apply')
        self.gimp.wait_for_image(f'{number + 1} layers')

    def buttons(self, start):
        """The names of the panel's buttons that begin so, also those that are scrolled away."""
        return sorted(widget.get_name() for widget in desktop.widgets(self.panel)
                      if widget.get_role_name() == 'button'
                      and desktop.has_states(widget, (desktop.Atspi.StateType.VISIBLE,))
                      and (widget.get_name() or '').startswith(start))

    def wait_buttons(self, start, number):
        desktop.wait_for(f'{number} buttons “{start}”', lambda: len(self.buttons(start)) == number)

    def rows(self):
        """The titles of what is in the queue."""
        return [widget.get_name() for jobs in desktop.widgets(self.panel)
                if desktop.matches(jobs, 'list box', 'Jobs', desktop.SHOWN)
                for widget in desktop.widgets(jobs) if widget.get_role_name() == 'list item']

    def get_under_way(self, upload_fault):
        """Jobs at every stage: one result is in the history; one job runs, one waits in the
        server's queue; one of the menu does, too, which is placed at once; the upload of another
        one goes wrong as the fault says. Returns how many jobs were started."""
        number = self.jobs_started()
        self.generate(READY)
        self.thumb(READY)
        self.sandbox.control('hold')
        for count, prompt in (2, RUNNING), (3, QUEUED):
            self.generate(prompt)
            artist.wait_started(self, number + count)
        desktop.find_text('Running', within=self.panel)
        self.sandbox.control('faults', method='POST', path=f'{V1}/inputs', **upload_fault)
        self.focus()
        artist.choose(BACKGROUND)
        desktop.wait_for('the upload', lambda: self.is_faulty(upload_fault['kind']))
        artist.choose(UPSCALE)
        artist.wait_started(self, number + 4)
        desktop.wait_for('four jobs in the queue', lambda: len(self.rows()) == 4)
        desktop.wait_for('one process', lambda: len(artist.hosts(self)) == 1)
        return number + 4

    def is_faulty(self, kind):
        """Whether a request has met a fault."""
        return any(entry.get('fault') == kind for entry in self.sandbox.ledger())

    def journal(self):
        """What is written of each job, by its id."""
        return {path.parent.name: json.loads(path.read_text('utf-8'))
                for path in JOBS_FOLDER.glob('*/job.json')}

    def left(self):
        """The jobs that are not delivered: neither in an image nor in the history."""
        return {name: job['state'] for name, job in self.journal().items()
                if job['state'] != 'placed' and not (job['state'] == 'ready' and job['held'])}

    def wait_delivered(self, timeout=desktop.TIMEOUT):
        try:
            desktop.wait_for('delivery', lambda: not self.left(), timeout)
        except desktop.NotThere as error:
            raise desktop.NotThere(f'{error}: {self.left()}') from error

    def judge(self, number):
        """So many jobs were started in all, each of the journal's once, and are delivered."""
        ledger = self.sandbox.ledger()
        tags = Counter(entry['tags'] for entry in ledger if entry['what'] == 'job')
        assert tags == Counter(f'gimp-{name}' for name in self.journal()), (tags, self.journal())
        assert tags.total() == number, (tags, number)
        ends = [entry['state'] for entry in ledger if entry['what'] == 'job-end']
        assert ends == ['completed'] * number, ends
        assert not [entry for entry in ledger if entry['what'] == 'violation']
        assert not self.left(), self.left()
        self.check_secrecy()

    def check_secrecy(self):
        """No file that is written has the key: logs, journal, settings, cache, GIMP's own."""
        for folder in self.output, HOME:
            for path in folder.rglob('*'):
                if path.is_file() and 'install' not in path.relative_to(folder).parts:
                    content = path.read_bytes()
                    assert not any(key.encode() in content for key in self.keys), path


def call_keyring(path, method, *arguments):
    return subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.secrets',
                           '--object-path', path, '--method', method, *arguments], check=True,
                          capture_output=True, text=True).stdout


def lock_keyring():
    """As the screen saver does, or the artist in the keyring's manager."""
    collection = f'{SECRETS}/collection/login'
    call_keyring(SECRETS, 'org.freedesktop.Secret.Service.Lock', f"['{collection}']")
    desktop.wait_for('the lock', lambda: 'true' in call_keyring(
        collection, 'org.freedesktop.DBus.Properties.Get',
        'org.freedesktop.Secret.Collection', 'Locked'))


def find_prompts():
    """The windows that ask for the keyring's password."""
    found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--class', 'gcr-prompter'],
                           check=False, capture_output=True, text=True)
    return found.stdout.split()


def answer_prompt(password):
    """Enters a password where the desktop asks for the keyring's; None dismisses that."""
    prompt = desktop.wait_for('the prompt of the keyring', find_prompts)[-1]
    xdotool('windowfocus', '--sync', prompt)
    if password is not None:
        desktop.type_text(password)
    xdotool('key', 'Return' if password is not None else 'Escape')
    desktop.wait_for('the end of the prompt', lambda: prompt not in find_prompts())
