/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-error.h"
#include "comfy-host.h"

G_BEGIN_DECLS

/* An editor without pixels: it takes files of a given size, and remembers what it was given. */
#define FAKE_TYPE_HOST (fake_host_get_type ())
G_DECLARE_FINAL_TYPE (FakeHost, fake_host, FAKE, HOST, GObject)

FakeHost     *fake_host_new           (void);
/* bytes of the picture that a capture makes; -1: it makes none */
void          fake_host_set_size      (FakeHost   *self,
                                       gint64      size);
/* the next call of capture or place rejects */
void          fake_host_fail          (FakeHost   *self,
                                       ComfyError  code);
/* as an editor that was restarted, which knows no layers */
void          fake_host_forget        (FakeHost   *self);
unsigned int  fake_host_get_n_placed  (FakeHost   *self);
/* (nullable): the content of the first picture placed last */
const char   *fake_host_get_content   (FakeHost   *self);
/* pictures that were placed last */
unsigned int  fake_host_get_n_pictures (FakeHost  *self);

/* what previews show from now on */
void          fake_host_set_preview   (FakeHost     *self,
                                       ComfyPreview *preview);
/* previews reject from now on, until one is set */
void          fake_host_fail_previews (FakeHost     *self,
                                       ComfyError    code,
                                       const char   *sentence);
/* TRUE: previews wait from now on; either way the one that waits is answered */
void          fake_host_hold_previews (FakeHost     *self,
                                       gboolean      holds);
unsigned int  fake_host_get_n_previews (FakeHost    *self);
/* previews that nobody wanted any more while they waited */
unsigned int  fake_host_get_n_dropped (FakeHost     *self);
/* (nullable): what the last preview was asked for */
const ComfyTake *
              fake_host_get_preview_take (FakeHost  *self);
int           fake_host_get_preview_image (FakeHost *self);
int           fake_host_get_preview_layer (FakeHost *self);

G_END_DECLS
