/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-recipe.h"
#include "comfy-session.h"
#include "fake-host.h"

G_BEGIN_DECLS

/* what the first job asks for, as its action does but for the words */
#define AGAIN_GRAPH "{\"3\":{\"class_type\":\"KSampler\",\"inputs\":{\"seed\":2,\"steps\":20," \
                    "\"text\":\"a bicycle\",\"name\":\"a.safetensors\",\"cfg\":1.0}}," \
                    "\"9\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}}"

/* A session with a key, and what its first job is to be like */
typedef struct
{
  FakeHost       *host;
  ComfySession   *session;
  ComfyProfile   *profile;
  GPtrArray      *actions;   /* of ComfyAction: those that are installed */
  ComfyPlacement *placement; /* of the first job */
  const char     *action_id;
  const char     *graph;
  const char     *second_file; /* where a server does not have the first */
  const char     *seed_input;
  gboolean        with_input;
  gboolean        with_seed;
  guint64         seed_max;
} AgainFixture;

void               again_set_up        (AgainFixture  *fixture,
                                        gconstpointer  data);
void               again_tear_down     (AgainFixture  *fixture,
                                        gconstpointer  data);
void               again_remove_key    (AgainFixture  *fixture);
/* (transfer full): a job that has made a layer, and whose lock this process holds */
ComfyJournalEntry *again_begin_job     (AgainFixture  *fixture);
/* (transfer full): what its layer remembers */
ComfyRecipe       *again_remember      (AgainFixture  *fixture,
                                        const char    *job_id);
/* (transfer full): the new job */
ComfyJob          *again_vary          (AgainFixture  *fixture,
                                        ComfyRecipe   *recipe);
/* nothing may be left behind */
void               again_vary_fails    (AgainFixture  *fixture,
                                        ComfyRecipe   *recipe,
                                        ComfyError     code,
                                        const char    *part);
void               again_assert_file   (ComfyJob      *job,
                                        const char    *name);
/* the same request but for the seed, which is another one within its bounds */
void               again_assert_varied (AgainFixture  *fixture,
                                        ComfyJob      *job);

G_END_DECLS
