/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "comfy-error.h"
#include "file-host.h"

struct _FileHost
{
  GObject  parent_instance;

  char    *picture_path;
  char    *placed_path; /* a line for each placing: the job's id and what came, as SHA-256 */
  char    *folder;      /* nullable: where what was placed is kept */
};

static void file_host_iface_init (ComfyHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FileHost, file_host, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COMFY_TYPE_HOST, file_host_iface_init))

static DexFuture *
reject (const GError *error)
{
  return dex_future_new_for_error (comfy_error_fold (error, NULL));
}

static DexFuture *
file_host_capture (ComfyHost       *host,
                   const ComfyTake *take,
                   int              image_id,
                   GArray          *layer_ids,
                   const char      *folder)
{
  FileHost                  *self = FILE_HOST (host);
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(GPtrArray)       inputs = NULL;
  g_autoptr(GFile)           source = g_file_new_for_path (self->picture_path);
  g_autoptr(GFile)           target = g_file_new_build_filename (folder, "input.png", NULL);
  g_autoptr(GError)          error = NULL;

  if (!g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &error))
    return reject (error);

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new ("input.png", "image/png",
                                            take->image.node, take->image.input));

  return dex_future_new_take_boxed (COMFY_TYPE_CAPTURE, comfy_capture_new (placement, inputs));
}

static DexFuture *
file_host_preview (ComfyHost       *host,
                   const ComfyTake *take,
                   int              image_id,
                   GArray          *layer_ids)
{
  FileHost             *self = FILE_HOST (host);
  g_autoptr(GFile)      source = g_file_new_for_path (self->picture_path);
  g_autoptr(GFileInfo)  info = NULL;
  g_autoptr(GError)     error = NULL;

  info = g_file_query_info (source, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL,
                            &error);
  if (info == NULL)
    return reject (error);

  return dex_future_new_take_boxed (COMFY_TYPE_PREVIEW,
                                    comfy_preview_new (NULL, 0, 0, g_file_info_get_size (info),
                                                       FALSE));
}

/* Returns: (transfer full) (nullable): the checksum of what came, or the name that it is kept by */
static char *
keep_or_sum_up (FileHost     *self,
                ComfyResult  *result,
                GError      **error)
{
  const char       *path = comfy_result_get_paths (result)[0];
  const char       *job_id = comfy_result_get_job_id (result);
  g_autofree char  *content = NULL;
  g_autoptr(GFile)  source = NULL;
  g_autoptr(GFile)  target = NULL;
  size_t            size;

  if (self->folder == NULL)
    return g_file_get_contents (path, &content, &size, error)
           ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, size)
           : NULL;

  source = g_file_new_for_path (path);
  target = g_file_new_build_filename (self->folder, job_id, NULL);

  return g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, error)
         ? g_strdup (job_id) : NULL;
}

static DexFuture *
file_host_place (ComfyHost   *host,
                 ComfyResult *result)
{
  FileHost         *self = FILE_HOST (host);
  g_autoptr(GError) error = NULL;
  g_autofree char  *what = keep_or_sum_up (self, result, &error);
  FILE             *placed;

  if (what == NULL)
    return reject (error);

  placed = fopen (self->placed_path, "a");
  g_assert (placed != NULL);
  fprintf (placed, "%s %s\n", comfy_result_get_job_id (result), what);
  fclose (placed);

  return dex_future_new_take_variant (g_variant_ref_sink (g_variant_new_parsed ("(1, [2])")));
}

static gboolean
file_host_is_placed (ComfyHost  *host,
                     const char *job_id)
{
  g_autofree char *list = NULL;

  return g_file_get_contents (FILE_HOST (host)->placed_path, &list, NULL, NULL)
         && strstr (list, job_id) != NULL;
}

static char **
file_host_dup_layer_names (ComfyHost *host,
                           int        image_id)
{
  return g_new0 (char *, 1);
}

static GArray *
file_host_list_images (ComfyHost *host)
{
  return g_array_new (FALSE, FALSE, sizeof (int));
}

static gboolean
file_host_get_image_size (ComfyHost *host,
                          int        image_id,
                          int       *out_width,
                          int       *out_height)
{
  return FALSE;
}

static ComfyImageInfo *
file_host_dup_image_info (ComfyHost *host,
                          int        image_id)
{
  return NULL;
}

static ComfyPixels *
file_host_dup_thumbnail (ComfyHost *host,
                         int        image_id,
                         int        edge)
{
  return NULL;
}

static void
file_host_iface_init (ComfyHostInterface *iface)
{
  iface->capture = file_host_capture;
  iface->preview = file_host_preview;
  iface->place = file_host_place;
  iface->is_placed = file_host_is_placed;
  iface->dup_layer_names = file_host_dup_layer_names;
  iface->list_images = file_host_list_images;
  iface->get_image_size = file_host_get_image_size;
  iface->dup_image_info = file_host_dup_image_info;
  iface->dup_thumbnail = file_host_dup_thumbnail;
}

static void
file_host_finalize (GObject *object)
{
  FileHost *self = FILE_HOST (object);

  g_free (self->picture_path);
  g_free (self->placed_path);
  g_free (self->folder);

  G_OBJECT_CLASS (file_host_parent_class)->finalize (object);
}

static void
file_host_class_init (FileHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = file_host_finalize;
}

static void
file_host_init (FileHost *self)
{
}

FileHost *
file_host_new (const char *picture_path,
               const char *placed_path)
{
  FileHost *self = g_object_new (FILE_TYPE_HOST, NULL);

  self->picture_path = g_strdup (picture_path);
  self->placed_path = g_strdup (placed_path);

  return self;
}

void
file_host_keep_in (FileHost   *self,
                   const char *folder)
{
  g_set_str (&self->folder, folder);
}
