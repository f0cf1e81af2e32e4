/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-account-line.h"
#include "comfy-key-stack.h"
#include "comfy-panel-form.h"
#include "comfy-panel-menu.h"
#include "comfy-panel-results.h"
#include "comfy-panel.h"
#include "comfy-run-target.h"
#include "comfy-settings-panel.h"
#include "comfy-ui-util.h"

#define MIN_WIDTH      280 /* px */
#define DEFAULT_WIDTH  340 /* px */
#define DEFAULT_HEIGHT 860 /* px */
#define DEFAULT_SPLIT  380 /* px: of the height, for what is asked for */
#define WIDE           640 /* px: from here on both halves stand beside each other */

struct _ComfyPanel
{
  GtkWindow     parent_instance;

  ComfyOpener  *opener;  /* owned */
  GtkWidget    *keys;    /* borrowed: a child: everything, or the key assistant in its place */
  GtkWidget    *account; /* borrowed: a child */
  GtkWidget    *paned;   /* borrowed: a child */
  GtkWidget    *form;    /* borrowed: a child */
  GtkWidget    *results; /* borrowed: a child */
  gboolean      is_left; /* the artist was in another window since it was looked at */
  gboolean      is_closing; /* once all is under way that he has asked for */
  unsigned int  closing; /* source: it may close now; 0 while none is due */
};

G_DEFINE_FINAL_TYPE (ComfyPanel, comfy_panel, GTK_TYPE_WINDOW)

static ComfySession *
get_session (ComfyPanel *self)
{
  return comfy_opener_get_session (self->opener);
}

static ComfySettings *
get_settings (ComfyPanel *self)
{
  return comfy_session_get_settings (get_session (self));
}

/* GIMP tells nobody what happens to its images: whoever comes back may have done anything */
static void
is_active_cb (ComfyPanel *self)
{
  if (!gtk_window_is_active (GTK_WINDOW (self)))
    {
      self->is_left = TRUE;
      return;
    }

  if (self->is_left)
    {
      comfy_panel_form_refresh (COMFY_PANEL_FORM (self->form));
      comfy_panel_results_refresh (COMFY_PANEL_RESULTS (self->results));
    }
  self->is_left = FALSE;
}

/* what was made for it is what is shown */
static void
image_changed_cb (ComfyPanel *self)
{
  comfy_panel_results_set_image (COMFY_PANEL_RESULTS (self->results),
                                 comfy_panel_form_get_image (COMFY_PANEL_FORM (self->form)));
}

static void
edit_cb (ComfyPanelResults *results,
         ComfyRequest      *request,
         ComfyPanel        *self)
{
  comfy_panel_form_edit (COMFY_PANEL_FORM (self->form), request);
}

static void
key_wanted_cb (ComfyPanel *self)
{
  dex_future_disown (comfy_key_stack_ask (COMFY_KEY_STACK (self->keys), NULL));
}

/* narrow, one half stands above the other */
static void
comfy_panel_size_allocate (GtkWidget     *widget,
                           GtkAllocation *allocation)
{
  ComfyPanel     *self = COMFY_PANEL (widget);
  GtkOrientation  wanted = allocation->width >= WIDE ? GTK_ORIENTATION_HORIZONTAL
                                                     : GTK_ORIENTATION_VERTICAL;

  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (self->paned)) != wanted)
    {
      gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned), wanted);
      gtk_paned_set_position (GTK_PANED (self->paned),
                              wanted == GTK_ORIENTATION_HORIZONTAL ? allocation->width / 2
                                                                   : allocation->height / 2);
    }

  GTK_WIDGET_CLASS (comfy_panel_parent_class)->size_allocate (widget, allocation);
}

static void
remember_place (ComfyPanel *self)
{
  ComfyPanelPlace place = { 0 };

  gtk_window_get_position (GTK_WINDOW (self), &place.x, &place.y);
  gtk_window_get_size (GTK_WINDOW (self), &place.width, &place.height);
  place.split = gtk_paned_get_position (GTK_PANED (self->paned));
  comfy_settings_set_panel_place (get_settings (self), &place);
}

static void
comfy_panel_unmap (GtkWidget *widget)
{
  remember_place (COMFY_PANEL (widget));

  GTK_WIDGET_CLASS (comfy_panel_parent_class)->unmap (widget);
}

