# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user sees and does on the desktop that session.py made: windows, widgets, keys, pictures.

Widgets are found as a screen reader finds them, by role and name, and are clicked and typed into
with the mouse and the keyboard. A find waits for what it looks for, up to TIMEOUT.
"""

import subprocess
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

TIMEOUT = 60  # seconds; a first start of GIMP on a busy machine takes ten

SHOWN = (Atspi.StateType.SHOWING,)
USABLE = (Atspi.StateType.SHOWING, Atspi.StateType.SENSITIVE)
FOCUSED = (Atspi.StateType.SHOWING, Atspi.StateType.FOCUSED)
ACTIVE = (Atspi.StateType.SHOWING, Atspi.StateType.ACTIVE)  # a window: has the keyboard


class NotThere(Exception):
    """Something did not appear in time."""


def wait_for(what, condition, timeout=TIMEOUT):
    """Returns the first true value of condition(), asked again until the timeout in seconds."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            if value := condition():
                return value
        except GLib.Error:  # the widget asked about has gone
            pass
        if time.monotonic() > deadline:
            raise NotThere(f'{what} did not appear within {timeout} s')
        time.sleep(0.05)


def applications():
    desktop = Atspi.get_desktop(0)
    children = [desktop.get_child_at_index(i) for i in range(desktop.get_child_count())]
    return [child for child in children if child]  # one may have ended meanwhile


def widgets(below):
    """All widgets below one, in the order of the tree."""
    for index in range(below.get_child_count()):
        child = below.get_child_at_index(index)
        if child:
            yield child
            yield from widgets(child)


def has_states(widget, states):
    has = widget.get_state_set()
    return all(has.contains(state) for state in states)


def matches(widget, role, name, states):
    return ((role is None or widget.get_role_name() == role) and
            (name is None or widget.get_name() == name) and
            has_states(widget, states))


def find(role=None, name=None, within=None, states=SHOWN, timeout=TIMEOUT):
    """Waits for the first widget of a role and a name; None is any."""
    def look():
        for root in [within] if within else applications():
            for widget in widgets(root):
                if matches(widget, role, name, states):
                    return widget
        return None
    return wait_for(f'{role or "widget"} “{name or ""}”', look, timeout)


def field(label, within, timeout=TIMEOUT):
    """Waits for the control that a label belongs to."""
    def look():
        for widget in widgets(within):
            for relation in widget.get_relation_set():
                if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY and \
                        relation.get_target(0).get_name() == label and has_states(widget, SHOWN):
                    return widget
        return None
    return wait_for(f'the field “{label}”', look, timeout)


def windows(title):
    """All windows and dialogs of a title that are shown."""
    return [child for application in applications()
            for child in map(application.get_child_at_index, range(application.get_child_count()))
            if child and child.get_name() == title and has_states(child, SHOWN)]


def window(title, states=SHOWN, timeout=TIMEOUT):
    """Waits for a window or dialog by its whole title."""
    def look():
        for application in applications():
            for index in range(application.get_child_count()):
                child = application.get_child_at_index(index)
                if child and child.get_name() == title and has_states(child, states):
                    return child
        return None
    return wait_for(f'the window “{title}”', look, timeout)


def wait_gone(widget, timeout=TIMEOUT):
    """Waits until a widget is not shown any more."""
    def gone():
        try:
            return not has_states(widget, SHOWN)
        except GLib.Error:
            return True
    wait_for('the end of a window', gone, timeout)


def xdotool(*arguments):
    return subprocess.run(['xdotool', *map(str, arguments)], check=True, capture_output=True,
                          text=True).stdout.strip()


def resting_place(widget):
    """Where a widget is on the screen, once it has not moved for a while: the window manager places
    a window only after it is shown."""
    seen = []

    def look():
        box = widget.get_extents(Atspi.CoordType.SCREEN)
        seen.append((box.x, box.y, box.width, box.height))
        return box if seen[-5:].count(seen[-1]) == 5 else None
    return wait_for(f'“{widget.get_name()}”, at rest,', look)


def click(widget):
    """Clicks into the middle of a widget, once it can be clicked."""
    wait_for(f'“{widget.get_name()}”, enabled,', lambda: has_states(widget, USABLE))
    box = resting_place(widget)
    xdotool('mousemove', '--sync', box.x + box.width // 2, box.y + box.height // 2, 'click', 1)


def drag(start, end):
    """Moves the pointer with its button down, from one point of the screen to another."""
    xdotool('mousemove', '--sync', *start, 'mousedown', 1)
    for share in (0.3, 0.6, 1):
        xdotool('mousemove', '--sync', *(int(a + (b - a) * share) for a, b in zip(start, end)))
    xdotool('mouseup', 1)


def type_text(text):
    """Types where the keyboard focus is. The text goes through standard input, because arguments
    are for all to read."""
    subprocess.run(['xdotool', 'type', '--file', '-'], input=text, text=True, check=True)


def type_into(entry, text):
    """Replaces what an entry holds, and waits until it shows that."""
    click(entry)
    wait_for('the keyboard focus', lambda: has_states(entry, FOCUSED))
    xdotool('key', 'ctrl+a')
    type_text(text)
    # counted, because an entry for a key does not tell
    wait_for('the text typed', lambda: Atspi.Text.get_character_count(entry) == len(text))


def type_over(entry, text):
    """Replaces what the entry with the keyboard focus holds, which may complete what is typed."""
    def typed():
        xdotool('key', 'ctrl+a')
        type_text(text)
        wait_for('the text typed', lambda: Atspi.Text.get_text(entry, 0, -1).startswith(text), 5)
        return True
    try:
        typed()
    except NotThere:  # something took the first letters
        typed()


def choose_from_menu(*path):
    """Opens a menu of the menu bar and chooses an entry: ('Filters', 'Comfy Cloud', 'Jobs')."""
    item = None
    for name in path:
        item = find(name=name, within=item, states=USABLE)
        Atspi.Action.do_action(item, 0)


def choose_from_combo(combo, item):
    """Opens a combo box and chooses an entry of its list."""
    click(combo)
    click(find('menu item', item, within=combo))


def find_text(start, within, timeout=TIMEOUT):
    """Waits for a label whose text starts so; returns the text."""
    def look():
        for widget in widgets(within):
            text = (widget.get_name() or '').strip()
            if text.startswith(start) and has_states(widget, SHOWN):
                return text
        return None
    return wait_for(f'the text “{start}…”', look, timeout)


def describe():
    """What is shown, for the report of a failure: a line per widget that has a name."""
    return '\n'.join(f'{widget.get_role_name()} “{widget.get_name()}”'
                     for application in applications() for widget in widgets(application)
                     if widget.get_name() and has_states(widget, SHOWN))


def screenshot(path):
    """Leaves a picture of the whole screen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(['import', '-window', 'root', path], check=True)
