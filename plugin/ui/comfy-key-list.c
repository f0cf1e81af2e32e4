/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list is the profile store's; this page turns the artist's clicks into the store's futures and
 * says in place what came of them.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-key-assistant.h"
#include "comfy-key-list.h"
#include "comfy-key-row.h"
#include "comfy-notice.h"
#include "comfy-ui-util.h"

#define LIST_HEIGHT 300 /* px: a key with a problem and one or two without */

#define RESPONSE_UNLOCK 1

struct _ComfyKeyList
{
  GtkStack      parent_instance;

  ComfySession *session;      /* owned */
  GtkWidget    *assistant;    /* borrowed: a child; NULL while none is needed */
  GtkWidget    *environment;  /* borrowed: a child: what COMFY_API_KEY does */
  GtkWidget    *keyring;      /* borrowed: a child: what the keyring or a change says */
  GtkWidget    *list;         /* borrowed: a child */
  GtkWidget    *active;       /* borrowed: a child: which key actions use */
  GtkWidget    *test;         /* borrowed: a child, as the following */
  GtkWidget    *rename;
  GtkWidget    *replace;
  GtkWidget    *make_default;
  GtkWidget    *remove;
};

G_DEFINE_FINAL_TYPE (ComfyKeyList, comfy_key_list, GTK_TYPE_STACK)

static ComfyProfileStore *
get_store (ComfyKeyList *self)
{
  return comfy_session_get_profiles (self->session);
}

/* (nullable) */
static ComfyKeyRow *
get_selected (ComfyKeyList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));

  return row != NULL ? COMFY_KEY_ROW (row) : NULL;
}

static void
update_buttons (ComfyKeyList *self)
{
  ComfyKeyRow  *row = get_selected (self);
  ComfyProfile *profile = row != NULL ? comfy_key_row_get_profile (row) : NULL;
  gboolean      is_editable = profile != NULL && comfy_profile_is_editable (profile);

  gtk_widget_set_sensitive (self->test, profile != NULL);
  gtk_widget_set_sensitive (self->rename, is_editable);
  gtk_widget_set_sensitive (self->replace, is_editable && comfy_profile_has_key (profile));
  gtk_widget_set_sensitive (self->make_default,
                            is_editable && !comfy_profile_is_default (profile));
  gtk_widget_set_sensitive (self->remove, is_editable);
}

static void
show_error (ComfyKeyList *self,
            const GError *error)
{
  ComfyNotice *notice = COMFY_NOTICE (self->keyring);
  gboolean     is_locked;

  is_locked = g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_LOCKED) ||
              g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_DISMISSED);
  comfy_notice_show (notice, is_locked ? GTK_MESSAGE_INFO : GTK_MESSAGE_ERROR, error->message);
  if (is_locked)
    comfy_notice_add_action (notice, _("_Unlock"), RESPONSE_UNLOCK);
  else if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_MISSING))
    comfy_notice_add_action (notice, _("_Look Again"), RESPONSE_UNLOCK);
}

static DexFuture *
failed_cb (DexFuture *future,
           gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  /* a page that is destroyed has no parent any more, and no children to say it with */
  if (gtk_widget_get_parent (user_data) == NULL)
    return NULL;

  dex_future_get_value (future, &error);
  show_error (user_data, error);

  return NULL;
}

/* @future: (transfer full): when it rejects, the page says why */
static void
watch (ComfyKeyList *self,
       DexFuture    *future)
{
  comfy_notice_hide (COMFY_NOTICE (self->keyring));
  dex_future_disown (dex_future_catch (future, failed_cb, g_object_ref (self), g_object_unref));
}

static void
keyring_response_cb (GtkInfoBar   *bar,
                     int           response,
                     ComfyKeyList *self)
{
  watch (self, comfy_profile_store_refresh (get_store (self), TRUE));
}

static void
row_renamed_cb (ComfyKeyRow  *row,
                const char   *name,
                ComfyKeyList *self)
{
  watch (self, comfy_profile_store_rename (get_store (self), comfy_key_row_get_profile (row),
                                           name));
}

static void
row_removed_cb (ComfyKeyRow  *row,
                ComfyKeyList *self)
{
  watch (self, comfy_profile_store_remove (get_store (self), comfy_key_row_get_profile (row)));
}

/* The outcome stands in the profile, which the row shows; a keyring in the way is said above. */
static DexFuture *
tested_cb (DexFuture *future,
           gpointer   user_data)
{
  ComfyKeyRow       *row = user_data;
  GtkWidget         *page = gtk_widget_get_ancestor (GTK_WIDGET (row), COMFY_TYPE_KEY_LIST);
  g_autoptr(GError)  error = NULL;

  /* removed, or closed, meanwhile */
  if (page == NULL)
    return NULL;

  comfy_key_row_set_busy (row, FALSE);
  if (dex_future_get_value (future, &error) != NULL)
    comfy_key_row_ask_usage (row, comfy_session_get_connector (COMFY_KEY_LIST (page)->session));
  else if (comfy_profile_get_state (comfy_key_row_get_profile (row)) == COMFY_PROFILE_NOT_TESTED)
    show_error (COMFY_KEY_LIST (page), error);

  return NULL;
}

