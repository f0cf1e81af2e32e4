/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-error.h"
#include "comfy-host.h"

G_BEGIN_DECLS

/* An editor without pixels: it takes files of a given size, and remembers what it was given. A
 * picture whose file says "broken", or is a page of the web, cannot be placed. */
#define FAKE_TYPE_HOST (fake_host_get_type ())
G_DECLARE_FINAL_TYPE (FakeHost, fake_host, FAKE, HOST, GObject)

FakeHost     *fake_host_new           (void);
/* bytes of the picture that a capture makes; -1: it makes none */
void          fake_host_set_size      (FakeHost   *self,
                                       gint64      size);
/* what is previewed; without one a preview is of a picture of that many bytes */
void          fake_host_set_preview   (FakeHost           *self,
                                       const ComfyPreview *preview);
/* what is compared; without one a grey and a white picture of 8 × 6 px, or less */
void          fake_host_set_comparison (FakeHost              *self,
                                        const ComfyComparison *comparison);
unsigned int  fake_host_get_n_compared (FakeHost  *self);
/* bits per channel that a capture sends; 8 */
void          fake_host_set_depth     (FakeHost   *self,
                                       int         depth);
/* px of its image */
void          fake_host_set_canvas    (FakeHost   *self,
                                       int         width,
                                       int         height);
/* the next call of capture, preview, compare or place rejects */
void          fake_host_fail          (FakeHost   *self,
                                       ComfyError  code);
/* every capture of this layer, or image, rejects */
void          fake_host_refuse        (FakeHost   *self,
                                       int         id);
/* one more image is open; the first is 7 */
void          fake_host_open          (FakeHost   *self,
                                       int         image_id);
unsigned int  fake_host_get_n_captured (FakeHost  *self);
/* called when something is to be placed; NULL: not any more */
void          fake_host_on_place      (FakeHost   *self,
                                       void      (*func) (void *data),
                                       void       *data);
/* as an editor that was restarted, which knows no layers */
void          fake_host_forget        (FakeHost   *self);
/* once more, too */
unsigned int  fake_host_get_n_placed  (FakeHost   *self);
/* (nullable): the content of the first picture placed last */
const char   *fake_host_get_content   (FakeHost   *self);
/* pictures that were placed last */
unsigned int  fake_host_get_n_pictures (FakeHost  *self);
/* what became of those that were placed last, as sidecars have it, with a blank between */
const char   *fake_host_get_outcomes  (FakeHost   *self);

G_END_DECLS
