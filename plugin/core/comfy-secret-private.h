/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>
#include <libsecret/secret.h>

G_BEGIN_DECLS

/* libsecret's calls as futures, with libsecret's own errors. Dropping a future cancels its call,
 * unless it may have a prompt open. */

/* → GPtrArray of SecretRetrievable, boxed as G_TYPE_PTR_ARRAY; empty when nothing matches */
DexFuture *_comfy_secret_search   (const SecretSchema *schema,
                                   GHashTable         *attributes,
                                   SecretSearchFlags   flags) G_GNUC_WARN_UNUSED_RESULT;
/* → SecretValue, boxed; %NULL when the item is gone meanwhile */
DexFuture *_comfy_secret_retrieve (SecretRetrievable  *item) G_GNUC_WARN_UNUSED_RESULT;
/* → SecretCollection, or %NULL when the default one is not locked, missing, or no service's */
DexFuture *_comfy_secret_find_locked_default
                                  (void) G_GNUC_WARN_UNUSED_RESULT;
/* → gboolean: whether it is unlocked now */
DexFuture *_comfy_secret_unlock   (SecretCollection   *collection) G_GNUC_WARN_UNUSED_RESULT;
/* → gboolean */
DexFuture *_comfy_secret_store    (const SecretSchema *schema,
                                   GHashTable         *attributes,
                                   const char         *label,
                                   SecretValue        *value) G_GNUC_WARN_UNUSED_RESULT;
/* → gboolean: whether something was removed */
DexFuture *_comfy_secret_clear    (const SecretSchema *schema,
                                   GHashTable         *attributes) G_GNUC_WARN_UNUSED_RESULT;
/* rejects with G_IO_ERROR_CLOSED when the service, after it was seen, leaves the bus */
DexFuture *_comfy_secret_watch    (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
