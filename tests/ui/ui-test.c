/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include <string.h>
#include <gdk/gdkkeysyms.h>
#include <glib/gstdio.h>
#include <libdex.h>

#include "ui-test.h"

/* one for the process: what it holds is exchanged */
static GtkCssProvider *theme; /* owned */

static void
use_theme (gboolean is_dark)
{
  g_autofree char   *css = g_build_filename (g_getenv ("COMFY_TEST_GIMP_DATA_DIR"),
                                             "themes", "Default",
                                             is_dark ? "gimp-dark.css" : "gimp-light.css", NULL);
  g_autoptr(GError)  error = NULL;

  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", is_dark, NULL);
  gtk_css_provider_load_from_path (theme, css, &error);
  g_assert_no_error (error);
}

/* GIMP's own look, so that the screenshots show what an artist sees */
static void
use_look_of_gimp (void)
{
  g_autofree char *icons = g_build_filename (g_getenv ("COMFY_TEST_GIMP_DATA_DIR"), "icons", NULL);

  gtk_icon_theme_prepend_search_path (gtk_icon_theme_get_default (), icons);
  g_object_set (gtk_settings_get_default (),
                "gtk-theme-name", "Adwaita",
                "gtk-icon-theme-name", "Default",
                "gtk-enable-animations", FALSE,
                "gtk-cursor-blink", FALSE,
                NULL);
  theme = gtk_css_provider_new ();
  use_theme (TRUE);
  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (), GTK_STYLE_PROVIDER (theme),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* into the corner where no window is: a tooltip would hide, for a while, what is looked at */
static void
put_pointer_away (void)
{
  GdkSeat *seat = gdk_display_get_default_seat (gdk_display_get_default ());
  int      width;
  int      height;

  gdk_window_get_geometry (gdk_get_default_root_window (), NULL, NULL, &width, &height);
  gdk_device_warp (gdk_seat_get_pointer (seat), gdk_screen_get_default (), width - 1, height - 1);
}

/* As gtk_test_init(), with GIMP's theme. */
void
ui_test_init (int    *argc,
              char ***argv)
{
  g_test_init (argc, argv, NULL);
  dex_init ();
  gtk_init (argc, argv);
  use_look_of_gimp ();
  put_pointer_away ();
}

/* Runs the main loop until @condition holds; meson's time limit ends a test that waits in vain. */
void
ui_test_wait_for (UiTestCondition condition,
                  gpointer        data)
{
  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
set_true (gboolean *flag)
{
  *flag = TRUE;
}

/* the window manager has the last word on the size, and takes its time */
static gboolean
is_large_enough (gpointer data)
{
  GtkWidget *window = data;
  int        width = gtk_widget_get_allocated_width (window);
  int        minimum;

  gtk_widget_get_preferred_height_for_width (window, width, &minimum, NULL);

  return gtk_widget_get_allocated_height (window) >= minimum;
}

/* until everything is laid out and on the screen */
void
ui_test_wait_for_paint (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gboolean       painted = FALSE;
  gulong         handler;

  while (gtk_events_pending ())
    gtk_main_iteration ();
  ui_test_wait_for (is_large_enough, window);

  handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (set_true), &painted);
  gtk_widget_queue_draw (window);
  ui_test_wait_for (is_true, &painted);
  g_signal_handler_disconnect (clock, handler);
  gdk_display_sync (gtk_widget_get_display (window));
}

static gboolean
is_active (gpointer window)
{
  return gtk_window_is_active (window);
}

/* Shows @window and waits until the window manager has given it the focus. */
void
ui_test_show (GtkWidget *window)
{
  gtk_window_present (GTK_WINDOW (window));
  ui_test_wait_for (is_active, window);
  ui_test_wait_for_paint (window);
}

/* A picture of @window as build/screens/@name.png */
void
ui_test_shoot (GtkWidget  *window,
               const char *name)
{
  const char           *folder = g_getenv ("COMFY_TEST_SCREENS_DIR");
  g_autofree char      *file_name = g_strconcat (name, ".png", NULL);
  g_autofree char      *path = g_build_filename (folder, file_name, NULL);
  g_autoptr(GdkPixbuf)  pixels = NULL;
  g_autoptr(GError)     error = NULL;
  GdkWindow            *gdk_window = gtk_widget_get_window (window);

  ui_test_wait_for_paint (window);
  g_assert_no_errno (g_mkdir_with_parents (folder, 0755));
  pixels = gdk_pixbuf_get_from_window (gdk_window, 0, 0, gdk_window_get_width (gdk_window),
                                       gdk_window_get_height (gdk_window));
  gdk_pixbuf_save (pixels, path, "png", &error, NULL);
  g_assert_no_error (error);
}

/* The same in GIMP's dark and, as build/screens/@name-light.png, in its light theme */
void
ui_test_shoot_both (GtkWidget  *window,
                    const char *name)
{
  g_autofree char *light = g_strconcat (name, "-light", NULL);

  ui_test_shoot (window, name);
  use_theme (FALSE);
  ui_test_shoot (window, light);
  use_theme (TRUE);
  ui_test_wait_for_paint (window);
}

/* without the mnemonic's underscore */
static char *
dup_plain (const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, "_", -1);

  return g_strjoinv (NULL, parts);
}

