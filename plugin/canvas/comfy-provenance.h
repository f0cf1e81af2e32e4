/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/* What we write into images so that they, and what was placed in them, can be recognised. Only the
 * recipe says what was asked for, and a setting leaves it out. */

char      *comfy_provenance_mark_image     (GimpImage  *image);
char      *comfy_provenance_dup_image_mark (GimpImage  *image);
char      *comfy_provenance_dup_layer_mark (GimpItem   *layer);
GimpItem  *comfy_provenance_find_layer     (GimpImage  *image,
                                            const char *mark);
void       comfy_provenance_sign_layer     (GimpLayer  *layer,
                                            const char *job_id);
gboolean   comfy_provenance_is_result      (GimpItem   *item);
void       comfy_provenance_note_job       (GimpImage  *image,
                                            const char *job_id);
GPtrArray *comfy_provenance_find_placed    (const char *job_id,
                                            GimpImage **out_image);

/* a duplicate of ours, which is none of the artist's images */
void       comfy_provenance_set_aside      (GimpImage  *image);
gboolean   comfy_provenance_is_aside       (GimpImage  *image);
void       comfy_provenance_sweep          (void);

/* how a layer was made: for Vary This Layer */
void       comfy_provenance_give_recipe    (GimpLayer  *layer,
                                            GBytes     *recipe);
GBytes    *comfy_provenance_get_recipe     (GimpLayer  *layer);

G_END_DECLS
