/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-file-saver.h"

struct _ComfyFileSaver
{
  GObject               parent_instance;

  ComfySettings        *settings;    /* owned: remember the folder */
  char                 *path;        /* owned, nullable: of the file that is asked about */
  GtkFileChooserNative *dialog;      /* owned, nullable: while it is open */
  GCancellable         *cancellable; /* owned: of the copy */
  gboolean              is_saving;
};

enum
{
  PROP_0,
  PROP_SAVING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  DONE,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ComfyFileSaver, comfy_file_saver, G_TYPE_OBJECT)

static void
set_saving (ComfyFileSaver *self,
            gboolean        is_saving)
{
  self->is_saving = is_saving;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVING]);
}

/* takes a reference of the saver */
static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          void         *data)
{
  g_autoptr(ComfyFileSaver) self = data;
  g_autoptr(GError)         error = NULL;
  g_autofree char          *text = NULL;

  if (g_file_copy_finish (G_FILE (source), result, &error))
    text = g_strdup (_("Saved."));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else
    text = g_strdup_printf (_("It could not be saved: %s Choose another place."), error->message);

  g_signal_emit (self, signals[DONE], 0, text, error != NULL);
  set_saving (self, FALSE);
}

static void
save (ComfyFileSaver *self,
      GFile          *target)
{
  g_autoptr(GFile)  source = g_file_new_for_path (self->path);
  g_autoptr(GFile)  folder = g_file_get_parent (target);
  g_autofree char  *path = folder != NULL ? g_file_get_path (folder) : NULL;

  if (path != NULL)
    comfy_settings_set_save_folder (self->settings, path);

  set_saving (self, TRUE);
  /* the chooser has asked whether to overwrite; whose it is is the artist's business, not the
   * folder's that it lay in */
  g_file_copy_async (source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS,
                     G_PRIORITY_DEFAULT, self->cancellable, NULL, NULL, saved_cb,
                     g_object_ref (self));
}

static void
drop_dialog (ComfyFileSaver *self)
{
  if (self->dialog != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->dialog));
  g_clear_object (&self->dialog);
}

static void
response_cb (ComfyFileSaver *self,
             int             response)
{
  g_autoptr(GFile) target = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    target = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->dialog));
  drop_dialog (self);
  if (target != NULL)
    save (self, target);
}

static void
comfy_file_saver_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SAVING:
      g_value_set_boolean (value, COMFY_FILE_SAVER (object)->is_saving);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_file_saver_finalize (GObject *object)
{
  ComfyFileSaver *self = COMFY_FILE_SAVER (object);

  drop_dialog (self);
  g_clear_object (&self->settings);
  g_clear_object (&self->cancellable);
  g_free (self->path);

  G_OBJECT_CLASS (comfy_file_saver_parent_class)->finalize (object);
}

static void
comfy_file_saver_class_init (ComfyFileSaverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = comfy_file_saver_get_property;
  object_class->finalize = comfy_file_saver_finalize;

  properties[PROP_SAVING] =
    g_param_spec_boolean ("saving", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[DONE] =
    g_signal_new ("done", COMFY_TYPE_FILE_SAVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
comfy_file_saver_init (ComfyFileSaver *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * comfy_file_saver_new:
 * @settings: remember where files are saved
 *
 * Returns: (transfer full): a saver, for one file at a time
 */
ComfyFileSaver *
comfy_file_saver_new (ComfySettings *settings)
{
  ComfyFileSaver *self;

  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);

  self = g_object_new (COMFY_TYPE_FILE_SAVER, NULL);
  self->settings = g_object_ref (settings);

  return self;
}

/**
 * comfy_file_saver_ask:
 * @widget: in the window that asks
 * @path: the file, which is copied from there
 * @name: what is proposed to save it by, without a folder
 *
 * Does nothing while it asks or saves already.
 */
void
comfy_file_saver_ask (ComfyFileSaver *self,
                      GtkWidget      *widget,
                      const char     *path,
                      const char     *name)
{
  GtkFileChooser  *chooser;
  g_autofree char *folder = NULL;

  g_return_if_fail (COMFY_IS_FILE_SAVER (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (path != NULL && name != NULL);

  if (self->dialog != NULL || self->is_saving)
    return;

  g_set_str (&self->path, path);
  self->dialog = gtk_file_chooser_native_new (_("Save Result"),
                                              GTK_WINDOW (gtk_widget_get_toplevel (widget)),
                                              GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  chooser = GTK_FILE_CHOOSER (self->dialog);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  gtk_file_chooser_set_do_overwrite_confirmation (chooser, TRUE);
  gtk_file_chooser_set_current_name (chooser, name);
  folder = comfy_settings_dup_save_folder (self->settings);
  if (folder == NULL)
    folder = g_strdup (g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD));
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (chooser, folder);
  g_signal_connect_swapped (self->dialog, "response", G_CALLBACK (response_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

/**
 * comfy_file_saver_is_saving:
 *
 * Returns: whether its copy is on the way
 */
gboolean
comfy_file_saver_is_saving (ComfyFileSaver *self)
{
  g_return_val_if_fail (COMFY_IS_FILE_SAVER (self), FALSE);

  return self->is_saving;
}

/**
 * comfy_file_saver_stop:
 *
 * Asks and copies no more: its window goes.
 */
void
comfy_file_saver_stop (ComfyFileSaver *self)
{
  g_return_if_fail (COMFY_IS_FILE_SAVER (self));

  drop_dialog (self);
  g_cancellable_cancel (self->cancellable);
}
