/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-panel-host"

#include "config.h"

#include <glib/gi18n.h>
#include <libgimp/gimpui.h>

#include "comfy-call.h"
#include "comfy-panel-host.h"
#include "comfy-panel.h"

#define SEND  "plug-in-comfy-cloud-send-to-panel"
#define AGAIN "plug-in-comfy-cloud-generate-again"

struct _ComfyPanelHost
{
  GimpPlugIn        *plug_in; /* borrowed */
  ComfySession      *session; /* borrowed */
  ComfyPanelChanged  changed;
  gpointer           data;    /* of @changed */
  GtkWidget         *panel;   /* borrowed from GTK; NULL while it is closed */
};

/* an image that is handed to the panel, on its way */
typedef struct
{
  ComfyPanelHost *host;     /* borrowed */
  int             image_id;
  gboolean        generate;
} Errand;

static gboolean
errand_cb (gpointer data)
{
  Errand *errand = data;

  if (errand->host->panel == NULL)
    return G_SOURCE_REMOVE;

  if (errand->generate)
    comfy_panel_generate (COMFY_PANEL (errand->host->panel), errand->image_id);
  else
    comfy_panel_set_image (COMFY_PANEL (errand->host->panel), errand->image_id);
  if (!errand->generate)
    gtk_window_present (GTK_WINDOW (errand->host->panel));

  return G_SOURCE_REMOVE;
}

/* GIMP may deliver the call in the middle of one of ours to it: what it asks for is done from the main
 * loop */
static GimpValueArray *
run_errand (GimpProcedure        *procedure,
            GimpRunMode           run_mode,
            GimpImage            *image,
            GimpDrawable        **drawables,
            GimpProcedureConfig  *config,
            gpointer              data)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->host = data;
  errand->image_id = image != NULL ? gimp_image_get_id (image) : -1;
  errand->generate = g_str_equal (gimp_procedure_get_name (procedure), AGAIN);
  g_idle_add_full (G_PRIORITY_DEFAULT, errand_cb, errand, g_free);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static void
add_entry (ComfyPanelHost *self,
           const char     *name,
           const char     *label,
           const char     *blurb)
{
  g_autoptr(GimpProcedure)  procedure = NULL;
  g_autofree char          *path = comfy_call_dup_data_path ("icons/comfy-cloud.svg");
  g_autoptr(GFile)          icon = g_file_new_for_path (path);

  procedure = gimp_image_procedure_new (self->plug_in, name, GIMP_PDB_PROC_TYPE_TEMPORARY,
                                        run_errand, self, NULL);
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_ALWAYS);
  gimp_procedure_set_menu_label (procedure, label);
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Comfy Cloud");
  gimp_procedure_set_documentation (procedure, blurb, NULL, name);
  gimp_procedure_set_icon_file (procedure, icon);
  gimp_plug_in_add_temp_procedure (self->plug_in, procedure);
}

static void
add_entries (ComfyPanelHost *self)
{
  add_entry (self, SEND, _("Sen_d to Panel"), _("Have the panel work on this image"));
  add_entry (self, AGAIN, _("Ge_nerate Again"),
             _("Ask for what the panel shows once more, for this image"));
}

static void
remove_entries (ComfyPanelHost *self)
{
  gimp_plug_in_remove_temp_procedure (self->plug_in, SEND);
  gimp_plug_in_remove_temp_procedure (self->plug_in, AGAIN);
}

static void
destroy_cb (ComfyPanelHost *self)
{
  self->panel = NULL;
  remove_entries (self);
  self->changed (self->data);
}

/**
 * comfy_panel_host_new:
 * @plug_in: the plug-in
 * @session: the session
 * @changed: called when the panel was opened or closed
 * @data: for @changed
 *
 * Returns: (transfer full): no panel yet
 */
ComfyPanelHost *
comfy_panel_host_new (GimpPlugIn        *plug_in,
                      ComfySession      *session,
                      ComfyPanelChanged  changed,
                      gpointer           data)
{
  ComfyPanelHost *self = g_new0 (ComfyPanelHost, 1);

  self->plug_in = plug_in;
  self->session = session;
  self->changed = changed;
  self->data = data;

  return self;
}

/**
 * comfy_panel_host_free:
 * @self: (transfer full): without an open panel
 */
void
comfy_panel_host_free (ComfyPanelHost *self)
{
  g_return_if_fail (self->panel == NULL);

  g_free (self);
}

static GtkWidget *
new_panel (ComfyPanelHost *self)
{
  g_autofree char        *actions_folder = comfy_call_dup_data_path ("actions");
  g_autofree char        *folder = comfy_call_dup_folder ();
  g_autoptr(GPtrArray)    actions = comfy_action_list_folder (actions_folder);
  g_autoptr(ComfyOpener)  opener = comfy_opener_new (self->session, actions, folder);
  GtkWidget              *panel = comfy_panel_new (opener);

  g_signal_connect_swapped (panel, "destroy", G_CALLBACK (destroy_cb), self);
  gimp_window_set_transient (GTK_WINDOW (panel));

  return panel;
}

/**
 * comfy_panel_host_show:
 *
 * Opens the panel, or raises it.
 */
void
comfy_panel_host_show (ComfyPanelHost *self)
{
  if (self->panel == NULL)
    {
      self->panel = new_panel (self);
      add_entries (self);
      self->changed (self->data);
    }

  gtk_window_present (GTK_WINDOW (self->panel));
}

/**
 * comfy_panel_host_is_open:
 *
 * Returns: whether the panel is open
 */
gboolean
comfy_panel_host_is_open (ComfyPanelHost *self)
{
  return self->panel != NULL;
}
