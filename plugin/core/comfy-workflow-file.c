/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that an artist opens as a workflow: a graph that was exported from ComfyUI, what was sent
 * to a server with the graph in it, or a picture that ComfyUI saved. What it is goes by its
 * content, not by its name. Whatever it holds, opening it takes bounded time and memory and ends
 * with a graph or with a sentence.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-workflow-file-private.h"
#include "comfy-workflow-private.h"

/* bytes that tell what a file is */
#define N_START 512

/* memory of a document, in cells of about 100 bytes: a graph of all nodes that it may have takes
 * half a million */
#define MAX_CELLS 1000000

#define BOM "\xef\xbb\xbf"

struct _ComfyWorkflowFile
{
  GObject        parent_instance;
  ComfyWorkflow *workflow;   /* owned */
  JsonNode      *window;     /* owned, nullable */
  gboolean       is_picture;
};

G_DEFINE_FINAL_TYPE (ComfyWorkflowFile, comfy_workflow_file, G_TYPE_OBJECT)

static void
comfy_workflow_file_finalize (GObject *object)
{
  ComfyWorkflowFile *self = COMFY_WORKFLOW_FILE (object);

  g_clear_object (&self->workflow);
  g_clear_pointer (&self->window, json_node_unref);

  G_OBJECT_CLASS (comfy_workflow_file_parent_class)->finalize (object);
}

static void
comfy_workflow_file_class_init (ComfyWorkflowFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_workflow_file_finalize;
}

static void
comfy_workflow_file_init (ComfyWorkflowFile *self)
{
}

static JsonNode *
read_json (const char  *text,
           gsize        length,
           GHashTable  *repeated,
           GError     **error)
{
  const ComfyJsonRules rules = {
    .max_bytes = COMFY_WORKFLOW_MAX_BYTES,
    .max_depth = COMFY_WORKFLOW_MAX_DEPTH,
    .max_cells = MAX_CELLS,
    .max_members = COMFY_WORKFLOW_MAX_NODES,
    /* a node that is to run anew each time says so with NaN: "is_changed": [NaN] */
    .not_finite_is_null = TRUE,
    .repeated = repeated,
  };

  return _comfy_workflow_read (text, length, &rules, error);
}

static gboolean
check_repeated (JsonNode    *graph,
                GHashTable  *repeated,
                GError     **error)
{
  const char *id = JSON_NODE_HOLDS_OBJECT (graph)
                     ? g_hash_table_lookup (repeated, json_node_get_object (graph)) : NULL;
  g_autofree char *shown = NULL;

  if (id == NULL)
    return TRUE;

  shown = _comfy_workflow_dup_shown (id);
  comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, NULL,
                   _("Two nodes of this workflow have the id “%s”, and one of them would be lost. "
                     "Export it again with Workflow → Export (API)."), shown);
  return FALSE;
}

/* @window: (nullable): when it is known from elsewhere; else what @text holds */
static ComfyWorkflowFile *
new_from_text (const char  *text,
               gsize        length,
               JsonNode    *window,
               GError     **error)
{
  g_autoptr(GHashTable) repeated = comfy_json_repeated_new ();
  g_autoptr(ComfyWorkflow) workflow = NULL;
  g_autoptr(JsonNode) root = NULL;
  ComfyWorkflowFile *self;
  JsonNode *window_inside;
  JsonNode *graph;

  if (length >= strlen (BOM) && memcmp (text, BOM, strlen (BOM)) == 0)
    {
      text += strlen (BOM);
      length -= strlen (BOM);
    }

  if ((root = read_json (text, length, repeated, error)) == NULL)
    return NULL;

  graph = _comfy_workflow_find_graph (root, &window_inside);
  if (window == NULL)
    window = window_inside;
  _comfy_workflow_forget_runs (graph);
  if (!check_repeated (graph, repeated, error)
      || (workflow = comfy_workflow_new_from_node (graph, error)) == NULL)
    return NULL;

  self = g_object_new (COMFY_TYPE_WORKFLOW_FILE, NULL);
  self->workflow = g_steal_pointer (&workflow);
  self->window = window != NULL ? json_node_ref (window) : NULL;

  return self;
}

