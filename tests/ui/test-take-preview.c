/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The preview of what will be sent: true to the form and to the image at the moment it is looked
 * at, at the cost of one reading of the image at a time.
 */
#include "config.h"

#include "comfy-action-window.h"
#include "comfy-take-preview.h"
#include "session-fixture.h"
#include "test-future.h"
#include "ui-test.h"

#define IMAGE_ID 3
#define LAYER_ID 5

typedef struct
{
  SessionFixture  base;
  ComfyForm      *form;
  GtkWidget      *window;
  DexFuture      *answer; /* owned */
} Fixture;

static void
open_window (Fixture    *fixture,
             const char *action_id)
{
  g_autoptr(ComfyAction) action = session_fixture_load_test_action (action_id);
  g_autoptr(GArray)      layers = g_array_new (FALSE, FALSE, sizeof (int));
  const int              layer = LAYER_ID;

  g_array_append_val (layers, layer);
  fixture->form = comfy_form_new (action);
  comfy_form_set_image_size (fixture->form, 1200, 800);
  fixture->window = comfy_action_window_new (fixture->base.session, fixture->form, IMAGE_ID,
                                             layers);
}

/* opens the window, or comes back to it */
static void
show (Fixture *fixture)
{
  if (fixture->answer == NULL)
    fixture->answer = comfy_action_window_ask (COMFY_ACTION_WINDOW (fixture->window));
  ui_test_show (fixture->window);
}

/* @data: the test action's id */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(ComfyProfile) profile = NULL;

  session_fixture_set_up (&fixture->base, NULL);
  profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  comfy_settings_give_consent (comfy_session_get_settings (fixture->base.session),
                               comfy_endpoint_get_origin (fixture->base.endpoint));
  open_window (fixture, data);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    gtk_widget_destroy (fixture->window);
  dex_clear (&fixture->answer);
  g_clear_object (&fixture->form);
  session_fixture_tear_down (&fixture->base, NULL);
}

static void
set_preview (Fixture  *fixture,
             int       width,
             int       height,
             gboolean  has_selection)
{
  g_autoptr(ComfyPreview) preview = session_fixture_make_preview (width, height, has_selection);

  preview_host_set (fixture->base.previews, preview);
}

static gboolean
was_asked (gpointer data)
{
  return preview_host_get_n_asked (data) > 0;
}

static void
show_held (Fixture *fixture)
{
  preview_host_hold (fixture->base.previews, TRUE);
  show (fixture);
  ui_test_wait_for (was_asked, fixture->base.previews);
}

static GtkWidget *
get_within (Fixture *fixture)
{
  return ui_test_get (fixture->window, GTK_TYPE_TOGGLE_BUTTON, "Within the selection");
}

/* px from the window's top */
static int
get_y (GtkWidget *widget)
{
  int y;

  g_assert_true (gtk_widget_translate_coordinates (widget, gtk_widget_get_toplevel (widget), 0, 0,
                                                   NULL, &y));

  return y;
}

