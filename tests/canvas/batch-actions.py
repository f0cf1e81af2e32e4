# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside of GIMP's Python interpreter; check-actions.py executes one of the parts below, named
by COMFY_TEST_PART. Every action that ships, called as a script does, gives the outcome it should.

What stands in for the models (tests/sandbox/README.md) shows half of what it was sent when it edits,
so that one sees whether the result lies where the picture was taken."""

import os

from batch_tools import (Gimp, draw, fails, is_in, load, look, offsets, pdb, pixel, read, run,
                         PREFIX)

MODELS_OF_EDIT = ('flux2-klein', 'flux2-klein-base', 'qwen-image-edit-fast', 'qwen-image-edit',
                  'flux2-dev-turbo', 'flux1-kontext')
MODELS_OF_GENERATE = ('z-image-turbo', 'z-image', 'qwen-image-fast', 'qwen-image', 'flux2-klein',
                      'flux2-dev', 'sdxl')
MODELS_OF_FILL = ('qwen-image', 'flux1-fill')

WIDTH, HEIGHT = 96, 64
BOX = (24, 16, 40, 24)


def lies_on_the_box(rgba, width=WIDTH, height=HEIGHT, box=BOX):
    """Half of it is the picture: white is at least 127, black at most 128. The edge of the box may
    be off by the pixel that scaling makes soft."""
    for y in range(height):
        for x in range(width):
            red, green, blue, _ = pixel(rgba, width, x, y)
            if is_in(box, x, y, -1):
                assert min(red, green, blue) >= 120, (x, y, red, green, blue)
            elif not is_in(box, x, y, 1):
                assert max(red, green, blue) <= 135, (x, y, red, green, blue)


def same_outside(before, after, box, width=WIDTH, height=HEIGHT):
    return all(pixel(before, width, x, y) == pixel(after, width, x, y)
               for y in range(height) for x in range(width) if not is_in(box, x, y))


def changed_inside(before, after, box, width=WIDTH):
    """How many of the box's pixels are others now, as a share."""
    left, top, across, down = box
    others = sum(pixel(before, width, x, y) != pixel(after, width, x, y)
                 for y in range(top, top + down) for x in range(left, left + across))
    return others / (across * down)


def distance(before, after):
    return sum(abs(one - other) for one, other in zip(before, after)) / len(before)


def generate_models():
    for model in MODELS_OF_GENERATE:
        image, layer = run('generate-image', prompt='a red bicycle', model=model, width=256,
                           height=320, seed='7')
        assert (image.get_width(), image.get_height()) == (256, 320), model
        assert (layer.get_width(), layer.get_height()) == (256, 320), model


def edit():
    """Each model: a new layer exactly above, with the layer's size, place and geometry."""
    for model in MODELS_OF_EDIT:
        image, layer = draw(WIDTH, HEIGHT, BOX)
        layer.set_offsets(-7, 5)
        into, new = run('edit-with-prompt', image, layer, prompt='make it red', model=model)
        assert into == image and image.get_layers() == [new, layer], model
        assert offsets(new) == (-7, 5), model
        assert (new.get_width(), new.get_height()) == (WIDTH, HEIGHT), model
        lies_on_the_box(read(new))


def edit_keeps_transparency():
    image, layer = draw(WIDTH, HEIGHT, BOX, transparent=True)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 16, HEIGHT)
    layer.edit_clear()
    Gimp.Selection.none(image)
    _, new = run('edit-with-prompt', image, layer, prompt='make it red')
    assert read(new)[3::4] == read(layer)[3::4]


def edit_selection():
    """Only what is selected is seen to change; all of it when the artist says so."""
    box = (16, 8, 32, 32)
    image, layer = draw(WIDTH, HEIGHT, BOX)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, *box)
    before = look(image)
    run('edit-with-prompt', image, layer, prompt='make it red')
    after = look(image)
    assert same_outside(before, after, box)
    assert changed_inside(before, after, box) > 0.9
    lies_on_the_box(after)

    image, layer = draw(WIDTH, HEIGHT, BOX)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, *box)
    run('edit-with-prompt', image, layer, prompt='make it red', within=False)
    assert not same_outside(before, look(image), box)


def edit_visible():
    """What lies above the layer is sent, too, and the result lies on top of it."""
    image, layer = draw(WIDTH, HEIGHT, BOX)
    patch = Gimp.Layer.new(image, 'patch', 16, 16, Gimp.ImageType.RGB_IMAGE, 100,
                           Gimp.LayerMode.NORMAL)
    image.insert_layer(patch, None, 0)
    patch.set_offsets(0, 0)
    patch.fill(Gimp.FillType.BACKGROUND)
    _, new = run('edit-with-prompt', image, layer, prompt='make it red', source='visible')
    assert offsets(new) == (0, 0) and new.get_width() == WIDTH
    assert min(pixel(read(new), WIDTH, 4, 4)[:3]) >= 120
    assert max(pixel(read(new), WIDTH, 20, 60)[:3]) <= 135


