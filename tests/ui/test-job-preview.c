/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The live preview: pictures from outside, seen as they come, at the cost of one at a time.
 */
#include "config.h"

#include <gdk/gdkx.h>
#include <libdex.h>

#include "comfy-codec.h"
#include "comfy-job-preview.h"
#include "comfy-thumbnail.h"
#include "test-future.h"
#include "ui-test.h"

#define EDGE 72 /* px, before the screen's scale */

typedef struct
{
  GtkWidget    *window;
  GtkWidget    *preview;
  unsigned int  n_resized;
} Fixture;

static void
count_cb (ComfyJobPreview *preview,
          Fixture         *fixture)
{
  fixture->n_resized++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  fixture->preview = comfy_job_preview_new ();
  g_signal_connect (fixture->preview, "resized", G_CALLBACK (count_cb), fixture);
  gtk_box_pack_start (GTK_BOX (box), fixture->preview, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), gtk_label_new ("Beside it"), FALSE, FALSE, 0);
  fixture->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_container_add (GTK_CONTAINER (fixture->window), box);
  gtk_widget_show_all (box);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_widget_destroy (fixture->window);
}

/* a photograph as a file (transfer full) */
static GBytes *
make_photo (int width,
            int height)
{
  static GdkPixbuf      *photo = NULL; /* owned by the process: large, and read once */
  g_autofree char       *path = g_test_build_filename (G_TEST_DIST, "data", "raccoon.jpg", NULL);
  g_autoptr(GError)      error = NULL;
  g_autoptr(GdkPixbuf)   scaled = NULL;
  char                  *data;
  size_t                 length;

  if (photo == NULL)
    photo = gdk_pixbuf_new_from_file_at_scale (path, 512, 512, FALSE, &error);
  g_assert_no_error (error);
  scaled = gdk_pixbuf_scale_simple (photo, width, height, GDK_INTERP_BILINEAR);
  gdk_pixbuf_save_to_buffer (scaled, &data, &length, "jpeg", &error, NULL);
  g_assert_no_error (error);

  return g_bytes_new_take (data, length);
}

/* more than is decoded (transfer full) */
static GBytes *
make_huge (void)
{
  g_autoptr(GError)     error = NULL;
  g_autoptr(GdkPixbuf)  picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 2001, 2000);
  char                 *data;
  size_t                length;

  gdk_pixbuf_fill (picture, 0x336699ff);
  gdk_pixbuf_save_to_buffer (picture, &data, &length, "jpeg", &error, NULL);
  g_assert_no_error (error);

  return g_bytes_new_take (data, length);
}

static void
set_photo (Fixture *fixture,
           int      width,
           int      height)
{
  g_autoptr(GBytes) file = make_photo (width, height);

  comfy_job_preview_set_file (COMFY_JOB_PREVIEW (fixture->preview), file);
}

static gboolean
is_idle (gpointer data)
{
  return !comfy_job_preview_is_busy (data);
}

/* until all that came is looked at */
static void
settle (Fixture *fixture)
{
  ui_test_wait_for (is_idle, fixture->preview);
}

/* (nullable) (transfer none) */
static GtkWidget *
find_picture (Fixture *fixture)
{
  return ui_test_find (fixture->preview, GTK_TYPE_IMAGE, "The picture as far as it is");
}

static cairo_surface_t *
get_surface (Fixture *fixture)
{
  cairo_surface_t *surface;

  g_assert_nonnull (find_picture (fixture));
  g_object_get (find_picture (fixture), "surface", &surface, NULL);
  g_assert_nonnull (surface);

  return surface;
}

/* in px of the screen */
static void
assert_size (Fixture *fixture,
             int      width,
             int      height)
{
  cairo_surface_t *surface = get_surface (fixture);

  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, width);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, height);
  cairo_surface_destroy (surface);
}