/* Returns: (transfer full) (nullable): the graph in the window's format, when @text is one */
static JsonNode *
read_window (GBytes *text)
{
  g_autoptr(JsonNode) root = NULL;
  gsize length;
  const char *data;

  if (text == NULL)
    return NULL;

  data = g_bytes_get_data (text, &length);
  root = read_json (data, length, NULL, NULL);

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)
      || !_comfy_workflow_is_window (json_node_get_object (root)))
    return NULL;

  return g_steal_pointer (&root);
}

/* Other programs call the words that the artist wrote "prompt" */
static gboolean
is_document (GBytes *text)
{
  gsize length = 0;
  const char *p = text != NULL ? g_bytes_get_data (text, &length) : NULL;

  while (length > 0 && g_ascii_isspace (*p))
    {
      p++;
      length--;
    }

  return length > 0 && *p == '{';
}

static ComfyWorkflowFile *
new_from_picture (const ComfyWorkflowSource  *source,
                  GError                    **error)
{
  g_autoptr(GBytes) prompt = NULL;
  g_autoptr(GBytes) window_text = NULL;
  g_autoptr(JsonNode) window = NULL;
  ComfyWorkflowFile *self = NULL;

  if (!_comfy_workflow_png_read (source, &prompt, &window_text, error))
    return NULL;

  window = read_window (window_text);
  if (is_document (prompt))
    {
      gsize length;
      const char *text = g_bytes_get_data (prompt, &length);

      if ((self = new_from_text (text, length, window, error)) != NULL)
        self->is_picture = TRUE;
    }
  else if (window != NULL)
    {
      _comfy_workflow_set_window_error (json_node_get_object (window), TRUE, error);
    }
  else
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, NULL,
                       _("This picture holds no workflow: it was not saved by ComfyUI, or its "
                         "metadata was removed on the way. Use the original file from ComfyUI's "
                         "output folder, or one made with Workflow → Export (API)."));
    }

  return self;
}

/**
 * _comfy_workflow_source_read:
 * @offset: bytes from the beginning
 * @buffer: (out caller-allocates): where the bytes go
 * @length: how many are wanted
 *
 * Returns: how many there were, fewer at the end or when the file cannot be read
 */
size_t
_comfy_workflow_source_read (const ComfyWorkflowSource *self,
                             guint64                    offset,
                             void                      *buffer,
                             size_t                     length)
{
  size_t n_read = 0;

  if (self->fd < 0)
    {
      n_read = offset < self->size ? MIN (length, self->size - offset) : 0;
      if (n_read > 0)
        memcpy (buffer, self->data + offset, n_read);
      return n_read;
    }

  while (n_read < length)
    {
      ssize_t n = pread (self->fd, (char *) buffer + n_read, length - n_read,
                         (off_t) (offset + n_read));

      if (n == 0 || (n < 0 && errno != EINTR))
        break;
      if (n > 0)
        n_read += n;
    }

  return n_read;
}

static ComfyWorkflowFile *
new_from_source (const ComfyWorkflowSource  *source,
                 GError                    **error)
{
  guint8 start[N_START];
  size_t n_start = _comfy_workflow_source_read (source, 0, start, sizeof start);
  g_autofree char *text = NULL;
  const char *advice;
  size_t length;

  if (_comfy_workflow_png_probe (start, n_start))
    return new_from_picture (source, error);

  if ((advice = _comfy_workflow_kind_get_advice (start, n_start)) != NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, NULL, "%s", advice);
      return NULL;
    }

  if (source->size > COMFY_WORKFLOW_MAX_BYTES)
    {
      comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                       _("This file is larger than %u MB, and no workflow is."),
                       COMFY_WORKFLOW_MAX_BYTES >> 20);
      return NULL;
    }

  text = g_malloc (source->size + 1);
  length = _comfy_workflow_source_read (source, 0, text, source->size);

  return new_from_text (text, length, NULL, error);
}

