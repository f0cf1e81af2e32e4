# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside of GIMP's Python interpreter; check-workflow.py executes one of the parts below, named
by COMFY_TEST_PART. Any workflow, as scripts run it."""

import os
from pathlib import Path

from batch_tools import Gimp, Gio, PREFIX, SUCCESS, inverted, load, offsets, pdb, read

FOLDER = Path(os.environ['COMFY_TEST_WORKFLOWS'])
PROCEDURE = PREFIX + 'run-workflow'
SEED = '18446744073709551615'
# of the return values
IMAGE, LAYER, LAYERS, TEXTS, FILES = range(1, 6)


def call(name, values=(), image=None, layer=None, images=(), folder=None):
    """What GIMP gives back."""
    config = pdb.lookup_procedure(PROCEDURE).create_config()
    config.set_property('run-mode', Gimp.RunMode.NONINTERACTIVE)
    if name:
        config.set_property('file', Gio.File.new_for_path(str(FOLDER / name)))
    if image:
        config.set_property('image', image)
    if layer:
        config.set_core_object_array('drawables', [layer])
    if images:
        config.set_core_object_array('images', images)
    if folder:
        config.set_property('folder', Gio.File.new_for_path(str(folder)))
    config.set_property('values', list(values))
    return pdb.lookup_procedure(PROCEDURE).run(config)


def run(*arguments, **keywords):
    result = call(*arguments, **keywords)
    assert result.index(0) == SUCCESS, pdb.get_last_error()
    return result


def fails(part, *arguments, **keywords):
    """The sentence for the artist is the procedure's error."""
    result = call(*arguments, **keywords)
    assert result.index(0) == Gimp.PDBStatusType.EXECUTION_ERROR, result.index(0)
    assert part in pdb.get_last_error(), pdb.get_last_error()


def readme(language):
    """The example that README has for a language."""
    text = Path(os.environ['COMFY_TEST_README']).read_text('utf-8')
    return next(block.partition('```')[0] for block in text.split(f'```{language}\n')[1:]
                if 'run-workflow' in block.partition('```')[0])


def example():
    """README's, word by word."""
    image, layer = load('coffee.jpg', 96, 64)
    names = {'Gimp': Gimp, 'Gio': Gio, 'image': image, 'layer': layer,
             'path': str(FOLDER / 'restyle.json')}
    exec(readme('python'), names)  # pylint: disable=exec-used
    result = names['result']
    assert result.index(0) == SUCCESS, pdb.get_last_error()
    assert names['layers'] == [result.index(LAYER)] and names['image'] == image
    assert image.get_layers() == [names['layers'][0], layer]
    assert names['texts'] == [] and names['files'] == []


def values():
    """By a field's name, by NODE.INPUT; seeds with all of their 64 bits."""
    image, layer = load('coffee.jpg', 96, 64)
    result = run('restyle.json', ['prompt=a = b', f'seed={SEED}', '9.steps=5'], image, layer)
    new = result.index(LAYER)
    assert SEED in new.get_name(), new.get_name()
    same = run('restyle.json', ['prompt=a = b', f'seed={SEED}', '9.steps=5'], image, layer)
    assert read(same.index(LAYER)) == read(new)


def selection():
    """Where the mask is not, the picture is the same; where it is, its opposite."""
    image, layer = load('coffee.jpg', 96, 64)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 20, 10, 40, 30)
    new = run('masked.json', [], image, layer).index(LAYER)
    old, came = read(layer), read(new)
    turned = inverted(old)
    for y in range(64):
        for x in range(96):
            at = slice(4 * (y * 96 + x), 4 * (y * 96 + x) + 4)
            is_in = 20 <= x < 60 and 10 <= y < 40
            assert came[at] == (turned if is_in else old)[at], (x, y)


def images():
    """Pictures of other images, in the order of the form, into a new image."""
    first, below = load('coffee.jpg', 96, 64)
    second, _ = load('raccoon.jpg', 96, 64)
    result = run('blend.json', ['3.blend_factor=0'], images=[first, second])
    assert read(result.index(LAYER)) == read_opaque(below)
    fails('takes 2 pictures, but 3 images were given', 'blend.json', images=[first, second, first])


def read_opaque(layer):
    layer.add_alpha()
    return read(layer)


def texts_and_files():
    image, layer = load('coffee.jpg', 96, 64)
    result = run('told.json', ['what-is-told=Ä cup.'], image, layer)
    assert result.index(TEXTS) == ['Ä cup.'], result.index(TEXTS)
    assert result.get_core_object_array(LAYERS) == [result.index(LAYER)]
    assert offsets(result.index(LAYER)) == (0, 0)

    result = run('film.json', [], image, layer, folder=FOLDER)
    files = result.index(FILES)
    assert len(files) == 1 and Path(files[0]).parent == FOLDER, files
    assert Path(files[0]).read_bytes()[4:12] == b'ftypisom'
    assert result.get_core_object_array(LAYERS) == [] and result.index(TEXTS) == []
    again = run('film.json', [], image, layer, folder=FOLDER).index(FILES)
    assert Path(again[0]).exists() and again != files, again


def refusals():
    image, layer = load('coffee.jpg', 96, 64)
    fails('No workflow is given', None)
    fails('“restyle” has no value called “promt”', 'restyle.json', ['promt=x'], image, layer)
    fails('“prompt” sets nothing', 'restyle.json', ['prompt'], image, layer)
    fails('“0” is not a number from 1 to', 'restyle.json', ['9.steps=0'], image, layer)
    fails('“7.5” is not', 'restyle.json', ['9.steps=7.5'], image, layer)
    fails('18446744073709551616', 'restyle.json', ['seed=18446744073709551616'], image, layer)
    fails('no layer called “Sky”', 'restyle.json', ['image=layer:Sky'], image, layer)
    fails('sd_xl_base_1.0.safetensors', 'old-model.json', [], image, layer)
    fails('“My Inverter”', 'strange.json', [], image, layer)
    assert call('nowhere.json').index(0) == Gimp.PDBStatusType.CALLING_ERROR  # GIMP itself looks
    assert image.get_layers() == [layer]


for part in os.environ['COMFY_TEST_PART'].split():
    globals()[part]()
