/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-ui-util.h"
#include "comfy-workflow-row.h"

#define EDGE       48   /* px: of the square for the picture */
#define ICON       32   /* px: where there is none */
#define MIN_CHARS  14   /* a list may be 320 px wide */
#define DIM        0.55 /* opacity of what cannot be used */

struct _ComfyWorkflowRow
{
  GtkListBoxRow     parent_instance;

  ComfyLibraryItem *item;       /* owned */
  ComfyThumbnails  *thumbnails; /* owned */
  GtkWidget        *picture;    /* borrowed: a child */
  GtkWidget        *names;      /* borrowed: a child: a stack of the title and its entry */
  GtkWidget        *title;      /* borrowed: a child */
  GtkWidget        *entry;      /* borrowed: a child */
  GtkWidget        *button;     /* borrowed: a child: opens the menu */
  GtkWidget        *menu;       /* owned by @button; NULL: nothing can be done with it */
  gboolean          was_seen;   /* its picture was asked for */
};

G_DEFINE_FINAL_TYPE (ComfyWorkflowRow, comfy_workflow_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  RENAMED,
  ADDED,
  REMOVED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* 500 files are listed, and few of them are looked at: only those are read */
static gboolean
picture_draw_cb (GtkWidget        *picture,
                 cairo_t          *cr,
                 ComfyWorkflowRow *self)
{
  const char *path = comfy_library_item_get_thumbnail_path (self->item);

  if (!self->was_seen && path != NULL)
    comfy_thumbnails_show (self->thumbnails, GTK_IMAGE (picture), path, EDGE);
  self->was_seen = TRUE;

  return GDK_EVENT_PROPAGATE;
}

static void
end_rename (ComfyWorkflowRow *self)
{
  gtk_stack_set_visible_child (GTK_STACK (self->names), self->title);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
entry_activate_cb (GtkEntry         *entry,
                   ComfyWorkflowRow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_entry_get_text (entry)));

  end_rename (self);
  if (*name != '\0' && !g_str_equal (name, comfy_library_item_get_title (self->item)))
    g_signal_emit (self, signals[RENAMED], 0, name);
}

/* Escape ends the renaming, not the window */
static gboolean
entry_key_press_cb (GtkWidget        *entry,
                    GdkEventKey      *event,
                    ComfyWorkflowRow *self)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;

  end_rename (self);

  return GDK_EVENT_STOP;
}

static gboolean
entry_focus_out_cb (GtkWidget        *entry,
                    GdkEventFocus    *event,
                    ComfyWorkflowRow *self)
{
  gtk_stack_set_visible_child (GTK_STACK (self->names), self->title);

  return GDK_EVENT_PROPAGATE;
}

static void
added_cb (ComfyWorkflowRow *self)
{
  g_signal_emit (self, signals[ADDED], 0);
}

static void
removed_cb (ComfyWorkflowRow *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

/* which row the menu is for */
static void
menu_shown_cb (ComfyWorkflowRow *self)
{
  GtkWidget *list = gtk_widget_get_parent (GTK_WIDGET (self));

  if (GTK_IS_LIST_BOX (list))
    gtk_list_box_select_row (GTK_LIST_BOX (list), GTK_LIST_BOX_ROW (self));
}

static gboolean
button_press_cb (GtkWidget        *row,
                 GdkEventButton   *event,
                 ComfyWorkflowRow *self)
{
  if (!gdk_event_triggers_context_menu ((GdkEvent *) event))
    return GDK_EVENT_PROPAGATE;

  return comfy_workflow_row_popup_menu (self, (GdkEvent *) event);
}

static void
comfy_workflow_row_finalize (GObject *object)
{
  ComfyWorkflowRow *self = COMFY_WORKFLOW_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->thumbnails);

  G_OBJECT_CLASS (comfy_workflow_row_parent_class)->finalize (object);
}

