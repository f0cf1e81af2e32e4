/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The preferences that are no secret. Everything flows one way: a setter writes into the key file,
 * and what the getters tell is read from there again, exactly as after another process's change.
 */
#define G_LOG_DOMAIN "comfy-settings"

#include "config.h"

#include "comfy-endpoint.h"
#include "comfy-error.h"
#include "comfy-settings-file.h"
#include "comfy-settings-private.h"

#define GROUP COMFY_SETTINGS_GROUP

#define DEFAULT_KEEP_DAYS 30

struct _ComfySettings
{
  GObject            parent_instance;

  ComfySettingsFile *file;
  GFileMonitor      *monitor;     /* nullable: a folder that cannot be watched */

  char              *endpoint;    /* an id */
  char              *protocol;    /* "auto", "v1" or "v2" */
  int                max_jobs;    /* 0: learned */
  int                keep_days;   /* 0…365 */
  gboolean           repeat_runs;
  gboolean           place_at_once;
  gboolean           remember_in_layers;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ComfySettings, comfy_settings, G_TYPE_OBJECT)

static gboolean
is_protocol (const char *text)
{
  static const char * const known[] = { "auto", "v1", "v2", NULL };

  return text != NULL && g_strv_contains (known, text);
}

/* the value of @key, or @fallback where it is missing or out of range */
static int
read_int (GKeyFile   *keys,
          const char *key,
          int         fallback,
          int         max)
{
  g_autoptr(GError) error = NULL;
  int                value = g_key_file_get_integer (keys, GROUP, key, &error);

  return error == NULL && value >= 0 && value <= max ? value : fallback;
}

static gboolean
read_boolean (GKeyFile   *keys,
              const char *key,
              gboolean    fallback)
{
  g_autoptr(GError) error = NULL;
  gboolean          value = g_key_file_get_boolean (keys, GROUP, key, &error);

  return error == NULL ? value : fallback;
}

/* A hand-edited value that makes no sense counts as missing */
static void
read_preferences (ComfySettings *self)
{
  GKeyFile        *keys = comfy_settings_file_get_keys (self->file);
  g_autofree char *endpoint = g_key_file_get_string (keys, GROUP, "environment", NULL);
  g_autofree char *protocol = g_key_file_get_string (keys, GROUP, "protocol", NULL);

  g_set_str (&self->endpoint, endpoint != NULL ? endpoint : COMFY_ENDPOINT_PRODUCTION);
  g_set_str (&self->protocol, is_protocol (protocol) ? protocol : "auto");
  self->max_jobs = read_int (keys, "max-jobs", 0, COMFY_SETTINGS_MAX_JOBS);
  self->keep_days = read_int (keys, "keep-days", DEFAULT_KEEP_DAYS, COMFY_SETTINGS_MAX_KEEP_DAYS);
  self->repeat_runs = read_boolean (keys, "repeat-runs", FALSE);
  self->place_at_once = read_boolean (keys, "place-at-once", TRUE);
  self->remember_in_layers = read_boolean (keys, "remember-in-layers", TRUE);
}

static void
announce (ComfySettings *self)
{
  read_preferences (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/*
 * _comfy_settings_save_preference:
 *
 * Saves what was set in the key file. A preference that cannot be written holds for the rest of the
 * process all the same.
 */
void
_comfy_settings_save_preference (ComfySettings *self)
{
  g_autoptr(GError) error = NULL;

  if (!comfy_settings_save (self, &error))
    {
      g_warning ("%s (%s)", error->message, comfy_error_get_detail (error));
      announce (self);
    }
}

static void
file_changed_cb (GFileMonitor      *monitor,
                 GFile             *file,
                 GFile             *other_file,
                 GFileMonitorEvent  event,
                 gpointer           user_data)
{
  ComfySettings *self = user_data;

  g_assert (COMFY_IS_SETTINGS (self));

  if (comfy_settings_file_reload (self->file))
    announce (self);
}

static void
comfy_settings_finalize (GObject *object)
{
  ComfySettings *self = COMFY_SETTINGS (object);

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_clear_pointer (&self->file, comfy_settings_file_free);
  g_free (self->endpoint);
  g_free (self->protocol);

  G_OBJECT_CLASS (comfy_settings_parent_class)->finalize (object);
}

static void
comfy_settings_class_init (ComfySettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = comfy_settings_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_settings_init (ComfySettings *self)
{
}

/**
 * comfy_settings_new:
 * @path: the key file; its folder is made when it is missing
 *
 * Changes by other processes arrive through the main context that is the thread's default now.
 *
 * Returns: (transfer full): the settings as they are on disk, else the defaults
 */
ComfySettings *
comfy_settings_new (const char *path)
{
  ComfySettings     *self;
  g_autoptr(GFile)  file = NULL;
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (COMFY_TYPE_SETTINGS, NULL);
  self->file = comfy_settings_file_new (path);
  read_preferences (self);

  file = g_file_new_for_path (path);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (file_changed_cb), self,
                             G_CONNECT_DEFAULT);
  else
    g_debug ("%s is not watched: %s", path, error->message);

  return self;
}

/**
 * comfy_settings_get_key_file:
 * @self: the settings
 *
 * Returns: (transfer none): the groups; change them and call comfy_settings_save()
 */
GKeyFile *
comfy_settings_get_key_file (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), NULL);

  return comfy_settings_file_get_keys (self->file);
}

