/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a job makes do with what a server has. A graph that is refused for a file or a class that the
 * server does not have made no job and cost nothing, so the next best is sent; what it is stands in
 * the journal before it is sent, and every later send of the job has it too.
 */
#define G_LOG_DOMAIN "comfy-job-adapt"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-job-private.h"
#include "comfy-response-private.h"
#include "comfy-server-memory-private.h"

#define MAX_NAME  80 /* characters of a file's name that are shown */
#define MAX_NAMES 3  /* files of the server that one message names */

static const char *
get_base_url (ComfyJob *self)
{
  return comfy_journal_entry_get_base_url (self->entry);
}

/* (nullable): the file that the artist's graph asks for */
static const char *
get_wanted (ComfyJob          *self,
            const ComfyLoader *loader)
{
  ComfyWorkflow *workflow = comfy_request_get_workflow (comfy_job_get_request (self));
  const char    *file = NULL;

  comfy_workflow_get_string (workflow, loader->target.node, loader->target.input, &file);

  return file;
}

/* (nullable): the file that the job asks for */
static const char *
get_current (ComfyJob          *self,
             unsigned int       i,
             const ComfyLoader *loader)
{
  const char *file = comfy_journal_entry_get_file (self->entry, i);

  return file != NULL ? file : get_wanted (self, loader);
}

/* Servers name a file with its folder where it lies in one */
static const char *
get_base_name (const char *file)
{
  const char *slash = strrchr (file, '/');
  const char *backslash = strrchr (file, '\\');

  if (slash == NULL && backslash == NULL)
    return file;

  return MAX (slash, backslash) + 1;
}

/* (nullable): how the server spells @file: the one file of that name, in whichever folder */
static const char *
find_allowed (const char * const *allowed,
              const char         *file)
{
  const char *found = NULL;

  if (g_strv_contains (allowed, file))
    return file;

  for (unsigned int i = 0; allowed[i] != NULL; i++)
    if (g_str_equal (get_base_name (allowed[i]), get_base_name (file)))
      {
        if (found != NULL)
          return NULL;
        found = allowed[i];
      }

  return found;
}

/* (nullable): what to try next: the first of ours that the server has, or that was not tried yet
 * where it does not say what it has. What the artist wanted may be there in a folder. */
static const char *
find_next (ComfyJob               *self,
           unsigned int            i,
           const ComfyLoader      *loader,
           const ComfyNodeProblem *problem)
{
  const char *wanted = get_wanted (self, loader);

  for (int j = -1; j < 0 || loader->candidates[j] != NULL; j++)
    {
      const char *file = j < 0 ? wanted : loader->candidates[j];

      if (problem->allowed != NULL)
        file = find_allowed ((const char * const *) problem->allowed, file);
      if (file != NULL && !comfy_journal_entry_has_refused (self->entry, i, file))
        return file;
    }

  return NULL;
}

static gboolean
is_of_type (const ComfyNodeProblem *problem,
            const char * const     *types)
{
  return problem->type != NULL && g_strv_contains (types, problem->type);
}

/* Whether the server does not take the file in @loader; where it only names the input, that is what
 * can be wrong with it */
static gboolean
is_about_file (const ComfyNodeProblem *problem,
               const ComfyLoader      *loader)
{
  static const char * const others[] = {
    "required_input_missing", "missing_input", "bad_linked_input", "return_type_mismatch",
    "invalid_input_type", "missing_node_type", "dependency_cycle", NULL
  };

  return g_strcmp0 (problem->node_id, loader->target.node) == 0
         && g_strcmp0 (problem->input, loader->target.input) == 0
         && !is_of_type (problem, others);
}

static gboolean
saves_deep (ComfyJob *self)
{
  return comfy_request_get_deep (comfy_job_get_request (self))
         && !comfy_journal_entry_get_plain_results (self->entry);
}

/* Whether the server does not take what comfy_workflow_save_deep() made of a node */
static gboolean
is_about_depth (ComfyJob               *self,
                const ComfyNodeProblem *problem)
{
  static const char * const  types[] = { "missing_node_type", "invalid_prompt", NULL };
  ComfyWorkflow             *workflow = comfy_request_get_workflow (comfy_job_get_request (self));

  if (problem->node_id == NULL
      || g_strcmp0 (comfy_workflow_get_class (workflow, problem->node_id), "SaveImage") != 0)
    return FALSE;

  return is_of_type (problem, types) || problem->input == NULL
         || g_str_equal (problem->input, "class_type")
         || g_str_equal (problem->input, "format")
         || g_str_has_prefix (problem->input, "format.");
}

static void
append_name (GString    *list,
             const char *file)
{
  g_autofree char *shown = _comfy_redact (file, NULL, MAX_NAME);

  g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", shown);
}

