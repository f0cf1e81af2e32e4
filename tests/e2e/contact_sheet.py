# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet that shows what actions make of pictures: a row for each, before and after, both in the
same scale. What is transparent shows checks, what is selected is outlined with dashes."""

import shutil
import subprocess

BOX = (360, 260)      # px: the most that a picture takes
CAPTION = 22
TITLE_WIDTH = 210
GAP = 24
WIDTH = TITLE_WIDTH + 2 * (BOX[0] + 2) + 4 * GAP
GROUND = '#ffffff'
EMPTY = '#f5f5f7'
INK = '#1d1d1f'
FAINT = '#6e6e73'
LINE = '#e5e5ea'
FRAME = '#c7c7cc'
FONT = 'DejaVu-Sans'
BOLD = 'DejaVu-Sans-Bold'
CHECK = 8             # px: a field of the checks
SEE_THROUGH = 'xc:#f4f4f4', 'xc:#d4d4d8'
HEAD = 'Before and after, painted by the sandbox, which stands in for the models of the cloud'
DASH = 5              # px


def magick(*arguments):
    subprocess.run(['magick', *map(str, arguments)], check=True)


def raw(picture):
    """A picture of xcf.py, as an image for ImageMagick."""
    kind = 'rgba' if picture.channels == 4 else 'gray'
    return '-size', f'{picture.width}x{picture.height}', '-depth', 8, f'{kind}:{picture.path}'


def scaled(size, scale):
    return f'{max(1, round(size[0] * scale))}x{max(1, round(size[1] * scale))}'


class Sheet:
    """Rows, in the order in which they are added."""

    def __init__(self, build):
        self.folder = build / 'sheet'
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.rows = {}
        self.make_patterns()

    def make_patterns(self):
        light, dark = SEE_THROUGH
        self.checks = self.folder / 'checks.png'
        magick('-size', f'{CHECK}x{CHECK}', '(', light, dark, '+append', ')',
               '(', dark, light, '+append', ')', '-append', self.checks)
        # two diagonals, so that the dashes are seen on an outline of any direction
        self.dashes = self.folder / 'dashes.png'
        magick('-size', f'{2 * DASH}x{2 * DASH}', 'xc:white', '-fill', 'black', '-draw',
               f'polygon 0,0 {DASH - 1},0 0,{DASH - 1} '
               f'polygon {2 * DASH - 1},0 {2 * DASH - 1},{DASH - 1} {DASH},{2 * DASH - 1} '
               f'0,{2 * DASH - 1}', self.dashes)

    def path(self):
        return self.folder / f'{len(list(self.folder.iterdir()))}.png'

    def show(self, picture, size, selection=None):
        """A picture in a size WIDTHxHEIGHT, over checks, with the outline of what is selected."""
        path = self.path()
        magick('-size', size, f'tile:{self.checks}',
               '(', *raw(picture), '-filter', 'Mitchell', '-resize', f'{size}!', ')', '-composite',
               path)
        if selection:
            outline = self.path()
            magick(*raw(selection), '-resize', f'{size}!', '-threshold', '50%',
                   '-bordercolor', 'black', '-border', 1, '-morphology', 'EdgeIn', 'Disk:1.5',
                   '-shave', '1x1', outline)
            magick(path, '(', '-size', size, f'tile:{self.dashes}', outline, '-alpha', 'off',
                   '-compose', 'CopyOpacity', '-composite', ')', '-compose', 'Over', '-composite',
                   path)
        return path

    def framed(self, picture, caption, frame=FRAME):
        """A picture in the middle of its room, its size below."""
        path = self.path()
        magick(picture, '-bordercolor', frame, '-border', 1, '-background', GROUND,
               '-gravity', 'south', '-splice', f'0x{CAPTION}',
               '-font', FONT, '-pointsize', 12, '-fill', FAINT, '-annotate', '+0+2', caption,
               '-gravity', 'center', '-extent', f'{BOX[0] + 2}x', path)
        return path

    def pile(self, layers, scale):
        """Layers beside and below each other, the uppermost first."""
        width, height = layers[0].pixels.width, layers[0].pixels.height
        shown = [self.show(layer.pixels, scaled((width, height), scale / 2)) for layer in layers]
        path = self.path()
        magick('montage', *shown, '-tile', '2x', '-geometry', '+4+4', '-background', GROUND, path)
        return path

    def image(self, image, scale, layers=None):
        if image is None:
            path = self.path()
            magick('-size', f'{BOX[1]}x{BOX[1]}', f'xc:{EMPTY}', path)
            return self.framed(path, 'no image is open')
        if layers:
            return self.framed(self.pile(layers, scale), f'the {len(layers)} layers of the group',
                               GROUND)
        return self.framed(self.show(image.seen, scaled(image.size, scale), image.selection),
                           f'{image.size[0]} × {image.size[1]}')

    def text(self, text, font, size, colour):
        path = self.path()
        magick('-background', GROUND, '-fill', colour, '-font', font, '-pointsize', size,
               '-size', f'{TITLE_WIDTH}x', f'caption:{text}', path)
        return path

    def title(self, name, note):
        path = self.path()
        magick(self.text(name, BOLD, 17, INK), '-size', f'{TITLE_WIDTH}x6', f'xc:{GROUND}',
               self.text(note, FONT, 13, FAINT), '-append', path)
        return path

    def add(self, key, name, note, before, after, layers=None):
        """A row. Images are xcf.Image; before may be None; layers, where the image as a whole looks
        as it did, are shown one by one."""
        largest = [max(image.size[i] for image in (before, after) if image) for i in (0, 1)]
        scale = min(BOX[0] / largest[0], BOX[1] / largest[1], 1)
        path = self.path()
        magick('-background', GROUND, '-gravity', 'center', self.title(name, note),
               '-size', f'{GAP}x1', f'xc:{GROUND}', self.image(before, scale),
               '-size', f'{GAP}x1', f'xc:{GROUND}', self.image(after, scale, layers), '+append',
               '-bordercolor', GROUND, '-border', f'{GAP}x14',
               '-background', LINE, '-gravity', 'north', '-splice', '0x1', path)
        self.rows[key] = path

    def head(self):
        path = self.path()
        magick('-size', f'{WIDTH}x44', f'xc:{GROUND}', '-font', FONT, '-pointsize', 13,
               '-fill', FAINT, '-gravity', 'west', '-annotate', f'+{GAP}+0', HEAD,
               path)
        return path

    def draw(self, path, keys=None):
        """Leaves the sheet, of all rows or of some."""
        magick(self.head(), *(self.rows[key] for key in keys or self.rows), '-append', '+repage',
               '-depth', 8, '-strip', '-define', 'png:compression-level=9', path)
