# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside of GIMP's Python interpreter; check-actions.py executes one of the parts below, named
by COMFY_TEST_PART. What fails raises, and GIMP ends with another exit code than 0."""

import os

from batch_tools import Gimp, PREFIX, fails, inverted, load, offsets, pdb, read, run, seen


def before_the_drop():
    assert not pdb.procedure_exists(PREFIX + 'invert')
    assert pdb.procedure_exists(PREFIX + 'upscale-4x')


def invert():
    """Foretold bit for bit, for two photographs: so it is their pixels that went and came."""
    results = []
    for name in ('coffee.jpg', 'raccoon.jpg'):
        image, layer = load(name, 120, 90)
        layer.set_offsets(-25, 13)
        layer.add_alpha()
        image.select_ellipse(Gimp.ChannelOps.REPLACE, 5, 20, 40, 40)
        Gimp.Selection.feather(image, 12)
        layer.edit_clear()
        before = read(layer)
        came, new = run('invert', image, layer)
        assert came == image and offsets(new) == (-25, 13)
        assert seen(read(new)) == seen(inverted(before))
        assert read(new)[3::4] == before[3::4]
        assert image.get_selected_layers() == [layer]
        results.append(read(new))
    assert results[0] != results[1]


def modes():
    """Grey and indexed images stay what they are, and the result has the right colour."""
    for convert in (
            lambda image: image.convert_grayscale(),
            lambda image: image.convert_indexed(Gimp.ConvertDitherType.NONE,
                                                Gimp.ConvertPaletteType.GENERATE, 32, False, False,
                                                '')):
        image, layer = load('coffee.jpg', 60, 40)
        convert(image)
        mode = image.get_base_type(), image.get_precision()
        before = read(layer)
        _, new = run('invert', image, layer)
        assert (image.get_base_type(), image.get_precision()) == mode
        if mode[0] != Gimp.ImageBaseType.INDEXED:  # its palette has not all the opposites
            assert read(new) == inverted(before)


def deep():
    """Deep images go and come in 16 bits: what comes is the opposite to the last but one of them."""
    for precision in Gimp.Precision.U16_NON_LINEAR, Gimp.Precision.FLOAT_LINEAR:
        image, layer = load('coffee.jpg', 120, 80)
        image.convert_precision(precision)
        image.scale(60, 40)  # now there are values between those of 8 bits
        before = memoryview(read(layer, "R'G'B'A u16")).cast('H')
        assert any(value % 257 for value in before)
        _, new = run('invert', image, layer)
        assert image.get_precision() == precision
        after = memoryview(read(new, "R'G'B'A u16")).cast('H')
        assert all(i % 4 == 3 or abs(65535 - value - after[i]) <= 1
                   for i, value in enumerate(before))


def upscale():
    image, layer = load('raccoon.jpg', 50, 40)
    _, new = run('upscale-4x', image, layer)
    assert (new.get_width(), new.get_height()) == (200, 160)
    assert (image.get_width(), image.get_height()) == (200, 160)
    assert image.get_layers() == [new, layer]
    assert new.get_name() == 'Upscale 4×'


def generate():
    image, layer = run('generate-image', prompt='a red bicycle', width=512, height=256,
                       seed='18446744073709551615')
    assert (image.get_width(), image.get_height()) == (512, 256)
    assert layer.get_name() == 'Generate Image: a red bicycle (seed 18446744073709551615)'

    same, again = run('generate-image', prompt='a red bicycle', width=512, height=256,
                      seed='18446744073709551615')
    assert same != image and read(again) == read(layer)
    _, other = run('generate-image', prompt='a red bicycle', width=512, height=256, seed='')
    assert read(other) != read(layer)

    photograph, below = load('coffee.jpg', 300, 200)
    into, new = run('generate-image', photograph, below, prompt='as large as it', width=0,
                    height=0)
    assert into == photograph
    assert (offsets(new), new.get_width(), new.get_height()) == ((0, 0), 300, 200)

    _, new = run('generate-image', photograph, below, prompt='in its middle', width=256, height=256)
    assert (offsets(new), new.get_width(), new.get_height()) == ((22, -28), 256, 256)

    _, group = run('generate-image', prompt='three', width=256, height=256, count=3)
    assert [child.get_name()[-7:] for child in group.get_children()] == \
        ['1 of 3)', '2 of 3)', '3 of 3)']


def refusals():
    image, layer = load('coffee.jpg', 60, 40)
    fails('Nothing is written here yet', 'generate-image', prompt=' ')
    fails('“12x” is not a whole number', 'generate-image', prompt='x', seed='12x')
    # of one layer there is no doubt, of two there is
    image.insert_layer(layer.copy(), None, 0)
    fails('needs a layer', 'upscale-4x', image)
    assert len(image.get_layers()) == 2
    procedure = pdb.lookup_procedure(PREFIX + 'settings')
    config = procedure.create_config()
    config.set_property('run-mode', Gimp.RunMode.NONINTERACTIVE)
    assert procedure.run(config).index(0) == Gimp.PDBStatusType.EXECUTION_ERROR


def rejected():
    image, layer = load('coffee.jpg', 60, 40)
    fails('rejected', 'upscale-4x', image, layer)


def no_key():
    image, layer = load('coffee.jpg', 60, 40)
    fails('key', 'upscale-4x', image, layer)


for part in os.environ['COMFY_TEST_PART'].split():
    globals()[part]()
