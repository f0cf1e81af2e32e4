/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Which file stands in one loader of a job, and which ones the server does not have: part of the
 * job's record */
typedef struct
{
  char      *file;    /* owned, nullable: as the graph has it */
  GPtrArray *refused; /* owned, of char * */
} ComfyPick;

ComfyPick *_comfy_pick_new        (void);
void       _comfy_pick_free       (ComfyPick  *self);
gboolean   _comfy_pick_is_refused (ComfyPick  *self,
                                   const char *file);
JsonArray *_comfy_picks_to_json   (GPtrArray  *picks);
GPtrArray *_comfy_picks_from_json (JsonArray  *array);

G_END_DECLS