/* What assistive technology calls @widget: its own name, or that of its label; without the colon */
char *
ui_test_dup_name (GtkWidget *widget)
{
  AtkObject                 *object = gtk_widget_get_accessible (widget);
  g_autoptr(AtkRelationSet)  relations = atk_object_ref_relation_set (object);
  AtkRelation               *relation;
  const char                *name = atk_object_get_name (object);
  char                      *plain;

  relation = atk_relation_set_get_relation_by_type (relations, ATK_RELATION_LABELLED_BY);
  if (relation != NULL)
    name = atk_object_get_name (g_ptr_array_index (atk_relation_get_target (relation), 0));

  plain = g_strdup (name != NULL ? name : "");
  if (g_str_has_suffix (plain, ":"))
    plain[strlen (plain) - 1] = '\0';

  return plain;
}

/* into what can be seen: a folded expander keeps its child mapped */
void
ui_test_descend (GtkWidget   *widget,
                 GtkCallback  callback,
                 gpointer     data)
{
  if (GTK_IS_CONTAINER (widget) &&
      !(GTK_IS_EXPANDER (widget) && !gtk_expander_get_expanded (GTK_EXPANDER (widget))))
    gtk_container_forall (GTK_CONTAINER (widget), callback, data);
}

typedef struct
{
  GtkWidget  *root;
  GType       type;
  const char *name;
  GtkWidget  *found; /* borrowed */
} Search;

static void
search_cb (GtkWidget *widget,
           gpointer   data)
{
  Search *search = data;

  if (search->found != NULL || !gtk_widget_get_visible (widget) ||
      !gtk_widget_get_child_visible (widget))
    return;

  if (g_type_is_a (G_OBJECT_TYPE (widget), search->type))
    {
      g_autofree char *name = ui_test_dup_name (widget);
      g_autofree char *label = NULL;

      if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
        label = dup_plain (gtk_button_get_label (GTK_BUTTON (widget)));
      if (g_str_equal (name, search->name) || g_strcmp0 (label, search->name) == 0)
        {
          search->found = widget;
          return;
        }
    }

  ui_test_descend (widget, search_cb, data);
}

/* Returns: (nullable): the visible widget of @type below @root with @name */
GtkWidget *
ui_test_find (GtkWidget  *root,
              GType       type,
              const char *name)
{
  Search search = { root, type, name, NULL };

  search_cb (root, &search);

  return search.found;
}

/* As ui_test_find(), and it must be there. */
GtkWidget *
ui_test_get (GtkWidget  *root,
             GType       type,
             const char *name)
{
  GtkWidget *found = ui_test_find (root, type, name);

  if (found == NULL)
    g_error ("There is no %s “%s” to be seen.", g_type_name (type), name);

  return found;
}

static gboolean
is_there (gpointer data)
{
  Search *search = data;

  search_cb (search->root, search);

  /* what an expander unfolds is visible before it has a place */
  return search->found != NULL && gtk_widget_get_allocated_width (search->found) > 1;
}

/* As ui_test_get(), once it is there. */
GtkWidget *
ui_test_wait_until_there (GtkWidget  *root,
                          GType       type,
                          const char *name)
{
  Search search = { root, type, name, NULL };

  ui_test_wait_for (is_there, &search);

  return search.found;
}

/* Clicks the button with @name, which must be sensitive. */
void
ui_test_click (GtkWidget  *root,
               const char *name)
{
  GtkWidget *button = ui_test_get (root, GTK_TYPE_BUTTON, name);

  g_assert_true (gtk_widget_is_sensitive (button));
  gtk_button_clicked (GTK_BUTTON (button));
}

typedef struct
{
  GtkWidget  *root;
  const char *text;
  gboolean    found;
} Saying;

static void
says_cb (GtkWidget *widget,
         gpointer   data)
{
  Saying *saying = data;

  if (saying->found || !gtk_widget_get_visible (widget) || !gtk_widget_get_child_visible (widget))
    return;

  if (GTK_IS_LABEL (widget))
    saying->found = strstr (gtk_label_get_text (GTK_LABEL (widget)), saying->text) != NULL;
  else
    ui_test_descend (widget, says_cb, data);
}

/* Returns: whether a visible label below @root holds @text */
gboolean
ui_test_says (GtkWidget  *root,
              const char *text)
{
  Saying saying = { root, text, FALSE };

  says_cb (root, &saying);

  return saying.found;
}

static gboolean
says_condition (gpointer data)
{
  Saying *saying = data;

  return ui_test_says (saying->root, saying->text);
}

/* Waits until a visible label below @root holds @text. */
void
ui_test_wait_until_says (GtkWidget  *root,
                         const char *text)
{
  Saying saying = { root, text, FALSE };

  ui_test_wait_for (says_condition, &saying);
}

/* Presses a key, wherever in @window the focus is. */
void
ui_test_press (GtkWidget       *window,
               unsigned int     keyval,
               GdkModifierType  modifiers)
{
  GdkDisplay               *display = gtk_widget_get_display (window);
  GdkSeat                  *seat = gdk_display_get_default_seat (display);
  GdkEvent                 *event = gdk_event_new (GDK_KEY_PRESS);
  g_autofree GdkKeymapKey  *keys = NULL;
  int                       n_keys;

  g_assert_true (gdk_keymap_get_entries_for_keyval (gdk_keymap_get_for_display (display), keyval,
                                                    &keys, &n_keys));
  event->key.window = g_object_ref (gtk_widget_get_window (window));
  event->key.keyval = keyval;
  event->key.state = modifiers;
  event->key.hardware_keycode = keys[0].keycode;
  gdk_event_set_device (event, gdk_seat_get_keyboard (seat));
  gtk_main_do_event (event);
  gdk_event_free (event);
  while (gtk_events_pending ())
    gtk_main_iteration ();
}