/* (transfer full): which of our files are missing, and what the server would take */
static char *
describe_missing (ComfyJob               *self,
                  const ComfyLoader      *loader,
                  const ComfyNodeProblem *problem)
{
  ComfyWorkflow       *workflow = comfy_request_get_workflow (comfy_job_get_request (self));
  const char          *title = comfy_workflow_get_title (workflow, loader->target.node);
  const char          *wanted = get_wanted (self, loader);
  char               **allowed = problem->allowed;
  g_autoptr(GString)   ours = g_string_new (NULL);
  g_autoptr(GString)   theirs = g_string_new (NULL);
  g_autofree char     *missing = NULL;

  append_name (ours, wanted);
  for (unsigned int i = 0; loader->candidates[i] != NULL; i++)
    if (!g_str_equal (loader->candidates[i], wanted))
      append_name (ours, loader->candidates[i]);
  for (unsigned int i = 0; allowed != NULL && allowed[i] != NULL && i < MAX_NAMES; i++)
    append_name (theirs, allowed[i]);
  if (allowed != NULL && g_strv_length (allowed) > MAX_NAMES)
    g_string_append (theirs, ", …");

  missing = g_strdup_printf (_("The server does not have the file that “%s” needs: %s."), title,
                             ours->str);
  if (allowed == NULL)
    return g_steal_pointer (&missing);
  if (theirs->len == 0)
    return g_strdup_printf (_("%s It has no file at all for this."), missing);

  return g_strdup_printf (_("%s It has %s."), missing, theirs->str);
}

static GError *
new_missing (const GError *why,
             const char   *missing)
{
  GError *error;

  error = comfy_error_new (COMFY_ERROR_INVALID_WORKFLOW, comfy_error_get_detail (why),
                           _("%s Choose another model or another environment."), missing);
  comfy_error_set_response (error, comfy_error_get_status (why),
                            comfy_error_get_server_code (why), comfy_error_get_request_id (why));
  comfy_error_set_problems (error, comfy_error_get_problems (why));

  return error;
}

/* Chooses another file for a loader. Returns FALSE when there is none left. */
static gboolean
adapt_loader (ComfyJob               *self,
              unsigned int            i,
              const ComfyLoader      *loader,
              const ComfyNodeProblem *problem)
{
  const char      *next;
  g_autofree char *shown = NULL;

  comfy_journal_entry_note_refused (self->entry, i, get_current (self, i, loader));
  next = find_next (self, i, loader, problem);
  if (next == NULL)
    return FALSE;

  shown = _comfy_redact (next, NULL, MAX_NAME);
  g_message ("Job %s: the server does not have what “%s” wants; trying %s",
             comfy_journal_entry_get_id (self->entry), loader->target.node, shown);
  comfy_journal_entry_set_file (self->entry, i, next);

  return TRUE;
}

static void
save_plainly (ComfyJob *self)
{
  g_message ("Job %s: the server cannot save 16 bits per channel; asking for 8",
             comfy_journal_entry_get_id (self->entry));
  comfy_journal_entry_set_plain_results (self->entry, TRUE);
}

/* (nullable): what the server has against the file in @loader */
static const ComfyNodeProblem *
find_file_problem (GPtrArray         *problems,
                   const ComfyLoader *loader)
{
  for (unsigned int i = 0; i < problems->len; i++)
    if (is_about_file (g_ptr_array_index (problems, i), loader))
      return g_ptr_array_index (problems, i);

  return NULL;
}

/* Appends to @missing what cannot be made good. Returns whether another file was chosen. */
static gboolean
adapt_loaders (ComfyJob  *self,
               GPtrArray *problems,
               GString   *missing)
{
  GPtrArray *loaders = comfy_request_get_loaders (comfy_job_get_request (self));
  gboolean   changed = FALSE;

  for (unsigned int i = 0; i < loaders->len; i++)
    {
      const ComfyLoader      *loader = g_ptr_array_index (loaders, i);
      const ComfyNodeProblem *problem = find_file_problem (problems, loader);
      g_autofree char        *text = NULL;

      if (problem == NULL || get_wanted (self, loader) == NULL)
        continue;
      if (adapt_loader (self, i, loader, problem))
        {
          changed = TRUE;
          continue;
        }

      text = describe_missing (self, loader, problem);
      g_string_append_printf (missing, "%s%s", missing->len > 0 ? "\n" : "", text);
    }

  return changed;
}

/*
 * _comfy_job_adapt:
 * @why: (inout): why the graph was refused, so that it is certain that no job was made; says which
 *   files are missing when nothing is left to try
 *
 * Chooses what is sent instead, into the entry; not on disk before the next commit. Every file is
 * tried once, so this comes to an end.
 *
 * Returns: whether something else is to be sent
 */
