/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-profile-store.h"
#include "test-file-keyring.h"

G_BEGIN_DECLS

/* A store in a folder of its own, over the file keyring that profile_test_run() makes */
typedef struct
{
  char              *folder;
  char              *path;     /* of the settings */
  ComfySettings     *settings;
  ComfyKeyring      *keyring;
  ComfyProfileStore *store;
} ProfileFixture;

typedef void (*ProfileTest) (ProfileFixture *fixture,
                             gconstpointer   data);

void          profile_test_add    (const char     *path,
                                   ProfileTest     test);
/* instead of g_test_run() */
int           profile_test_run    (void);

/* adds a key that ends in @tail; (transfer none): it is the store's */
ComfyProfile *profile_add         (ProfileFixture *fixture,
                                   const char     *name,
                                   const char     *endpoint_id,
                                   const char     *tail);
/* looks the key up, and checks its end */
void          profile_assert_key  (ProfileFixture *fixture,
                                   ComfyProfile   *profile,
                                   const char     *tail);
unsigned int  profile_get_n_items (ProfileFixture *fixture);

G_END_DECLS
