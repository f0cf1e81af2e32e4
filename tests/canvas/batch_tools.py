# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts in GIMP's Python interpreter need to call actions and to see what came of it."""

import os
from ctypes import c_float

import gi

gi.require_version('Gegl', '0.4')
gi.require_version('Gimp', '3.0')
from gi.repository import Gegl, Gimp, Gio  # noqa: E402

PICTURES = os.environ['COMFY_TEST_PICTURES']
PREFIX = 'plug-in-comfy-cloud-'
SUCCESS = Gimp.PDBStatusType.SUCCESS
pdb = Gimp.get_pdb()


def call(action, image=None, layer=None, **arguments):
    """Calls an action as a script does; returns its status, message, image and new layer."""
    procedure = pdb.lookup_procedure(PREFIX + action)
    config = procedure.create_config()
    config.set_property('run-mode', Gimp.RunMode.NONINTERACTIVE)
    if image:
        config.set_property('image', image)
    if layer:
        config.set_core_object_array('drawables', [layer])
    for name, value in arguments.items():
        config.set_property(name, value)
    values = procedure.run(config)
    status = values.index(0)
    if status != SUCCESS:
        return status, pdb.get_last_error(), None, None
    return status, None, values.index(1), values.index(2)


def run(action, *arguments, **keywords):
    status, message, image, layer = call(action, *arguments, **keywords)
    assert status == SUCCESS, message
    return image, layer


def load(name, width, height):
    """A photograph, scaled so that its size is known and its pixels are many colours."""
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE,
                           Gio.File.new_for_path(os.path.join(PICTURES, name)))
    image.scale(width, height)
    return image, image.get_layers()[0]


def read(layer, pixel_format="R'G'B'A u8"):
    rectangle = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    return layer.get_buffer().get(rectangle, 1.0, pixel_format, Gegl.AbyssPolicy.NONE)


def offsets(layer):
    _, x, y = layer.get_offsets()
    return x, y


def seen(rgba):
    """The pixels without what cannot be seen."""
    return [rgba[i:i + 4] for i in range(0, len(rgba), 4) if rgba[i + 3]]


def fails(part, action, *arguments, **keywords):
    """The sentence for the artist is the procedure's error."""
    status, message, _, _ = call(action, *arguments, **keywords)
    assert status == Gimp.PDBStatusType.EXECUTION_ERROR, status
    assert part in message, message


def draw(width, height, box, transparent=False):
    """A black picture with a white box (x, y, width, height), whose place is easily found again."""
    image = Gimp.Image.new(width, height, Gimp.ImageBaseType.RGB)
    kind = Gimp.ImageType.RGBA_IMAGE if transparent else Gimp.ImageType.RGB_IMAGE
    layer = Gimp.Layer.new(image, 'box', width, height, kind, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    Gimp.context_set_default_colors()
    layer.fill(Gimp.FillType.FOREGROUND)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, *box)
    layer.edit_fill(Gimp.FillType.BACKGROUND)
    Gimp.Selection.none(image)
    return image, layer


def look(image):
    """What is seen of the whole image, as RGBA."""
    copy = image.duplicate()
    try:
        return read(copy.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE))
    finally:
        copy.delete()


def pixel(rgba, width, x, y):
    start = 4 * (y * width + x)
    return tuple(rgba[start:start + 4])


def is_in(box, x, y, margin=0):
    left, top, width, height = box
    return (left - margin <= x < left + width + margin
            and top - margin <= y < top + height + margin)


def opposite(value):
    """As ComfyUI reckons it, in 32-bit floats, and then cuts the fraction off."""
    return int(c_float(255 * c_float(1 - c_float(value / 255).value).value).value)


OPPOSITES = [opposite(value) for value in range(256)]


def inverted(rgba):
    """What the cloud makes of it: each colour's opposite, and transparency as it was."""
    return bytes(value if i % 4 == 3 else OPPOSITES[value] for i, value in enumerate(rgba))
