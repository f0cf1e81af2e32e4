/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-search-entry.h"
#include "comfy-ui-util.h"

struct _ComfySearchEntry
{
  GtkSearchEntry parent_instance;
};

G_DEFINE_FINAL_TYPE (ComfySearchEntry, comfy_search_entry, GTK_TYPE_SEARCH_ENTRY)

enum
{
  LEFT,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
comfy_search_entry_stop_search (GtkSearchEntry *entry)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (entry));

  if (*gtk_entry_get_text (GTK_ENTRY (entry)) != '\0')
    gtk_entry_set_text (GTK_ENTRY (entry), "");
  else if (GTK_IS_DIALOG (window))
    g_signal_emit_by_name (window, "close");
}

static gboolean
comfy_search_entry_key_press_event (GtkWidget   *widget,
                                    GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Down && event->keyval != GDK_KEY_KP_Down)
    return GTK_WIDGET_CLASS (comfy_search_entry_parent_class)->key_press_event (widget, event);

  g_signal_emit (widget, signals[LEFT], 0);

  return GDK_EVENT_STOP;
}

static void
comfy_search_entry_class_init (ComfySearchEntryClass *klass)
{
  GTK_WIDGET_CLASS (klass)->key_press_event = comfy_search_entry_key_press_event;
  GTK_SEARCH_ENTRY_CLASS (klass)->stop_search = comfy_search_entry_stop_search;

  signals[LEFT] = g_signal_new ("left", COMFY_TYPE_SEARCH_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
comfy_search_entry_init (ComfySearchEntry *self)
{
}

/**
 * comfy_search_entry_new:
 * @name: translated: what it does
 *
 * Returns: (transfer floating): an empty entry
 */
GtkWidget *
comfy_search_entry_new (const char *name)
{
  GtkWidget *entry = g_object_new (COMFY_TYPE_SEARCH_ENTRY, NULL);

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), name);
  comfy_ui_set_name (entry, name);

  return entry;
}

/* Enter chooses: it would do so in the entry, and once more where it came from */
static gboolean
is_enter (GdkEventKey *event)
{
  return event->keyval == GDK_KEY_Return || event->keyval == GDK_KEY_KP_Enter
         || event->keyval == GDK_KEY_ISO_Enter;
}

/**
 * comfy_search_entry_take:
 * @self: an entry
 * @event: a key that nobody else wanted
 *
 * Who types looks for something, wherever the focus is, unless that is another entry.
 *
 * Returns: whether it is a part of the search now, and the focus is here
 */
gboolean
comfy_search_entry_take (ComfySearchEntry *self,
                         GdkEventKey      *event)
{
  GtkWidget *window;

  g_return_val_if_fail (COMFY_IS_SEARCH_ENTRY (self), FALSE);

  window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  if (is_enter (event) || !GTK_IS_WINDOW (window)
      || GTK_IS_ENTRY (gtk_window_get_focus (GTK_WINDOW (window)))
      || !gtk_search_entry_handle_event (GTK_SEARCH_ENTRY (self), (GdkEvent *) event))
    return FALSE;

  gtk_entry_grab_focus_without_selecting (GTK_ENTRY (self));

  return TRUE;
}
