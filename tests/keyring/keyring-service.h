/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KEYRING_PASSWORD "the keyring's password"

/* A gnome-keyring daemon of its own on the session bus of the test, with its own folders. */
typedef struct _KeyringService KeyringService;

KeyringService *keyring_service_new           (void);
void            keyring_service_free          (KeyringService *self);
void            keyring_service_start         (KeyringService *self,
                                               gboolean        unlocked);
void            keyring_service_kill          (KeyringService *self);
void            keyring_service_lock          (KeyringService *self);
const char     *keyring_service_get_files     (KeyringService *self);

/* The prompts that the daemon shows, answered by libgcr's mock prompter */
void            keyring_prompter_start        (void);
void            keyring_prompter_stop         (void);
gboolean        keyring_prompter_is_prompting (void);

G_END_DECLS