static void
test_shown (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget       *picture;
  cairo_surface_t *surface;

  show (fixture);
  ui_test_wait_until_says (fixture->window, "1024 × 768 pixels, 1.3\302\240MB");
  picture = ui_test_get (fixture->window, GTK_TYPE_IMAGE, "The picture that will be sent");
  g_object_get (picture, "surface", &surface, NULL);
  g_assert_nonnull (surface);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==,
                   128 * gtk_widget_get_scale_factor (picture));
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==,
                   96 * gtk_widget_get_scale_factor (picture));
  cairo_surface_destroy (surface);

  g_assert_cmpint (preview_host_get_image_id (fixture->base.previews), ==, IMAGE_ID);
  g_assert_cmpint (preview_host_get_layer_id (fixture->base.previews), ==, LAYER_ID);

  /* below what says whose pixels are taken, above all else */
  g_assert_true (gtk_widget_is_sensitive (get_within (fixture)));
  ui_test_shoot (fixture->window, "preview");
  g_assert_cmpint (get_y (picture), >, get_y (get_within (fixture)));
  g_assert_cmpint (get_y (picture), <,
                   get_y (ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Model")));
  ui_test_check_people (fixture->window);
}

static void
test_small (Fixture       *fixture,
            gconstpointer  data)
{
  set_preview (fixture, 1, 1, TRUE);
  show (fixture);
  ui_test_wait_until_says (fixture->window, "1 × 1 pixels");
}

/* what the form says is asked for, once; words in a prompt ask for nothing else */
static void
test_follows_form (Fixture       *fixture,
                   gconstpointer  data)
{
  PreviewHost *host = fixture->base.previews;
  GtkWidget   *preview;

  show (fixture);
  ui_test_wait_until_says (fixture->window, "1024 × 768 pixels");
  g_assert_cmpuint (preview_host_get_n_asked (host), ==, 1);
  g_assert_cmpint (preview_host_get_take (host)->source, ==, COMFY_SOURCE_LAYER);
  g_assert_cmpint (preview_host_get_take (host)->extent, ==, COMFY_EXTENT_SELECTION);

  set_preview (fixture, 640, 480, TRUE);
  preview = ui_test_get (fixture->window, COMFY_TYPE_TAKE_PREVIEW, "");
  comfy_form_set_value (fixture->form, "text", g_variant_new_string ("an oak"));
  g_assert_null (g_main_context_find_source_by_user_data (NULL, preview));
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX,
                                                           "Take")), "visible");
  ui_test_click (fixture->window, "Within the selection");
  ui_test_wait_until_says (fixture->window, "640 × 480 pixels");
  g_assert_cmpuint (preview_host_get_n_asked (host), ==, 2);
  g_assert_cmpint (preview_host_get_take (host)->source, ==, COMFY_SOURCE_VISIBLE);
  g_assert_cmpint (preview_host_get_take (host)->extent, ==, COMFY_EXTENT_WHOLE);
}

/* the selection or the layer may be another one now */
static void
test_follows_image (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkWidget *other = gtk_window_new (GTK_WINDOW_TOPLEVEL);

  show (fixture);
  ui_test_wait_until_says (fixture->window, "1024 × 768 pixels");
  ui_test_show (other);
  set_preview (fixture, 320, 240, FALSE);
  show (fixture);
  ui_test_wait_until_says (fixture->window, "320 × 240 pixels");
  g_assert_cmpuint (preview_host_get_n_asked (fixture->base.previews), ==, 2);
  gtk_widget_destroy (other);
}

/* preview_host_preview() ends the test when there are two at once */
static void
test_one_at_a_time (Fixture       *fixture,
                    gconstpointer  data)
{
  PreviewHost *host = fixture->base.previews;
  GtkWidget   *other = gtk_window_new (GTK_WINDOW_TOPLEVEL);

  show_held (fixture);
  g_assert_true (ui_test_says (fixture->window, "The image is being read…"));
  /* the window is looked at again while the first is on its way: once more, but later */
  ui_test_show (other);
  show (fixture);
  ui_test_show (other);
  show (fixture);
  g_assert_cmpuint (preview_host_get_n_asked (host), ==, 1);

  /* the answer to the first is shown, and the next one waits */
  preview_host_hold (host, TRUE);
  ui_test_wait_until_says (fixture->window, "1024 × 768 pixels");
  g_assert_cmpuint (preview_host_get_n_asked (host), ==, 2);
  set_preview (fixture, 320, 240, TRUE);
  preview_host_hold (host, FALSE);
  ui_test_wait_until_says (fixture->window, "320 × 240 pixels");
  g_assert_cmpuint (preview_host_get_n_asked (host), ==, 2);
  gtk_widget_destroy (other);
}

static void
test_closed (Fixture       *fixture,
             gconstpointer  data)
{
  show_held (fixture);
  g_assert_cmpuint (preview_host_get_n_dropped (fixture->base.previews), ==, 0);
  gtk_widget_destroy (g_steal_pointer (&fixture->window));
  g_assert_cmpuint (preview_host_get_n_dropped (fixture->base.previews), ==, 1);
}

/* while the image is read for good, it is not read for a picture; afterwards it is again */
static void
test_accepted (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = comfy_error_new (COMFY_ERROR_IMAGE, NULL, "It cannot be read.");

  show_held (fixture);
  comfy_form_set_value (fixture->form, "text", g_variant_new_string ("an oak"));
  ui_test_click (fixture->window, "Go On");
  test_await_true (g_steal_pointer (&fixture->answer));
  g_assert_cmpuint (preview_host_get_n_dropped (fixture->base.previews), ==, 1);

  preview_host_hold (fixture->base.previews, FALSE);
  set_preview (fixture, 320, 240, TRUE);
  comfy_action_window_show_error (COMFY_ACTION_WINDOW (fixture->window), error);
  ui_test_wait_until_says (fixture->window, "320 × 240 pixels");
}

