/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-panel-host"

#include "config.h"

#include <glib/gi18n.h>
#include <libgimp/gimpui.h>

#include "comfy-call.h"
#include "comfy-panel-host.h"
#include "comfy-panel.h"

struct _ComfyPanelHost
{
  ComfySession      *session; /* borrowed */
  ComfyPanelChanged  changed;
  gpointer           data;    /* of @changed */
  GtkWidget         *panel;   /* borrowed from GTK; NULL while it is closed */
};

static void
destroy_cb (ComfyPanelHost *self)
{
  self->panel = NULL;
  self->changed (self->data);
}

/**
 * comfy_panel_host_new:
 * @session: the session
 * @changed: called when the panel was opened or closed
 * @data: for @changed
 *
 * Returns: (transfer full): no panel yet
 */
ComfyPanelHost *
comfy_panel_host_new (ComfySession      *session,
                      ComfyPanelChanged  changed,
                      gpointer           data)
{
  ComfyPanelHost *self = g_new0 (ComfyPanelHost, 1);

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

/* (transfer none): the one panel */
static ComfyPanel *
ensure_panel (ComfyPanelHost *self)
{
  if (self->panel == NULL)
    {
      self->panel = new_panel (self);
      self->changed (self->data);
    }

  return COMFY_PANEL (self->panel);
}

/**
 * comfy_panel_host_show:
 * @image_id: the editor's id of the image that is worked on from now on; -1: as before
 *
 * Opens the panel, or raises it.
 */
void
comfy_panel_host_show (ComfyPanelHost *self,
                       int             image_id)
{
  ComfyPanel *panel = ensure_panel (self);

  if (image_id >= 0)
    comfy_panel_set_image (panel, image_id);
  gtk_window_present (GTK_WINDOW (panel));
}

/**
 * comfy_panel_host_generate:
 * @image_id: the editor's id of the image that is worked on from now on; -1: none is open
 *
 * Has the panel ask for what it shows. The artist stays in the image; a panel that is not open yet
 * shows first what that would be.
 */
void
comfy_panel_host_generate (ComfyPanelHost *self,
                           int             image_id)
{
  if (self->panel == NULL)
    comfy_panel_host_show (self, image_id);
  else
    comfy_panel_generate (COMFY_PANEL (self->panel), image_id);
}

/**
 * comfy_panel_host_show_jobs:
 *
 * Raises the panel, with all jobs.
 */
void
comfy_panel_host_show_jobs (ComfyPanelHost *self)
{
  ComfyPanel *panel = ensure_panel (self);

  comfy_panel_show_jobs (panel);
  gtk_window_present (GTK_WINDOW (panel));
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
