/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-form.h"

G_BEGIN_DECLS

/* So many jobs are begun at once, and no more: each of them is paid for. */
#define COMFY_BATCH_MAX 100

/* What a form is run for */
typedef enum
{
  COMFY_BATCH_ONCE,    /* once, as it is */
  COMFY_BATCH_SEEDS,   /* for each seed from a first one on */
  COMFY_BATCH_PROMPTS, /* for each prompt of a text file */
  COMFY_BATCH_LAYERS,  /* for each selected layer alone */
  COMFY_BATCH_IMAGES,  /* for each open image */
  COMFY_N_BATCH_KINDS
} ComfyBatchKind;

/* How often a form is run, and what is different each time. Plain data, boxed, not changed once
 * made. */
typedef struct
{
  ComfyBatchKind   kind;
  guint64          first_seed; /* SEEDS */
  unsigned int     n_seeds;    /* SEEDS */
  char           **prompts;    /* PROMPTS: owned: one for each run */
} ComfyBatch;

#define COMFY_TYPE_BATCH (comfy_batch_get_type ())
GType        comfy_batch_get_type          (void);
/* @kind: one that needs to know nothing more */
ComfyBatch  *comfy_batch_new               (ComfyBatchKind     kind);
ComfyBatch  *comfy_batch_new_seeds         (guint64            first,
                                            unsigned int       n);
/* the prompts of a text file: one a line */
ComfyBatch  *comfy_batch_new_from_file     (const char        *path,
                                            GError           **error);
ComfyBatch  *comfy_batch_copy              (const ComfyBatch  *self);
void         comfy_batch_free              (ComfyBatch        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyBatch, comfy_batch_free)

/* whether the form, with the values that it has now, can be run for that */
gboolean     comfy_batch_kind_fits         (ComfyBatchKind     kind,
                                            ComfyForm         *form);
/* it works on one layer, and several are selected */
gboolean     comfy_batch_is_meant_for_layers
                                           (ComfyForm         *form,
                                            GArray            *layer_ids);
/* (nullable): the field whose value is another one in each run */
const char  *comfy_batch_kind_get_field_id (ComfyBatchKind     kind,
                                            ComfyForm         *form);
/* how many jobs that are, with these layers selected and these images open */
unsigned int comfy_batch_count             (const ComfyBatch  *self,
                                            GArray            *layer_ids,
                                            GArray            *image_ids);
gboolean     comfy_batch_check             (const ComfyBatch  *self,
                                            ComfyForm         *form,
                                            GArray            *layer_ids,
                                            GArray            *image_ids,
                                            GError           **error);
/* (transfer full): a copy of @form with the values of run @i */
ComfyForm   *comfy_batch_dup_form          (const ComfyBatch  *self,
                                            ComfyForm         *form,
                                            unsigned int       i);
/* (transfer full): what run @i of @n is called in a sentence */
char        *comfy_batch_dup_run_name      (const ComfyBatch  *self,
                                            unsigned int       i,
                                            unsigned int       n);

G_END_DECLS
