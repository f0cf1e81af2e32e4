/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was asked, made once and never changed: it can be written down, read again by another
 * process, and sent a second time without a doubt what was meant.
 */
#define G_LOG_DOMAIN "comfy-request"

#include "config.h"

#include "comfy-request-private.h"

struct _ComfyRequest
{
  GObject         parent_instance;

  char           *action_id;
  char           *title;
  char           *model;       /* nullable */
  char           *prompt;      /* nullable */
  guint64         seed;        /* 0: the action has none */
  guint64         seed_max;
  ComfyTarget     seed_target;
  char           *profile_id;
  ComfyWorkflow  *workflow;    /* owned; never changed */
  GPtrArray      *inputs;      /* of ComfyInput */
  GPtrArray      *loaders;     /* of ComfyLoader */
  GPtrArray      *outputs;     /* nullable, of ComfyOutput */
  ComfyPlacement *placement;
  gboolean        remember;
  gboolean        deep;
  char           *remote_id;   /* nullable */
  char           *batch_id;    /* nullable */
  unsigned int    batch_i;
  unsigned int    batch_n;
  gint64          created;     /* Unix seconds */
};

G_DEFINE_FINAL_TYPE (ComfyRequest, comfy_request, G_TYPE_OBJECT)

static void
comfy_request_finalize (GObject *object)
{
  ComfyRequest *self = COMFY_REQUEST (object);

  g_free (self->action_id);
  g_free (self->title);
  g_free (self->model);
  g_free (self->prompt);
  comfy_target_clear (&self->seed_target);
  g_free (self->profile_id);
  g_free (self->remote_id);
  g_free (self->batch_id);
  g_clear_object (&self->workflow);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->loaders, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_clear_pointer (&self->placement, comfy_placement_unref);

  G_OBJECT_CLASS (comfy_request_parent_class)->finalize (object);
}

static void
comfy_request_class_init (ComfyRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_request_finalize;
}

static void
comfy_request_init (ComfyRequest *self)
{
}

/* (transfer full): every element copied; an empty array for none */
static GPtrArray *
copy_array (GPtrArray *array,
            GCopyFunc  copy,
            void     (*destroy) (void *))
{
  GPtrArray *result = g_ptr_array_new_with_free_func (destroy);

  for (unsigned int i = 0; array != NULL && i < array->len; i++)
    g_ptr_array_add (result, copy (g_ptr_array_index (array, i), NULL));

  return result;
}

static void *
copy_input (const void *input,
            void       *data)
{
  return comfy_input_copy (input);
}

static void *
copy_loader (const void *loader,
             void       *data)
{
  return comfy_loader_copy (loader);
}

static void *
copy_output (const void *output,
             void       *data)
{
  return comfy_output_copy (output);
}

/**
 * comfy_request_new:
 * @parts: what it is made of, copied; action, title, profile, graph and placement are needed
 *
 * Returns: (transfer full): the request, made now
 */
ComfyRequest *
comfy_request_new (const ComfyRequestParts *parts)
{
  ComfyRequest *self;

  g_return_val_if_fail (parts->action_id != NULL && parts->title != NULL, NULL);
  g_return_val_if_fail (parts->profile_id != NULL, NULL);
  g_return_val_if_fail (COMFY_IS_WORKFLOW (parts->workflow), NULL);
  g_return_val_if_fail (parts->placement != NULL, NULL);

  self = g_object_new (COMFY_TYPE_REQUEST, NULL);
  self->action_id = g_strdup (parts->action_id);
  self->title = g_strdup (parts->title);
  self->model = g_strdup (parts->model);
  self->prompt = g_strdup (parts->prompt);
  self->seed = parts->seed;
  self->seed_max = parts->seed_max;
  if (parts->seed_target != NULL)
    comfy_target_set (&self->seed_target, parts->seed_target->node, parts->seed_target->input);
  self->profile_id = g_strdup (parts->profile_id);
  self->workflow = comfy_workflow_copy (parts->workflow);
  self->inputs = copy_array (parts->inputs, copy_input, (GDestroyNotify) comfy_input_free);
  self->loaders = copy_array (parts->loaders, copy_loader, (GDestroyNotify) comfy_loader_free);
  if (parts->outputs != NULL)
    self->outputs = copy_array (parts->outputs, copy_output, (GDestroyNotify) comfy_output_free);
  self->placement = comfy_placement_ref (parts->placement);
  self->remember = parts->remember;
  self->deep = parts->deep;
  self->remote_id = g_strdup (parts->remote_id);
  self->batch_id = g_strdup (parts->batch_id);
  self->batch_i = parts->batch_i;
  self->batch_n = parts->batch_n;
  self->created = g_get_real_time () / G_USEC_PER_SEC;

  return self;
}

