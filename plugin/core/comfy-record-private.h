/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-journal-entry.h"
#include "comfy-result.h"

G_BEGIN_DECLS

/* What changes in a job's life: the content of its job.json */
typedef struct
{
  ComfyState  state;
  gint64      created;         /* Unix seconds */
  gint64      changed;         /* Unix seconds of the last commit */
  char       *idempotency_key; /* owned */
  char       *base_url;        /* owned, nullable: where it was sent */
  char       *protocol;        /* owned, nullable: type name of the ComfyApi it was sent by */
  gint64      submitted_at;    /* Unix seconds, 0: not sent */
  gboolean    has_lost_job;    /* sent again: what was sent before may exist, and cost */
  char       *remote_id;       /* owned, nullable */
  GPtrArray  *remote_inputs;   /* owned, of char *, nullable elements */
  GPtrArray  *choices;         /* owned, of ComfyPick, for the request's first loaders */
  gboolean    plain_results;   /* the server cannot save 16 bits per channel */
  gboolean    wants_png;       /* the server does not take WebP */
  GPtrArray  *uploads;         /* owned, of ComfyUpload: what lies on the server */
  gboolean    delete_uploads;  /* the job is done with them, and they are to be deleted */
  gint64      expires_at;      /* Unix seconds: until when the server keeps the job; 0: not told */
  ComfyCost   cost;            /* of the job, as far as it was told or found out */
  gint64      run_ms;          /* how long it ran on the server, -1: not told */
  GPtrArray  *remote_outputs;  /* owned, nullable, of ComfyRemoteOutput */
  char      **outputs;         /* owned, nullable: names in the job's folder */
  unsigned int n_left_out;     /* outputs that were too many to be taken */
  gboolean    is_held;         /* its result waits for the artist's word, whatever the settings say */
  gboolean    is_put_away;     /* the artist has done with what is seen in no image */
  GPtrArray  *applied;         /* owned, of char *: outputs that are in an image. Of a job that is
                                * placed none: all are */
  GPtrArray  *discarded;       /* owned, of char *: outputs that the artist wants to see no more */
  gboolean    is_discarded;    /* the artist wants to see its pictures no more */
  gboolean    was_ready;       /* when they were discarded: nobody had placed them all */
  GError     *error;           /* owned, nullable */
} ComfyRecord;

ComfyRecord *_comfy_record_new  (gint64              created);
void         _comfy_record_free (ComfyRecord        *self);
gboolean     _comfy_record_has_kept (const ComfyRecord *self);

/* comfy-record-pictures.c */
GArray      *_comfy_record_list_pictures
                                (const ComfyRecord  *self);
gboolean     _comfy_record_is_shown
                                (const ComfyRecord  *self);
ComfyResult *_comfy_record_make_result
                                (const ComfyRecord  *self,
                                 const char         *folder,
                                 ComfyRequest       *request,
                                 GArray             *pictures);
gboolean     _comfy_record_is_applied
                                (const ComfyRecord  *self,
                                 const char         *name);
gboolean     _comfy_record_is_discarded
                                (const ComfyRecord  *self,
                                 const char         *name);
void         _comfy_record_settle
                                (ComfyRecord        *self);
void         _comfy_record_set_discarded
                                (ComfyRecord        *self,
                                 const char         *name,
                                 gboolean            is_discarded);
void         _comfy_record_add_pictures
                                (const ComfyRecord  *self,
                                 JsonObject         *object);
void         _comfy_record_read_pictures
                                (ComfyRecord        *self,
                                 JsonObject         *object);

ComfyRecord *_comfy_record_read (const char         *folder,
                                 GError            **error);
gboolean     _comfy_record_save (const ComfyRecord  *self,
                                 const char         *folder,
                                 GError            **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyRecord, _comfy_record_free)

G_END_DECLS
