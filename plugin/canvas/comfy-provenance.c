/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks by which images and layers are known again, in this GIMP and after a restart.
 */
#define G_LOG_DOMAIN "comfy-provenance"

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "comfy-provenance.h"

#define IMAGE_PARASITE  "org.comfy.cloud.gimp.image"
#define ASIDE_PARASITE  "org.comfy.cloud.gimp.aside"
#define JOB_PARASITE    "org.comfy.cloud.gimp.job"
#define JOBS_PARASITE   "org.comfy.cloud.gimp.jobs"
#define RECIPE_PARASITE "org.comfy.cloud.gimp.recipe"
#define MAX_MARK        64   /* bytes: longer ones are not ours */
#define MAX_NOTES       1024 /* bytes: of a list of jobs */

/* libgimp has none of its own */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GimpParasite, gimp_parasite_free)

static char *
dup_text (GimpParasite *parasite,
          guint32       max_size)
{
  const char *data;
  guint32     size;

  if (parasite == NULL)
    return NULL;

  data = gimp_parasite_get_data (parasite, &size);
  if (data == NULL || size == 0 || size > max_size || !g_utf8_validate_len (data, size, NULL))
    return NULL;

  return g_strndup (data, size);
}

/**
 * comfy_provenance_dup_image_mark:
 * @image: an image
 *
 * Returns: (transfer full) (nullable): its mark, when it ever got one
 */
char *
comfy_provenance_dup_image_mark (GimpImage *image)
{
  g_autoptr(GimpParasite) parasite = gimp_image_get_parasite (image, IMAGE_PARASITE);

  return dup_text (parasite, MAX_MARK);
}

/**
 * comfy_provenance_mark_image:
 * @image: an image
 *
 * Gives the image a mark of its own, saved with it, unless it has one. That is no undo step.
 *
 * Returns: (transfer full): the mark
 */
char *
comfy_provenance_mark_image (GimpImage *image)
{
  g_autoptr(GimpParasite)  parasite = NULL;
  char                    *mark = comfy_provenance_dup_image_mark (image);

  if (mark != NULL)
    return mark;

  mark = g_uuid_string_random ();
  parasite = gimp_parasite_new (IMAGE_PARASITE, GIMP_PARASITE_PERSISTENT, strlen (mark), mark);
  gimp_image_attach_parasite (image, parasite);

  return mark;
}

/**
 * comfy_provenance_dup_layer_mark:
 * @layer: a layer
 *
 * A layer's own mark is its tattoo, which GIMP gives to each and saves: a parasite would cost the
 * artist an undo step.
 *
 * Returns: (transfer full): the mark
 */
char *
comfy_provenance_dup_layer_mark (GimpItem *layer)
{
  return g_strdup_printf ("%u", gimp_item_get_tattoo (layer));
}

/**
 * comfy_provenance_find_layer:
 * @image: the image that the layer was in
 * @mark: from comfy_provenance_dup_layer_mark()
 *
 * Returns: (transfer none) (nullable): the layer, when it still exists
 */
GimpItem *
comfy_provenance_find_layer (GimpImage  *image,
                             const char *mark)
{
  guint64 tattoo;

  if (mark == NULL || !g_ascii_string_to_unsigned (mark, 10, 1, G_MAXUINT32, &tattoo, NULL))
    return NULL;

  return GIMP_ITEM (gimp_image_get_layer_by_tattoo (image, (guint) tattoo));
}

/**
 * comfy_provenance_sign_layer:
 * @layer: a layer that is about to be inserted
 * @job_id: the journal's id of the job it came from
 *
 * The signature comes and goes with the layer: undoing the placement removes both.
 */
void
comfy_provenance_sign_layer (GimpLayer  *layer,
                             const char *job_id)
{
  g_autoptr(GimpParasite) parasite = NULL;

  parasite = gimp_parasite_new (JOB_PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                                strlen (job_id), job_id);
  gimp_item_attach_parasite (GIMP_ITEM (layer), parasite);
}

/**
 * comfy_provenance_is_result:
 * @item: a layer
 *
 * Returns: whether any job has made it; of a group, something in it
 */
gboolean
comfy_provenance_is_result (GimpItem *item)
{
  g_autoptr(GimpParasite)  parasite = gimp_item_get_parasite (item, JOB_PARASITE);
  g_autofree GimpItem    **children = NULL;

  if (parasite != NULL || !gimp_item_is_group (item))
    return parasite != NULL;

  children = gimp_item_get_children (item);
  for (unsigned int i = 0; children[i] != NULL; i++)
    if (comfy_provenance_is_result (children[i]))
      return TRUE;

  return FALSE;
}

/* adds the layers that carry @job_id, in groups too */
static void
collect_signed (GimpItem   **items,
                const char  *job_id,
                GPtrArray   *found)
{
  for (unsigned int i = 0; items != NULL && items[i] != NULL; i++)
    {
      g_autoptr(GimpParasite)  parasite = gimp_item_get_parasite (items[i], JOB_PARASITE);
      g_autofree char         *text = dup_text (parasite, MAX_MARK);

      if (g_strcmp0 (text, job_id) == 0)
        g_ptr_array_add (found, items[i]);

      if (gimp_item_is_group (items[i]))
        {
          g_autofree GimpItem **children = gimp_item_get_children (items[i]);

          collect_signed (children, job_id, found);
        }
    }
}

/* (nullable): the jobs whose results became no layers of their own */
static char **
dup_noted (GimpImage *image)
{
  g_autoptr(GimpParasite)  parasite = gimp_image_get_parasite (image, JOBS_PARASITE);
  g_autofree char         *text = dup_text (parasite, MAX_NOTES);

  return text != NULL ? g_strsplit (text, "\n", -1) : NULL;
}

