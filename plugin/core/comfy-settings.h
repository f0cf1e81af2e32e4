/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define COMFY_SETTINGS_MAX_KEEP_DAYS 365
#define COMFY_SETTINGS_MAX_JOBS      100
#define COMFY_SETTINGS_MAX_RECENT    10
#define COMFY_SETTINGS_MAX_BALANCE   (G_GINT64_CONSTANT (10000) * 1000000)

/* The preferences that are no secret, in a key file; changes are written at once, atomically.
 * Several processes share the file: a change by another one is seen by its file monitor, and never
 * undone by a write of ours.
 *
 * Signal "changed" (): anything in the key file is different now, whoever changed it. */
#define COMFY_TYPE_SETTINGS (comfy_settings_get_type ())
G_DECLARE_FINAL_TYPE (ComfySettings, comfy_settings, COMFY, SETTINGS, GObject)

ComfySettings *comfy_settings_new             (const char     *path);

/* free-form groups, for the profile index; the same object for the life of @self */
GKeyFile      *comfy_settings_get_key_file    (ComfySettings  *self);
gboolean       comfy_settings_save            (ComfySettings  *self,
                                               GError        **error);

/* id of the environment that actions use */
const char    *comfy_settings_get_endpoint    (ComfySettings  *self);
void           comfy_settings_set_endpoint    (ComfySettings  *self,
                                               const char     *endpoint_id);
/* "auto", "v1", "v2" */
const char    *comfy_settings_get_protocol    (ComfySettings  *self);
void           comfy_settings_set_protocol    (ComfySettings  *self,
                                               const char     *protocol);
/* jobs at once; 0: as the server's answers teach */
int            comfy_settings_get_max_jobs    (ComfySettings  *self);
void           comfy_settings_set_max_jobs    (ComfySettings  *self,
                                               int             n);
/* days that a finished job's files are kept, 0…365 */
int            comfy_settings_get_keep_days   (ComfySettings  *self);
void           comfy_settings_set_keep_days   (ComfySettings  *self,
                                               int             days);
/* Filters → Repeat may run a paid action without asking */
gboolean       comfy_settings_get_repeat_runs (ComfySettings  *self);
void           comfy_settings_set_repeat_runs (ComfySettings  *self,
                                               gboolean        runs);
/* a result is placed when it arrives; else when the artist says so */
gboolean       comfy_settings_get_place_at_once
                                              (ComfySettings  *self);
void           comfy_settings_set_place_at_once
                                              (ComfySettings  *self,
                                               gboolean        at_once);
/* new layers carry how they were made, so that it can be done again otherwise */
gboolean       comfy_settings_get_remember_in_layers
                                              (ComfySettings  *self);
void           comfy_settings_set_remember_in_layers
                                              (ComfySettings  *self,
                                               gboolean        remembers);
/* (transfer full) (nullable): where a file of a job was last saved, while that folder is there */
char          *comfy_settings_dup_save_folder (ComfySettings  *self);
void           comfy_settings_set_save_folder (ComfySettings  *self,
                                               const char     *folder);
/* what a job uploaded is deleted on the server when the job is done */
gboolean       comfy_settings_get_delete_uploads (ComfySettings *self);
void           comfy_settings_set_delete_uploads (ComfySettings *self,
                                                  gboolean       deletes);
/* micros of a dollar: the artist is asked before a run when less is left; 0: never */
gint64         comfy_settings_get_ask_under_balance
                                              (ComfySettings  *self);
void           comfy_settings_set_ask_under_balance
                                              (ComfySettings  *self,
                                               gint64          micros);
/* the artist is asked before more jobs than that are begun together; 0: never */
int            comfy_settings_get_ask_over_jobs
                                              (ComfySettings  *self);
void           comfy_settings_set_ask_over_jobs
                                              (ComfySettings  *self,
                                               int             n);
/* partners' nodes may use the key of an environment of this origin: they are billed per call */
gboolean       comfy_settings_get_lends_key   (ComfySettings  *self,
                                               const char     *origin);
void           comfy_settings_set_lends_key   (ComfySettings  *self,
                                               const char     *origin,
                                               gboolean        lends);
/* the artist has read what leaves the machine, and where to, for this origin */
gboolean       comfy_settings_has_consent     (ComfySettings  *self,
                                               const char     *origin);
void           comfy_settings_give_consent    (ComfySettings  *self,
                                               const char     *origin);
/* (transfer full): paths of workflows that were used, the newest first */
char         **comfy_settings_dup_recent_workflows
                                              (ComfySettings  *self);
void           comfy_settings_note_recent_workflow
                                              (ComfySettings  *self,
                                               const char     *path);
void           comfy_settings_forget_recent_workflow
                                              (ComfySettings  *self,
                                               const char     *path);

G_END_DECLS
