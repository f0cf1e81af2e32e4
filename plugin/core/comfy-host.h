/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-comparison.h"
#include "comfy-image-info.h"
#include "comfy-pixels.h"
#include "comfy-placement.h"
#include "comfy-request.h"
#include "comfy-result.h"
#include "comfy-take.h"

G_BEGIN_DECLS

/* What a capture brings: files in the job's folder, and where they came from. Boxed. */
typedef struct
{
  ComfyPlacement *placement; /* owned */
  GPtrArray      *inputs;    /* owned, of ComfyInput */
  int             depth;     /* bits per channel that the image can hold of the result: 8, or 16 */
} ComfyCapture;

#define COMFY_TYPE_CAPTURE (comfy_capture_get_type ())
GType         comfy_capture_get_type (void);
ComfyCapture *comfy_capture_new      (ComfyPlacement *placement,
                                      GPtrArray      *inputs);
ComfyCapture *comfy_capture_copy     (ComfyCapture   *self);
void          comfy_capture_free     (ComfyCapture   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyCapture, comfy_capture_free)

/* What a capture would send now. Plain data, boxed. */
typedef struct
{
  ComfyPixels *thumbnail;     /* owned, nullable: nothing would be: RGBA of 8 bits, the longer edge
                               * at most COMFY_PREVIEW_EDGE px; what is not selected is dark. Of the
                               * main picture; where that is not sent the first further one, or the
                               * mask */
  int          width;         /* px of that picture as it is sent */
  int          height;
  guint64      bytes;         /* of all files that are sent, each once */
  gboolean     has_selection; /* only what is selected is to change */
} ComfyPreview;

#define COMFY_PREVIEW_EDGE 256 /* px */

#define COMFY_TYPE_PREVIEW (comfy_preview_get_type ())
GType         comfy_preview_get_type (void);
ComfyPreview *comfy_preview_new      (ComfyPixels        *thumbnail,
                                      int                 width,
                                      int                 height,
                                      guint64             bytes,
                                      gboolean            has_selection);
ComfyPreview *comfy_preview_copy     (const ComfyPreview *self);
void          comfy_preview_free     (ComfyPreview       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyPreview, comfy_preview_free)

/* What core and ui may ask of the editor. canvas implements it for GIMP, tests fake it. Called on
 * the main thread. */
#define COMFY_TYPE_HOST (comfy_host_get_type ())
G_DECLARE_INTERFACE (ComfyHost, comfy_host, COMFY, HOST, GObject)

struct _ComfyHostInterface
{
  GTypeInterface parent;

  DexFuture *(*capture)   (ComfyHost       *self,
                           const ComfyTake *take,
                           int              image_id,
                           GArray          *layer_ids,
                           const char      *folder);
  DexFuture *(*preview)   (ComfyHost       *self,
                           const ComfyTake *take,
                           int              image_id,
                           GArray          *layer_ids);
  DexFuture *(*place)     (ComfyHost       *self,
                           ComfyResult     *result);
  DexFuture *(*place_again)
                          (ComfyHost       *self,
                           ComfyResult     *result);
  DexFuture *(*compare)   (ComfyHost       *self,
                           ComfyResult     *result,
                           int              edge);
  gboolean   (*is_placed) (ComfyHost       *self,
                           const char      *job_id);
  char     **(*dup_layer_names)
                          (ComfyHost       *self,
                           int              image_id);
  GArray    *(*list_images)
                          (ComfyHost       *self);
  gboolean   (*get_image_size)
                          (ComfyHost       *self,
                           int              image_id,
                           int             *out_width,
                           int             *out_height);
  ComfyImageInfo *(*dup_image_info)
                          (ComfyHost       *self,
                           int              image_id);
  ComfyPixels *(*dup_thumbnail)
                          (ComfyHost       *self,
                           int              image_id,
                           int              edge);
};

/* → ComfyCapture. Takes what @take says of the image and its layers, as the artist sees it, into
 * files below @folder. @image_id -1: there is no image. @layer_ids: (nullable) (element-type int):
 * the layers that are meant; NULL: those that are selected in the image */
DexFuture *comfy_host_capture   (ComfyHost       *self,
                                 const ComfyTake *take,
                                 int              image_id,
                                 GArray          *layer_ids,
                                 const char      *folder) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyPreview: what comfy_host_capture() would send. Nothing is written, the image not marked. */
DexFuture *comfy_host_preview   (ComfyHost       *self,
                                 const ComfyTake *take,
                                 int              image_id,
                                 GArray          *layer_ids) G_GNUC_WARN_UNUSED_RESULT;
/* → GVariant "(iai)": the image's id and the new layers'. One undo step; the image is opened anew
 * when it is gone. Pictures that cannot be placed are noted in @result and keep no other away; when
 * none can be, it rejects. Where an open image has the result of that job nothing is placed, and
 * that is what is told. */
DexFuture *comfy_host_place     (ComfyHost       *self,
                                 ComfyResult     *result) G_GNUC_WARN_UNUSED_RESULT;
/* → GVariant, the same: once more, or another picture of the job, because the artist wants it */
DexFuture *comfy_host_place_again
                                (ComfyHost       *self,
                                 ComfyResult     *result) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyComparison: the image around where @result belongs, without it and with it, as
 * comfy_host_place_again() would place it; nothing is changed. The longer edge has at most @edge
 * px. */
DexFuture *comfy_host_compare   (ComfyHost       *self,
                                 ComfyResult     *result,
                                 int              edge) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE when an open image has a layer that carries the job's id */
gboolean   comfy_host_is_placed (ComfyHost       *self,
                                 const char      *job_id);
/* (transfer full): the names of an image's layers, the upmost first, those in groups, too */
char     **comfy_host_dup_layer_names
                                (ComfyHost       *self,
                                 int              image_id);
/* (transfer full) (element-type int): the open images, in the order they were opened */
GArray    *comfy_host_list_images
                                (ComfyHost       *self);
/* px of the canvas; FALSE when there is no such image */
gboolean   comfy_host_get_image_size
                                (ComfyHost       *self,
                                 int              image_id,
                                 int             *out_width,
                                 int             *out_height);
/* (transfer full) (nullable): what a list of images says of it; NULL when there is no such image */
ComfyImageInfo *comfy_host_dup_image_info
                                (ComfyHost       *self,
                                 int              image_id);
/* (transfer full) (nullable): 8 bits, as small as the editor makes them quickly; the longer edge has
 * at most @edge px */
ComfyPixels *comfy_host_dup_thumbnail
                                (ComfyHost       *self,
                                 int              image_id,
                                 int              edge);
/* what a form can say of an image: its size, its layers */
void       comfy_host_describe_image
                                (ComfyHost       *self,
                                 int              image_id,
                                 ComfyForm       *form);

G_END_DECLS
