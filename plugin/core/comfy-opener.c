/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a file to a form. Files are read, and large graphs looked at, on worker threads.
 */
#define G_LOG_DOMAIN "comfy-opener"

#include "config.h"

#include <string.h>

#include "comfy-fiber-private.h"
#include "comfy-mapping-private.h"
#include "comfy-mapping-store.h"
#include "comfy-opener.h"
#include "comfy-workflow-file-private.h"

#define WORKFLOWS   "workflows"
#define CORRECTIONS "corrections"

/* what layers of a workflow that is not saved remember as their action */
#define ACTION_ID "run-workflow"

struct _ComfyOpener
{
  GObject       parent_instance;

  ComfySession *session;     /* owned */
  ComfyLibrary *library;     /* owned */
  GPtrArray    *actions;     /* owned, of ComfyAction: that came with the program */
  char         *workflows;   /* owned: a folder */
  char         *corrections; /* owned: a folder */
};

G_DEFINE_FINAL_TYPE (ComfyOpener, comfy_opener, G_TYPE_OBJECT)

static void
comfy_opener_finalize (GObject *object)
{
  ComfyOpener *self = COMFY_OPENER (object);

  g_clear_object (&self->session);
  g_clear_object (&self->library);
  g_clear_pointer (&self->actions, g_ptr_array_unref);
  g_free (self->workflows);
  g_free (self->corrections);

  G_OBJECT_CLASS (comfy_opener_parent_class)->finalize (object);
}

static void
comfy_opener_class_init (ComfyOpenerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_opener_finalize;
}

static void
comfy_opener_init (ComfyOpener *self)
{
}

/**
 * comfy_opener_dup_folder:
 * @folder: the artist's
 *
 * Returns: (transfer full): where below it workflows lie
 */
char *
comfy_opener_dup_folder (const char *folder)
{
  return g_build_filename (folder, WORKFLOWS, NULL);
}

/**
 * comfy_opener_new:
 * @session: the session
 * @actions: (element-type ComfyAction): that came with the program
 * @folder: the artist's; made when something is written into it
 *
 * Returns: (transfer full): an opener
 */
ComfyOpener *
comfy_opener_new (ComfySession *session,
                  GPtrArray    *actions,
                  const char   *folder)
{
  ComfyOpener *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (actions != NULL && folder != NULL, NULL);

  self = g_object_new (COMFY_TYPE_OPENER, NULL);
  self->session = g_object_ref (session);
  self->actions = g_ptr_array_ref (actions);
  self->workflows = comfy_opener_dup_folder (folder);
  self->corrections = g_build_filename (folder, CORRECTIONS, NULL);
  self->library = comfy_library_new (actions, self->workflows,
                                     comfy_session_get_settings (session));

  return self;
}

/**
 * comfy_opener_get_session:
 *
 * Returns: (transfer none): the session
 */
ComfySession *
comfy_opener_get_session (ComfyOpener *self)
{
  g_return_val_if_fail (COMFY_IS_OPENER (self), NULL);

  return self->session;
}

/**
 * comfy_opener_get_library:
 *
 * Returns: (transfer none): the list of workflows
 */
ComfyLibrary *
comfy_opener_get_library (ComfyOpener *self)
{
  g_return_val_if_fail (COMFY_IS_OPENER (self), NULL);

  return self->library;
}

/* One file on its way. Counted: a thread works on it to the end even when nobody waits any more. */
typedef struct
{
  char              *path;        /* owned */
  char              *corrections; /* owned: path of the folder with them */
  ComfyWorkflowFile *file;        /* owned, nullable */
  ComfyNodeTable    *table;       /* owned, nullable */
  ComfyMapping      *mapping;     /* owned, nullable */
} Reading;

static void
reading_clear (void *data)
{
  Reading *reading = data;

  g_clear_object (&reading->file);
  g_clear_object (&reading->table);
  g_clear_object (&reading->mapping);
  g_free (reading->path);
  g_free (reading->corrections);
}

/* on any thread */
static void
reading_unref (void *reading)
{
  g_atomic_rc_box_release_full (reading, reading_clear);
}

static gboolean
read_in_thread (void    *data,
                GError **error)
{
  Reading *reading = data;

  reading->file = comfy_workflow_file_open (reading->path, error);

  return reading->file != NULL;
}

/* without what it ends in */
static char *
dup_title (const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  char            *dot = strrchr (name, '.');

  return dot != NULL && dot != name ? g_strndup (name, dot - name) : g_strdup (name);
}

