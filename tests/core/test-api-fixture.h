/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api.h"
#include "test-transport-fixture.h"

G_BEGIN_DECLS

/* what the tests of both protocols have in common */

/* with a seed that neither a gint64 nor a double holds */
#define TEST_WORKFLOW \
  "{\"9\":{\"class_type\":\"KSampler\",\"inputs\":{\"seed\":18446744073709551615," \
  "\"image\":\"in.png\"},\"_meta\":{\"title\":\"The sampler\"}}}"

ComfyWorkflow *new_workflow (void);

void           assert_target              (TestFixture  *fixture,
                                           unsigned int  i,
                                           const char   *method,
                                           const char   *target);
char          *dup_body                   (TestFixture  *fixture,
                                           unsigned int  i);
char          *write_file                 (TestFixture  *fixture,
                                           const char   *name,
                                           const char   *content);
void           assert_file                (const char   *path,
                                           const char   *content);
ComfyUpload   *await_upload               (DexFuture    *future);
ComfyRemoteOutput *
               new_output                 (const char   *url,
                                           gint64        size);

void           assert_submit_answers      (TestFixture  *fixture,
                                           ComfyApi     *api);
void           assert_submit_unreached    (TestFixture  *fixture,
                                           ComfyApi     *api);
void           assert_refusal_names_nodes (TestFixture  *fixture,
                                           ComfyApi     *api);
void           assert_delete_upload       (TestFixture  *fixture,
                                           ComfyApi     *api,
                                           const char   *target);
void           assert_can_be_dropped      (TestFixture  *fixture,
                                           ComfyApi     *api);

G_END_DECLS
