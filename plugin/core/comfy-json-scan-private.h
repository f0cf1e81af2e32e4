/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-json-private.h"

G_BEGIN_DECLS

/* Where the reader stands in a text. Functions that meet a fault set it and say %FALSE or %NULL. */
typedef struct
{
  char           *text;  /* borrowed: a copy of the document; its strings are unescaped in place */
  char           *p;     /* what is read next; the text ends in a NUL and has no other */
  ComfyJsonFault *fault; /* borrowed */
} ComfyJsonScan;

gboolean    _comfy_json_scan_fail            (ComfyJsonScan      *self,
                                              ComfyJsonFaultKind  kind);
gboolean    _comfy_json_scan_fail_unexpected (ComfyJsonScan      *self);
char        _comfy_json_scan_peek            (ComfyJsonScan      *self);
gboolean    _comfy_json_scan_take            (ComfyJsonScan      *self,
                                              char                wanted);
const char *_comfy_json_scan_string          (ComfyJsonScan      *self);
JsonNode   *_comfy_json_scan_number          (ComfyJsonScan      *self,
                                              gboolean            not_finite_is_null);

G_END_DECLS
