/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When an image goes, GIMP's dialog "Images", which stands in a dock from the beginning, selects what
 * is selected already, and by that raises the artist's image window and gives it the keyboard (seen in
 * 3.0.4: gtk_tree_store_remove() … images_raise_views_cmd_callback()). Who writes a prompt in a
 * window of ours would go on writing into the image. So an image waits, empty, until the artist is
 * there anyway.
 */
#define G_LOG_DOMAIN "comfy-aside"

#include "config.h"

#include "comfy-aside.h"
#include "comfy-provenance.h"

/* Lives as long as the plug-in */
typedef struct
{
  ComfyHand  moment;  /* nullable */
  GArray    *ids;     /* owned, of int: images that wait */
  gboolean   waiting; /* for the moment */
} Asides;

static void
asides_free (gpointer data)
{
  Asides *asides = data;

  g_array_unref (asides->ids);
  g_free (asides);
}

static Asides *
get_asides (void)
{
  GObject *plug_in = G_OBJECT (gimp_get_plug_in ());
  Asides  *asides = g_object_get_data (plug_in, "comfy-asides");

  if (asides == NULL)
    {
      asides = g_new0 (Asides, 1);
      asides->ids = g_array_new (FALSE, FALSE, sizeof (int));
      g_object_set_data_full (plug_in, "comfy-asides", asides, asides_free);
    }

  return asides;
}

/* what waits takes no memory */
static void
empty (GimpImage *image)
{
  g_autofree GimpLayer **layers = NULL;

  gimp_image_undo_disable (image);
  layers = gimp_image_get_layers (image);
  for (unsigned int i = 0; layers[i] != NULL; i++)
    gimp_image_remove_layer (image, layers[i]);
}

static DexFuture *
moment_cb (DexFuture *future,
           gpointer   unused)
{
  get_asides ()->waiting = FALSE;
  comfy_aside_drop_all ();

  return NULL;
}

/**
 * comfy_aside_set_moment:
 * @moment: (nullable): how to wait until an image may go; %NULL: it goes at once
 *
 * For a process that has windows in which the artist writes.
 */
void
comfy_aside_set_moment (ComfyHand moment)
{
  get_asides ()->moment = moment;
}

/**
 * comfy_aside_drop:
 * @image: that nobody needs any more, and nobody saw
 *
 * Closes it, when that disturbs nobody.
 */
void
comfy_aside_drop (GimpImage *image)
{
  Asides *asides = get_asides ();
  int     id = gimp_image_get_id (image);

  if (asides->moment == NULL)
    {
      gimp_image_delete (image);
      return;
    }

  empty (image);
  comfy_provenance_set_aside (image);
  g_array_append_val (asides->ids, id);
  if (asides->waiting)
    return;

  asides->waiting = TRUE;
  dex_future_disown (dex_future_finally (asides->moment (), moment_cb, NULL, NULL));
}

/**
 * comfy_aside_drop_all:
 *
 * Closes what waits, whoever notices.
 */
void
comfy_aside_drop_all (void)
{
  Asides *asides = get_asides ();

  for (unsigned int i = 0; i < asides->ids->len; i++)
    {
      int id = g_array_index (asides->ids, int, i);

      if (gimp_image_id_is_valid (id))
        gimp_image_delete (gimp_image_get_by_id (id));
    }
  g_array_set_size (asides->ids, 0);
}
