/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-key-row.h"
#include "comfy-key-usage.h"
#include "comfy-notice.h"
#include "comfy-ui-util.h"

/* what the buttons of the question mean */
enum
{
  RESPONSE_OPEN_PLATFORM = 1,
  RESPONSE_KEEP,
  RESPONSE_REMOVE,
};

struct _ComfyKeyRow
{
  GtkListBoxRow      parent_instance;

  ComfyProfileStore *store;    /* owned */
  ComfyProfile      *profile;  /* owned */
  GtkWidget         *names;    /* borrowed: a child: a stack of the name and its entry */
  GtkWidget         *name;     /* borrowed: a child */
  GtkWidget         *entry;    /* borrowed: a child */
  GtkWidget         *tail;     /* borrowed: a child: the last characters of the key */
  GtkWidget         *facts;    /* borrowed: a child: environment, default, last use */
  GtkWidget         *state;    /* borrowed: a child */
  GtkWidget         *usage;    /* borrowed: a child */
  GtkWidget         *stale;    /* borrowed: a child */
  GtkWidget         *spinner;  /* borrowed: a child */
  GtkWidget         *question; /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyKeyRow, comfy_key_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  RENAMED,
  REMOVED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static char *
dup_tail (ComfyProfile *profile)
{
  const char *last_four = comfy_profile_get_last_four (profile);

  if (!comfy_profile_has_key (profile))
    return g_strdup (_("without a key"));
  if (last_four == NULL)
    return g_strdup (_("locked"));

  return g_strdup_printf ("comfyui-…%s", last_four);
}

static char *
dup_facts (ComfyKeyRow *self)
{
  const char      *endpoint_id = comfy_profile_get_endpoint_id (self->profile);
  ComfyEndpoint   *endpoint = comfy_profile_store_find_endpoint (self->store, endpoint_id);
  const char      *label = endpoint != NULL ? comfy_endpoint_get_label (endpoint) : endpoint_id;
  g_autofree char *used = NULL;

  used = comfy_ui_dup_relative_time (comfy_profile_get_last_used (self->profile),
                                     g_get_real_time () / G_USEC_PER_SEC);
  if (comfy_profile_is_default (self->profile))
    return g_strdup_printf (_("Default of %s · last used: %s"), label, used);

  return g_strdup_printf (_("%s · last used: %s"), label, used);
}

/* on v1 the server tells who pays and what is left; on v2 only that it takes the key */
static char *
dup_works (const ComfyAccount *account)
{
  g_autofree char *money = NULL;

  if (account != NULL && account->has_balance)
    money = comfy_format_money (account->balance_micros);

  if (account != NULL && account->email != NULL && money != NULL)
    return g_strdup_printf (_("Works: %s, balance %s"), account->email, money);
  if (account != NULL && account->email != NULL)
    return g_strdup_printf (_("Works: %s"), account->email);
  if (money != NULL)
    return g_strdup_printf (_("Works: balance %s"), money);

  return g_strdup (_("Works: accepted"));
}

static void
show_state (ComfyKeyRow *self)
{
  const char      *problem = comfy_profile_get_problem (self->profile);
  g_autofree char *text = NULL;

  switch (comfy_profile_get_state (self->profile))
    {
    case COMFY_PROFILE_WORKS:
      text = dup_works (comfy_profile_get_account (self->profile));
      comfy_ui_set_hint (self->state, text, GTK_MESSAGE_INFO);
      break;

    case COMFY_PROFILE_REJECTED:
      comfy_ui_set_hint (self->state, problem != NULL ? problem : _("The key was rejected."),
                         GTK_MESSAGE_ERROR);
      break;

    case COMFY_PROFILE_UNREACHABLE:
      comfy_ui_set_hint (self->state, problem != NULL ? problem : _("The server is unreachable."),
                         GTK_MESSAGE_WARNING);
      break;

    case COMFY_PROFILE_NOT_TESTED:
    default:
      comfy_ui_set_hint (self->state, _("Not tested"), GTK_MESSAGE_INFO);
    }
}

static void
update (ComfyKeyRow *self)
{
  g_autofree char *tail = dup_tail (self->profile);
  g_autofree char *facts = dup_facts (self);

  gtk_label_set_text (GTK_LABEL (self->name), comfy_profile_get_name (self->profile));
  gtk_label_set_text (GTK_LABEL (self->tail), tail);
  gtk_label_set_text (GTK_LABEL (self->facts), facts);
  show_state (self);
  comfy_ui_set_hint (self->stale,
                     comfy_profile_is_stale (self->profile)
                       ? _("Not used for 90 days. Consider deleting it, here and on the platform "
                           "page.")
                       : NULL,
                     GTK_MESSAGE_WARNING);
  comfy_ui_set_name (GTK_WIDGET (self), comfy_profile_get_name (self->profile));
}

static void
end_rename (ComfyKeyRow *self)
{
  gtk_stack_set_visible_child (GTK_STACK (self->names), self->name);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
entry_activate_cb (GtkEntry    *entry,
                   ComfyKeyRow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_entry_get_text (entry)));