/**
 * comfy_request_get_model:
 *
 * Returns: (nullable): which of the action's models, in the language it was asked in
 */
const char *
comfy_request_get_model (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->model;
}

/**
 * comfy_request_get_seed_max:
 *
 * Returns: the largest seed that the graph takes; 0 where it has none
 */
guint64
comfy_request_get_seed_max (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), 0);

  return self->seed_max;
}

/**
 * comfy_request_get_seed_target:
 *
 * Returns: (transfer none) (nullable): where the seed is in the graph
 */
const ComfyTarget *
comfy_request_get_seed_target (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->seed_target.node != NULL ? &self->seed_target : NULL;
}

/**
 * comfy_request_get_remember:
 *
 * Returns: whether the layer remembers how it was made
 */
gboolean
comfy_request_get_remember (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), FALSE);

  return self->remember;
}

/**
 * comfy_request_get_loaders:
 *
 * Returns: (transfer none) (element-type ComfyLoader): files that a server may not have, and what
 *   may stand there instead
 */
GPtrArray *
comfy_request_get_loaders (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->loaders;
}

/**
 * comfy_request_get_action_id:
 *
 * Returns: which action, such as "generate-image"
 */
const char *
comfy_request_get_action_id (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->action_id;
}

/**
 * comfy_request_get_title:
 *
 * Returns: the action's name for people, in the language it was asked in
 */
const char *
comfy_request_get_title (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->title;
}

/**
 * comfy_request_get_prompt:
 *
 * Returns: (nullable): what the artist wrote
 */
const char *
comfy_request_get_prompt (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->prompt;
}

/**
 * comfy_request_get_seed:
 *
 * Returns: the seed that is in the graph, 0 where the action has none
 */
guint64
comfy_request_get_seed (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), 0);

  return self->seed;
}

/**
 * comfy_request_get_profile_id:
 *
 * Returns: whose key it is sent with
 */
const char *
comfy_request_get_profile_id (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->profile_id;
}

/**
 * comfy_request_get_workflow:
 *
 * Returns: (transfer none): the graph; copy it before filling anything in
 */
ComfyWorkflow *
comfy_request_get_workflow (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->workflow;
}

/**
 * comfy_request_get_inputs:
 *
 * Returns: (transfer none) (element-type ComfyInput): the pictures that go up, maybe none
 */
GPtrArray *
comfy_request_get_inputs (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->inputs;
}

/**
 * comfy_request_get_outputs:
 *
 * Returns: (transfer none) (nullable) (element-type ComfyOutput): what is wanted of a graph of the
 *   artist's; %NULL for a built-in one
 */
GPtrArray *
comfy_request_get_outputs (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->outputs;
}

/**
 * comfy_request_get_placement:
 *
 * Returns: (transfer none): where the result belongs
 */
ComfyPlacement *
comfy_request_get_placement (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->placement;
}

/**
 * comfy_request_get_deep:
 *
 * Returns: whether the result shall have 16 bits per channel where the server can do that
 */
gboolean
comfy_request_get_deep (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), FALSE);

  return self->deep;
}

/**
 * comfy_request_get_remote_id:
 *
 * Returns: (nullable): the server's id of a job that is there already, maybe started by another
 *   program, and of which only the result is wanted; %NULL for what is asked for here
 */
const char *
comfy_request_get_remote_id (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  return self->remote_id;
}

/**
 * comfy_request_get_batch_id:
 * @out_i: (out) (optional): which of the batch it is, from 0
 * @out_n: (out) (optional): how many jobs the batch has
 *
 * Returns: (nullable): what all jobs that were asked for together have in common; %NULL for one that
 *   was asked for alone
 */
const char *
comfy_request_get_batch_id (ComfyRequest *self,
                            unsigned int *out_i,
                            unsigned int *out_n)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  if (out_i != NULL)
    *out_i = self->batch_i;
  if (out_n != NULL)
    *out_n = self->batch_n;

  return self->batch_id;
}

/**
 * comfy_request_get_created:
 *
 * Returns: when it was made, in Unix seconds
 */
gint64
comfy_request_get_created (ComfyRequest *self)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (self), 0);

  return self->created;
}

/*
 * _comfy_request_set_created:
 * @when: Unix seconds
 *
 * For a request that is read again from its file.
 */
void
_comfy_request_set_created (ComfyRequest *self,
                            gint64        when)
{
  g_return_if_fail (COMFY_IS_REQUEST (self));

  self->created = when;
}