static void
test_comes_and_goes (Fixture       *fixture,
                     gconstpointer  data)
{
  ui_test_show (fixture->window);
  g_assert_null (find_picture (fixture));
  g_assert_cmpint (gtk_widget_get_allocated_width (fixture->preview), <=, 1);

  set_photo (fixture, 512, 256);
  settle (fixture);
  assert_size (fixture, EDGE, EDGE / 2);
  g_assert_cmpuint (fixture->n_resized, ==, 1);
  set_photo (fixture, 48, 60);
  settle (fixture);
  assert_size (fixture, 48, 60);
  g_assert_cmpuint (fixture->n_resized, ==, 1);
  ui_test_shoot_both (fixture->window, "job-preview");

  comfy_job_preview_set_file (COMFY_JOB_PREVIEW (fixture->preview), NULL);
  g_assert_null (find_picture (fixture));
  g_assert_cmpuint (fixture->n_resized, ==, 2);
}

static void
test_as_fine_as_the_screen (Fixture       *fixture,
                            gconstpointer  data)
{
  GdkDisplay *display = gdk_display_get_default ();

  ui_test_show (fixture->window);
  set_photo (fixture, 512, 256);
  settle (fixture);
  gdk_x11_display_set_window_scale (display, 2);
  ui_test_wait_for_paint (fixture->window);
  settle (fixture);
  assert_size (fixture, 2 * EDGE, EDGE);
  set_photo (fixture, 256, 512);
  settle (fixture);
  assert_size (fixture, EDGE, 2 * EDGE);
  gdk_x11_display_set_window_scale (display, 1);
}

static void
shown_cb (GtkImage   *picture,
          GParamSpec *pspec,
          GArray     *widths)
{
  cairo_surface_t *surface;
  int              width;

  g_object_get (picture, "surface", &surface, NULL);
  if (surface == NULL)
    return;

  width = cairo_image_surface_get_width (surface);
  g_array_append_val (widths, width);
  cairo_surface_destroy (surface);
}

/* while one is decoded all others but the newest are passed over, and none comes late */
static void
test_only_the_newest (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GArray) widths = g_array_new (FALSE, FALSE, sizeof (int));

  ui_test_show (fixture->window);
  set_photo (fixture, 10, 10);
  settle (fixture);
  g_signal_connect (find_picture (fixture), "notify::surface", G_CALLBACK (shown_cb), widths);

  for (int width = 12; width <= 20; width += 2)
    set_photo (fixture, width, 10);
  settle (fixture);
  g_assert_cmpuint (widths->len, ==, 1);
  g_assert_cmpint (g_array_index (widths, int, 0), ==, 20);

  for (int width = 21; width <= 70; width++)
    {
      set_photo (fixture, width, 10);
      g_main_context_iteration (NULL, FALSE);
    }
  settle (fixture);
  for (unsigned int i = 1; i < widths->len; i++)
    g_assert_cmpint (g_array_index (widths, int, i), >, g_array_index (widths, int, i - 1));
  assert_size (fixture, 70, 10);
}

static void
set_bytes (Fixture *fixture,
           GBytes  *bytes)
{
  comfy_job_preview_set_file (COMFY_JOB_PREVIEW (fixture->preview), bytes);
  g_assert_true (comfy_job_preview_is_busy (COMFY_JOB_PREVIEW (fixture->preview)));
  settle (fixture);
}

static void
test_what_is_no_picture (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GBytes) garbage = g_bytes_new_static ("\xff\xd8\xff nothing more", 16);
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr(GBytes) huge = make_huge ();
  g_autoptr(GBytes) whole = make_photo (60, 30);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (whole, 0, 200);

  ui_test_show (fixture->window);
  set_bytes (fixture, garbage);
  set_bytes (fixture, huge);
  g_assert_null (find_picture (fixture));

  set_photo (fixture, 40, 30);
  settle (fixture);
  set_bytes (fixture, garbage);
  set_bytes (fixture, empty);
  set_bytes (fixture, huge);
  set_bytes (fixture, cut);
  assert_size (fixture, 40, 30);
  set_bytes (fixture, whole);
  assert_size (fixture, 60, 30);
}

