/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist does in the list goes to the disk (comfy-library-changes.c), and what happens on
 * the disk comes back into the list (comfy-library-follow.c).
 */
#define G_LOG_DOMAIN "comfy-library"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-library-private.h"

enum
{
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyLibrary, comfy_library, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GType
get_item_type (GListModel *model)
{
  return COMFY_TYPE_LIBRARY_ITEM;
}

static unsigned int
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (COMFY_LIBRARY (model)->list));
}

static gpointer
get_item (GListModel   *model,
          unsigned int  position)
{
  return g_list_model_get_item (G_LIST_MODEL (COMFY_LIBRARY (model)->list), position);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_in_folder (ComfyLibrary *self,
              const char   *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return g_str_equal (folder, self->folder);
}

static void
follow (ComfyLibrary *self)
{
  /* nobody waits; the library holds it */
  dex_unref (_comfy_library_follow (self));
}

/* whether the paths are others than before */
static gboolean
update_recent (ComfyLibrary *self)
{
  g_auto(GStrv)            paths = comfy_settings_dup_recent_workflows (self->settings);
  g_autoptr(GStrvBuilder)  builder = g_strv_builder_new ();
  g_auto(GStrv)            elsewhere = NULL;

  for (unsigned int i = 0; paths[i] != NULL; i++)
    if (!is_in_folder (self, paths[i]))
      g_strv_builder_add (builder, paths[i]);
  elsewhere = g_strv_builder_end (builder);
  if (self->recent != NULL && g_strv_equal ((const char * const *) elsewhere,
                                            (const char * const *) self->recent))
    return FALSE;

  g_strfreev (self->recent);
  self->recent = g_steal_pointer (&elsewhere);

  return TRUE;
}

static void
settings_changed_cb (ComfyLibrary *self)
{
  if (update_recent (self))
    follow (self);
}

static void
comfy_library_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, comfy_library_is_busy (COMFY_LIBRARY (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_library_finalize (GObject *object)
{
  ComfyLibrary *self = COMFY_LIBRARY (object);

  g_clear_pointer (&self->watch, _comfy_folder_watch_free);
  if (self->settled != NULL)
    dex_promise_reject (self->settled, comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                                                        _("The operation was cancelled.")));
  dex_clear (&self->settled);
  g_clear_object (&self->list);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->built_in, g_ptr_array_unref);
  g_clear_pointer (&self->recent, g_strfreev);
  g_clear_object (&self->settings);
  g_free (self->folder);

  G_OBJECT_CLASS (comfy_library_parent_class)->finalize (object);
}

static void
comfy_library_class_init (ComfyLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = comfy_library_finalize;
  object_class->get_property = comfy_library_get_property;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_library_init (ComfyLibrary *self)
{
  self->built_in = g_ptr_array_new_with_free_func (g_object_unref);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) _comfy_library_known_free);
  self->list = g_list_store_new (COMFY_TYPE_LIBRARY_ITEM);
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (g_list_model_items_changed),
                           self, G_CONNECT_SWAPPED);
}

/**
 * comfy_library_new:
 * @actions: (element-type ComfyAction): those that came with the program
 * @folder: absolute path of the artist's own folder, which need not exist
 * @settings: where the paths of recent ones are kept
 *
 * Changes on disk arrive through the main context that is the thread's default now.
 *
 * Returns: (transfer full): the list; it holds @actions at once, and the rest as it is read
 */
ComfyLibrary *
comfy_library_new (GPtrArray     *actions,
                   const char    *folder,
                   ComfySettings *settings)
{
  ComfyLibrary *self;

  g_return_val_if_fail (actions != NULL, NULL);
  g_return_val_if_fail (folder != NULL && g_path_is_absolute (folder), NULL);
  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);

  self = g_object_new (COMFY_TYPE_LIBRARY, NULL);
  self->folder = g_canonicalize_filename (folder, NULL);
  self->settings = g_object_ref (settings);
  for (unsigned int i = 0; i < actions->len; i++)
    g_ptr_array_add (self->built_in,
                     _comfy_library_item_new_for_action (g_ptr_array_index (actions, i)));
  update_recent (self);
  _comfy_library_publish (self);
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->watch = _comfy_folder_watch_new (self->folder, (ComfyFolderChanged) follow, self);
  follow (self);

  return self;
}

/**
 * comfy_library_get_folder:
 * @self: a library
 *
 * Returns: (transfer none): path of the artist's own folder; see comfy_library_make_folder()
 */
const char *
comfy_library_get_folder (ComfyLibrary *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY (self), NULL);

  return self->folder;
}

/**
 * comfy_library_make_folder:
 * @self: a library
 * @error: %COMFY_ERROR_STORAGE
 *
 * Makes the artist's own folder, for nobody else (0700), unless it is there: then its mode is the
 * artist's business.
 *
 * Returns: whether it is there
 */
gboolean
comfy_library_make_folder (ComfyLibrary  *self,
                           GError       **error)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY (self), FALSE);

  if (g_file_test (self->folder, G_FILE_TEST_IS_DIR))
    return TRUE;

  return comfy_durable_make_folder (self->folder, error);
}

/**
 * comfy_library_is_busy:
 * @self: a library
 *
 * Returns: whether files are being read, and the list may still grow
 */
gboolean
comfy_library_is_busy (ComfyLibrary *self)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY (self), FALSE);

  return self->settled != NULL;
}
