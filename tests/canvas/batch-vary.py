# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside of GIMP's Python interpreter; check-vary.py executes one of the parts below, named by
COMFY_TEST_PART. What layers remember, and what can be made of it again."""

import os
import re
from pathlib import Path

from batch_tools import (Gimp, Gio, draw, fails, load, look, offsets, pdb, read, run, PREFIX)

# nowhere else in what is searched
PROMPT = 'heliotrope zeppelin quagmire over the bay'
RECIPE = 'org.comfy.cloud.gimp.recipe'
MARKS = {'org.comfy.cloud.gimp.image', 'org.comfy.cloud.gimp.jobs'}
SEED = re.compile(r' \(seed (\d+)\)$')


def seed_of(layer):
    return int(SEED.search(layer.get_name()).group(1))


def vary_generated():
    """Other pixels, another seed in the name, the same words, placed above."""
    image, first = run('generate-image', prompt=PROMPT, width=320, height=256, seed='42')
    into, second = run('vary-layer', image, first)
    assert into == image and image.get_layers() == [second, first]
    assert (offsets(second), second.get_width(), second.get_height()) == ((0, 0), 320, 256)
    assert read(second) != read(first)
    assert seed_of(first) == 42 and seed_of(second) != 42
    assert SEED.sub('', second.get_name()) == SEED.sub('', first.get_name())
    assert (image.get_width(), image.get_height()) == (320, 256)

    # and that one again, without what the journal knows
    _, third = run('vary-layer', image, second)
    assert image.get_layers() == [third, second, first]
    assert len({seed_of(layer) for layer in (first, second, third)}) == 3
    assert len({bytes(read(layer)) for layer in (first, second, third)}) == 3


def vary_restyled():
    """What was made of a picture is made of the same picture, wherever that has gone meanwhile."""
    image, layer = load('raccoon.jpg', 96, 64)
    layer.set_offsets(-7, 5)
    _, first = run('restyle-layer', image, layer, prompt='a watercolour', strength=0.2, seed='7')
    image.remove_layer(layer)
    _, second = run('vary-layer', image, first)
    assert image.get_layers() == [second, first]
    assert (offsets(second), second.get_width(), second.get_height()) == ((-7, 5), 96, 64)
    assert read(second) != read(first) and seed_of(second) != 7


def vary_a_mask_that_is_painted_on():
    """The layer counts, although its mask is what is selected."""
    image, first = run('generate-image', prompt=PROMPT, width=320, height=256)
    mask = first.create_mask(Gimp.AddMaskType.WHITE)
    first.add_mask(mask)
    _, second = run('vary-layer', image, mask)
    assert image.get_layers() == [second, first] and second.get_mask() is None


def nothing_to_vary():
    image, layer = draw(60, 40, (10, 10, 20, 20))
    fails('does not remember how it was made', 'vary-layer', image, layer)
    fails('Select the one layer', 'vary-layer', image)
    for text in (b'no recipe', b'{}', b'\x01' * 100):
        layer.attach_parasite(Gimp.Parasite.new(RECIPE, 1, text))
        fails('cannot be read', 'vary-layer', image, layer)
    _, upscaled = run('upscale-2x', image, layer)
    fails('has no seed', 'vary-layer', image, upscaled)
    assert image.get_layers() == [upscaled, layer]


def forget_pictures():
    """The first half: a layer with a recipe, in a file."""
    image, layer = load('raccoon.jpg', 96, 64)
    run('restyle-layer', image, layer, prompt='a watercolour', strength=0.2)
    save(image, 'restyled.xcf')
    image, _ = run('generate-image', prompt=PROMPT, width=320, height=256, seed='9')
    save(image, 'generated.xcf')


def vary_without_a_journal():
    """The second half: words are enough, pictures are missed."""
    image = open_saved('generated.xcf')
    first = image.get_layers()[0]
    _, second = run('vary-layer', image, first)
    assert image.get_layers() == [second, first] and seed_of(second) != 9
    assert read(second) != read(first)

    # somebody has put another node into the file
    data = bytes(value & 255 for value in first.get_parasite(RECIPE).get_data())
    assert data.count(b'"KSampler"') == 1
    first.attach_parasite(Gimp.Parasite.new(RECIPE, 1,
                                            data.replace(b'"KSampler"', b'"PartnerNode"')))
    fails('was made elsewhere', 'vary-layer', image, first)

    image = open_saved('restyled.xcf')
    fails('is not kept any more', 'vary-layer', image, image.get_layers()[0])
    assert len(image.get_layers()) == 2


def path_of(name):
    return Path(os.environ['COMFY_TEST_OUTPUT'], name)


def save(image, name):
    assert Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image,
                          Gio.File.new_for_path(str(path_of(name))), None)


def open_saved(name):
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path_of(name))))


def save_all_outcomes(name):
    """An image with a result of each outcome. The names of its layers hide the prompt."""
    image, layer = load('coffee.jpg', 96, 64)
    for action in ('generate-image', 'edit-with-prompt', 'restyle-layer'):
        _, new = run(action, image, layer, prompt=PROMPT)
        assert PROMPT[:20] in new.get_name()
        new.set_name(action)
    run('remove-background', image, layer)
    run('select-subject', image, layer)
    for parasite in set(image.get_parasite_list()) - MARKS:
        data = bytes(value & 255 for value in image.get_parasite(parasite).get_data())
        assert b'zeppelin' not in data, parasite
    save(image, name)


def save_remembering():
    save_all_outcomes('remembering.xcf')


def save_forgetful():
    save_all_outcomes('forgetful.xcf')


for part in os.environ['COMFY_TEST_PART'].split():
    globals()[part]()
