/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Partners' nodes call somebody else's model, which is paid for per call with the key of the
 * artist. The key goes along only where the artist allowed it; and a job that needs it and may not
 * have it is stopped before anything is uploaded.
 */
#define G_LOG_DOMAIN "comfy-job-partner"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-job-private.h"

/* (nullable): what the artist calls the first node that is a partner's */
static const char *
find_partner (ComfyJob  *self,
              char     **node_ids)
{
  ComfyWorkflow *workflow = comfy_request_get_workflow (comfy_job_get_request (self));

  for (unsigned int i = 0; self->nodes != NULL && node_ids[i] != NULL; i++)
    {
      const char           *class_type = comfy_workflow_get_class (workflow, node_ids[i]);
      const ComfyNodeClass *klass = class_type != NULL
                                      ? comfy_node_table_lookup (self->nodes, class_type) : NULL;

      if (klass != NULL && comfy_node_class_is_partner (klass))
        return comfy_workflow_get_title (workflow, node_ids[i]);
    }

  return NULL;
}

static gboolean
has_key (ComfyJob *self)
{
  const char   *id = comfy_request_get_profile_id (comfy_job_get_request (self));
  ComfyProfile *profile = self->store != NULL ? comfy_profile_store_find (self->store, id) : NULL;

  return profile == NULL || comfy_profile_has_key (profile);
}

static gboolean
is_allowed (ComfyJob *self)
{
  g_autofree char *origin =
    comfy_endpoint_origin_of_url (comfy_journal_entry_get_base_url (self->entry));

  return self->settings != NULL && origin != NULL
         && comfy_settings_get_lends_key (self->settings, origin);
}

/* @title: (nullable): of the node */
static GError *
new_not_allowed (ComfyJob   *self,
                 const char *title)
{
  g_autofree char *origin =
    comfy_endpoint_origin_of_url (comfy_journal_entry_get_base_url (self->entry));

  if (title == NULL)
    return comfy_error_new (COMFY_ERROR_PARTNER_KEY, NULL,
                            _("The workflow has a partner's node, which is paid for with your key "
                              "for each call. Allow this for %s in Settings and run the job "
                              "again."), origin != NULL ? origin : "?");

  return comfy_error_new (COMFY_ERROR_PARTNER_KEY, title,
                          _("“%s” is a partner's node, which is paid for with your key for each "
                            "call. Allow this for %s in Settings and run the job again."),
                          title, origin != NULL ? origin : "?");
}

/*
 * _comfy_job_lends_key:
 * @out_lends: (out): whether the key has to go along
 *
 * Returns: %FALSE with %COMFY_ERROR_PARTNER_KEY when the job needs the key and may not have it. A
 *   server that needs none sees to its partners itself
 */
gboolean
_comfy_job_lends_key (ComfyJob  *self,
                      ComfyApi  *api,
                      gboolean  *out_lends,
                      GError   **error)
{
  ComfyWorkflow *workflow = comfy_request_get_workflow (comfy_job_get_request (self));
  g_auto(GStrv)  node_ids = comfy_workflow_dup_node_ids (workflow);
  const char    *title = NULL;

  if ((comfy_api_get_flags (api) & COMFY_API_LENDS_KEY) != 0 && has_key (self))
    title = find_partner (self, node_ids);

  *out_lends = title != NULL;
  if (title == NULL || is_allowed (self))
    return TRUE;

  g_propagate_error (error, new_not_allowed (self, title));

  return FALSE;
}

/*
 * _comfy_job_explain_failure:
 * @remote: a job that failed
 *
 * A partner's node of which we know nothing is found out by what ComfyUI says without a key.
 *
 * Returns: (transfer full) (nullable): what to do about it, %NULL when it failed for another reason
 */
GError *
_comfy_job_explain_failure (ComfyJob             *self,
                            ComfyApi             *api,
                            const ComfyRemoteJob *remote)
{
  ComfyWorkflow *workflow = comfy_request_get_workflow (comfy_job_get_request (self));
  const char    *title = NULL;

  if (remote->error == NULL || (comfy_api_get_flags (api) & COMFY_API_LENDS_KEY) == 0
      || !has_key (self) || is_allowed (self)
      || strcasestr (remote->error->message, "Please login first to use this node") == NULL)
    return NULL;

  if (remote->node != NULL)
    title = comfy_workflow_get_title (workflow, remote->node);

  return new_not_allowed (self, title);
}