def fill():
    """Each model, with and without words: nothing outside of the selection changes."""
    box = (32, 20, 24, 16)
    for model in MODELS_OF_FILL:
        for prompt in ('a green bench', ''):
            image, layer = load('coffee.jpg', WIDTH, HEIGHT)
            image.select_rectangle(Gimp.ChannelOps.REPLACE, *box)
            before = look(image)
            run('fill-selection', image, layer, prompt=prompt, model=model)
            after = look(image)
            assert same_outside(before, after, box), model
            assert changed_inside(before, after, box) > 0.9, model


def fill_nothing():
    image, layer = draw(WIDTH, HEIGHT, BOX)
    fails('select', 'fill-selection', image, layer, prompt='a bench')
    assert image.get_layers() == [layer]


def extend():
    """The canvas grows, new pixels are opaque, and the old ones stay but for the overlap."""
    for model in reversed(MODELS_OF_FILL):
        image, layer = load('coffee.jpg', WIDTH, HEIGHT)
        before = look(image)
        run('extend-canvas', image, layer, model=model, right=32, top=16, overlap=8)
        assert (image.get_width(), image.get_height()) == (WIDTH + 32, HEIGHT + 16), model
        after = look(image)
        assert set(after[3::4]) == {255}, model
        for y in range(8, HEIGHT):
            for x in range(WIDTH - 8):
                assert pixel(before, WIDTH, x, y) == pixel(after, WIDTH + 32, x, y + 16), (x, y)
        # what was sent beyond the edge is the edge's own colour; the model has painted over it
        painted = [distance(pixel(before, WIDTH, WIDTH - 1, y),
                            pixel(after, WIDTH + 32, WIDTH + 20, y + 16)) > 6
                   for y in range(HEIGHT)]
        assert sum(painted) > HEIGHT / 2, (model, sum(painted))

    image, layer = load('coffee.jpg', WIDTH, HEIGHT)
    run('extend-canvas', image, layer, ratio='1:1')
    assert (image.get_width(), image.get_height()) == (WIDTH, WIDTH)
    fails('grows', 'extend-canvas', image, layer)


def restyle():
    """Strength is how far it departs from the layer."""
    far = []
    for strength in (0.1, 0.9):
        image, layer = load('raccoon.jpg', WIDTH, HEIGHT)
        before = read(layer)
        _, new = run('restyle-layer', image, layer, prompt='a watercolour', strength=strength,
                     seed='7')
        assert offsets(new) == offsets(layer) and new.get_width() == WIDTH
        far.append(distance(before, read(new)))
    assert far[0] * 3 < far[1], far


def upscale():
    for action, factor in (('upscale-2x', 2), ('upscale-4x', 4), ('upscale-creative', 2)):
        image, layer = load('raccoon.jpg', 48, 32)
        _, new = run(action, image, layer)
        assert (new.get_width(), new.get_height()) == (48 * factor, 32 * factor), action
        assert (image.get_width(), image.get_height()) == (48 * factor, 32 * factor), action
        assert image.get_layers() == [new, layer], action


def remove_background():
    """The layer's pixels stay, and its new mask shows the box."""
    image, layer = draw(WIDTH, HEIGHT, BOX)
    before = read(layer)
    run('remove-background', image, layer)
    mask = layer.get_mask()
    assert image.get_layers() == [layer] and mask
    assert read(layer) == before
    seen = read(mask, "Y' u8")
    for y in range(HEIGHT):
        for x in range(WIDTH):
            value = seen[y * WIDTH + x]
            assert value > 200 or not is_in(BOX, x, y, -1), (x, y, value)
            assert value < 50 or is_in(BOX, x, y, 1), (x, y, value)


def select_subject():
    """The box is selected, and no pixel is another."""
    image, layer = draw(WIDTH, HEIGHT, BOX)
    before = read(layer)
    run('select-subject', image, layer)
    assert image.get_layers() == [layer] and read(layer) == before
    assert Gimp.Selection.value(image, BOX[0] + 4, BOX[1] + 4) > 200
    assert Gimp.Selection.value(image, 2, 2) == 0
    _, some, left, top, right, bottom = Gimp.Selection.bounds(image)
    edges = (BOX[0], BOX[1], BOX[0] + BOX[2], BOX[1] + BOX[3])
    assert some and all(abs(one - other) <= 1
                        for one, other in zip((left, top, right, bottom), edges))


def split():
    """A group above the layer: as many layers as were asked for, the lowest opaque, and together
    they look like the layer."""
    image, layer = draw(WIDTH, HEIGHT, BOX)
    before = look(image)
    into, group = run('split-into-layers', image, layer, layers=4)
    assert into == image and image.get_layers() == [group, layer]
    children = group.get_children()
    assert len(children) == 4
    assert all(offsets(child) == (0, 0) and child.get_width() == WIDTH for child in children)
    assert set(read(children[-1])[3::4]) == {255}
    assert min(read(children[0])[3::4]) == 0
    layer.set_visible(False)
    assert distance(before, look(image)) < 4


def all_are_there():
    for action in ('edit-with-prompt', 'extend-canvas', 'fill-selection', 'generate-image',
                   'remove-background', 'restyle-layer', 'select-subject', 'split-into-layers',
                   'upscale-2x', 'upscale-4x', 'upscale-creative'):
        assert pdb.procedure_exists(PREFIX + action), action


for part in os.environ['COMFY_TEST_PART'].split():
    globals()[part]()
