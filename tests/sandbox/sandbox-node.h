/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-node-table.h"
#include "comfy-workflow.h"
#include "sandbox-image.h"

G_BEGIN_DECLS

/* What goes over a link. Reference counted, unchanging once set. */
typedef struct
{
  guint64       hash;    /* of everything that it depends on: classes, values, uploaded bytes */
  SandboxImage *image;   /* nullable: an IMAGE or MASK; what a LATENT was made of; what a
                          * CONDITIONING refers to */
  SandboxImage *mask;    /* nullable: of a LATENT, where there is noise; of a CONDITIONING, what is
                          * to be filled */
  int           width;   /* px; of the picture that a LATENT becomes, or of a BOUNDING_BOX */
  int           height;
  int           x;       /* px; of a BOUNDING_BOX */
  int           y;
  int           batch;   /* pictures in an empty LATENT */
  int           frames;  /* 0, or how many pictures the model takes each of them apart into */
  int           block;   /* px; edge of the blocks that a VAE makes a picture of; 0: none */
  double        number;  /* an INT, FLOAT or BOOLEAN */
  char         *text;    /* nullable: a STRING; the words that a CONDITIONING was made of */
} SandboxValue;

/* → (transfer full): an input's bytes, by what stands in a LoadImage node; %NULL when unknown */
typedef GBytes *(*SandboxLoadFunc) (const char    *name,
                                    gpointer       data);

/* One file that an output node saved: a picture unless its MIME type says otherwise. */
typedef struct
{
  char       *node_id;
  char       *prefix;     /* of the file name */
  gboolean    plain;      /* the number in the name has no underscore behind it */
  gboolean    temporary;  /* a preview */
  GBytes     *content;    /* of the file */
  const char *mime_type;
  const char *suffix;     /* of the file name, with its dot */
} SandboxSaved;

/* What a sampler shows of its work. */
typedef struct
{
  char   *node_id;
  GBytes *jpeg;
} SandboxPreview;

/* One run of a graph: pure but for @load, so it may run on any thread. */
typedef struct
{
  ComfyWorkflow   *workflow;  /* no-ref */
  ComfyNodeTable  *table;     /* no-ref */
  SandboxLoadFunc  load;
  gpointer         load_data;
  GCancellable    *cancellable; /* no-ref */
  GHashTable      *values;    /* "node_id:slot" → SandboxValue */
  GPtrArray       *saved;     /* of SandboxSaved */
  GPtrArray       *previews;  /* nullable, of SandboxPreview */
} SandboxRun;

/* One node while it is carried out. */
typedef struct
{
  SandboxRun *run;
  const char *id;
  const char *class_type;
  guint64     hash;      /* of its class, values and links */
} SandboxNode;

/* → %FALSE with any error, which becomes the job's */
typedef gboolean (*SandboxNodeFunc) (SandboxNode  *node,
                                     GError      **error);

SandboxValue    *sandbox_value_new             (guint64         hash);
SandboxValue    *sandbox_value_ref             (SandboxValue   *self);
void             sandbox_value_unref           (SandboxValue   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxValue, sandbox_value_unref)

GPtrArray       *sandbox_run_graph             (ComfyWorkflow  *workflow,
                                                ComfyNodeTable *table,
                                                const char *const *outputs,
                                                SandboxLoadFunc load,
                                                gpointer        load_data,
                                                GCancellable   *cancellable,
                                                GPtrArray      *previews,
                                                char          **failed_node_id,
                                                GError        **error);

SandboxValue    *sandbox_node_get_value        (SandboxNode    *node,
                                                const char     *input);
SandboxImage    *sandbox_node_get_image        (SandboxNode    *node,
                                                const char     *input,
                                                GError        **error);
int              sandbox_node_get_int          (SandboxNode    *node,
                                                const char     *input);
double           sandbox_node_get_double       (SandboxNode    *node,
                                                const char     *input);
const char      *sandbox_node_get_string       (SandboxNode    *node,
                                                const char     *input);
gboolean         sandbox_node_get_boolean      (SandboxNode    *node,
                                                const char     *input);
SandboxValue    *sandbox_node_add_output       (SandboxNode    *node,
                                                unsigned int    slot);
SandboxValue    *sandbox_node_get_output       (SandboxNode    *node,
                                                unsigned int    slot);
void             sandbox_node_pass             (SandboxNode    *node,
                                                unsigned int    slot,
                                                SandboxValue   *source);
gboolean         sandbox_node_take_image       (SandboxNode    *node,
                                                unsigned int    slot,
                                                SandboxImage   *image);
guint64          sandbox_hash                  (guint64         seed,
                                                gconstpointer   data,
                                                gsize           length);

/* one per family; %NULL when the class is not of it */
SandboxNodeFunc  sandbox_nodes_files_lookup    (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_masks_lookup    (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_filters_lookup  (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_sizes_lookup    (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_values_lookup   (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_shapes_lookup   (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_batches_lookup  (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_resize_lookup   (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_latents_lookup  (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_models_lookup   (const char     *class_type);
SandboxNodeFunc  sandbox_nodes_media_lookup    (const char     *class_type);

SandboxImage    *sandbox_picture_new           (guint64         hash,
                                                const char     *words,
                                                int             width,
                                                int             height);
GPtrArray       *sandbox_previews_new          (void);
void             sandbox_node_show             (SandboxNode    *node,
                                                const SandboxImage *sampled);

gboolean         sandbox_picture_find_hue      (const char     *words,
                                                float          *hue,
                                                float          *saturation);
SandboxImage    *sandbox_layers_new            (const SandboxImage *picture,
                                                guint64         hash,
                                                const char     *words,
                                                int             frames);
SandboxImage    *sandbox_find_subject          (const SandboxImage *image);
SandboxImage    *sandbox_find_named            (const SandboxImage *image,
                                                const char     *words);

G_END_DECLS
