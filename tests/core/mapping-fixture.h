/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-form.h"
#include "comfy-mapping-private.h"

G_BEGIN_DECLS

/* (transfer full): the carried one */
ComfyNodeTable *mapping_load_table  (void);
/* (transfer full): @json with ' for " */
ComfyMapping   *mapping_new         (const char     *json);
/* (transfer full): of a file in tests/data; its window's graph is followed where it is there */
ComfyMapping   *mapping_load        (const char     *folder,
                                     const char     *name,
                                     ComfyNodeTable *table);
/* (transfer full) (element-type char *): names of the graphs in a folder of tests/data, in order */
GPtrArray      *mapping_list_graphs (const char     *folder);
/* the place of an entry; fails when it is not there */
unsigned int    mapping_find        (ComfyMapping   *mapping,
                                     const char     *node,
                                     const char     *input);
/* (transfer full) */
ComfyAction    *mapping_make_action (ComfyMapping   *mapping);

G_END_DECLS