gboolean
_comfy_job_adapt (ComfyJob  *self,
                  GError   **why)
{
  GPtrArray          *problems = comfy_error_get_problems (*why);
  g_autoptr(GString)  missing = g_string_new (NULL);
  GError             *explained;
  gboolean            changed;

  if (problems == NULL)
    return FALSE;

  changed = adapt_loaders (self, problems, missing);
  for (unsigned int i = 0; i < problems->len; i++)
    if (saves_deep (self) && is_about_depth (self, g_ptr_array_index (problems, i)))
      {
        save_plainly (self);
        changed = TRUE;
      }

  if (missing->len == 0)
    return changed;

  explained = new_missing (*why, missing->str);
  g_error_free (*why);
  *why = explained;

  return FALSE;
}

/* Whether it is one of the files that the action's author named, in whichever folder */
static gboolean
is_candidate (const ComfyLoader *loader,
              const char        *wanted,
              const char        *file)
{
  if (g_str_equal (get_base_name (wanted), get_base_name (file)))
    return TRUE;

  for (unsigned int i = 0; loader->candidates[i] != NULL; i++)
    if (g_str_equal (get_base_name (loader->candidates[i]), get_base_name (file)))
      return TRUE;

  return FALSE;
}

/*
 * _comfy_job_recall:
 *
 * Before a job is sent for the first time: chooses what the server took of jobs before. What was
 * sent once, and may have been received, is left as it is.
 */
void
_comfy_job_recall (ComfyJob *self)
{
  GPtrArray *loaders = comfy_request_get_loaders (comfy_job_get_request (self));
  gboolean   changed = FALSE;

  if (comfy_journal_entry_get_submitted_at (self->entry) != 0
      || comfy_journal_entry_has_lost_job (self->entry))
    return;

  for (unsigned int i = 0; i < loaders->len; i++)
    {
      const ComfyLoader *loader = g_ptr_array_index (loaders, i);
      const char        *wanted = get_wanted (self, loader);
      g_autofree char   *file = NULL;

      if (wanted == NULL || comfy_journal_entry_get_file (self->entry, i) != NULL)
        continue;

      file = _comfy_server_memory_dup_file (self->settings, get_base_url (self), wanted);
      if (file != NULL && is_candidate (loader, wanted, file)
          && !comfy_journal_entry_has_refused (self->entry, i, file))
        {
          comfy_journal_entry_set_file (self->entry, i, file);
          changed = TRUE;
        }
    }

  if (saves_deep (self) && _comfy_server_memory_get_flag (self->settings, get_base_url (self),
                                                          COMFY_SERVER_PLAIN_RESULTS))
    {
      save_plainly (self);
      changed = TRUE;
    }

  /* a server may hold a key to the graph that it came with, even to one that it refused */
  if (changed)
    comfy_journal_entry_renew_key (self->entry);
}

/*
 * _comfy_job_remember:
 *
 * Once the server has taken the job: what it took is tried first by the next one.
 */
void
_comfy_job_remember (ComfyJob *self)
{
  GPtrArray  *loaders = comfy_request_get_loaders (comfy_job_get_request (self));
  const char *base_url = get_base_url (self);

  for (unsigned int i = 0; i < loaders->len; i++)
    {
      const ComfyLoader *loader = g_ptr_array_index (loaders, i);
      const char        *wanted = get_wanted (self, loader);
      const char        *file = get_current (self, i, loader);

      if (wanted != NULL)
        _comfy_server_memory_set_file (self->settings, base_url, wanted,
                                       g_str_equal (file, wanted) ? NULL : file);
    }

  if (comfy_request_get_deep (comfy_job_get_request (self))
      && comfy_journal_entry_get_plain_results (self->entry))
    _comfy_server_memory_set_flag (self->settings, base_url, COMFY_SERVER_PLAIN_RESULTS);
}

/*
 * _comfy_job_fill_in:
 * @workflow: the request's graph
 *
 * Puts what was chosen into the graph.
 *
 * Returns: %FALSE with %COMFY_ERROR_INVALID_WORKFLOW
 */
gboolean
_comfy_job_fill_in (ComfyJob       *self,
                    ComfyWorkflow  *workflow,
                    GError        **error)
{
  GPtrArray *loaders = comfy_request_get_loaders (comfy_job_get_request (self));

  for (unsigned int i = 0; i < loaders->len; i++)
    {
      const ComfyLoader *loader = g_ptr_array_index (loaders, i);
      const char        *file = comfy_journal_entry_get_file (self->entry, i);

      if (file != NULL && !comfy_workflow_set_string (workflow, loader->target.node,
                                                      loader->target.input, file, error))
        return FALSE;
    }

  if (saves_deep (self))
    comfy_workflow_save_deep (workflow);

  return TRUE;
}