/* he wants it after all */
static void
comfy_panel_map (GtkWidget *widget)
{
  COMFY_PANEL (widget)->is_closing = FALSE;

  GTK_WIDGET_CLASS (comfy_panel_parent_class)->map (widget);
}

/* something is on its way that ends with the process */
static gboolean
is_busy (ComfyPanel *self)
{
  return comfy_panel_form_is_busy (COMFY_PANEL_FORM (self->form))
         || comfy_panel_results_is_busy (COMFY_PANEL_RESULTS (self->results));
}

/* With the panel its process may end, and what was asked for just now with it. */
static gboolean
comfy_panel_delete_event (GtkWidget   *widget,
                          GdkEventAny *event)
{
  ComfyPanel *self = COMFY_PANEL (widget);

  if (!is_busy (self))
    return GDK_EVENT_PROPAGATE;

  self->is_closing = TRUE;
  gtk_widget_hide (widget);

  return GDK_EVENT_STOP;
}

static gboolean
close_cb (gpointer user_data)
{
  ComfyPanel *self = user_data;

  self->closing = 0;
  if (self->is_closing && !is_busy (self))
    gtk_widget_destroy (GTK_WIDGET (self));

  return G_SOURCE_REMOVE;
}

/* what did not work out is said in the panel; never from inside the child that tells */
static void
settled_cb (GtkWidget  *child,
            gboolean    all,
            ComfyPanel *self)
{
  if (!self->is_closing)
    return;

  if (!all)
    gtk_window_present (GTK_WINDOW (self));
  else if (self->closing == 0)
    self->closing = g_idle_add (close_cb, self);
}

static void
comfy_panel_destroy (GtkWidget *widget)
{
  g_clear_handle_id (&COMFY_PANEL (widget)->closing, g_source_remove);

  GTK_WIDGET_CLASS (comfy_panel_parent_class)->destroy (widget);
}

static void
comfy_panel_finalize (GObject *object)
{
  g_clear_object (&COMFY_PANEL (object)->opener);

  G_OBJECT_CLASS (comfy_panel_parent_class)->finalize (object);
}

static void
comfy_panel_class_init (ComfyPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_panel_finalize;
  GTK_WIDGET_CLASS (klass)->size_allocate = comfy_panel_size_allocate;
  GTK_WIDGET_CLASS (klass)->map = comfy_panel_map;
  GTK_WIDGET_CLASS (klass)->unmap = comfy_panel_unmap;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_panel_destroy;
  GTK_WIDGET_CLASS (klass)->delete_event = comfy_panel_delete_event;
}

static void
comfy_panel_init (ComfyPanel *self)
{
  gtk_window_set_title (GTK_WINDOW (self), _("Comfy Cloud Panel"));
  gtk_window_set_role (GTK_WINDOW (self), "comfy-panel");
  gtk_window_set_type_hint (GTK_WINDOW (self), GDK_WINDOW_TYPE_HINT_UTILITY);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (is_active_cb), NULL);
}

static void
build (ComfyPanel *self)
{
  g_autoptr(GtkAccelGroup)  accels = gtk_accel_group_new ();
  GtkWidget                *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_window_add_accel_group (GTK_WINDOW (self), accels);
  self->keys = comfy_key_stack_new (get_session (self), page);
  gtk_container_set_border_width (GTK_CONTAINER (self->keys), 12);
  gtk_container_add (GTK_CONTAINER (self), self->keys);

  self->account = comfy_account_line_new (get_session (self));
  comfy_account_line_add (COMFY_ACCOUNT_LINE (self->account),
                          comfy_panel_menu_new (get_session (self)));
  g_signal_connect_swapped (self->account, "key-wanted", G_CALLBACK (key_wanted_cb), self);
  gtk_box_pack_start (GTK_BOX (page), self->account, FALSE, FALSE, 0);

  self->paned = gtk_paned_new (GTK_ORIENTATION_VERTICAL);
  gtk_paned_set_wide_handle (GTK_PANED (self->paned), TRUE);
  comfy_ui_set_name (self->paned, _("Between what is asked for and what came"));
  self->form = comfy_panel_form_new (self->opener);
  comfy_panel_form_set_keys (COMFY_PANEL_FORM (self->form), COMFY_KEY_STACK (self->keys));
  comfy_panel_form_add_shortcuts (COMFY_PANEL_FORM (self->form), accels);
  gtk_paned_pack1 (GTK_PANED (self->paned), self->form, TRUE, FALSE);
  g_signal_connect_swapped (self->form, "image-changed", G_CALLBACK (image_changed_cb), self);
  g_signal_connect (self->form, "begun", G_CALLBACK (settled_cb), self);
  self->results = comfy_panel_results_new (get_session (self), COMFY_KEY_STACK (self->keys));
  g_signal_connect (self->results, "edit", G_CALLBACK (edit_cb), self);
  g_signal_connect (self->results, "settled", G_CALLBACK (settled_cb), self);
  gtk_paned_pack2 (GTK_PANED (self->paned), self->results, TRUE, FALSE);
  gtk_box_pack_start (GTK_BOX (page), self->paned, TRUE, TRUE, 0);
  gtk_widget_show_all (self->keys);
  image_changed_cb (self);
}

