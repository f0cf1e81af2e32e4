/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the canvas's measures are made of, and the plug-in that they are: they run inside of GIMP, on
 * its pixels. See bench-canvas.py.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "canvas-bench.h"
#include "comfy-gimp-host.h"
#include "test-future.h"

/* bench-canvas.py looks for it */
#define PREFIX "canvas: "

#define BENCH_TYPE_PLUG_IN (bench_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (BenchPlugIn, bench_plug_in, BENCH, PLUG_IN, GimpPlugIn)

struct _BenchPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (BenchPlugIn, bench_plug_in, GIMP_TYPE_PLUG_IN)

double
bench_now_ms (void)
{
  return g_get_monotonic_time () / 1000.0;
}

static int
compare (const void *a,
         const void *b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return (one > other) - (one < other);
}

/* (element-type double): sorted afterwards */
double
bench_median (GArray *values)
{
  g_array_sort (values, compare);

  return g_array_index (values, double, values->len / 2);
}

void
bench_say (const char *format,
           ...)
{
  g_autofree char *line = NULL;
  va_list          arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_print (PREFIX "%s\n", line);
}

/* @format: a line with the value and its goal */
void
bench_judge (Bench      *bench,
             gboolean    reached,
             const char *format,
             ...)
{
  g_autofree char *line = NULL;
  va_list          arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_print (PREFIX "%s%s\n", line, reached ? "" : " MISSED");
  if (!reached)
    bench->missed = TRUE;
}

Bench *
bench_new (void)
{
  Bench *bench = g_new0 (Bench, 1);

  bench->folder = g_dir_make_tmp ("comfy-bench-XXXXXX", NULL);
  g_assert_nonnull (bench->folder);
  bench->host = comfy_gimp_host_new (FALSE);

  return bench;
}

void
bench_free (Bench *bench)
{
  test_remove_tree (bench->folder);
  g_free (bench->folder);
  g_object_unref (bench->host);
  g_free (bench);
}

/* what a measure leaves of files */
void
bench_empty (Bench *bench)
{
  test_remove_tree (bench->folder);
  g_assert_no_errno (g_mkdir (bench->folder, 0700));
}

/* (transfer full): as an action that edits says it, with nothing scaled */
ComfyTake *
bench_new_take (ComfySource source,
                ComfyExtent extent)
{
  ComfyTake *take = comfy_take_new ();

  take->title = g_strdup ("Bench");
  take->source = source;
  take->extent = extent;
  take->max_pixels = (guint64) 1 << 26;
  take->keep_alpha = TRUE;
  comfy_target_set (&take->image, "1", "image");

  return take;
}

/* (transfer full) */
ComfyCapture *
bench_capture (Bench     *bench,
               ComfyTake *take,
               GimpImage *image,
               GimpLayer *layer)
{
  g_autoptr(GArray) layer_ids = g_array_new (FALSE, FALSE, sizeof (int));
  int               id = gimp_item_get_id (GIMP_ITEM (layer));

  g_array_append_val (layer_ids, id);

  return test_await_boxed (comfy_host_capture (bench->host, take, gimp_image_get_id (image),
                                               layer_ids, bench->folder));
}

guint64
bench_get_sent_bytes (Bench        *bench,
                      ComfyCapture *capture)
{
  guint64 bytes = 0;

  for (unsigned int i = 0; i < capture->inputs->len; i++)
    {
      const ComfyInput *input = g_ptr_array_index (capture->inputs, i);
      g_autofree char  *path = g_build_filename (bench->folder, input->file, NULL);
      GStatBuf          status;

      g_assert_no_errno (g_stat (path, &status));
      bytes += status.st_size;
    }

  return bytes;
}

/* RGBA, on top */
GimpLayer *
bench_add_layer (GimpImage   *image,
                 ComfyPixels *pixels)
{
  g_autoptr(GeglBuffer)  buffer = NULL;
  GimpLayer             *layer;

  layer = gimp_layer_new (image, "bench", pixels->width, pixels->height, GIMP_RGBA_IMAGE, 100.0,
                          GIMP_LAYER_MODE_NORMAL);
  gimp_image_insert_layer (image, layer, NULL, 0);
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  gegl_buffer_set (buffer, GEGL_RECTANGLE (0, 0, pixels->width, pixels->height), 0,
                   babl_format ("R'G'B'A u8"), g_bytes_get_data (pixels->data, NULL),
                   (int) pixels->stride);

  return layer;
}

