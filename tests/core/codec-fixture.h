/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "comfy-codec-private.h"

G_BEGIN_DECLS

/* Pictures for the tests of the codec, and files as other programs write them. */

#define CODEC_FIXTURE_NO_LIMIT G_MAXUINT32

/* each test has a new folder, which it leaves empty but for @path */
typedef struct
{
  char *folder; /* owned */
  char *path;   /* owned: a file in it */
} CodecFixture;

void         codec_fixture_set_up       (CodecFixture *self,
                                         const void   *unused);
void         codec_fixture_tear_down    (CodecFixture *self,
                                         const void   *unused);
void         codec_fixture_save         (CodecFixture *self,
                                         GBytes       *bytes);

ComfyPixels *codec_fixture_make_picture (int           width,
                                         int           height,
                                         int           channels,
                                         int           depth);
void         codec_fixture_assert_same  (ComfyPixels  *a,
                                         ComfyPixels  *b);
ComfyPixels *codec_fixture_read         (GBytes       *bytes);
GBytes      *codec_fixture_write        (ComfyPixels  *pixels,
                                         ComfyFormat   format);

GByteArray  *codec_fixture_begin_png    (guint32       width,
                                         guint32       height,
                                         int           depth,
                                         int           color_type,
                                         gboolean      interlaced);
void         codec_fixture_add_chunk    (GByteArray   *png,
                                         const char   *type,
                                         const void   *data,
                                         size_t        size);
GBytes      *codec_fixture_finish_png   (GByteArray   *png,
                                         const void   *rows,
                                         size_t        size);
GBytes      *codec_fixture_deflate_zeros (size_t       size);

GBytes      *codec_fixture_make_jpeg    (ComfyPixels  *pixels,
                                         int           pixel_format,
                                         int           subsampling,
                                         int           flags);
GBytes      *codec_fixture_make_animation (guint32     width,
                                         guint32       height,
                                         ComfyPixels  *first,
                                         int           x,
                                         int           y);

G_END_DECLS
