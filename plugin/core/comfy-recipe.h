/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-action.h"
#include "comfy-request.h"

G_BEGIN_DECLS

/* What a layer remembers of how it was made, so that the same can be asked for again: written into
 * the image, and so into files that are shared. It names no file and no key. */
typedef struct
{
  char         *job_id;  /* owned: the journal's */
  ComfyRequest *request; /* owned, nullable: the graph was too large to be remembered. Its placement
                          * says only how the result fits; it has no profile and no inputs. */
  unsigned int  n_inputs; /* pictures that it was made from; they are only in the journal */
} ComfyRecipe;

/* as much as GIMP's own metadata keep in a parasite */
#define COMFY_RECIPE_MAX_BYTES (64 * 1024)

GBytes      *comfy_recipe_write (ComfyRequest *request,
                                 const char   *job_id);
ComfyRecipe *comfy_recipe_read  (GBytes       *bytes,
                                 GError      **error);
/* whether one of the installed actions could have asked for it */
gboolean     comfy_recipe_is_of (ComfyRecipe  *self,
                                 GPtrArray    *actions);
void         comfy_recipe_free  (ComfyRecipe  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyRecipe, comfy_recipe_free)

G_END_DECLS
