# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies in images that GIMP saved: layers, masks, selection and how all of it looks, as a GIMP
without windows reads it.

Run by that GIMP's Python interpreter, this file reads the images of COMFY_XCF_FILES.
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path


class Picture:
    """Pixels with 4 bytes each, red, green, blue and alpha, or with 1: of a mask."""

    def __init__(self, path, width, height, channels):
        self.path = path
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = Path(path).read_bytes()

    def at(self, x, y):
        start = (y * self.width + x) * self.channels
        return tuple(self.pixels[start:start + self.channels])

    def rows(self, box):
        """The bytes of a part (x, y, width, height)."""
        left, top, width, height = box
        stride = self.width * self.channels
        return [self.pixels[y * stride + left * self.channels:
                            y * stride + (left + width) * self.channels]
                for y in range(top, top + height)]


class Layer:
    """Its name, box (x, y, width, height), pixels, mask (None without) and children (of a group)."""

    def __init__(self, described):
        self.name = described['name']
        self.box = tuple(described['box'])
        self.visible = described['visible']
        self.pixels = Picture(*described['pixels'])
        self.mask = described['mask'] and Picture(*described['mask'])
        self.recipe = described['recipe']
        self.children = [Layer(child) for child in described['children']]


class Image:
    """Its size, type, precision, layers, the uppermost first; selection (a Picture of the whole
    canvas, None when nothing is selected) and what is seen. Two are equal when they look and are
    built alike, whatever their files are called."""

    def __init__(self, described):
        self.size = tuple(described['size'])
        self.type = described['type']
        self.precision = described['precision']
        self.layers = [Layer(layer) for layer in described['layers']]
        self.seen = Picture(*described['seen'])
        self.selection = described['selection'] and Picture(*described['selection'])
        self.bounds = described['bounds'] and tuple(described['bounds'])
        self.state = described['state']

    def __eq__(self, other):
        return self.state == other.state

    def __repr__(self):
        return json.dumps(self.state, indent=1)


def console(code, profile, **environment):
    """Runs Python in a GIMP without windows."""
    ended = subprocess.run(
        ['gimp-console', '-i', '-d', '-f', '--quit', '--batch-interpreter=python-fu-eval', '-b',
         code],
        env=os.environ | environment | {'GIMP3_DIRECTORY': str(profile)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    assert ended.returncode == 0, ended.stdout


def read(profile, *paths):
    """The images in files."""
    console(f'exec(compile(open({__file__!r}).read(), {__file__!r}, "exec"))', profile,
            COMFY_XCF_FILES=json.dumps([str(path) for path in paths]))
    return [Image(json.loads(Path(path).with_suffix('.json').read_text('utf-8')))
            for path in paths]


def read_inside(path):
    """Inside of GIMP: leaves pixels and a description beside an image."""
    number = 0

    def leave(drawable, pixel_format, channels):
        nonlocal number
        number += 1
        buffer = drawable.get_buffer()
        pixels = bytes(buffer.get(buffer.get_extent(), 1.0, pixel_format, Gegl.AbyssPolicy.NONE))
        raw = path.with_suffix(f'.{number}.raw')
        raw.write_bytes(pixels)
        state = hashlib.sha256(pixels).hexdigest()[:12]
        return [str(raw), drawable.get_width(), drawable.get_height(), channels], state

    def describe(layer):
        _, x, y = layer.get_offsets()
        pixels, state = leave(layer, "R'G'B'A u8", 4)
        described = {
            'name': layer.get_name(),
            'box': [x, y, layer.get_width(), layer.get_height()],
            'visible': layer.get_visible(),
            'mask': None,
        }
        states = dict(described, pixels=state)
        described['pixels'] = pixels
        if mask := layer.get_mask():
            described['mask'], states['mask'] = leave(mask, "Y u8", 1)
            states['mask shows'] = layer.get_apply_mask()
        parasite = layer.get_parasite('org.comfy.cloud.gimp.recipe')
        # GIMP gives signed bytes
        described['recipe'] = parasite and bytes(
            byte & 255 for byte in parasite.get_data()).decode('utf-8')
        children = [describe(child) for child in layer.get_children()] if layer.is_group() else []
        described['children'] = [child for child, _ in children]
        states['children'] = [child for _, child in children]
        return described, states

    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path)))
    layers = [describe(layer) for layer in image.get_layers()]
    described = {
        'size': [image.get_width(), image.get_height()],
        'type': image.get_base_type().value_nick,
        'precision': image.get_precision().value_nick,
        'bounds': None,
        'selection': None,
    }
    state = dict(described, layers=[states for _, states in layers])
    described['layers'] = [layer for layer, _ in layers]
    _, some, left, top, right, bottom = Gimp.Selection.bounds(image)
    if some:
        described['bounds'] = state['bounds'] = [left, top, right - left, bottom - top]
        described['selection'], state['selection'] = leave(image.get_selection(), "Y u8", 1)
    described['state'] = state
    # a layer as large as the canvas, so that what is seen is, too
    ground = Gimp.Layer.new(image, '', image.get_width(), image.get_height(),
                            Gimp.ImageType.GRAYA_IMAGE if image.get_base_type() ==
                            Gimp.ImageBaseType.GRAY else Gimp.ImageType.RGBA_IMAGE, 100,
                            Gimp.LayerMode.NORMAL)
    image.insert_layer(ground, None, len(layers))
    described['seen'], _ = leave(image.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE),
                                 "R'G'B'A u8", 4)
    path.with_suffix('.json').write_text(json.dumps(described), 'utf-8')


if 'COMFY_XCF_FILES' in os.environ:
    import gi
    gi.require_version('Gegl', '0.4')
    gi.require_version('Gimp', '3.0')
    from gi.repository import Gegl, Gimp, Gio

    for name in json.loads(os.environ['COMFY_XCF_FILES']):
        read_inside(Path(name))