/* Opens without waiting for whom a pipe waits */
static int
open_file (const char  *path,
           guint64     *size,
           GError     **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofd int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  struct stat status;

  if (fd < 0 && errno == ENOENT)
    comfy_set_error (error, COMFY_ERROR_STORAGE, NULL,
                     _("There is no file “%s” any more. Choose another one."), name);
  else if (fd < 0 && errno == EACCES)
    comfy_set_error (error, COMFY_ERROR_STORAGE, NULL,
                     _("You may not read “%s”. Change the permissions of the file."), name);
  else if ((fd < 0 && errno != ENXIO) || (fd >= 0 && fstat (fd, &status) != 0))
    comfy_set_error (error, COMFY_ERROR_STORAGE, g_strerror (errno),
                     _("The workflow “%s” cannot be read."), name);
  else if (fd >= 0 && S_ISDIR (status.st_mode))
    comfy_set_error (error, COMFY_ERROR_STORAGE, NULL,
                     _("“%s” is a folder. Choose a file in it."), name);
  else if (fd < 0 || !S_ISREG (status.st_mode))
    comfy_set_error (error, COMFY_ERROR_STORAGE, NULL,
                     _("“%s” is a device or a pipe, not a file. Choose a file."), name);
  else
    {
      *size = status.st_size;
      return g_steal_fd (&fd);
    }

  return -1;
}

/**
 * comfy_workflow_file_open:
 * @path: in the file system's encoding
 *
 * Opens whatever an artist takes for a workflow: a graph in API format, what was sent to a server
 * or stands in its history, or a PNG that ComfyUI saved. Blocks; may be called on any thread.
 *
 * Returns: (transfer full): the file
 *
 * Errors: %COMFY_ERROR_STORAGE (it cannot be read, or is no file), %COMFY_ERROR_TOO_LARGE,
 * %COMFY_ERROR_INVALID_WORKFLOW (whatever else it is; the message names it)
 */
ComfyWorkflowFile *
comfy_workflow_file_open (const char  *path,
                          GError     **error)
{
  ComfyWorkflowSource source = { 0 };
  g_autofd int fd = -1;

  g_return_val_if_fail (path != NULL, NULL);

  if ((fd = open_file (path, &source.size, error)) < 0)
    return NULL;

  source.fd = fd;
  return new_from_source (&source, error);
}

/**
 * _comfy_workflow_file_new_from_bytes:
 * @bytes: what a file holds
 *
 * Returns: (transfer full): as comfy_workflow_file_open() of such a file
 */
ComfyWorkflowFile *
_comfy_workflow_file_new_from_bytes (GBytes  *bytes,
                                     GError **error)
{
  ComfyWorkflowSource source = { .fd = -1 };
  gsize size;

  g_return_val_if_fail (bytes != NULL, NULL);

  source.data = g_bytes_get_data (bytes, &size);
  source.size = size;
  return new_from_source (&source, error);
}

/**
 * comfy_workflow_file_get_workflow:
 *
 * Returns: (transfer none): the graph
 */
ComfyWorkflow *
comfy_workflow_file_get_workflow (ComfyWorkflowFile *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW_FILE (self), NULL);

  return self->workflow;
}

/**
 * comfy_workflow_file_is_picture:
 *
 * Returns: whether the file is a PNG that can be shown, and so its own thumbnail
 */
gboolean
comfy_workflow_file_is_picture (ComfyWorkflowFile *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW_FILE (self), FALSE);

  return self->is_picture;
}

/**
 * _comfy_workflow_file_get_window:
 *
 * Returns: (transfer none) (nullable): the same graph in the format of ComfyUI's window, when it
 *   lay beside it: an object with an array "nodes"; everything else in it is a stranger's
 */
JsonNode *
_comfy_workflow_file_get_window (ComfyWorkflowFile *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW_FILE (self), NULL);

  return self->window;
}
