/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-input"

#include "config.h"

#include "comfy-request.h"

G_DEFINE_BOXED_TYPE (ComfyInput, comfy_input, comfy_input_copy, comfy_input_free)

/**
 * comfy_input_new:
 * @file: name of the file in the job's folder
 * @content_type: what it holds, such as "image/webp"
 * @node: id of the graph's node that takes it
 * @input: name of that node's input
 *
 * Returns: (transfer full): the description of a picture that goes up
 */
ComfyInput *
comfy_input_new (const char *file,
                 const char *content_type,
                 const char *node,
                 const char *input)
{
  ComfyInput *self = g_new0 (ComfyInput, 1);

  self->file = g_strdup (file);
  self->content_type = g_strdup (content_type);
  self->node = g_strdup (node);
  self->input = g_strdup (input);

  return self;
}

/**
 * comfy_input_copy:
 *
 * Returns: (transfer full): a copy
 */
ComfyInput *
comfy_input_copy (const ComfyInput *self)
{
  return comfy_input_new (self->file, self->content_type, self->node, self->input);
}

/**
 * comfy_input_free:
 * @self: (transfer full): an input
 */
void
comfy_input_free (ComfyInput *self)
{
  g_free (self->file);
  g_free (self->content_type);
  g_free (self->node);
  g_free (self->input);
  g_free (self);
}
