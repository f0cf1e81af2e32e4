/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-mapping.h"

G_BEGIN_DECLS

/* What the artist has corrected of graphs, kept by their shape below a folder, and graphs that were
 * saved as actions in another. */
void      comfy_mapping_store_recall   (const char    *folder,
                                        ComfyMapping  *mapping);
gboolean  comfy_mapping_store_remember (const char    *folder,
                                        ComfyMapping  *mapping,
                                        GError       **error);
/* (transfer full): path of the sidecar */
char     *comfy_mapping_store_save     (const char    *folder,
                                        ComfyMapping  *mapping,
                                        const char    *title,
                                        GPtrArray     *others,
                                        GError       **error);

G_END_DECLS
