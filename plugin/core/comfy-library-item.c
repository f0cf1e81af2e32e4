/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-library"

#include "config.h"

#include <string.h>

#include "comfy-library-private.h"
#include "comfy-workflow-file.h"

/* bytes of what a search looks through: enough for a few hundred nodes, little for 500 files */
#define MAX_WORDS (16 * 1024)

struct _ComfyLibraryItem
{
  GObject           parent_instance;

  char             *id;        /* owned */
  ComfyLibraryKind  kind;
  char             *title;     /* owned */
  char             *sort_key;  /* owned */
  char             *path;      /* owned, nullable */
  char             *sidecar;   /* owned, nullable */
  char             *thumbnail; /* owned, nullable */
  ComfyAction      *action;    /* owned, nullable */
  char             *takes;     /* owned, nullable */
  char             *gives;     /* owned, nullable */
  char             *problem;   /* owned, nullable */
  char             *words;     /* owned: folded, what a search looks through */
};

G_DEFINE_FINAL_TYPE (ComfyLibraryItem, comfy_library_item, G_TYPE_OBJECT)

static void
comfy_library_item_finalize (GObject *object)
{
  ComfyLibraryItem *self = COMFY_LIBRARY_ITEM (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->sort_key);
  g_free (self->path);
  g_free (self->sidecar);
  g_free (self->thumbnail);
  g_clear_object (&self->action);
  g_free (self->takes);
  g_free (self->gives);
  g_free (self->problem);
  g_free (self->words);

  G_OBJECT_CLASS (comfy_library_item_parent_class)->finalize (object);
}

static void
comfy_library_item_class_init (ComfyLibraryItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_library_item_finalize;
}

static void
comfy_library_item_init (ComfyLibraryItem *self)
{
}

/* Without case and accents, so that "ete" finds "Été" and the other way round */
static char *
fold (const char *text)
{
  g_autofree char    *valid = g_utf8_make_valid (text, -1);
  g_autofree char    *apart = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autoptr(GString)  bare = g_string_new (NULL);

  for (const char *at = apart; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!g_unichar_ismark (c))
        g_string_append_unichar (bare, c);
    }

  return g_utf8_casefold (bare->str, (gssize) bare->len);
}

static void
set_title (ComfyLibraryItem *self,
           const char       *title)
{
  g_autofree char *folded = g_utf8_casefold (title, -1);

  self->title = g_strdup (title);
  self->sort_key = g_utf8_collate_key_for_filename (folded, -1);
}

/* @workflow: (nullable): its nodes' titles are looked through, too */
static void
set_words (ComfyLibraryItem *self,
           ComfyWorkflow    *workflow)
{
  g_autoptr(GString)     words = g_string_new (self->title);
  g_autoptr(GHashTable)  known = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto(GStrv)          ids = workflow != NULL ? comfy_workflow_dup_node_ids (workflow) : NULL;

  g_string_append_printf (words, "\n%s\n%s", self->takes != NULL ? self->takes : "",
                          self->gives != NULL ? self->gives : "");
  for (unsigned int i = 0; ids != NULL && ids[i] != NULL && words->len < MAX_WORDS; i++)
    {
      const char *title = comfy_workflow_get_title (workflow, ids[i]);

      if (g_hash_table_add (known, (gpointer) title))
        g_string_append_printf (words, "\n%.*s", MAX_WORDS, title);
    }
  self->words = fold (words->str);
}

static void
set_action (ComfyLibraryItem *self,
            ComfyAction      *action)
{
  self->action = g_object_ref (action);
  set_title (self, comfy_action_get_title (action));
  self->takes = _comfy_library_dup_action_takes (action);
  self->gives = _comfy_library_dup_action_gives (action);
  set_words (self, comfy_action_get_variant (action, 0)->workflow);
}

/*
 * _comfy_library_item_new_for_action:
 * @action: one that came with the program
 *
 * Returns: (transfer full): the item
 */
ComfyLibraryItem *
_comfy_library_item_new_for_action (ComfyAction *action)
{
  ComfyLibraryItem *self = g_object_new (COMFY_TYPE_LIBRARY_ITEM, NULL);

  self->kind = COMFY_LIBRARY_BUILT_IN;
  self->id = g_strdup (comfy_action_get_id (action));
  set_action (self, action);

  return self;
}

static void
set_title_from_path (ComfyLibraryItem *self)
{
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *stem = _comfy_library_dup_stem (name);
  g_autofree char *shown = g_filename_display_name (stem);

  set_title (self, shown);
}

static void
read_described (ComfyLibraryItem *self)
{
  g_autoptr(ComfyAction) action = NULL;
  g_autoptr(GError)      error = NULL;

  action = comfy_action_new_from_files (self->path, self->sidecar, &error);
  if (action != NULL)
    {
      set_action (self, action);
      return;
    }

  self->problem = g_strdup (error->message);
  set_title_from_path (self);
  set_words (self, NULL);
}