static void
comfy_workflow_row_class_init (ComfyWorkflowRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_workflow_row_finalize;

  signals[RENAMED] =
    g_signal_new ("renamed", COMFY_TYPE_WORKFLOW_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ADDED] =
    g_signal_new ("added", COMFY_TYPE_WORKFLOW_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[REMOVED] =
    g_signal_new ("removed", COMFY_TYPE_WORKFLOW_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_workflow_row_init (ComfyWorkflowRow *self)
{
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               COMFY_UI_ONE_BACKGROUND);
}

static GtkWidget *
build_picture (ComfyWorkflowRow *self)
{
  const char *icon = comfy_library_item_get_problem (self->item) != NULL ? "dialog-warning"
                                                                         : "gimp-plugin";

  self->picture = gtk_image_new_from_icon_name (icon, GTK_ICON_SIZE_DND);
  gtk_image_set_pixel_size (GTK_IMAGE (self->picture), ICON);
  gtk_widget_set_size_request (self->picture, EDGE, EDGE);
  gtk_widget_set_valign (self->picture, GTK_ALIGN_CENTER);
  g_signal_connect (self->picture, "draw", G_CALLBACK (picture_draw_cb), self);

  return self->picture;
}

static GtkWidget *
build_names (ComfyWorkflowRow *self)
{
  const char      *path = comfy_library_item_get_path (self->item);
  g_autofree char *shown_path = NULL;

  self->names = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->names), FALSE);
  gtk_stack_set_hhomogeneous (GTK_STACK (self->names), FALSE);

  self->title = comfy_ui_heading_new (comfy_library_item_get_title (self->item));
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_END);
  if (path != NULL)
    shown_path = g_filename_display_name (path);
  gtk_widget_set_tooltip_text (self->title, shown_path);
  gtk_container_add (GTK_CONTAINER (self->names), self->title);

  self->entry = gtk_entry_new ();
  gtk_entry_set_width_chars (GTK_ENTRY (self->entry), MIN_CHARS);
  comfy_ui_set_name (self->entry, _("Name of the workflow"));
  g_signal_connect (self->entry, "activate", G_CALLBACK (entry_activate_cb), self);
  g_signal_connect (self->entry, "key-press-event", G_CALLBACK (entry_key_press_cb), self);
  g_signal_connect (self->entry, "focus-out-event", G_CALLBACK (entry_focus_out_cb), self);
  gtk_container_add (GTK_CONTAINER (self->names), self->entry);

  return self->names;
}

/* what it takes and gives, or what is wrong */
static GtkWidget *
build_facts (ComfyWorkflowRow *self)
{
  const char      *problem = comfy_library_item_get_problem (self->item);
  g_autofree char *facts = NULL;
  const char      *text = problem;
  GtkWidget       *label = comfy_ui_hint_new (NULL);

  if (problem == NULL)
    {
      /* translators: what a workflow takes, and what it gives: “a layer, a prompt → a layer”; where
       * text runs from right to left, the arrow is the other one */
      facts = g_strdup_printf (_("%s → %s"), comfy_library_item_get_takes (self->item),
                               comfy_library_item_get_gives (self->item));
      text = facts;
    }
  comfy_ui_set_hint (label, text, problem != NULL ? GTK_MESSAGE_ERROR : GTK_MESSAGE_INFO);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN_CHARS);
  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (self)), text);

  return label;
}

static void
add_to_menu (ComfyWorkflowRow *self,
             const char       *label,
             GCallback         callback)
{
  GtkWidget *entry = gtk_menu_item_new_with_mnemonic (label);

  g_signal_connect_swapped (entry, "activate", callback, self);
  gtk_menu_shell_append (GTK_MENU_SHELL (self->menu), entry);
}

static GtkWidget *
build_button (ComfyWorkflowRow *self)
{
  g_autofree char *name = NULL;

  self->button = gtk_menu_button_new ();
  gtk_widget_set_no_show_all (self->button, TRUE);
  if (!comfy_workflow_row_can_remove (self))
    return self->button;

  self->menu = gtk_menu_new ();
  if (comfy_workflow_row_can_rename (self))
    {
      add_to_menu (self, _("Re_name"), G_CALLBACK (comfy_workflow_row_start_rename));
      add_to_menu (self, _("_Move to Trash"), G_CALLBACK (removed_cb));
    }
  else
    {
      add_to_menu (self, _("_Add to My Workflows"), G_CALLBACK (added_cb));
      add_to_menu (self, _("_Remove from List"), G_CALLBACK (removed_cb));
    }
  gtk_widget_show_all (self->menu);
  g_signal_connect_swapped (self->menu, "show", G_CALLBACK (menu_shown_cb), self);

  gtk_menu_button_set_popup (GTK_MENU_BUTTON (self->button), self->menu);
  gtk_button_set_image (GTK_BUTTON (self->button),
                        gtk_image_new_from_icon_name ("view-more-symbolic", GTK_ICON_SIZE_BUTTON));
  gtk_button_set_relief (GTK_BUTTON (self->button), GTK_RELIEF_NONE);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  /* the keyboard has F2, Delete and the menu's own key; Tab would stop at each row */
  gtk_widget_set_can_focus (self->button, FALSE);
  gtk_widget_set_focus_on_click (self->button, FALSE);
  name = g_strdup_printf (_("Menu of “%s”"), comfy_library_item_get_title (self->item));
  comfy_ui_set_name (self->button, name);
  gtk_widget_show (self->button);

  return self->button;
}

