/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The body of a multipart upload, read from disk as it is sent: what goes before the file, the
 * file, and what goes after it. */
#define COMFY_TYPE_MULTIPART_STREAM (comfy_multipart_stream_get_type ())
G_DECLARE_FINAL_TYPE (ComfyMultipartStream, comfy_multipart_stream, COMFY, MULTIPART_STREAM,
                      GInputStream)

ComfyMultipartStream *comfy_multipart_stream_open       (const char            *path,
                                                         GBytes                *head,
                                                         GBytes                *tail,
                                                         GError               **error);
goffset               comfy_multipart_stream_get_length (ComfyMultipartStream  *self);

G_END_DECLS
