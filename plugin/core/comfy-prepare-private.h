/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-session.h"

G_BEGIN_DECLS

/* One run of a form on its way into the journal: first its pictures are taken, then it is written
 * down. Reference counted: whatever is under way holds it. */
typedef struct
{
  ComfySession *session;    /* owned */
  ComfyForm    *form;       /* owned: a copy */
  ComfyTake    *take;       /* owned */
  char         *profile_id; /* owned */
  int           image_id;
  GArray       *layer_ids;  /* owned, nullable, of int */
  char         *staging;    /* owned, nullable: while it is ours to remove */
  ComfyCapture *capture;    /* owned, nullable: what was taken */
} ComfyPrepare;

ComfyPrepare *_comfy_prepare_new     (ComfySession  *session,
                                      ComfyForm     *form,
                                      int            image_id,
                                      GArray        *layer_ids,
                                      GError       **error);
void          _comfy_prepare_unref   (ComfyPrepare  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyPrepare, _comfy_prepare_unref)

/* → TRUE: takes the pictures */
DexFuture    *_comfy_prepare_capture (ComfyPrepare  *self) G_GNUC_WARN_UNUSED_RESULT;
/* the pictures are those that another run has taken */
gboolean      _comfy_prepare_share   (ComfyPrepare  *self,
                                      ComfyPrepare  *other,
                                      GError       **error);
/* a graph of the artist's against what the server's nodes take; may await */
gboolean      _comfy_prepare_check   (ComfyPrepare  *self,
                                      GError       **error);
/* (transfer full) (nullable): the new job's id; @batch_id: (nullable) */
char         *_comfy_prepare_begin   (ComfyPrepare  *self,
                                      const char    *batch_id,
                                      unsigned int   batch_i,
                                      unsigned int   batch_n,
                                      GError       **error);

G_END_DECLS