static void
test_cb (ComfyKeyList *self)
{
  ComfyKeyRow *row = get_selected (self);
  DexFuture   *test;

  comfy_notice_hide (COMFY_NOTICE (self->keyring));
  comfy_key_row_set_busy (row, TRUE);
  test = comfy_connector_test (comfy_session_get_connector (self->session),
                               comfy_key_row_get_profile (row));
  dex_future_disown (dex_future_finally (test, tested_cb, g_object_ref (row), g_object_unref));
}

static void
rename_cb (ComfyKeyList *self)
{
  comfy_key_row_start_rename (get_selected (self));
}

static void
make_default_cb (ComfyKeyList *self)
{
  comfy_profile_store_set_default (get_store (self),
                                   comfy_key_row_get_profile (get_selected (self)));
  update_buttons (self);
}

static void
remove_cb (ComfyKeyList *self)
{
  comfy_key_row_ask_removal (get_selected (self));
}

static void
drop_assistant (ComfyKeyList *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self), "keys");
  g_clear_pointer (&self->assistant, gtk_widget_destroy);
}

/* what was just added or replaced is what the artist looks for */
static void
assistant_done_cb (ComfyKeyAssistant *assistant,
                   ComfyProfile      *profile,
                   ComfyKeyList      *self)
{
  GtkListBox    *list = GTK_LIST_BOX (self->list);
  GtkListBoxRow *row;

  drop_assistant (self);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    if (comfy_key_row_get_profile (COMFY_KEY_ROW (row)) == profile)
      {
        gtk_list_box_select_row (list, row);
        gtk_widget_grab_focus (GTK_WIDGET (row));
      }
}

static void
show_assistant (ComfyKeyList *self,
                ComfyProfile *replaced)
{
  self->assistant = comfy_key_assistant_new (self->session, replaced);
  g_signal_connect (self->assistant, "done", G_CALLBACK (assistant_done_cb), self);
  g_signal_connect_swapped (self->assistant, "cancelled", G_CALLBACK (drop_assistant), self);
  gtk_widget_show_all (self->assistant);
  gtk_stack_add_named (GTK_STACK (self), self->assistant, "assistant");
  gtk_stack_set_visible_child_name (GTK_STACK (self), "assistant");
}

static void
add_cb (ComfyKeyList *self)
{
  show_assistant (self, NULL);
}

static void
replace_cb (ComfyKeyList *self)
{
  show_assistant (self, comfy_key_row_get_profile (get_selected (self)));
}

/* the keys that GIMP's own lists know */
static gboolean
list_key_press_cb (GtkWidget    *list,
                   GdkEventKey  *event,
                   ComfyKeyList *self)
{
  GtkWidget *button = event->keyval == GDK_KEY_F2       ? self->rename
                      : event->keyval == GDK_KEY_Delete ? self->remove
                                                        : NULL;

  /* while a name is edited, the keys are the entry's */
  if (button == NULL || GTK_IS_ENTRY (gtk_window_get_focus (
                          GTK_WINDOW (gtk_widget_get_toplevel (list)))))
    return GDK_EVENT_PROPAGATE;

  if (gtk_widget_get_sensitive (button))
    gtk_button_clicked (GTK_BUTTON (button));

  return GDK_EVENT_STOP;
}

/* which key wins, in words */
static void
update_active (ComfyKeyList *self)
{
  ComfyProfile    *active = comfy_profile_store_get_active (get_store (self));
  ComfyEndpoint   *endpoint = NULL;
  g_autofree char *text = NULL;

  update_buttons (self);
  if (active != NULL)
    endpoint = comfy_profile_store_find_endpoint (get_store (self),
                                                  comfy_profile_get_endpoint_id (active));
  if (endpoint == NULL)
    {
      gtk_label_set_text (GTK_LABEL (self->active), _("Actions ask for a key when they need one."));
      return;
    }

  text = g_strdup_printf (_("Actions use “%s” on %s."), comfy_profile_get_name (active),
                          comfy_endpoint_get_label (endpoint));
  gtk_label_set_text (GTK_LABEL (self->active), text);
}

