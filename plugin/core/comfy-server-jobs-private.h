/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-server-jobs.h"

G_BEGIN_DECLS

/* open to the files of the class alone */
struct _ComfyServerJobs
{
  GObject       parent_instance;

  ComfySession *session; /* owned */
  ComfyProfile *profile; /* owned, nullable: whose jobs these are */
  ComfyApi     *api;     /* owned, nullable: once its server was reached */
  GPtrArray    *items;   /* owned, of ComfyServerJob */
  GHashTable   *ids;     /* owned: of the items, their own strings: pages shift */
  char         *next;    /* owned, nullable: the page after these */
  GError       *error;   /* owned, nullable */
  DexFuture    *load;    /* owned, nullable: the last one; dropping it stops it */
  unsigned int  serial;  /* of the last load: an answer to an earlier one is none */
  gboolean      is_loading;
};

void _comfy_server_jobs_take_error  (ComfyServerJobs *self,
                                     GError          *error);
void _comfy_server_jobs_set_loading (ComfyServerJobs *self,
                                     gboolean         is_loading);
void _comfy_server_jobs_set_next    (ComfyServerJobs *self,
                                     const char      *next);
void _comfy_server_jobs_clear       (ComfyServerJobs *self);
void _comfy_server_jobs_append      (ComfyServerJobs *self,
                                     GPtrArray       *jobs);
void _comfy_server_jobs_replace     (ComfyServerJobs *self,
                                     ComfyRemoteJob  *remote);

G_END_DECLS
