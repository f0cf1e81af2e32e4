/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-settings.h"

G_BEGIN_DECLS

#define COMFY_SERVER_WANTS_PNG     "wants-png"     /* it does not take WebP */
#define COMFY_SERVER_PLAIN_RESULTS "plain-results" /* it cannot save 16 bits per channel */
#define COMFY_SERVER_NAMES_ONLY    "names-only"    /* it knows inputs by their file names only */
#define COMFY_SERVER_NO_NODES      "no-nodes"      /* it does not tell what its nodes take */
#define COMFY_SERVER_NO_USAGE      "no-usage"      /* it does not tell what an account used */
#define COMFY_SERVER_NO_BROWSE     "no-browse"     /* it does not list an account's jobs */
#define COMFY_SERVER_NO_DELETE     "no-delete"     /* it does not delete outputs */
#define COMFY_SERVER_TELLS_COST    "tells-cost"    /* it tells what a job cost */
#define COMFY_SERVER_NO_VALIDATE   "no-validate"   /* it does not look at graphs */

char     *_comfy_server_memory_dup_file (ComfySettings *settings,
                                         const char    *base_url,
                                         const char    *wanted);
void      _comfy_server_memory_set_file (ComfySettings *settings,
                                         const char    *base_url,
                                         const char    *wanted,
                                         const char    *file);
gboolean  _comfy_server_memory_get_flag (ComfySettings *settings,
                                         const char    *base_url,
                                         const char    *flag);
void      _comfy_server_memory_set_flag (ComfySettings *settings,
                                         const char    *base_url,
                                         const char    *flag);
void      _comfy_server_memory_clear_flag
                                        (ComfySettings *settings,
                                         const char    *base_url,
                                         const char    *flag);

G_END_DECLS