  end_rename (self);
  if (*name != '\0' && !g_str_equal (name, comfy_profile_get_name (self->profile)))
    g_signal_emit (self, signals[RENAMED], 0, name);
}

/* Escape ends the renaming, not the window */
static gboolean
entry_key_press_cb (GtkWidget   *entry,
                    GdkEventKey *event,
                    ComfyKeyRow *self)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;

  end_rename (self);

  return GDK_EVENT_STOP;
}

static gboolean
entry_focus_out_cb (GtkWidget     *entry,
                    GdkEventFocus *event,
                    ComfyKeyRow   *self)
{
  gtk_stack_set_visible_child (GTK_STACK (self->names), self->name);

  return GDK_EVENT_PROPAGATE;
}

static void
question_response_cb (GtkInfoBar  *bar,
                      int          response,
                      ComfyKeyRow *self)
{
  if (response == RESPONSE_OPEN_PLATFORM)
    {
      comfy_ui_open_url (GTK_WIDGET (self), COMFY_UI_PLATFORM_URL);
      return;
    }

  comfy_notice_hide (COMFY_NOTICE (self->question));
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (response == RESPONSE_REMOVE)
    g_signal_emit (self, signals[REMOVED], 0);
}

static void
comfy_key_row_finalize (GObject *object)
{
  ComfyKeyRow *self = COMFY_KEY_ROW (object);

  g_clear_object (&self->profile);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (comfy_key_row_parent_class)->finalize (object);
}

static void
comfy_key_row_class_init (ComfyKeyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_key_row_finalize;

  signals[RENAMED] =
    g_signal_new ("renamed", COMFY_TYPE_KEY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[REMOVED] =
    g_signal_new ("removed", COMFY_TYPE_KEY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static GtkWidget *
build_head (ComfyKeyRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->names = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->names), FALSE);
  self->name = comfy_ui_heading_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  gtk_container_add (GTK_CONTAINER (self->names), self->name);
  self->entry = gtk_entry_new ();
  comfy_ui_set_name (self->entry, _("Name of the key"));
  g_signal_connect (self->entry, "activate", G_CALLBACK (entry_activate_cb), self);
  g_signal_connect (self->entry, "key-press-event", G_CALLBACK (entry_key_press_cb), self);
  g_signal_connect (self->entry, "focus-out-event", G_CALLBACK (entry_focus_out_cb), self);
  gtk_container_add (GTK_CONTAINER (self->names), self->entry);
  gtk_box_pack_start (GTK_BOX (box), self->names, TRUE, TRUE, 0);

  self->spinner = gtk_spinner_new ();
  gtk_widget_set_no_show_all (self->spinner, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->spinner, FALSE, FALSE, 0);
  self->tail = gtk_label_new (NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (self->tail),
                               GTK_STYLE_CLASS_DIM_LABEL);
  gtk_box_pack_start (GTK_BOX (box), self->tail, FALSE, FALSE, 0);

  return box;
}

static void
comfy_key_row_init (ComfyKeyRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               COMFY_UI_ONE_BACKGROUND);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (box), build_head (self), FALSE, FALSE, 0);
  self->facts = comfy_ui_hint_new (NULL);
  gtk_box_pack_start (GTK_BOX (box), self->facts, FALSE, FALSE, 0);
  self->state = comfy_ui_hint_new (NULL);
  gtk_box_pack_start (GTK_BOX (box), self->state, FALSE, FALSE, 0);
  self->usage = comfy_key_usage_new (FALSE);
  gtk_box_pack_start (GTK_BOX (box), self->usage, FALSE, FALSE, 0);
  self->stale = comfy_ui_hint_new (NULL);
  gtk_widget_set_no_show_all (self->stale, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->stale, FALSE, FALSE, 0);

  self->question = comfy_notice_new ();
  g_signal_connect (self->question, "response", G_CALLBACK (question_response_cb), self);
  gtk_box_pack_start (GTK_BOX (box), self->question, FALSE, FALSE, 6);
  gtk_container_add (GTK_CONTAINER (self), box);
}