static void
read_graph (ComfyLibraryItem *self)
{
  g_autoptr(ComfyWorkflowFile)  file = NULL;
  g_autoptr(GError)             error = NULL;
  ComfyWorkflow                *workflow = NULL;

  set_title_from_path (self);
  file = comfy_workflow_file_open (self->path, &error);
  if (file != NULL)
    {
      workflow = comfy_workflow_file_get_workflow (file);
      self->takes = _comfy_library_dup_graph_takes (workflow);
      self->gives = _comfy_library_dup_graph_gives (workflow);
    }
  else
    {
      self->problem = g_strdup (error->message);
    }
  set_words (self, workflow);
}

/*
 * _comfy_library_entry_read:
 * @self: files
 * @is_recent: they lie outside of the artist's folder
 *
 * Blocks. A file that cannot be read becomes an item that says so.
 *
 * Returns: (transfer full): the item
 */
ComfyLibraryItem *
_comfy_library_entry_read (const ComfyLibraryEntry *self,
                           gboolean                 is_recent)
{
  ComfyLibraryItem *item = g_object_new (COMFY_TYPE_LIBRARY_ITEM, NULL);

  item->kind = is_recent               ? COMFY_LIBRARY_RECENT
               : self->sidecar != NULL ? COMFY_LIBRARY_SAVED
                                       : COMFY_LIBRARY_FILE;
  item->id = g_strdup (self->path);
  item->path = g_strdup (self->path);
  item->sidecar = g_strdup (self->sidecar);
  item->thumbnail = g_strdup (self->thumbnail);
  if (self->sidecar != NULL)
    read_described (item);
  else
    read_graph (item);

  return item;
}

/*
 * _comfy_library_item_compare:
 * @a: pointer to an item
 * @b: pointer to another
 *
 * Returns: as strcmp(): in the order of titles, as people sort them
 */
int
_comfy_library_item_compare (gconstpointer a,
                             gconstpointer b)
{
  const ComfyLibraryItem *first = *(const ComfyLibraryItem * const *) a;
  const ComfyLibraryItem *second = *(const ComfyLibraryItem * const *) b;
  int                     order = strcmp (first->sort_key, second->sort_key);

  return order != 0 ? order : strcmp (first->id, second->id);
}

/**
 * comfy_library_item_get_id:
 * @self: an item
 *
 * Returns: (transfer none): what stays when the file changes: the id of the action that came with
 *   the program, else the path
 */
const char *
comfy_library_item_get_id (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->id;
}

/**
 * comfy_library_item_get_kind:
 * @self: an item
 *
 * Returns: where it comes from
 */
ComfyLibraryKind
comfy_library_item_get_kind (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), COMFY_LIBRARY_FILE);

  return self->kind;
}

/**
 * comfy_library_item_is_own:
 * @self: an item
 *
 * Returns: whether it lies in the artist's folder, and can be renamed
 */
gboolean
comfy_library_item_is_own (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), FALSE);

  return self->kind == COMFY_LIBRARY_SAVED || self->kind == COMFY_LIBRARY_FILE;
}

/**
 * comfy_library_item_get_title:
 * @self: an item
 *
 * Returns: (transfer none): what it is called: by its description, else by its file's name
 */
const char *
comfy_library_item_get_title (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->title;
}

/**
 * comfy_library_item_get_path:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): the graph's file, in the file system's encoding; %NULL for
 *   one that came with the program
 */
const char *
comfy_library_item_get_path (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->path;
}

/**
 * comfy_library_item_get_sidecar_path:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): the file that describes it
 */
const char *
comfy_library_item_get_sidecar_path (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->sidecar;
}

/**
 * comfy_library_item_get_thumbnail_path:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): a PNG, JPEG or WebP of any size; may be the file itself
 */
const char *
comfy_library_item_get_thumbnail_path (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->thumbnail;
}

/**
 * comfy_library_item_get_action:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): the action that it is; %NULL when nobody has described it
 *   yet, or it is broken
 */
ComfyAction *
comfy_library_item_get_action (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->action;
}

/**
 * comfy_library_item_get_takes:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): in translated words, "a layer, a prompt"; %NULL when it is
 *   broken
 */
const char *
comfy_library_item_get_takes (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->takes;
}

/**
 * comfy_library_item_get_gives:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): in translated words, "a layer"; %NULL when it is broken
 */
const char *
comfy_library_item_get_gives (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->gives;
}

/**
 * comfy_library_item_get_problem:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): why it cannot be used, a translated sentence
 */
const char *
comfy_library_item_get_problem (ComfyLibraryItem *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), NULL);

  return self->problem;
}

/**
 * comfy_library_item_matches:
 * @self: an item
 * @text: what the artist looks for
 *
 * Returns: whether each word of @text is a part of the title, of a node's title, or of what it
 *   takes and gives, whatever the case and the accents; nothing is a part of everything
 */
gboolean
comfy_library_item_matches (ComfyLibraryItem *self,
                            const char       *text)
{
  g_autofree char *folded = NULL;
  g_auto(GStrv)    words = NULL;

  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  folded = fold (text);
  words = g_strsplit_set (folded, " \t\n", -1);
  for (unsigned int i = 0; words[i] != NULL; i++)
    if (strstr (self->words, words[i]) == NULL)
      return FALSE;

  return TRUE;
}
