# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows in ComfyUI's API format, as somebody might have made them, that the sandbox really
carries out. Each function returns a new one, to be changed at will."""

import json
import struct
import zlib

import artist

MISSING_MODEL = 'sd_xl_base_1.0_fp16.safetensors'


def node(class_type, title=None, **inputs):
    made = {'class_type': class_type, 'inputs': inputs}
    return made | {'_meta': {'title': title}} if title else made


def example(name):
    """One of tests/data/workflows."""
    return json.loads((artist.DATA / 'workflows' / f'{name}.json').read_text('utf-8'))


def masked_invert():
    """The colours' opposites where the mask is white."""
    return {
        '1': node('LoadImage', 'Photograph', image='photograph.png'),
        '2': node('LoadImageMask', 'Where', image='where.png', channel='red'),
        '3': node('ImageInvert', image=['1', 0]),
        '4': node('ImageCompositeMasked', destination=['1', 0], source=['3', 0], mask=['2', 0], x=0,
                  y=0, resize_source=False),
        '5': node('SaveImage', images=['4', 0], filename_prefix='ComfyUI'),
    }


def missing_model():
    graph = example('t2i_sdxl_base')
    for each in graph.values():
        if each['class_type'] == 'CheckpointLoaderSimple':
            each['inputs']['ckpt_name'] = MISSING_MODEL
            each['_meta'] = {'title': 'The Model'}
    return graph


def missing_class():
    graph = masked_invert()
    graph['3'] = node('ImageInverter', 'My Inverter', image=['1', 0])
    return graph


def told():
    """A picture and a text."""
    return {
        '1': node('LoadImage', image='photograph.png'),
        '2': node('ImageInvert', image=['1', 0]),
        '3': node('SaveImage', images=['2', 0], filename_prefix='ComfyUI'),
        '4': node('PrimitiveStringMultiline', 'Input: What is told',
                  value='A cup of coffee,\nseen from above.'),
        '5': node('PreviewAny', 'Caption', source=['4', 0]),
    }


def filmed():
    """A film of the picture."""
    return {
        '1': node('LoadImage', image='photograph.png'),
        '2': node('CreateVideo', images=['1', 0], fps=8),
        '3': node('SaveVideo', video=['2', 0], filename_prefix='video/ComfyUI', format='auto',
                  codec='auto'),
    }


def two_kinds():
    """A new layer, and a selection as large as the subject of it."""
    return {
        '1': node('LoadImage', 'GIMP: image', image='photograph.png'),
        '2': node('ImageInvert', image=['1', 0]),
        '3': node('SaveImage', 'GIMP: output new layer', images=['2', 0], filename_prefix='a'),
        '4': node('ImageToMask', image=['1', 0], channel='red'),
        '5': node('ThresholdMask', 'Input: Threshold', mask=['4', 0], value=0.5),
        '6': node('MaskToImage', mask=['5', 0]),
        '7': node('SaveImage', 'GIMP: output selection', images=['6', 0], filename_prefix='b'),
    }


def write(path, graph):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(graph, indent=2), 'utf-8')


def write_png(path, graph):
    """A picture of 64×48 px as ComfyUI saves it, with its graph inside."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    rows = b''.join(b'\0' + b''.join(bytes((x * 4, y * 5, 160)) for x in range(64))
                    for y in range(48))
    path.write_bytes(b'\x89PNG\r\n\x1a\n'
                     + chunk(b'IHDR', struct.pack('>IIBBBBB', 64, 48, 8, 2, 0, 0, 0))
                     + chunk(b'tEXt', b'prompt\0' + json.dumps(graph).encode('latin-1'))
                     + chunk(b'IDAT', zlib.compress(rows))
                     + chunk(b'IEND', b''))