/* grey, and deep: the screen has neither */
static void
test_every_kind (Fixture       *fixture,
                 gconstpointer  data)
{
  guint8  *grey = g_malloc (4 * 2);
  guint16 *deep = g_new (guint16, 4 * 2 * 3);
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(ComfyPixels) deep_pixels = NULL;
  g_autoptr(GBytes)      file = NULL;
  g_autoptr(GBytes)      deep_file = NULL;
  cairo_surface_t       *surface;

  for (unsigned int i = 0; i < 4 * 2; i++)
    {
      grey[i] = 0x40;
      deep[3 * i] = 0xff12;
      deep[3 * i + 1] = 0x8034;
      deep[3 * i + 2] = 0x0056;
    }
  pixels = comfy_pixels_new_take (4, 2, 1, 8, grey);
  deep_pixels = comfy_pixels_new_take (4, 2, 3, 16, deep);
  file = test_await_boxed (comfy_codec_encode_bytes (pixels, COMFY_FORMAT_PNG));
  deep_file = test_await_boxed (comfy_codec_encode_bytes (deep_pixels, COMFY_FORMAT_PNG));

  ui_test_show (fixture->window);
  set_bytes (fixture, file);
  surface = get_surface (fixture);
  g_assert_cmphex (*(guint32 *) cairo_image_surface_get_data (surface) & 0xffffff, ==, 0x404040);
  cairo_surface_destroy (surface);

  set_bytes (fixture, deep_file);
  assert_size (fixture, 4, 2);
  surface = get_surface (fixture);
  g_assert_cmphex (*(guint32 *) cairo_image_surface_get_data (surface) & 0xffffff, ==, 0xff8000);
  cairo_surface_destroy (surface);
}

static void
test_too_late (Fixture       *fixture,
               gconstpointer  data)
{
  const int               edge = 2048;
  g_autoptr(ComfyPixels)  pixels = NULL;
  g_autoptr(GBytes)       large = NULL;
  g_autoptr(DexFuture)    before = NULL;

  pixels = comfy_pixels_new_take (edge, edge, 4, 8, g_malloc0_n (edge, (size_t) edge * 4));
  large = test_await_boxed (comfy_codec_encode_bytes (pixels, COMFY_FORMAT_PNG));
  ui_test_show (fixture->window);
  /* its turn comes after this one's */
  before = comfy_thumbnail_load_bytes (large, G_MAXUINT32, 96);
  set_photo (fixture, 512, 512);
  /* asks for it */
  g_main_context_iteration (NULL, FALSE);
  comfy_job_preview_set_file (COMFY_JOB_PREVIEW (fixture->preview), NULL);
  settle (fixture);
  g_assert_null (find_picture (fixture));
  g_assert_cmpuint (fixture->n_resized, ==, 0);
}

static void
test_only_while_seen (Fixture       *fixture,
                      gconstpointer  data)
{
  set_photo (fixture, 512, 256);
  g_assert_true (is_idle (fixture->preview));
  ui_test_show (fixture->window);
  settle (fixture);
  assert_size (fixture, EDGE, EDGE / 2);
}

static void
test_closed_meanwhile (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GtkWidget) preview = g_object_ref (fixture->preview);

  ui_test_show (fixture->window);
  set_photo (fixture, 512, 256);
  g_main_context_iteration (NULL, FALSE);
  gtk_widget_destroy (fixture->window);
  settle (fixture);
  fixture->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
}

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/job-preview/" path, Fixture, NULL, set_up, function, tear_down)

  add ("comes-and-goes", test_comes_and_goes);
  add ("as-fine-as-the-screen", test_as_fine_as_the_screen);
  add ("only-the-newest-is-looked-at", test_only_the_newest);
  add ("what-is-no-picture-is-left-out", test_what_is_no_picture);
  add ("every-kind-of-picture", test_every_kind);
  add ("a-late-one-is-dropped", test_too_late);
  add ("nothing-is-decoded-unseen", test_only_while_seen);
  add ("closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