/**
 * comfy_provenance_note_job:
 * @image: an image, in an undo group that is open
 * @job_id: the journal's id of a job whose result became a mask or a selection
 *
 * The note comes and goes with the undo group. The last few are kept.
 */
void
comfy_provenance_note_job (GimpImage  *image,
                           const char *job_id)
{
  g_auto(GStrv)            noted = dup_noted (image);
  g_autoptr(GString)       text = g_string_new (job_id);
  g_autoptr(GimpParasite)  parasite = NULL;

  for (unsigned int i = 0; noted != NULL && noted[i] != NULL; i++)
    if (text->len + 1 + strlen (noted[i]) <= MAX_NOTES)
      g_string_append_printf (text, "\n%s", noted[i]);

  parasite = gimp_parasite_new (JOBS_PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                                (guint32) text->len, text->str);
  gimp_image_attach_parasite (image, parasite);
}

/**
 * comfy_provenance_find_placed:
 * @job_id: the journal's id of a job
 * @out_image: (out) (nullable) (transfer none): the image with its result; %NULL: there is none
 *
 * Returns: (transfer container) (element-type GimpLayer): the layers of that job in the first open
 *   image that has its result; none where it became a mask or a selection
 */
GPtrArray *
comfy_provenance_find_placed (const char  *job_id,
                              GimpImage  **out_image)
{
  g_autofree GimpImage **images = gimp_get_images ();
  GPtrArray             *found = g_ptr_array_new ();

  *out_image = NULL;
  for (unsigned int i = 0; images[i] != NULL && *out_image == NULL; i++)
    {
      g_autofree GimpLayer **layers = gimp_image_get_layers (images[i]);
      g_auto(GStrv)          noted = dup_noted (images[i]);

      if (comfy_provenance_is_aside (images[i]))
        continue;
      collect_signed ((GimpItem **) layers, job_id, found);
      if (found->len > 0
          || (noted != NULL && g_strv_contains ((const char * const *) noted, job_id)))
        *out_image = images[i];
    }

  return found;
}

/**
 * comfy_provenance_set_aside:
 * @image: a duplicate, or whatever else nobody is to see
 *
 * GIMP lists it among the open images, and layers in it carry what they carry in the artist's: this
 * says that it is none of them, to all processes of ours.
 */
void
comfy_provenance_set_aside (GimpImage *image)
{
  g_autoptr(GimpParasite)  parasite = NULL;
  g_autofree char         *owner = g_strdup_printf ("%d", (int) getpid ());

  parasite = gimp_parasite_new (ASIDE_PARASITE, 0, (guint32) strlen (owner), owner);
  gimp_image_attach_parasite (image, parasite);
}

/**
 * comfy_provenance_is_aside:
 * @image: an image
 *
 * Returns: whether it was set aside
 */
gboolean
comfy_provenance_is_aside (GimpImage *image)
{
  g_autoptr(GimpParasite) parasite = gimp_image_get_parasite (image, ASIDE_PARASITE);

  return parasite != NULL;
}

/* whether it was set aside by a process that has ended since */
static gboolean
is_left_behind (GimpImage *image)
{
  g_autoptr(GimpParasite)  parasite = gimp_image_get_parasite (image, ASIDE_PARASITE);
  g_autofree char         *owner = dup_text (parasite, MAX_MARK);
  gint64                   pid;

  return owner != NULL && g_ascii_string_to_signed (owner, 10, 1, G_MAXINT, &pid, NULL)
         && kill ((pid_t) pid, 0) != 0 && errno == ESRCH;
}

/**
 * comfy_provenance_sweep:
 *
 * Closes what processes of ours had set aside when they were killed: nobody else could.
 */
void
comfy_provenance_sweep (void)
{
  g_autofree GimpImage **images = gimp_get_images ();

  /* none of ours has a file, whatever a file says; and GIMP closes none that has a window */
  for (unsigned int i = 0; images[i] != NULL; i++)
    if (is_left_behind (images[i]) && gimp_image_get_file (images[i]) == NULL)
      gimp_image_delete (images[i]);
}

/**
 * comfy_provenance_give_recipe:
 * @layer: a layer that is about to be inserted
 * @recipe: from comfy_recipe_write()
 *
 * The layer remembers it, in files, too, until the layer is gone.
 */
void
comfy_provenance_give_recipe (GimpLayer *layer,
                              GBytes    *recipe)
{
  g_autoptr(GimpParasite)  parasite = NULL;
  size_t                   size;
  const void              *data = g_bytes_get_data (recipe, &size);

  parasite = gimp_parasite_new (RECIPE_PARASITE,
                                GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                                (guint32) size, data);
  gimp_item_attach_parasite (GIMP_ITEM (layer), parasite);
}

/**
 * comfy_provenance_get_recipe:
 * @layer: a layer
 *
 * Returns: (transfer full) (nullable): what comfy_provenance_give_recipe() gave it, or whoever made
 *   the file; for comfy_recipe_read()
 */
GBytes *
comfy_provenance_get_recipe (GimpLayer *layer)
{
  g_autoptr(GimpParasite)  parasite = gimp_item_get_parasite (GIMP_ITEM (layer), RECIPE_PARASITE);
  const void              *data;
  guint32                  size;

  if (parasite == NULL)
    return NULL;

  data = gimp_parasite_get_data (parasite, &size);

  return data != NULL ? g_bytes_new (data, size) : NULL;
}
