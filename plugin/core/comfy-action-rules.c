/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words and the rules of a sidecar: what an action is called, what it takes of an image, and
 * what becomes of its result.
 */
#define G_LOG_DOMAIN "comfy-action"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-action-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"

/* Says that the sidecar is wrong, and to the log how; returns FALSE */
gboolean
_comfy_action_set_broken (ComfyAction  *self,
                          const char   *detail,
                          GError      **error)
{
  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, detail,
                   _("The action “%s” is not described correctly."), self->id);
  return FALSE;
}

/* (transfer full): the member translated, on one line; @fallback when it is missing */
static char *
dup_shown (JsonObject *sidecar,
           const char *member,
           const char *fallback)
{
  const char *text = comfy_json_get_string (sidecar, member);

  return text != NULL && *text != '\0' ? comfy_field_dup_line (_(text)) : g_strdup (fallback);
}

/* Reads what an action is called and what is said of it */
gboolean
_comfy_action_read_words (ComfyAction  *self,
                          JsonObject   *sidecar,
                          GError      **error)
{
  self->menu_label = dup_shown (sidecar, "menu-label", NULL);
  self->title = dup_shown (sidecar, "title", NULL);
  self->blurb = dup_shown (sidecar, "blurb", NULL);
  self->help = dup_shown (sidecar, "help", self->blurb);
  self->run_label = dup_shown (sidecar, "run-label", _("_Run"));
  self->position = (int) comfy_json_get_int (sidecar, "position", 0);

  if (self->menu_label == NULL || self->title == NULL || self->blurb == NULL)
    return _comfy_action_set_broken (self, "menu-label, title and blurb are needed", error);

  return TRUE;
}

/* Finds what a member says among @names. Returns whether it is one of them, or missing and @value
 * stays. */
static gboolean
read_name (JsonObject         *sidecar,
           const char         *member,
           const char * const *names,
           int                *value)
{
  const char *name = comfy_json_get_string (sidecar, member);

  if (!json_object_has_member (sidecar, member))
    return TRUE;

  for (int i = 0; names[i] != NULL; i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *value = i;
        return TRUE;
      }

  return FALSE;
}

/* Reads what it takes of an image and what becomes of its result */
gboolean
_comfy_action_read_rules (ComfyAction  *self,
                          JsonObject   *sidecar,
                          GError      **error)
{
  static const char * const sources[] = { "none", "layer", "layers", "visible", NULL };
  static const char * const extents[] = { "whole", "selection", "beyond", NULL };
  static const char * const fits[] = { "region", "natural", NULL };
  static const char * const orders[] = { "highest-first", "lowest-first", NULL };
  int                       source = -1;
  int                       extent = COMFY_EXTENT_WHOLE;
  int                       fit = -1;
  int                       order = COMFY_ORDER_HIGHEST_FIRST;

  if (!read_name (sidecar, "source", sources, &source) || source < 0)
    return _comfy_action_set_broken (self, "source is none, layer, layers or visible", error);
  if (!read_name (sidecar, "fit", fits, &fit) || fit < 0)
    return _comfy_action_set_broken (self, "fit is region or natural", error);
  if (!read_name (sidecar, "extent", extents, &extent))
    return _comfy_action_set_broken (self, "extent is whole, selection or beyond", error);
  if (json_object_has_member (sidecar, "outcome")
      && !comfy_outcome_from_id (comfy_json_get_string (sidecar, "outcome"), &self->outcome))
    return _comfy_action_set_broken (self, "outcome is layers, layer-mask, selection, group or "
                                           "new-image", error);

  if (!read_name (sidecar, "order", orders, &order))
    return _comfy_action_set_broken (self, "order is highest-first or lowest-first", error);

  self->source = (ComfySource) source;
  self->extent = (ComfyExtent) extent;
  self->fit = (ComfyFit) fit;
  self->order = (ComfyOrder) order;
  self->needs_selection = comfy_json_get_boolean (sidecar, "needs-selection", FALSE);
  self->keeps_alpha = comfy_json_get_boolean (sidecar, "keeps-alpha", TRUE);

  if (self->needs_selection && self->extent != COMFY_EXTENT_SELECTION)
    return _comfy_action_set_broken (self, "needs-selection goes with the extent selection", error);

  return TRUE;
}
