/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Where the picture for an input of a graph comes from */
typedef enum
{
  COMFY_BINDING_LAYER,             /* the selected layer */
  COMFY_BINDING_LAYERS,            /* the selected layers, as they are seen together */
  COMFY_BINDING_VISIBLE,           /* everything that is seen of the image */
  COMFY_BINDING_SELECTION,         /* the selected part of the layer */
  COMFY_BINDING_VISIBLE_SELECTION, /* the selected part of what is seen */
  COMFY_BINDING_MASK,              /* what is selected, as a mask: white */
  COMFY_BINDING_NAMED_LAYER,       /* another layer of the image */
  COMFY_BINDING_FILE,              /* a picture on this machine */
  COMFY_BINDING_IMAGE,             /* another image that is open in the editor, as it is seen */
} ComfyBindingKind;

typedef struct
{
  ComfyBindingKind  kind;
  char             *name;     /* owned, nullable: NAMED_LAYER: its name; FILE: its absolute path */
  int               image_id; /* IMAGE: the editor's id */
} ComfyBinding;

#define COMFY_TYPE_BINDING (comfy_binding_get_type ())
GType         comfy_binding_get_type  (void);
ComfyBinding *comfy_binding_parse     (const char         *text,
                                       GError            **error);
char         *comfy_binding_to_string (const ComfyBinding *self);
/* the picture that the result belongs to can be of this kind */
gboolean      comfy_binding_is_canvas (const ComfyBinding *self);
gboolean      comfy_binding_equal     (const ComfyBinding *self,
                                       const ComfyBinding *other);
ComfyBinding *comfy_binding_copy      (const ComfyBinding *self);
void          comfy_binding_free      (ComfyBinding       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyBinding, comfy_binding_free)

G_END_DECLS
