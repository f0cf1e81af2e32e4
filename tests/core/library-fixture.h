/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-library.h"
#include "test-future.h"

G_BEGIN_DECLS

/* takes two pictures, a mask and a prompt; gives a picture and a video */
extern const char * const LIBRARY_GRAPH;
/* "Paint Over", of a layer and a prompt */
extern const char * const LIBRARY_SIDECAR;

/* A list over a folder of the artist's, which is there and empty, with a trash beside it */
typedef struct
{
  ComfyLibrary  *library;       /* owned */
  ComfySettings *settings;      /* owned */
  char          *folder;        /* owned */
  char          *elsewhere;     /* owned: another folder */
  char          *settings_path; /* owned */
  char          *path;          /* owned: the last that was asked for */
  unsigned int   n_built_in;
} LibraryFixture;

typedef enum
{
  LIBRARY_IS_GONE,
  LIBRARY_IS_GOOD,
  LIBRARY_IS_BROKEN,
  LIBRARY_IS_SAVED,
} LibraryState;

/* as g_test_init(), with a home and a trash of the test's own */
void              library_fixture_init            (int            *argc,
                                                   char         ***argv);
void              library_fixture_set_up          (LibraryFixture *fixture,
                                                   gconstpointer   data);
void              library_fixture_tear_down       (LibraryFixture *fixture,
                                                   gconstpointer   data);

/* where the desktop's trash is */
const char       *library_fixture_get_trash       (void);
/* valid until the next call */
const char       *library_fixture_path            (LibraryFixture *fixture,
                                                   const char     *name);
void              library_fixture_write           (LibraryFixture *fixture,
                                                   const char     *name,
                                                   const char     *text);
char             *library_fixture_read            (LibraryFixture *fixture,
                                                   const char     *name);
char             *library_fixture_write_elsewhere (LibraryFixture *fixture,
                                                   const char     *name,
                                                   const char     *text);
/* a picture that ComfyUI saved, with @graph in it; (nullable): none */
void              library_fixture_write_picture   (const char     *path,
                                                   const char     *graph);
/* until the list is what the disk is now */
void              library_fixture_settle          (LibraryFixture *fixture);
/* until the item of that id is in @state */
void              library_fixture_wait_for        (LibraryFixture *fixture,
                                                   const char     *id,
                                                   LibraryState    state);
/* which must be there; valid until the list changes */
ComfyLibraryItem *library_fixture_get             (LibraryFixture *fixture,
                                                   const char     *id);
/* the titles of the artist's own, of a kind */
void              library_fixture_assert_own      (LibraryFixture *fixture,
                                                   ...) G_GNUC_NULL_TERMINATED;
void              library_fixture_assert_kind     (LibraryFixture  *fixture,
                                                   ComfyLibraryKind kind,
                                                   ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
