/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-form.h"
#include "comfy-output.h"
#include "comfy-placement.h"

G_BEGIN_DECLS

/* A picture that goes up with the request */
typedef struct
{
  char *file;         /* owned: name in the job's folder */
  char *content_type; /* owned */
  char *node;         /* owned: the node that takes it */
  char *input;        /* owned: that node's input */
} ComfyInput;

#define COMFY_TYPE_INPUT (comfy_input_get_type ())
GType       comfy_input_get_type (void);
ComfyInput *comfy_input_new      (const char       *file,
                                  const char       *content_type,
                                  const char       *node,
                                  const char       *input);
ComfyInput *comfy_input_copy     (const ComfyInput *self);
void        comfy_input_free     (ComfyInput       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyInput, comfy_input_free)

/* What a request is made of; all of it is copied. Members that are left out are nothing. */
typedef struct
{
  const char        *action_id;   /* which action */
  const char        *title;       /* its name for people, translated */
  const char        *model;       /* nullable: which of its models, for people, translated */
  const char        *prompt;      /* nullable: what the artist wrote */
  guint64            seed;        /* that is in the graph; 0: the action has none */
  guint64            seed_max;    /* the largest that may be */
  const ComfyTarget *seed_target; /* nullable: where it is in the graph */
  const char        *profile_id;  /* whose key it is sent with */
  ComfyWorkflow     *workflow;    /* with every value in it but the names of uploaded files */
  GPtrArray         *inputs;      /* nullable, of ComfyInput: pictures that go up */
  GPtrArray         *loaders;     /* nullable, of ComfyLoader: files that may be exchanged */
  GPtrArray         *outputs;     /* nullable, of ComfyOutput: what is wanted of a graph of the
                                   * artist's; NULL: the pictures that a built-in one saves */
  ComfyPlacement    *placement;   /* where the result belongs */
  gboolean           remember;    /* the layer remembers how it was made */
  gboolean           deep;        /* the result shall have 16 bits per channel where that can be */
  const char        *remote_id;   /* nullable: the server's id of a job that is there already and of
                                   * which only the result is wanted: then nothing is ever sent, and
                                   * the graph is none */
  const char        *batch_id;    /* nullable: a UUID: of the jobs that were asked for together */
  unsigned int       batch_i;     /* with a batch: which of them, from 0 */
  unsigned int       batch_n;     /* with a batch: how many they are */
} ComfyRequestParts;

/* What was asked: everything a job needs, whoever runs it and whenever. Immutable. */
#define COMFY_TYPE_REQUEST (comfy_request_get_type ())
G_DECLARE_FINAL_TYPE (ComfyRequest, comfy_request, COMFY, REQUEST, GObject)

ComfyRequest   *comfy_request_new             (const ComfyRequestParts *parts);
/* (transfer full) (nullable): the same with another seed; NULL where there is none to change */
ComfyRequest   *comfy_request_new_varied      (ComfyRequest   *other,
                                               guint64         seed,
                                               const char     *profile_id,
                                               ComfyPlacement *placement,
                                               gboolean        remember);
const char     *comfy_request_get_action_id   (ComfyRequest   *self);
/* translated, for people: "Generate Image" */
const char     *comfy_request_get_title       (ComfyRequest   *self);
/* (nullable) */
const char     *comfy_request_get_prompt      (ComfyRequest   *self);
/* (nullable): translated, for people: which of the action's models */
const char     *comfy_request_get_model       (ComfyRequest   *self);
guint64         comfy_request_get_seed        (ComfyRequest   *self);
guint64         comfy_request_get_seed_max    (ComfyRequest   *self);
/* (nullable): where the seed is in the graph */
const ComfyTarget *
                comfy_request_get_seed_target (ComfyRequest   *self);
const char     *comfy_request_get_profile_id  (ComfyRequest   *self);
ComfyWorkflow  *comfy_request_get_workflow    (ComfyRequest   *self);
/* (element-type ComfyInput) (transfer none) */
GPtrArray      *comfy_request_get_inputs      (ComfyRequest   *self);
/* (element-type ComfyLoader) (transfer none): files that a server may not have */
GPtrArray      *comfy_request_get_loaders     (ComfyRequest   *self);
/* (nullable) (element-type ComfyOutput) (transfer none): NULL for a graph that came with the action */
GPtrArray      *comfy_request_get_outputs     (ComfyRequest   *self);
ComfyPlacement *comfy_request_get_placement   (ComfyRequest   *self);
/* whether the layer remembers how it was made */
gboolean        comfy_request_get_remember    (ComfyRequest   *self);
/* whether the result shall have 16 bits per channel where the server can do that */
gboolean        comfy_request_get_deep        (ComfyRequest   *self);
/* (nullable): the server's id of the job whose result is all that is wanted: nothing is sent */
const char     *comfy_request_get_remote_id   (ComfyRequest   *self);
/* (nullable): the same for all jobs that were asked for together; @out_i: (optional): which of @out_n:
 * (optional) it is */
const char     *comfy_request_get_batch_id    (ComfyRequest   *self,
                                               unsigned int   *out_i,
                                               unsigned int   *out_n);
/* Unix seconds */
gint64          comfy_request_get_created     (ComfyRequest   *self);
/* (transfer full): name for the layer of output @i of @n: action, prompt, seed */
char           *comfy_request_dup_layer_name  (ComfyRequest   *self,
                                               unsigned int    i,
                                               unsigned int    n);

G_END_DECLS
