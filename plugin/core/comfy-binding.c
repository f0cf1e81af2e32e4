/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a picture's field holds, as text: it is a value like others, for forms, scripts and sidecars.
 *
 *   layer  layers  visible  selection  visible-selection  mask  layer:NAME  file:PATH  image:ID
 */
#define G_LOG_DOMAIN "comfy-binding"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-binding.h"
#include "comfy-error.h"

G_DEFINE_BOXED_TYPE (ComfyBinding, comfy_binding, comfy_binding_copy, comfy_binding_free)

/* those that are a word, in the order of the enumeration */
static const char * const words[] = {
  "layer", "layers", "visible", "selection", "visible-selection", "mask",
};
G_STATIC_ASSERT (G_N_ELEMENTS (words) == COMFY_BINDING_MASK + 1);

/* those with something behind the colon */
static const struct { const char *prefix; ComfyBindingKind kind; } prefixes[] = {
  { "layer:", COMFY_BINDING_NAMED_LAYER },
  { "file:",  COMFY_BINDING_FILE },
  { "image:", COMFY_BINDING_IMAGE },
};

static ComfyBinding *
new_of_kind (ComfyBindingKind  kind,
             const char       *name)
{
  ComfyBinding *self = g_new0 (ComfyBinding, 1);

  self->kind = kind;
  self->name = g_strdup (name);
  self->image_id = -1;

  return self;
}

/* (nullable): @rest makes no such binding */
static ComfyBinding *
new_from_rest (ComfyBindingKind  kind,
               const char       *rest)
{
  ComfyBinding *self;
  gint64        id;

  if (*rest == '\0' || (kind == COMFY_BINDING_FILE && !g_path_is_absolute (rest)))
    return NULL;
  if (kind != COMFY_BINDING_IMAGE)
    return new_of_kind (kind, rest);
  if (!g_ascii_string_to_signed (rest, 10, 0, G_MAXINT, &id, NULL))
    return NULL;

  self = new_of_kind (kind, NULL);
  self->image_id = (int) id;

  return self;
}

/**
 * comfy_binding_parse:
 * @text: as comfy_binding_to_string() has it
 *
 * Returns: (transfer full): the binding
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
ComfyBinding *
comfy_binding_parse (const char  *text,
                     GError     **error)
{
  ComfyBinding *self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (text, words[i]))
      return new_of_kind ((ComfyBindingKind) i, NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (prefixes) && self == NULL; i++)
    if (g_str_has_prefix (text, prefixes[i].prefix))
      self = new_from_rest (prefixes[i].kind, text + strlen (prefixes[i].prefix));

  if (self == NULL)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("“%s” names no picture. Write layer, layers, visible, selection, "
                       "visible-selection, mask, layer:NAME or file: and a full path."), text);

  return self;
}

/**
 * comfy_binding_to_string:
 *
 * Returns: (transfer full): its text form
 */
char *
comfy_binding_to_string (const ComfyBinding *self)
{
  if (self->kind < G_N_ELEMENTS (words))
    return g_strdup (words[self->kind]);
  if (self->kind == COMFY_BINDING_IMAGE)
    return g_strdup_printf ("image:%d", self->image_id);

  return g_strconcat (self->kind == COMFY_BINDING_FILE ? "file:" : "layer:", self->name, NULL);
}

/**
 * comfy_binding_is_canvas:
 *
 * Returns: whether it is pixels that a result can be put back onto: those of the image as the artist
 *   selected them
 */
gboolean
comfy_binding_is_canvas (const ComfyBinding *self)
{
  return self->kind <= COMFY_BINDING_VISIBLE_SELECTION;
}

/**
 * comfy_binding_equal:
 * @self: a binding
 * @other: another one
 *
 * Returns: whether both are of the same picture
 */
gboolean
comfy_binding_equal (const ComfyBinding *self,
                     const ComfyBinding *other)
{
  return self->kind == other->kind && self->image_id == other->image_id
         && g_strcmp0 (self->name, other->name) == 0;
}

/**
 * comfy_binding_copy:
 *
 * Returns: (transfer full): the same
 */
ComfyBinding *
comfy_binding_copy (const ComfyBinding *self)
{
  ComfyBinding *copy = new_of_kind (self->kind, self->name);

  copy->image_id = self->image_id;

  return copy;
}

/**
 * comfy_binding_free:
 * @self: (transfer full): a binding
 */
void
comfy_binding_free (ComfyBinding *self)
{
  g_free (self->name);
  g_free (self);
}
