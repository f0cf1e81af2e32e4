/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-api.h"

G_BEGIN_DECLS

/* what the next call of a name does */
typedef struct
{
  char              *call;
  int                code;       /* a ComfyError, -1: it works */
  gboolean           has_effect;
  gboolean           is_held;
  GError            *error;      /* nullable: what it rejects with */
} Reaction;

/* a job that was begun */
typedef struct
{
  char              *id;
  char              *tag;
  char              *key;
  unsigned int       n_asked;
  gboolean           is_cancelled;
  gboolean           has_begun;
} FakeJob;

struct _FakeApi
{
  GObject        parent_instance;

  ComfyApiFlags  flags;
  GQueue         reactions; /* of Reaction */
  GPtrArray     *jobs;      /* of FakeJob */
  GPtrArray     *streams;   /* of FakeStream */
  GHashTable    *counts;    /* call to number */
  GArray        *statuses;  /* of ComfyRemoteStatus */
  char         **outputs;
  char          *failure;      /* nullable */
  char          *failure_node; /* nullable */
  ComfyWorkflow *graph;
  char          *key;
  char          *content_type;
  char          *uploaded;
  GString       *deleted;
  DexPromise    *gate;      /* nullable: holds an answer back */
  unsigned int   n_jobs;
  gboolean       ignores_cancel;
  gboolean       lent_key;
  gint64         expires_at;
};

G_END_DECLS
