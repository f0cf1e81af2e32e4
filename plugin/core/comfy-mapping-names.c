/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the values of a graph are called in its form.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include "comfy-mapping-private.h"

/* node → how many of its values are shown without unfolding everything */
static GHashTable *
count_shown (ComfyMapping *self)
{
  GHashTable *counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned int i = 0; i < self->items->len; i++)
    {
      const ComfyMappingItem *item = g_ptr_array_index (self->items, i);
      int                     n;

      if (item->entry.place == COMFY_PLACE_ALL)
        continue;
      n = GPOINTER_TO_INT (g_hash_table_lookup (counts, item->entry.node));
      g_hash_table_insert (counts, item->entry.node, GINT_TO_POINTER (n + 1));
    }

  return counts;
}

/* what every artist knows by its own name is not called as the node is */
static gboolean
has_common_name (const ComfyMappingItem *item)
{
  return item->entry.kind == COMFY_KIND_SEED || item->entry.kind == COMFY_KIND_SIZE
         || item->rank == COMFY_RANK_STEPS || item->rank == COMFY_RANK_GUIDANCE
         || item->rank == COMFY_RANK_DENOISE;
}

/* of a loader that gives a mask, too, the title is that of the picture */
static gboolean
is_picture (const ComfyMappingItem *item)
{
  return item->entry.kind == COMFY_KIND_PICTURE && !g_str_equal (item->entry.input, "mask");
}

/* of several values of one node that is there to hold them: "Region: Width" */
static char *
dup_part_label (ComfyMapping           *self,
                const ComfyMappingItem *item)
{
  g_autofree char *own = _comfy_words_dup_own_title (self, item->entry.node);
  g_autofree char *part = _comfy_words_dup_plain (item);

  return own != NULL ? g_strdup_printf ("%s: %s", own, part) : g_steal_pointer (&part);
}

/* a node that stands for one value lends it its name; a Primitive node has that of what it feeds */
static char *
dup_label (ComfyMapping           *self,
           const ComfyMappingItem *item,
           gboolean                is_alone)
{
  ComfyMappingItem  like = *item;
  char             *own = NULL;

  if (item->entry.place != COMFY_PLACE_ALL && (is_alone || is_picture (item))
      && (item->like_node != NULL || !has_common_name (item)))
    own = _comfy_words_dup_own_title (self, item->entry.node);
  if (own != NULL)
    return own;
  if (item->rank == COMFY_RANK_VALUE && !is_alone)
    return dup_part_label (self, item);

  if (item->like_input != NULL)
    {
      like.entry.input = item->like_input;
      if (_comfy_words_is_guidance (item->like_input))
        like.rank = COMFY_RANK_GUIDANCE;
    }

  return _comfy_words_dup_plain (&like);
}

/* "Seed", and of another node "Seed (Refiner)"; without a name of its own, "Seed 2" */
static char *
dup_distinct (ComfyMapping           *self,
              const ComfyMappingItem *item,
              GHashTable             *labels)
{
  g_autofree char *own = NULL;
  char            *label;
  unsigned int     n;

  if (!g_hash_table_contains (labels, item->entry.label))
    return g_strdup (item->entry.label);

  own = _comfy_words_dup_own_title (self, item->entry.node);
  if (own != NULL && !g_str_equal (own, item->entry.label))
    {
      label = g_strdup_printf ("%s (%s)", item->entry.label, own);
      if (!g_hash_table_contains (labels, label))
        return label;
      g_free (label);
    }

  /* what was the last number of it goes on from there: a thousand of one name take no longer */
  n = GPOINTER_TO_UINT (g_hash_table_lookup (labels, item->entry.label));
  for (n++;; n++)
    {
      label = g_strdup_printf ("%s %u", item->entry.label, n);
      if (g_hash_table_contains (labels, label))
        {
          g_free (label);
          continue;
        }
      g_hash_table_replace (labels, g_strdup (item->entry.label), GUINT_TO_POINTER (n));
      return label;
    }
}

/*
 * _comfy_mapping_name_items:
 * @self: a mapping whose entries are in order
 *
 * Names those that have no name yet. Two things of the same name would be no form.
 */
void
_comfy_mapping_name_items (ComfyMapping *self)
{
  g_autoptr(GHashTable) counts = count_shown (self);
  /* label → the last number that was put behind it */
  g_autoptr(GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned int i = 0; i < self->items->len; i++)
    {
      ComfyMappingItem *item = g_ptr_array_index (self->items, i);
      int               n = GPOINTER_TO_INT (g_hash_table_lookup (counts, item->entry.node));
      char             *label;

      if (item->entry.label == NULL)
        item->entry.label = dup_label (self, item, n == 1);
      if (item->entry.place == COMFY_PLACE_ALL)
        continue;
      label = dup_distinct (self, item, labels);
      g_free (item->entry.label);
      item->entry.label = label;
      g_hash_table_insert (labels, g_strdup (label), GUINT_TO_POINTER (1));
    }
}