/* of that one layer, without undo: what is undone would count as memory and time of a later round */
GimpImage *
bench_new_image (ComfyPixels  *pixels,
                 GimpLayer   **out_layer)
{
  GimpImage *image = gimp_image_new (pixels->width, pixels->height, GIMP_RGB);

  gimp_image_undo_disable (image);
  *out_layer = bench_add_layer (image, pixels);

  return image;
}

/* by GIMP's own plug-in; @level: of zlib, -1: its default */
void
bench_export_png (GimpImage  *image,
                  const char *path,
                  int         level)
{
  GimpProcedure       *procedure = gimp_pdb_lookup_procedure (gimp_get_pdb (), "file-png-export");
  GimpProcedureConfig *config = gimp_procedure_create_config (procedure);
  g_autoptr(GFile)     file = g_file_new_for_path (path);
  GimpValueArray      *values;

  g_object_set (config, "run-mode", GIMP_RUN_NONINTERACTIVE, "image", image, "file", file, NULL);
  if (level >= 0)
    g_object_set (config, "compression", level, NULL);
  values = gimp_procedure_run_config (procedure, config);
  g_assert_cmpint (GIMP_VALUES_GET_ENUM (values, 0), ==, GIMP_PDB_SUCCESS);
  gimp_value_array_unref (values);
  g_object_unref (config);
}

static void
prepare (GimpProcedure *procedure)
{
  dex_init ();
  gegl_init (NULL, NULL);
  gimp_plug_in_set_pdb_error_handler (gimp_procedure_get_plug_in (procedure),
                                      GIMP_PDB_ERROR_HANDLER_PLUGIN);
}

static GimpValueArray *
run (GimpProcedure       *procedure,
     GimpProcedureConfig *config,
     void                *data)
{
  static const struct
  {
    const char *name;
    void      (*run) (Bench *bench);
  } measures[] = {
    { "capture", bench_run_capture }, { "hold", bench_run_hold },
    { "place", bench_run_place },     { "memory", bench_run_memory },
    { "canvas", bench_run_canvas },
  };
  g_autofree char *measure = NULL;
  gboolean         done = FALSE;
  Bench           *bench;

  prepare (procedure);
  bench = bench_new ();
  g_object_get (config, "measure", &measure, NULL);
  for (unsigned int i = 0; i < G_N_ELEMENTS (measures); i++)
    if (g_str_equal (measure, measures[i].name))
      {
        measures[i].run (bench);
        done = !bench->missed;
      }
  bench_free (bench);

  return gimp_procedure_new_return_values (procedure,
                                           done ? GIMP_PDB_SUCCESS : GIMP_PDB_EXECUTION_ERROR,
                                           NULL);
}

static GimpValueArray *
run_peak (GimpProcedure       *procedure,
          GimpProcedureConfig *config,
          void                *data)
{
  GimpImage      *image = NULL;
  Bench          *bench;
  GimpValueArray *values;

  prepare (procedure);
  bench = bench_new ();
  g_object_get (config, "image", &image, NULL);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_INT (values, 1, bench_get_peak (bench, image));
  bench_free (bench);

  return values;
}

static GList *
bench_plug_in_query_procedures (GimpPlugIn *plug_in)
{
  return g_list_append (g_list_append (NULL, g_strdup (BENCH_PROCEDURE)), g_strdup (BENCH_PEAK));
}

static GimpProcedure *
bench_plug_in_create_procedure (GimpPlugIn *plug_in,
                                const char *name)
{
  GimpProcedure *procedure;

  if (g_str_equal (name, BENCH_PEAK))
    {
      procedure = gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run_peak, NULL,
                                      NULL);
      gimp_procedure_add_image_argument (procedure, "image", "Image", NULL, FALSE,
                                         G_PARAM_READWRITE);
      gimp_procedure_add_int_return_value (procedure, "peak", "Peak", NULL, 0, G_MAXINT, 0,
                                           G_PARAM_READWRITE);
    }
  else
    {
      procedure = gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);
      gimp_procedure_add_string_argument (procedure, "measure", "Measure", NULL, "",
                                          G_PARAM_READWRITE);
    }

  return procedure;
}

static gboolean
bench_plug_in_set_i18n (GimpPlugIn  *plug_in,
                        const char  *name,
                        char       **domain,
                        char       **folder)
{
  return FALSE;
}

static void
bench_plug_in_class_init (BenchPlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = bench_plug_in_query_procedures;
  plug_in_class->create_procedure = bench_plug_in_create_procedure;
  plug_in_class->set_i18n = bench_plug_in_set_i18n;
}

static void
bench_plug_in_init (BenchPlugIn *self)
{
}

GIMP_MAIN (BENCH_TYPE_PLUG_IN)
