/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist says of a graph instead of what was guessed. How that is written down is in
 * comfy-mapping-corrections.c.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include "comfy-mapping-private.h"

/*
 * _comfy_mapping_changed:
 *
 * Tells who shows it, unless more is coming.
 */
void
_comfy_mapping_changed (ComfyMapping *self)
{
  if (!self->is_silent)
    g_signal_emit_by_name (self, "changed");
}

static ComfyMappingItem *
get_item (ComfyMapping *self,
          unsigned int  i)
{
  return i < self->items->len ? g_ptr_array_index (self->items, i) : NULL;
}

/*
 * _comfy_mapping_can_be:
 * @item: an entry
 * @kind: a kind
 *
 * Returns: whether its value can be taken for one of that kind
 */
gboolean
_comfy_mapping_can_be (const ComfyMappingItem *item,
                       ComfyKind               kind)
{
  switch (item->entry.kind)
    {
    case COMFY_KIND_TEXT:
    case COMFY_KIND_PROMPT:
    case COMFY_KIND_NEGATIVE:
      /* the name of a file may be one that a node of somebody else's loads */
      return kind <= COMFY_KIND_NEGATIVE || kind == COMFY_KIND_PICTURE;

    case COMFY_KIND_NUMBER:
    case COMFY_KIND_SEED:
      /* the fields of numbers are doubles, which would round what is too large */
      return kind == item->entry.kind
             || (item->is_whole && (kind == COMFY_KIND_SEED
                                    || (kind == COMFY_KIND_NUMBER && !item->is_huge)));

    case COMFY_KIND_PICTURE:
      return kind == COMFY_KIND_PICTURE || (item->is_text && kind <= COMFY_KIND_NEGATIVE);

    case COMFY_KIND_SWITCH:
    case COMFY_KIND_CHOICE:
    case COMFY_KIND_SIZE:
    default:
      return kind == item->entry.kind;
    }
}

/**
 * comfy_mapping_list_kinds:
 * @i: below comfy_mapping_get_n_entries()
 *
 * Returns: (transfer full) (element-type int): the #ComfyKind that the entry can be, in their order
 */
GArray *
comfy_mapping_list_kinds (ComfyMapping *self,
                          unsigned int  i)
{
  ComfyMappingItem *item = get_item (self, i);
  GArray           *kinds = g_array_new (FALSE, FALSE, sizeof (int));

  g_return_val_if_fail (item != NULL, kinds);

  for (int kind = COMFY_KIND_TEXT; kind <= COMFY_KIND_PICTURE; kind++)
    if (_comfy_mapping_can_be (item, (ComfyKind) kind))
      g_array_append_val (kinds, kind);

  return kinds;
}

/**
 * comfy_mapping_set_kind:
 * @i: below comfy_mapping_get_n_entries()
 * @kind: one of comfy_mapping_list_kinds()
 *
 * Says what an entry is.
 */
void
comfy_mapping_set_kind (ComfyMapping *self,
                        unsigned int  i,
                        ComfyKind     kind)
{
  ComfyMappingItem *item = get_item (self, i);

  g_return_if_fail (item != NULL && _comfy_mapping_can_be (item, kind));

  if (item->entry.kind == kind)
    return;

  item->entry.kind = kind;
  item->said |= COMFY_SAID_KIND;
  if (kind == COMFY_KIND_PICTURE && item->entry.binding == NULL)
    item->entry.binding = g_strdup ("layer");
  _comfy_mapping_changed (self);
}

/**
 * comfy_mapping_set_place:
 * @i: below comfy_mapping_get_n_entries()
 * @place: where it is shown
 */
void
comfy_mapping_set_place (ComfyMapping *self,
                         unsigned int  i,
                         ComfyPlace    place)
{
  ComfyMappingItem *item = get_item (self, i);

  g_return_if_fail (item != NULL);

  if (item->entry.place == place)
    return;

  item->entry.place = place;
  item->said |= COMFY_SAID_PLACE;
  _comfy_mapping_changed (self);
}

/**
 * comfy_mapping_set_label:
 * @i: below comfy_mapping_get_n_entries()
 * @label: what it is called; blank: it keeps the name that it has
 */
void
comfy_mapping_set_label (ComfyMapping *self,
                         unsigned int  i,
                         const char   *label)
{
  ComfyMappingItem *item = get_item (self, i);

  g_return_if_fail (item != NULL);
  g_return_if_fail (label != NULL);

  if (comfy_field_is_blank (label) || !g_set_str (&item->entry.label, label))
    return;

  item->said |= COMFY_SAID_LABEL;
  _comfy_mapping_changed (self);
}

static gboolean
is_binding (const char *text)
{
  g_autoptr(ComfyBinding) binding = comfy_binding_parse (text, NULL);

  return binding != NULL;
}

/**
 * comfy_mapping_set_binding:
 * @i: of a PICTURE
 * @binding: text form of what it is bound to at first
 *
 * Returns: whether that is a binding
 */
gboolean
comfy_mapping_set_binding (ComfyMapping *self,
                           unsigned int  i,
                           const char   *binding)
{
  ComfyMappingItem *item = get_item (self, i);

  g_return_val_if_fail (item != NULL && item->entry.kind == COMFY_KIND_PICTURE, FALSE);

  if (!is_binding (binding))
    return FALSE;

  if (g_set_str (&item->entry.binding, binding))
    {
      item->said |= COMFY_SAID_BINDING;
      _comfy_mapping_changed (self);
    }

  return TRUE;
}

/**
 * comfy_mapping_move:
 * @from: below comfy_mapping_get_n_entries()
 * @to: the place that it has then; past the end: the last
 */
void
comfy_mapping_move (ComfyMapping *self,
                    unsigned int  from,
                    unsigned int  to)
{
  void *item;

  g_return_if_fail (from < self->items->len);

  to = MIN (to, self->items->len - 1);
  if (from == to)
    return;

  item = g_ptr_array_steal_index (self->items, from);
  g_ptr_array_insert (self->items, (int) to, item);
  self->said_order = TRUE;
  _comfy_mapping_changed (self);
}

/**
 * comfy_mapping_set_outcome:
 * @i: below comfy_mapping_get_n_outputs()
 * @outcome: what becomes of what the node gives
 */
void
comfy_mapping_set_outcome (ComfyMapping *self,
                           unsigned int  i,
                           ComfyOutcome  outcome)
{
  ComfyMappingOutput *output;

  g_return_if_fail (i < self->outputs->len);

  output = g_ptr_array_index (self->outputs, i);
  if (output->outcome == outcome)
    return;

  output->outcome = outcome;
  g_hash_table_insert (self->outcomes, g_strdup (output->node), GINT_TO_POINTER (outcome));
  _comfy_mapping_changed (self);
}

/**
 * comfy_mapping_set_fit:
 * @fit: how big the result is put into the image
 */
void
comfy_mapping_set_fit (ComfyMapping *self,
                       ComfyFit      fit)
{
  g_return_if_fail (COMFY_IS_MAPPING (self));

  if (self->fit == fit)
    return;

  self->fit = fit;
  self->said_fit = TRUE;
  _comfy_mapping_changed (self);
}
