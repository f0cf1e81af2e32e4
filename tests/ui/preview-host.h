/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-host.h"

G_BEGIN_DECLS

/* An editor whose previews a test makes wait, fail and change, and which ends the test when it is
 * asked for two at once. All else is a FakeHost's. */
#define PREVIEW_TYPE_HOST (preview_host_get_type ())
G_DECLARE_FINAL_TYPE (PreviewHost, preview_host, PREVIEW, HOST, GObject)

PreviewHost     *preview_host_new           (FakeHost           *host);
/* what previews show from now on */
void             preview_host_set           (PreviewHost        *self,
                                             const ComfyPreview *preview);
/* previews reject from now on, until one is set */
void             preview_host_fail          (PreviewHost        *self,
                                             ComfyError          code,
                                             const char         *sentence);
/* TRUE: previews wait from now on; either way the one that waits is answered */
void             preview_host_hold          (PreviewHost        *self,
                                             gboolean            holds);
/* how often it was asked */
unsigned int     preview_host_get_n_asked   (PreviewHost        *self);
/* previews that nobody wanted any more while they waited */
unsigned int     preview_host_get_n_dropped (PreviewHost        *self);
/* of the last one: (nullable) what it was asked for, the image's id, the first layer's or -1 */
const ComfyTake *preview_host_get_take      (PreviewHost        *self);
int              preview_host_get_image_id  (PreviewHost        *self);
int              preview_host_get_layer_id  (PreviewHost        *self);
/* (nullable): the first file of what was compared last; @out_edge: (optional): px that it was to
 * have; and how often something was */
const char      *preview_host_get_compared  (PreviewHost        *self,
                                             int                *out_edge);
unsigned int     preview_host_get_n_compared (PreviewHost       *self);
/* TRUE: comparisons wait from now on; either way the one that waits is answered */
void             preview_host_hold_compare  (PreviewHost        *self,
                                             gboolean            holds);
/* and how many layers */
unsigned int     preview_host_get_n_layers  (PreviewHost        *self);

G_END_DECLS
