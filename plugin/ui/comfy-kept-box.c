/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-kept-box.h"
#include "comfy-kept-file.h"
#include "comfy-kept-text.h"
#include "comfy-ui-util.h"

#define MAX_SHOWN 50 /* texts, and files: more than that nobody reads one by one */

struct _ComfyKeptBox
{
  GtkBox        parent_instance;

  ComfySession *session;  /* owned */
  ComfyJob     *job;      /* owned */
  gboolean      is_built;
};

enum
{
  PROP_0,
  PROP_SAVING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ComfyKeptBox, comfy_kept_box, GTK_TYPE_BOX)

static void
comfy_kept_box_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SAVING:
      g_value_set_boolean (value, comfy_kept_box_is_saving (COMFY_KEPT_BOX (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_kept_box_finalize (GObject *object)
{
  ComfyKeptBox *self = COMFY_KEPT_BOX (object);

  g_clear_object (&self->job);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_kept_box_parent_class)->finalize (object);
}

static void
comfy_kept_box_class_init (ComfyKeptBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = comfy_kept_box_get_property;
  object_class->finalize = comfy_kept_box_finalize;

  properties[PROP_SAVING] =
    g_param_spec_boolean ("saving", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_kept_box_init (ComfyKeptBox *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
}

static void
add (ComfyKeptBox *self,
     GtkWidget    *child)
{
  gtk_box_pack_start (GTK_BOX (self), child, FALSE, FALSE, 0);
  gtk_widget_show (child);
}

static void
add_notice (ComfyKeptBox *self)
{
  g_autofree char *notice = comfy_job_dup_notice (self->job);
  GtkWidget       *hint;

  if (notice == NULL)
    return;

  hint = comfy_ui_hint_new (NULL);
  add (self, hint);
  comfy_ui_set_hint (hint, notice, GTK_MESSAGE_WARNING);
}

static void
saving_changed_cb (ComfyKeptBox *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVING]);
}

static void
add_files (ComfyKeptBox *self)
{
  ComfySettings *settings = comfy_session_get_settings (self->session);
  g_auto(GStrv)  names = NULL;
  g_auto(GStrv)  paths = comfy_job_dup_file_paths (self->job, &names);

  for (unsigned int i = 0; i < MAX_SHOWN && paths[i] != NULL; i++)
    {
      GtkWidget *file = comfy_kept_file_new (settings, paths[i], names[i], i + 1);

      g_signal_connect_object (file, "notify::saving", G_CALLBACK (saving_changed_cb), self,
                               G_CONNECT_SWAPPED);
      add (self, file);
    }

  if (g_strv_length (paths) > MAX_SHOWN)
    {
      const char      *folder = comfy_journal_entry_get_folder (comfy_job_get_entry (self->job));
      g_autofree char *name = g_filename_display_name (folder);
      g_autofree char *text = g_strdup_printf (_("The other files are in the folder %s."), name);

      add (self, comfy_ui_hint_new (text));
    }
}

static void
add_texts (ComfyKeptBox *self)
{
  g_auto(GStrv) texts = comfy_job_dup_texts (self->job);
  unsigned int  n = g_strv_length (texts);

  for (unsigned int i = 0; i < MIN (n, MAX_SHOWN); i++)
    add (self, comfy_kept_text_new (texts[i], n > 1 ? i + 1 : 0));
}

/**
 * comfy_kept_box_new:
 * @session: whose settings remember where files are saved
 * @job: whose texts and files these are
 *
 * Returns: (transfer floating): nothing yet
 */
GtkWidget *
comfy_kept_box_new (ComfySession *session,
                    ComfyJob     *job)
{
  ComfyKeptBox *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_JOB (job), NULL);

  self = g_object_new (COMFY_TYPE_KEPT_BOX, NULL);
  self->session = g_object_ref (session);
  self->job = g_object_ref (job);

  return GTK_WIDGET (self);
}

/**
 * comfy_kept_box_update:
 * @self: a box
 * @has_stopped: whether nothing of the job goes on by itself any more
 *
 * Shows what the job made, once it has ended with anything.
 *
 * Returns: whether it takes another height now
 */
gboolean
comfy_kept_box_update (ComfyKeptBox *self,
                       gboolean      has_stopped)
{
  g_return_val_if_fail (COMFY_IS_KEPT_BOX (self), FALSE);

  if (self->is_built || !has_stopped || !comfy_job_has_kept (self->job))
    return FALSE;

  self->is_built = TRUE;
  add_notice (self);
  add_texts (self);
  add_files (self);
  gtk_widget_show (GTK_WIDGET (self));

  return TRUE;
}

static void
look_cb (GtkWidget *child,
         void      *data)
{
  gboolean *is_saving = data;

  *is_saving |= COMFY_IS_KEPT_FILE (child) && comfy_kept_file_is_saving (COMFY_KEPT_FILE (child));
}

/**
 * comfy_kept_box_is_saving:
 *
 * Returns: whether a file is on its way to where the artist wants it
 */
gboolean
comfy_kept_box_is_saving (ComfyKeptBox *self)
{
  gboolean is_saving = FALSE;

  g_return_val_if_fail (COMFY_IS_KEPT_BOX (self), FALSE);

  gtk_container_foreach (GTK_CONTAINER (self), look_cb, &is_saving);

  return is_saving;
}
