# SPDX-License-Identifier: GPL-3.0-or-later
"""GIMP with a profile of its own, driven as a user drives it."""

import os
import subprocess

import desktop

GIMPRC = '''\
(plug-in-path "${{gimp_dir}}/plug-ins:${{gimp_plug_in_dir}}/plug-ins:{plug_ins}")
(config-version "{version}")
(show-welcome-dialog no)
(check-updates no)
(save-session-info no)
'''

PNG_END = b'IEND\xaeB`\x82'


def prepare_profile(profile, plug_ins):
    """Makes a profile that starts quietly and knows one more folder of plug-ins."""
    version = subprocess.run(['gimp', '--version'], check=True, capture_output=True, text=True)
    profile.mkdir(parents=True, exist_ok=True)
    (profile / 'gimprc').write_text(
        # GIMP welcomes whoever starts another version than last time
        GIMPRC.format(plug_ins=plug_ins, version=version.stdout.split()[-1]), 'utf-8')


def start(profile, log, *files):
    """Starts GIMP with a profile; what it prints goes to a file. Returns the process."""
    environment = os.environ | {'GIMP3_DIRECTORY': str(profile)}
    environment.pop('NO_AT_BRIDGE', None)
    with open(log, 'wb') as output:
        return subprocess.Popen(['gimp', '--new-instance', '--no-splash', *files],
                                env=environment, stdout=output, stderr=subprocess.STDOUT)


class Gimp:
    """A running GIMP, ready for mouse and keyboard, as large as the screen."""

    def __init__(self, profile, log):
        self.process = start(profile, log)
        self.frame = desktop.find('menu bar').get_parent().get_parent()
        self.window = desktop.xdotool('search', '--sync', '--onlyvisible', '--class',
                                      'gimp').split()[-1]
        desktop.wait_for('all of the screen', self.fill_screen)
        desktop.wait_for('GIMP', lambda: desktop.has_states(self.frame, desktop.ACTIVE))

    def fill_screen(self):
        """Makes the window as large as the screen; whether it is. GIMP itself may still set a size
        while it starts."""
        width = int(desktop.xdotool('getdisplaygeometry').split()[0])
        if self.frame.get_extents(desktop.Atspi.CoordType.SCREEN).width > width * 0.9:
            return True
        desktop.xdotool('windowmove', self.window, 0, 0, 'windowsize', self.window, '100%', '100%')
        return False

    def take_keyboard(self):
        """Gives the image window the keyboard, whatever has it, or had it and is just closing."""
        desktop.xdotool('windowactivate', '--sync', self.window)
        desktop.wait_for('GIMP', lambda: desktop.has_states(self.frame, desktop.ACTIVE))

    def press(self, key):
        self.take_keyboard()
        desktop.xdotool('key', key)

    def open(self, path):
        """File → Open, until the window shows the image."""
        self.press('ctrl+o')
        chooser = desktop.window('Open Image', desktop.ACTIVE)
        desktop.xdotool('key', 'slash')  # shows the entry for a path
        self.answer_chooser(chooser, path)
        # GIMP's own files by their names, imported ones in brackets
        name = path.name if path.suffix == '.xcf' else f'[{path.stem}]'
        desktop.wait_for(f'the image {path.name}', lambda: name in self.title())

    def wait_for_image(self, properties):
        """Waits until the title of the window tells these layers and this size."""
        desktop.wait_for(f'an image of {properties}', lambda: properties in self.title())

    def save(self, path):
        """File → Save As, as XCF, until the file is complete."""
        path.unlink(missing_ok=True)
        self.press('ctrl+shift+s')
        self.answer_chooser(desktop.window('Save Image', desktop.ACTIVE), path)
        desktop.wait_for(str(path), lambda: path.exists() and path.name in self.title())

    def export_png(self, path):
        """File → Export As, with GIMP's own settings for PNG, until the file is complete."""
        path.unlink(missing_ok=True)
        self.press('ctrl+shift+e')
        self.answer_chooser(desktop.window('Export Image', desktop.ACTIVE), path)
        settings = desktop.window('Export Image as PNG', desktop.ACTIVE)
        desktop.click(desktop.find('button', 'Export', within=settings))
        desktop.wait_for(str(path), lambda: path.exists() and path.read_bytes().endswith(PNG_END))

    def last_step(self):
        """What Edit → Undo would undo."""
        for widget in desktop.widgets(desktop.find('menu', 'Edit', within=self.frame)):
            name = widget.get_name() or ''
            if name.startswith('Undo ') and name != 'Undo History':
                return name.removeprefix('Undo ')
        return None

    def select(self, shape, start, end):
        """Drags a 'Rectangle' or an 'Ellipse' on the screen; again, where a busy GIMP has taken that
        for a click."""
        def drag():
            self.press(shape[0].lower())
            desktop.drag(start, end)
            desktop.xdotool('key', 'Return')
            try:
                return desktop.wait_for('the step', lambda: self.last_step() == f'{shape} Select', 5)
            except desktop.NotThere:
                return False
        desktop.wait_for('a selection', drag)

    def answer_chooser(self, chooser, path):
        # on a busy machine the entry may come after the first letters
        entry = desktop.find('text', within=chooser, states=desktop.FOCUSED)
        desktop.type_over(entry, str(path.resolve()))
        desktop.xdotool('key', 'Return')
        desktop.wait_gone(chooser)

    def title(self):
        """The title of the image window: the image, whether it was saved, its mode and size."""
        return self.frame.get_name()

    def end(self):
        """Ends GIMP at once; what was not saved is gone."""
        self.process.kill()
        self.process.wait()