static void
build (ComfyWorkflowRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *events = gtk_event_box_new ();

  gtk_event_box_set_visible_window (GTK_EVENT_BOX (events), FALSE);
  g_signal_connect (events, "button-press-event", G_CALLBACK (button_press_cb), self);
  gtk_container_set_border_width (GTK_CONTAINER (box), 6);
  gtk_box_pack_start (GTK_BOX (box), build_picture (self), FALSE, FALSE, 0);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_pack_start (GTK_BOX (texts), build_names (self), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (texts), build_facts (self), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), texts, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), build_button (self), FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (events), box);
  gtk_container_add (GTK_CONTAINER (self), events);

  if (comfy_library_item_get_problem (self->item) != NULL)
    {
      gtk_widget_set_opacity (self->picture, DIM);
      gtk_widget_set_opacity (self->title, DIM);
    }
}

/**
 * comfy_workflow_row_new:
 * @item: what to show
 * @thumbnails: the pictures of the list
 *
 * Returns: (transfer floating): a row for a list box, shown
 */
GtkWidget *
comfy_workflow_row_new (ComfyLibraryItem *item,
                        ComfyThumbnails  *thumbnails)
{
  ComfyWorkflowRow *self;

  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (item), NULL);
  g_return_val_if_fail (COMFY_IS_THUMBNAILS (thumbnails), NULL);

  self = g_object_new (COMFY_TYPE_WORKFLOW_ROW, NULL);
  self->item = g_object_ref (item);
  self->thumbnails = g_object_ref (thumbnails);
  build (self);
  comfy_ui_set_name (GTK_WIDGET (self), comfy_library_item_get_title (item));
  gtk_widget_show_all (GTK_WIDGET (self));

  return GTK_WIDGET (self);
}

/**
 * comfy_workflow_row_get_item:
 * @self: a row
 *
 * Returns: (transfer none): what it shows
 */
ComfyLibraryItem *
comfy_workflow_row_get_item (ComfyWorkflowRow *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW_ROW (self), NULL);

  return self->item;
}

/**
 * comfy_workflow_row_can_rename:
 * @self: a row
 *
 * Returns: whether it is the artist's to name
 */
gboolean
comfy_workflow_row_can_rename (ComfyWorkflowRow *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW_ROW (self), FALSE);

  return comfy_library_item_is_own (self->item);
}

/**
 * comfy_workflow_row_can_remove:
 * @self: a row
 *
 * Returns: whether it can be taken away; what came with the program cannot
 */
gboolean
comfy_workflow_row_can_remove (ComfyWorkflowRow *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW_ROW (self), FALSE);

  return comfy_library_item_get_kind (self->item) != COMFY_LIBRARY_BUILT_IN;
}

/**
 * comfy_workflow_row_start_rename:
 * @self: a row that can be renamed
 *
 * Lets the artist edit the title in place: Enter takes it, Escape leaves it.
 */
void
comfy_workflow_row_start_rename (ComfyWorkflowRow *self)
{
  g_return_if_fail (COMFY_IS_WORKFLOW_ROW (self));
  g_return_if_fail (comfy_workflow_row_can_rename (self));

  gtk_entry_set_text (GTK_ENTRY (self->entry), comfy_library_item_get_title (self->item));
  gtk_stack_set_visible_child (GTK_STACK (self->names), self->entry);
  gtk_widget_grab_focus (self->entry);
}

/**
 * comfy_workflow_row_popup_menu:
 * @self: a row
 * @event: (nullable): what asked for it: a click, or a key
 *
 * Returns: whether it has a menu, which is then open
 */
gboolean
comfy_workflow_row_popup_menu (ComfyWorkflowRow *self,
                               const GdkEvent   *event)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW_ROW (self), FALSE);

  if (self->menu == NULL)
    return FALSE;

  if (event != NULL && event->type == GDK_BUTTON_PRESS)
    gtk_menu_popup_at_pointer (GTK_MENU (self->menu), event);
  else
    gtk_menu_popup_at_widget (GTK_MENU (self->menu), self->button, GDK_GRAVITY_SOUTH_EAST,
                              GDK_GRAVITY_NORTH_EAST, event);

  return TRUE;
}