static gboolean
look_in_thread (void    *data,
                GError **error)
{
  Reading         *reading = data;
  g_autofree char *title = dup_title (reading->path);

  reading->mapping = comfy_mapping_new (comfy_workflow_file_get_workflow (reading->file),
                                        reading->table, title);
  _comfy_mapping_set_window (reading->mapping, _comfy_workflow_file_get_window (reading->file));
  comfy_mapping_store_recall (reading->corrections, reading->mapping);

  return TRUE;
}

/* the arguments of open_fiber() */
typedef struct
{
  ComfySession *session; /* owned */
  Reading      *reading; /* owned: a reference */
} Opening;

static void
opening_free (void *data)
{
  Opening *opening = data;

  g_object_unref (opening->session);
  reading_unref (opening->reading);
  g_free (opening);
}

static DexFuture *
run (Reading         *reading,
     ComfyThreadFunc  func)
{
  return _comfy_run_in_thread (func, g_atomic_rc_box_acquire (reading), reading_unref);
}

static DexFuture *
open_fiber (void *data)
{
  Opening *opening = data;
  Reading *reading = opening->reading;
  GError  *error = NULL;

  if (!dex_await (run (reading, read_in_thread), &error))
    return dex_future_new_for_error (error);

  reading->table = dex_await_object (comfy_session_find_nodes (opening->session), &error);
  if (reading->table == NULL || !dex_await (run (reading, look_in_thread), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_object (g_steal_pointer (&reading->mapping));
}

/**
 * comfy_opener_open:
 * @path: of a file, absolute
 *
 * Returns: (transfer full): a future of a #ComfyMapping. Rejects with %COMFY_ERROR_INVALID_WORKFLOW,
 *   %COMFY_ERROR_TOO_LARGE or %COMFY_ERROR_STORAGE, each with what to do in words
 */
DexFuture *
comfy_opener_open (ComfyOpener *self,
                   const char  *path)
{
  Opening *opening;

  g_return_val_if_fail (COMFY_IS_OPENER (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  opening = g_new0 (Opening, 1);
  opening->session = g_object_ref (self->session);
  opening->reading = g_atomic_rc_box_new0 (Reading);
  opening->reading->path = g_strdup (path);
  opening->reading->corrections = g_strdup (self->corrections);

  return _comfy_spawn (open_fiber, opening, opening_free);
}

/**
 * comfy_opener_fill_form:
 * @action: one of the list
 * @image_id: the editor's id of the image, -1 when there is none
 *
 * Returns: (transfer full): a form that knows the image
 */
ComfyForm *
comfy_opener_fill_form (ComfyOpener *self,
                        ComfyAction *action,
                        int          image_id)
{
  ComfyForm *form;

  g_return_val_if_fail (COMFY_IS_OPENER (self), NULL);

  form = comfy_form_new (action);
  comfy_host_describe_image (comfy_session_get_host (self->session), image_id, form);

  return form;
}

/**
 * comfy_opener_make_form:
 * @mapping: what a workflow is to the artist
 * @image_id: the editor's id of the image, -1 when there is none
 *
 * Returns: (transfer full): a form that knows the image, and what the workflow's nodes take
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
ComfyForm *
comfy_opener_make_form (ComfyOpener   *self,
                        ComfyMapping  *mapping,
                        int            image_id,
                        GError       **error)
{
  g_autoptr(ComfyAction)  action = comfy_mapping_make_action (mapping, ACTION_ID, error);
  ComfyForm              *form;

  g_return_val_if_fail (COMFY_IS_OPENER (self), NULL);

  if (action == NULL)
    return NULL;

  form = comfy_opener_fill_form (self, action, image_id);
  comfy_form_set_table (form, mapping->table);

  return form;
}

/**
 * comfy_opener_remember:
 * @mapping: with what the artist has corrected
 *
 * Returns: whether a graph of that shape is opened so from now on
 *
 * Errors: %COMFY_ERROR_STORAGE
 */
gboolean
comfy_opener_remember (ComfyOpener   *self,
                       ComfyMapping  *mapping,
                       GError       **error)
{
  g_return_val_if_fail (COMFY_IS_OPENER (self), FALSE);

  return comfy_mapping_store_remember (self->corrections, mapping, error);
}

/**
 * comfy_opener_save:
 * @mapping: what a workflow is to the artist
 * @title: what the action is called
 *
 * Saves it as an action: in the list at once, in the menu after the editor's next start.
 *
 * Returns: (transfer full): path of its sidecar
 *
 * Errors: %COMFY_ERROR_STORAGE, %COMFY_ERROR_INVALID_ARGUMENT for a blank name
 */
char *
comfy_opener_save (ComfyOpener   *self,
                   ComfyMapping  *mapping,
                   const char    *title,
                   GError       **error)
{
  g_return_val_if_fail (COMFY_IS_OPENER (self), NULL);

  return comfy_mapping_store_save (self->workflows, mapping, title, self->actions, error);
}
