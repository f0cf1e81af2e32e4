/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is remembered of a profile, non-secret and nothing that would be missed: a list in a file of
 * its own, PREFIX and the profile's id. It is read each time, since other processes write it, too,
 * and replaced as a whole. */

typedef void *(*ComfyProfileListRead) (JsonNode *node);

char      *_comfy_profile_list_dup_path (const char           *folder,
                                         const char           *prefix,
                                         const char           *profile_id);
GPtrArray *_comfy_profile_list_read     (const char           *path,
                                         const char           *member,
                                         ComfyProfileListRead  read,
                                         GDestroyNotify        destroy);
gboolean   _comfy_profile_list_write    (const char           *path,
                                         const char           *member,
                                         JsonArray            *array,
                                         GError              **error);
void       _comfy_profile_list_remove   (const char           *folder,
                                         const char           *prefix,
                                         gint64                before);

G_END_DECLS