static void
restore_place (ComfyPanel *self)
{
  ComfyPanelPlace place;

  gtk_widget_set_size_request (GTK_WIDGET (self), MIN_WIDTH, -1);
  if (!comfy_settings_get_panel_place (get_settings (self), &place))
    {
      gtk_window_set_default_size (GTK_WINDOW (self), DEFAULT_WIDTH, DEFAULT_HEIGHT);
      gtk_paned_set_position (GTK_PANED (self->paned), DEFAULT_SPLIT);
      return;
    }

  gtk_window_set_default_size (GTK_WINDOW (self), place.width, place.height);
  gtk_window_move (GTK_WINDOW (self), place.x, place.y);
  if (place.width >= WIDE)
    gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned), GTK_ORIENTATION_HORIZONTAL);
  gtk_paned_set_position (GTK_PANED (self->paned), place.split);
}

/**
 * comfy_panel_new:
 * @opener: has the actions, and the session
 *
 * Returns: (transfer none): a panel that is not shown yet, owned by GTK until gtk_widget_destroy()
 */
GtkWidget *
comfy_panel_new (ComfyOpener *opener)
{
  ComfyPanel *self;

  g_return_val_if_fail (COMFY_IS_OPENER (opener), NULL);

  self = g_object_new (COMFY_TYPE_PANEL, NULL);
  self->opener = g_object_ref (opener);
  build (self);
  restore_place (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_panel_set_image:
 * @image_id: the editor's id of the image that is worked on from now on
 */
void
comfy_panel_set_image (ComfyPanel *self,
                       int         image_id)
{
  g_return_if_fail (COMFY_IS_PANEL (self));

  comfy_panel_form_set_image (COMFY_PANEL_FORM (self->form), image_id);
}

/* Whoever chooses that in a menu may not have the panel before him: what he was not told yet, or an
 * image that he does not mean, is to be seen first. */
static gboolean
may_generate_unseen (ComfyPanel *self,
                     int         image_id)
{
  const ComfyImageInfo *image = comfy_panel_form_get_image (COMFY_PANEL_FORM (self->form));

  if (image_id >= 0 && (image == NULL || image->id != image_id))
    return FALSE;

  return !comfy_run_target_is_there (get_session (self))
         || comfy_run_target_is_ready (get_session (self));
}

/**
 * comfy_panel_generate:
 * @image_id: the editor's id of the image that is worked on from now on
 *
 * As a click on the button; the panel is raised when it has something to say, and nothing is asked
 * for then: what is sent where, when the artist was not told yet, or that the image is closed.
 */
void
comfy_panel_generate (ComfyPanel *self,
                      int         image_id)
{
  g_return_if_fail (COMFY_IS_PANEL (self));

  comfy_panel_set_image (self, image_id);
  if (!may_generate_unseen (self, image_id)
      || !comfy_panel_form_generate (COMFY_PANEL_FORM (self->form)))
    gtk_window_present (GTK_WINDOW (self));
}

/**
 * comfy_panel_show_jobs:
 *
 * Shows all jobs, in the tab that they have.
 */
void
comfy_panel_show_jobs (ComfyPanel *self)
{
  g_return_if_fail (COMFY_IS_PANEL (self));

  comfy_panel_results_show_jobs (COMFY_PANEL_RESULTS (self->results));
}
