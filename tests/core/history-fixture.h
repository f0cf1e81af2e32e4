/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-journal.h"

G_BEGIN_DECLS

#define HISTORY_GRAPH "{\"3\":{\"class_type\":\"KSampler\",\"inputs\":{\"seed\":2,\"steps\":20}}," \
                      "\"9\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}," \
                      "\"10\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"9\",0]," \
                      "\"filename_prefix\":\"gimp\"}}}"

/* What a job in a journal is like; what is left out is nothing */
typedef struct
{
  ComfyState    state;
  unsigned int  n_pictures;
  gboolean      with_text;    /* it made a text, too */
  const char   *prompt;
  const char   *title;        /* "Restyle" */
  const char   *image_mark;
  const char   *image_file;
  gint64        age_s;        /* seconds since it was asked for */
  const char   *batch_id;     /* a UUID */
  unsigned int  batch_i;
  unsigned int  batch_n;
  gboolean      without_seed;
  int           edge;         /* px of its pictures; 0: files that hold their own name */
  const char   *picture;      /* a JPEG that its pictures are copies of */
} HistoryJob;

/* (transfer full): the id of a new job that nobody holds */
char *history_make    (ComfyJournal     *journal,
                       const HistoryJob *job);
/* as another process does it, by whatever it is told */
void  history_set_state (ComfyJournal   *journal,
                         const char     *id,
                         ComfyState      state);
ComfyState
      history_read_state (ComfyJournal  *journal,
                          const char    *id);
/* (transfer full): a file in the job's folder */
char *history_dup_path (ComfyJournal    *journal,
                        const char      *id,
                        const char      *name);
/* a file of a job that was written half */
void  history_damage    (ComfyJournal   *journal,
                         const char     *id,
                         const char     *name);
/* puts another word of the same length into a file, with the time as it was */
void  history_exchange_unseen (const char *path,
                         const char     *word,
                         const char     *other);
/* a job that can be listed, and no more, at no cost */
void  history_make_bare (ComfyJournal   *journal);

G_END_DECLS
