#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes data/nodes.json, the compact node table, out of ComfyUI's /object_info.

usage: make-node-table.py OBJECT_INFO.json VERSION > data/nodes.json

Kept of each input: type, range, step, default, choices, whether it may be left out, has several
lines, takes an uploaded picture, is a seed. Dropped: tooltips, categories, hidden inputs. Lists of
files that depend on what a server has installed (models, uploaded pictures) are left open: any name
passes, the server is the judge. comfy-node-info.c reads the same in the program.
"""

import json
import sys

KEPT = ('default', 'min', 'max', 'step', 'multiline')
FILES = ('unet_name', 'vae_name', 'clip_name', 'clip_name1', 'clip_name2', 'ckpt_name', 'lora_name',
         'control_net_name', 'model_name', 'bg_removal_name')


def scalar(value):
    return isinstance(value, (bool, int, float, str)) and value is not False and value != ''


def combo(name, choices, options):
    entry = {'type': 'COMBO'}
    if options.get('image_upload'):
        entry['upload'] = True
    elif choices and name not in FILES:
        entry['choices'] = list(dict.fromkeys(choices))
        if 'default' in options:
            entry['default'] = options['default']
    return entry


def one_input(name, spec, optional=False):
    kind = spec[0]
    options = spec[1] if len(spec) > 1 else {}
    if isinstance(kind, list):
        entry = combo(name, kind, options)
    elif kind == 'COMBO':
        entry = combo(name, options.get('options'), options)
    elif kind == 'COMFY_DYNAMICCOMBO_V3':
        entry = {'type': 'DYNAMIC',
                 'options': {o['key']: group(o['inputs']) for o in options['options']}}
    elif kind == 'COMFY_AUTOGROW_V3':
        template = options['template']
        (element, element_spec), = template['input']['required'].items()
        names = template.get('names') or [template.get('prefix', element) + str(i)
                                          for i in range(template['max'])]
        entry = {'type': 'AUTOGROW', 'names': names, 'least': template.get('min', 0),
                 'of': one_input(element, element_spec)}
    elif kind == 'COMFY_MATCHTYPE_V3':
        entry = {'type': options['template']['allowed_types']}
    else:
        entry = {'type': kind, **{k: options[k] for k in KEPT if scalar(options.get(k))}}
        if kind == 'INT' and options.get('control_after_generate'):
            entry['seed'] = True
    if optional:
        entry['optional'] = True
    return entry


def group(inputs):
    return {name: one_input(name, spec, which == 'optional')
            for which in ('required', 'optional')
            for name, spec in inputs.get(which, {}).items()}


def one_class(info):
    entry = {'title': info.get('display_name') or info['name'], 'inputs': group(info['input']),
             'outputs': ['*' if t == 'COMFY_MATCHTYPE_V3' else t for t in info['output']]}
    if info['output_node']:
        entry['output_node'] = True
    if info.get('api_node'):
        entry['partner'] = True
    return entry


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        classes = json.load(file)
    lines = [f' {json.dumps(name)}: '
             + json.dumps(one_class(classes[name]), separators=(',', ':'), ensure_ascii=False)
             for name in sorted(classes)]
    print(f'{{"format": 1, "source": {json.dumps("ComfyUI " + sys.argv[2])}, "classes": {{\n'
          + ',\n'.join(lines) + '\n}}')


if __name__ == '__main__':
    main()
