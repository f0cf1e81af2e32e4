/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-action-window.h"
#include "session-fixture.h"

G_BEGIN_DECLS

/* "Run Workflow…" over a folder of the artist's, the actions of the program and an image with the
 * layers "Sky" and "Ground"; the sandbox says what its nodes take */
typedef struct
{
  SessionFixture  base;
  char           *folder; /* owned: the artist's */
  GPtrArray      *actions; /* owned, of ComfyAction */
  ComfyOpener    *opener; /* owned */
  GtkWidget      *window; /* NULL once it was closed */
  DexFuture      *answer; /* owned, nullable */
} WorkflowFixture;

void           workflow_fixture_set_up     (WorkflowFixture *fixture,
                                            gconstpointer    data);
/* narrow, in long words or from right to left */
void           workflow_fixture_set_up_strange
                                           (WorkflowFixture *fixture,
                                            gboolean         is_long,
                                            gboolean         is_rtl);
void           workflow_fixture_tear_down  (WorkflowFixture *fixture,
                                            gconstpointer    data);

/* into the artist's folder of workflows; (transfer full): its path */
char          *workflow_fixture_write      (WorkflowFixture *fixture,
                                            const char      *name,
                                            const char      *text);
/* @source: of tests/data/workflows */
char          *workflow_fixture_copy       (WorkflowFixture *fixture,
                                            const char      *source,
                                            const char      *name);
/* (transfer full): a graph of @n nodes "Blur no. 1"… that take a radius each; in the form as
 * "Radius 1"… where @is_marked, else among all parameters */
char          *workflow_fixture_make_graph (unsigned int     n,
                                            gboolean         is_marked);

/* shows the window, with the list when @path is NULL */
void           workflow_fixture_open       (WorkflowFixture *fixture,
                                            const char      *path);
/* writes a graph and opens its form */
void           workflow_fixture_open_text  (WorkflowFixture *fixture,
                                            const char      *name,
                                            const char      *text);
/* copies a graph of tests/data/workflows and opens its form */
void           workflow_fixture_open_copy  (WorkflowFixture *fixture,
                                            const char      *source,
                                            const char      *name);
/* selects a row of the list once it is there, and presses Enter */
void           workflow_fixture_choose     (WorkflowFixture *fixture,
                                            const char      *title);
void           workflow_fixture_wait_for_form
                                           (WorkflowFixture *fixture);
void           workflow_fixture_wait_for_list
                                           (WorkflowFixture *fixture);
void           workflow_fixture_wait_until_closed
                                           (WorkflowFixture *fixture);
void           workflow_fixture_edit       (WorkflowFixture *fixture);
void           workflow_fixture_end_edit   (WorkflowFixture *fixture,
                                            const char      *button);
void           workflow_fixture_pick       (WorkflowFixture *fixture,
                                            const char      *combo,
                                            const char      *id);
void           workflow_fixture_pick_nth   (WorkflowFixture *fixture,
                                            const char      *combo,
                                            int              n);
void           workflow_fixture_unfold     (WorkflowFixture *fixture,
                                            const char      *fold,
                                            gboolean         is_unfolded);
void           workflow_fixture_type       (WorkflowFixture *fixture,
                                            const char      *entry,
                                            const char      *text);
ComfyForm     *workflow_fixture_get_form   (WorkflowFixture *fixture);
const char    *workflow_fixture_get_text   (WorkflowFixture *fixture,
                                            const char      *field_id);
int            workflow_fixture_get_height (WorkflowFixture *fixture);

G_END_DECLS
