/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-opener.h"
#include "comfy-session.h"

G_BEGIN_DECLS

/* One call of an action, on its way to a job. Lives in the frame of the call. */
typedef struct
{
  ComfySession *session;   /* owned */
  ComfyForm    *form;      /* owned, nullable: a recipe says all */
  ComfyRecipe  *recipe;    /* owned, nullable: what a layer remembers, to be varied */
  GPtrArray    *actions;   /* owned, nullable, of ComfyAction: with a recipe */
  ComfyOpener  *opener;    /* owned, nullable: with a workflow of the artist's */
  char         *job_id;    /* owned: once the job is in the journal */
  ComfyJob     *job;       /* owned: for a script, once it runs */
  GVariant     *placed;    /* owned: once it is placed */
  int           image_id;  /* -1: none */
  GArray       *layer_ids; /* owned, of int: the selected layers */
} ComfyCall;

gboolean        comfy_call_init          (ComfyCall           *self,
                                          ComfySession        *session,
                                          ComfyAction         *action,
                                          GimpImage           *image,
                                          GimpDrawable       **drawables,
                                          GimpProcedureConfig *config,
                                          GError             **error);
gboolean        comfy_call_init_vary     (ComfyCall           *self,
                                          ComfySession        *session,
                                          GPtrArray           *actions,
                                          GimpImage           *image,
                                          GimpDrawable       **drawables,
                                          GError             **error);
void            comfy_call_init_workflow (ComfyCall           *self,
                                          ComfySession        *session,
                                          GPtrArray           *actions,
                                          GimpImage           *image,
                                          GimpDrawable       **drawables);
void            comfy_call_clear         (ComfyCall           *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ComfyCall, comfy_call_clear)

DexFuture      *comfy_call_prepare       (ComfyCall           *self) G_GNUC_WARN_UNUSED_RESULT;

/* for every call, of an action or not */
char           *comfy_call_dup_data_path (const char          *name);
char           *comfy_call_dup_folder    (void);
ComfySession   *comfy_call_begin_session (GimpProcedure       *procedure,
                                          gboolean             with_displays);
gboolean        comfy_call_wait_for      (DexFuture           *future,
                                          GError             **error);
GimpValueArray *comfy_call_return_error  (GimpProcedure       *procedure,
                                          GError              *error);

G_END_DECLS
