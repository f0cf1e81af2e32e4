/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-accounts.h"

G_BEGIN_DECLS

/* One file that the sandbox keeps: an upload, or what a job saved. */
typedef struct
{
  char            *id;
  SandboxAccount  *account;     /* no-ref */
  char            *name;        /* what a LoadImage node takes */
  char            *path;        /* on disk */
  char            *mime_type;
  char            *hash;        /* "blake3:" and the hexadecimal digest */
  gint64           size;        /* bytes */
  char           **tags;
  GDateTime       *created;
  gint64           expires;     /* s since 1970: the file is gone after; 0: never */
  gint64           ready_at;    /* µs, monotonic: an upload is still being taken in before */
  char            *job_id;      /* nullable: what made it */
  char            *node_id;     /* nullable */
  gboolean         temporary;   /* a preview */
} SandboxFile;

/* All files, in one folder of their own that goes away with the store. */
typedef struct _SandboxStore SandboxStore;

SandboxStore *sandbox_store_new           (GError          **error);
void          sandbox_store_free          (SandboxStore     *self);
char         *sandbox_store_dup_new_path  (SandboxStore     *self);
char         *sandbox_store_dup_free_name (SandboxStore     *self,
                                           SandboxAccount   *account,
                                           const char       *name);
SandboxFile  *sandbox_store_add           (SandboxStore     *self,
                                           SandboxAccount   *account,
                                           const char       *id_prefix,
                                           const char       *name,
                                           const char       *path,
                                           const char       *mime_type,
                                           const char       *hash);
SandboxFile  *sandbox_store_add_copy      (SandboxStore     *self,
                                           SandboxFile      *source,
                                           const char       *name);
SandboxFile  *sandbox_store_find_hash     (SandboxStore     *self,
                                           SandboxAccount   *account,
                                           const char       *hash,
                                           const char       *name);
SandboxFile  *sandbox_store_lookup        (SandboxStore     *self,
                                           SandboxAccount   *account,
                                           const char       *id);
SandboxFile  *sandbox_store_find_input    (SandboxStore     *self,
                                           SandboxAccount   *account,
                                           const char       *name);
char        **sandbox_store_dup_inputs    (SandboxStore     *self,
                                           SandboxAccount   *account);
void          sandbox_store_remove        (SandboxStore     *self,
                                           SandboxFile      *file);
void          sandbox_store_clear         (SandboxStore     *self);

char         *sandbox_dup_hash            (GBytes           *content);
const char   *sandbox_file_get_kind       (SandboxFile      *file);
gboolean      sandbox_file_is_ready       (SandboxFile      *file);
GBytes       *sandbox_file_load           (SandboxFile      *file);

char         *sandbox_store_sign          (SandboxStore     *self,
                                           SandboxFile      *file,
                                           gint64            expires);
void          sandbox_store_expire_links  (SandboxStore     *self);
SandboxFile  *sandbox_store_verify        (SandboxStore     *self,
                                           const char       *path,
                                           GHashTable       *query,
                                           gboolean         *expired);

G_END_DECLS