static void
test_problem (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *other = gtk_window_new (GTK_WINDOW_TOPLEVEL);

  set_preview (fixture, 640, 480, FALSE);
  show (fixture);
  ui_test_wait_until_says (fixture->window, "640 × 480 pixels");
  preview_host_fail (fixture->base.previews, COMFY_ERROR_INVALID_ARGUMENT,
                           "“Everything” fills what is selected, and nothing is. Select the part "
                           "that you want to be filled.");
  ui_test_show (other);
  show (fixture);
  ui_test_wait_until_says (fixture->window, "Select the part");
  g_assert_false (ui_test_says (fixture->window, "640 × 480"));
  /* whether something is selected is not known then */
  g_assert_true (gtk_widget_is_sensitive (get_within (fixture)));
  ui_test_shoot (fixture->window, "preview-problem");
  ui_test_check_people (fixture->window);

  set_preview (fixture, 320, 240, TRUE);
  ui_test_show (other);
  show (fixture);
  ui_test_wait_until_says (fixture->window, "320 × 240 pixels");
  g_assert_false (ui_test_says (fixture->window, "Select the part"));
  gtk_widget_destroy (other);
}

static void
test_nothing_selected (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkWidget       *within;
  GtkWidget       *other = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  g_autofree char *why = NULL;
  g_autofree char *hint = NULL;

  set_preview (fixture, 512, 1024, FALSE);
  show (fixture);
  ui_test_wait_until_says (fixture->window, "512 × 1024 pixels");
  within = get_within (fixture);
  g_assert_false (gtk_widget_is_sensitive (within));
  why = gtk_widget_get_tooltip_text (within);
  g_assert_cmpstr (why, ==, "Nothing is selected in the image, so all of it is taken.");
  /* what the artist wants for when something is, stays */
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (within)));
  ui_test_shoot (fixture->window, "preview-nothing-selected");

  set_preview (fixture, 320, 240, TRUE);
  ui_test_show (other);
  show (fixture);
  ui_test_wait_until_says (fixture->window, "320 × 240 pixels");
  g_assert_true (gtk_widget_is_sensitive (within));
  hint = gtk_widget_get_tooltip_text (within);
  g_assert_cmpstr (hint, ==, "Only what is selected is sent and changed");

  /* of all of it, a preview says nothing of a selection; the way back stays open */
  set_preview (fixture, 640, 480, FALSE);
  ui_test_click (fixture->window, "Within the selection");
  ui_test_wait_until_says (fixture->window, "640 × 480 pixels");
  g_assert_true (gtk_widget_is_sensitive (within));
  gtk_widget_destroy (other);
}

/* a canvas that stays as it is has no new part to be painted */
static void
test_grows (Fixture       *fixture,
            gconstpointer  data)
{
  PreviewHost *host = fixture->base.previews;

  show (fixture);
  ui_test_wait_until_says (fixture->window, "the canvas does not grow");
  g_assert_cmpuint (preview_host_get_n_asked (host), ==, 0);
  ui_test_shoot (fixture->window, "preview-no-edges");

  gtk_combo_box_set_active_id (GTK_COMBO_BOX (ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX,
                                                           "Ratio")), "16:9");
  ui_test_wait_until_says (fixture->window, "1024 × 768 pixels");
  g_assert_cmpuint (preview_host_get_n_asked (host), ==, 1);
  g_assert_cmpint (preview_host_get_take (host)->edges.left, ==, 111);
  ui_test_shoot (fixture->window, "preview-edges");
  ui_test_check_people (fixture->window);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, action, function) \
  g_test_add ("/take-preview/" path, Fixture, action, set_up, function, tear_down)

  add ("shows-what-will-be-sent", "everything", test_shown);
  add ("the-smallest-picture", "everything", test_small);
  add ("follows-the-form", "everything", test_follows_form);
  add ("follows-the-image", "everything", test_follows_image);
  add ("one-at-a-time", "everything", test_one_at_a_time);
  add ("ends-with-the-window", "everything", test_closed);
  add ("makes-way-for-the-run", "everything", test_accepted);
  add ("a-problem-is-said-in-its-place", "everything", test_problem);
  add ("nothing-selected-limits-nothing", "everything", test_nothing_selected);
  add ("needs-edges-that-grow", "grow", test_grows);

  return g_test_run ();
}