static void
show_environment (ComfyKeyList *self)
{
  ComfyProfile *active = comfy_profile_store_get_active (get_store (self));

  if (active == NULL || comfy_profile_is_editable (active))
    return;

  comfy_notice_show (COMFY_NOTICE (self->environment), GTK_MESSAGE_INFO,
                     _("COMFY_API_KEY or COMFY_BASE_URL is set, and wins over what is chosen here. "
                       "To use the keys below, start GIMP without these variables."));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  ComfyKeyList *self = user_data;
  GtkWidget    *row = comfy_key_row_new (get_store (self), item);

  g_signal_connect (row, "renamed", G_CALLBACK (row_renamed_cb), self);
  g_signal_connect (row, "removed", G_CALLBACK (row_removed_cb), self);

  return row;
}

static void
comfy_key_list_finalize (GObject *object)
{
  g_clear_object (&COMFY_KEY_LIST (object)->session);

  G_OBJECT_CLASS (comfy_key_list_parent_class)->finalize (object);
}

static void
comfy_key_list_class_init (ComfyKeyListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_key_list_finalize;
}

static void
comfy_key_list_init (ComfyKeyList *self)
{
  gtk_container_set_border_width (GTK_CONTAINER (self), 12);
}

static GtkWidget *
build_list (ComfyKeyList *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *empty = comfy_ui_hint_new (_("There is no key yet. Add one to use Comfy Cloud."));

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_BROWSE);
  g_object_set (empty, "margin", 24, "halign", GTK_ALIGN_CENTER, NULL);
  gtk_widget_show (empty);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), empty);
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list), G_LIST_MODEL (get_store (self)), create_row,
                           self, NULL);
  comfy_ui_set_name (self->list, _("API keys"));
  g_signal_connect_swapped (self->list, "selected-rows-changed", G_CALLBACK (update_buttons), self);
  g_signal_connect (self->list, "key-press-event", G_CALLBACK (list_key_press_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scrolled), GTK_SHADOW_IN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), LIST_HEIGHT);
  gtk_container_add (GTK_CONTAINER (scrolled), self->list);

  return scrolled;
}

static GtkWidget *
add_button (ComfyKeyList *self,
            GtkWidget    *box,
            const char   *label,
            void        (*clicked) (ComfyKeyList *self))
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_swapped (button, "clicked", G_CALLBACK (clicked), self);
  gtk_box_pack_start (GTK_BOX (box), button, FALSE, FALSE, 0);

  return button;
}

static GtkWidget *
build_buttons (ComfyKeyList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  add_button (self, box, _("_Add Key…"), add_cb);
  self->test = add_button (self, box, _("_Test"), test_cb);
  self->rename = add_button (self, box, _("Re_name"), rename_cb);
  self->replace = add_button (self, box, _("Re_place…"), replace_cb);
  self->make_default = add_button (self, box, _("Make _Default"), make_default_cb);
  self->remove = add_button (self, box, _("_Remove…"), remove_cb);

  return box;
}

static void
build (ComfyKeyList *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *buttons = build_buttons (self);

  self->environment = comfy_notice_new ();
  gtk_box_pack_start (GTK_BOX (page), self->environment, FALSE, FALSE, 0);
  self->keyring = comfy_notice_new ();
  g_signal_connect (self->keyring, "response", G_CALLBACK (keyring_response_cb), self);
  gtk_box_pack_start (GTK_BOX (page), self->keyring, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (page), build_list (self), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (page), buttons, FALSE, FALSE, 0);

  self->active = comfy_ui_text_new (NULL);
  gtk_box_pack_start (GTK_BOX (page), self->active, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (page),
                      comfy_ui_hint_new (_("Keys are kept in the desktop's keyring. A key in the "
                                           "variable COMFY_API_KEY wins over all of these; a GIMP "
                                           "started from the desktop sees it when it is set for "
                                           "the whole session, for example in a file below "
                                           "~/.config/environment.d/.")),
                      FALSE, FALSE, 0);

  gtk_stack_set_vhomogeneous (GTK_STACK (self), FALSE);
  gtk_stack_add_named (GTK_STACK (self), page, "keys");
}

/**
 * comfy_key_list_new:
 * @session: the session
 *
 * Returns: (transfer floating): the page, which looks at once whether the keyring is unlocked but
 *   never asks to unlock it by itself
 */
GtkWidget *
comfy_key_list_new (ComfySession *session)
{
  ComfyKeyList *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_KEY_LIST, NULL);
  self->session = g_object_ref (session);
  build (self);
  gtk_list_box_select_row (GTK_LIST_BOX (self->list),
                           gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0));
  show_environment (self);
  update_active (self);
  g_signal_connect_object (get_store (self), "items-changed", G_CALLBACK (update_active), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (comfy_session_get_settings (session), "changed",
                           G_CALLBACK (update_active), self, G_CONNECT_SWAPPED);
  watch (self, comfy_profile_store_refresh (get_store (self), FALSE));

  return GTK_WIDGET (self);
}
