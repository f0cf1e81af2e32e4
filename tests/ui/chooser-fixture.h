/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-workflow-chooser.h"

G_BEGIN_DECLS

/* takes a picture and a prompt, gives a picture */
#define CHOOSER_GRAPH \
  "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}}," \
  "\"2\":{\"class_type\":\"CLIPTextEncode\",\"inputs\":{\"text\":\"a cat\"}}," \
  "\"3\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0]}}}"

#define CHOOSER_NARROW 320 /* px */

/* The page in a dialog, over an empty folder of the artist's and the actions of the program */
typedef struct
{
  char                 *root;         /* owned: where all of it lies */
  char                 *folder;       /* owned */
  GPtrArray            *actions;      /* owned, of ComfyAction */
  ComfySettings        *settings;     /* owned */
  ComfyLibrary         *library;      /* owned */
  GtkWidget            *window;
  ComfyWorkflowChooser *chooser;      /* borrowed from @window */
  ComfyLibraryItem     *chosen;       /* owned, nullable: by "chosen" */
  char                 *file;         /* owned, nullable: by "file-chosen" */
  unsigned int          n_selections; /* by "selection-changed" */
  gboolean              is_closed;
} ChooserFixture;

/* first of all: the desktop gets a file manager, which puts "Opened.json" into what it opens */
void        chooser_fixture_init               (void);
void        chooser_fixture_set_up             (ChooserFixture *fixture,
                                                gconstpointer   data);
/* narrow, in long words or from right to left */
void        chooser_fixture_set_up_strange     (ChooserFixture *fixture,
                                                gboolean        is_long,
                                                gboolean        is_rtl);
void        chooser_fixture_tear_down          (ChooserFixture *fixture,
                                                gconstpointer   data);

/* files */
void        chooser_fixture_write              (ChooserFixture *fixture,
                                                const char     *name,
                                                const char     *text);
char       *chooser_fixture_write_elsewhere    (ChooserFixture *fixture,
                                                const char     *name,
                                                const char     *text);
/* @source: of tests/data */
void        chooser_fixture_copy               (ChooserFixture *fixture,
                                                const char     *source,
                                                const char     *name);
gboolean    chooser_fixture_has_file           (ChooserFixture *fixture,
                                                const char     *name);
void        chooser_fixture_take_trash_away    (ChooserFixture *fixture);
/* a file takes its place */
void        chooser_fixture_block_folder       (ChooserFixture *fixture);

/* the list */
GtkWidget  *chooser_fixture_get_row            (ChooserFixture *fixture,
                                                const char     *title);
const char *chooser_fixture_get_built_in       (ChooserFixture *fixture,
                                                unsigned int    i);
void        chooser_fixture_select             (ChooserFixture *fixture,
                                                const char     *title);
void        chooser_fixture_select_recent      (ChooserFixture *fixture,
                                                const char     *path);
void        chooser_fixture_assert_in_view     (ChooserFixture *fixture,
                                                const char     *title);
void        chooser_fixture_wait_for_row       (ChooserFixture *fixture,
                                                const char     *title);
void        chooser_fixture_wait_for_path      (ChooserFixture *fixture,
                                                const char     *name);
void        chooser_fixture_wait_for_file      (ChooserFixture *fixture,
                                                const char     *name);
void        chooser_fixture_wait_until_hidden  (ChooserFixture *fixture,
                                                const char     *title);
void        chooser_fixture_wait_until_selected
                                               (ChooserFixture *fixture,
                                                const char     *title);
void        chooser_fixture_wait_until_usable  (ChooserFixture *fixture);
void        chooser_fixture_wait_until_forgotten
                                               (ChooserFixture *fixture,
                                                const char     *path);

/* what a person does */
void        chooser_fixture_use_menu           (ChooserFixture *fixture,
                                                const char     *entry);
void        chooser_fixture_answer_dialog      (ChooserFixture *fixture,
                                                const char     *path);
/* @uris: as text/uri-list has them */
void        chooser_fixture_drop               (ChooserFixture *fixture,
                                                const char     *uris);

G_END_DECLS