/**
 * comfy_settings_save:
 * @self: the settings
 * @error: %COMFY_ERROR_STORAGE
 *
 * Puts the changes of this process on top of what lies on disk now, atomically and durably, and
 * emits "changed". On failure they stay in memory, and the next save tries again.
 *
 * Returns: whether they are on disk
 */
gboolean
comfy_settings_save (ComfySettings  *self,
                     GError        **error)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);

  if (!comfy_settings_file_save (self->file, error))
    return FALSE;

  announce (self);

  return TRUE;
}

/**
 * comfy_settings_get_endpoint:
 * @self: the settings
 *
 * Returns: (transfer none): id of the environment that actions use
 */
const char *
comfy_settings_get_endpoint (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), NULL);

  return self->endpoint;
}

/**
 * comfy_settings_set_endpoint:
 * @self: the settings
 * @endpoint_id: id of the environment that actions shall use
 */
void
comfy_settings_set_endpoint (ComfySettings *self,
                             const char    *endpoint_id)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (endpoint_id != NULL);

  g_key_file_set_string (comfy_settings_get_key_file (self), GROUP, "environment", endpoint_id);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_protocol:
 * @self: the settings
 *
 * Returns: (transfer none): "auto", "v1" or "v2"
 */
const char *
comfy_settings_get_protocol (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), NULL);

  return self->protocol;
}

/**
 * comfy_settings_set_protocol:
 * @self: the settings
 * @protocol: "auto", "v1" or "v2"
 */
void
comfy_settings_set_protocol (ComfySettings *self,
                             const char    *protocol)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (is_protocol (protocol));

  g_key_file_set_string (comfy_settings_get_key_file (self), GROUP, "protocol", protocol);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_max_jobs:
 * @self: the settings
 *
 * Returns: how many jobs may run at once; 0: as the server's answers teach
 */
int
comfy_settings_get_max_jobs (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), 0);

  return self->max_jobs;
}

/**
 * comfy_settings_set_max_jobs:
 * @self: the settings
 * @n: 0…100; 0: as the server's answers teach
 */
void
comfy_settings_set_max_jobs (ComfySettings *self,
                             int            n)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (n >= 0 && n <= COMFY_SETTINGS_MAX_JOBS);

  g_key_file_set_integer (comfy_settings_get_key_file (self), GROUP, "max-jobs", n);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_keep_days:
 * @self: the settings
 *
 * Returns: for how many days a finished job's files are kept, 0…365
 */
int
comfy_settings_get_keep_days (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), 0);

  return self->keep_days;
}

/**
 * comfy_settings_set_keep_days:
 * @self: the settings
 * @days: 0…365
 */
void
comfy_settings_set_keep_days (ComfySettings *self,
                              int            days)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (days >= 0 && days <= COMFY_SETTINGS_MAX_KEEP_DAYS);

  g_key_file_set_integer (comfy_settings_get_key_file (self), GROUP, "keep-days", days);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_repeat_runs:
 * @self: the settings
 *
 * Returns: whether Filters → Repeat may run a paid action without asking
 */
gboolean
comfy_settings_get_repeat_runs (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);

  return self->repeat_runs;
}

/**
 * comfy_settings_set_repeat_runs:
 * @self: the settings
 * @runs: whether Filters → Repeat may run a paid action without asking
 */
void
comfy_settings_set_repeat_runs (ComfySettings *self,
                                gboolean       runs)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_boolean (comfy_settings_get_key_file (self), GROUP, "repeat-runs", runs);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_place_at_once:
 * @self: the settings
 *
 * Returns: whether a result is placed when it arrives; else when the artist says so
 */
gboolean
comfy_settings_get_place_at_once (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), TRUE);

  return self->place_at_once;
}

/**
 * comfy_settings_set_place_at_once:
 * @self: the settings
 * @at_once: whether a result is placed when it arrives; else when the artist says so
 */
void
comfy_settings_set_place_at_once (ComfySettings *self,
                                  gboolean       at_once)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_boolean (comfy_settings_get_key_file (self), GROUP, "place-at-once", at_once);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_remember_in_layers:
 * @self: the settings
 *
 * Returns: whether new layers carry how they were made, prompt and seed included
 */
gboolean
comfy_settings_get_remember_in_layers (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);

  return self->remember_in_layers;
}

/**
 * comfy_settings_set_remember_in_layers:
 * @self: the settings
 * @remembers: whether new layers shall carry how they were made, prompt and seed included
 */
void
comfy_settings_set_remember_in_layers (ComfySettings *self,
                                       gboolean       remembers)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_boolean (comfy_settings_get_key_file (self), GROUP, "remember-in-layers",
                          remembers);
  _comfy_settings_save_preference (self);
}