/**
 * comfy_key_row_new:
 * @store: knows the environments
 * @profile: what to show; the row follows it
 *
 * Returns: (transfer floating): a row for a list box, shown
 */
GtkWidget *
comfy_key_row_new (ComfyProfileStore *store,
                   ComfyProfile      *profile)
{
  ComfyKeyRow *self;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (store), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);

  self = g_object_new (COMFY_TYPE_KEY_ROW, NULL);
  self->store = g_object_ref (store);
  self->profile = g_object_ref (profile);
  gtk_widget_show_all (GTK_WIDGET (self));
  update (self);
  g_signal_connect_object (profile, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_key_row_get_profile:
 * @self: a row
 *
 * Returns: (transfer none): what it shows
 */
ComfyProfile *
comfy_key_row_get_profile (ComfyKeyRow *self)
{
  g_return_val_if_fail (COMFY_IS_KEY_ROW (self), NULL);

  return self->profile;
}

/**
 * comfy_key_row_ask_usage:
 * @self: a row
 * @connector: opens the key's server
 *
 * Shows what the key's account used, where the server tells.
 */
void
comfy_key_row_ask_usage (ComfyKeyRow    *self,
                         ComfyConnector *connector)
{
  g_return_if_fail (COMFY_IS_KEY_ROW (self));

  comfy_key_usage_ask (COMFY_KEY_USAGE (self->usage), connector, self->profile);
}

/**
 * comfy_key_row_start_rename:
 * @self: a row
 *
 * Lets the artist edit the name in place: Enter takes it, Escape leaves it.
 */
void
comfy_key_row_start_rename (ComfyKeyRow *self)
{
  g_return_if_fail (COMFY_IS_KEY_ROW (self));

  gtk_entry_set_text (GTK_ENTRY (self->entry), comfy_profile_get_name (self->profile));
  gtk_stack_set_visible_child (GTK_STACK (self->names), self->entry);
  gtk_widget_grab_focus (self->entry);
}

/**
 * comfy_key_row_ask_removal:
 * @self: a row
 *
 * Asks in place, and says what removing does not do.
 */
void
comfy_key_row_ask_removal (ComfyKeyRow *self)
{
  ComfyNotice     *question;
  g_autofree char *text = NULL;

  g_return_if_fail (COMFY_IS_KEY_ROW (self));

  question = COMFY_NOTICE (self->question);
  text = g_strdup_printf (_("Remove “%s” from this computer? This does not revoke the key: whoever "
                            "has a copy can go on using it. Delete it on platform.comfy.org too."),
                          comfy_profile_get_name (self->profile));
  comfy_notice_show (question, GTK_MESSAGE_WARNING, text);
  comfy_notice_add_action (question, _("_Open platform.comfy.org"), RESPONSE_OPEN_PLATFORM);
  comfy_notice_add_action (question, _("_Keep"), RESPONSE_KEEP);
  comfy_notice_add_action (question, _("Re_move"), RESPONSE_REMOVE);
}

/**
 * comfy_key_row_set_busy:
 * @self: a row
 * @busy: whether the key is being tested
 */
void
comfy_key_row_set_busy (ComfyKeyRow *self,
                        gboolean     busy)
{
  g_return_if_fail (COMFY_IS_KEY_ROW (self));

  g_object_set (self->spinner, "active", busy, "visible", busy, NULL);
  if (busy)
    comfy_ui_set_hint (self->state, _("Testing…"), GTK_MESSAGE_INFO);
  else
    show_state (self);
}
