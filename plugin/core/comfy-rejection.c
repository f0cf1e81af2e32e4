/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a key may have been rejected: the four common causes that the Developer API's authentication
 * page lists, each with what is known of it here.
 */
#define G_LOG_DOMAIN "comfy-rejection"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-rejection-private.h"

/* "Missing Authorization header": ours is never missing, so somebody took it out. An answer without
 * the service's code was written by somebody else. */
static const char *
header_cause (const GError *error)
{
  return comfy_error_get_server_code (error) == NULL
           ? _("A proxy on the way probably removed the key: the answer does not look like one of "
               "the service itself.")
           : _("A proxy on the way removed the key.");
}

/* "Malformed header": the form of ours is fixed, so the key in it is wrong */
static const char *
form_cause (ComfyCredentials *credentials)
{
  return comfy_credentials_has_usual_prefix (credentials)
           ? _("The key was not copied whole.")
           : _("This is probably no key of Comfy's: those begin with “comfyui-”.");
}

/* "Revoked or deleted API key" */
static const char *
revoked_cause (gboolean has_worked)
{
  return has_worked ? _("The key worked before, so it has probably been revoked or deleted.")
                    : _("The key has been revoked or deleted.");
}

/**
 * comfy_rejection_explain:
 * @error: why a request failed
 * @endpoint: where it went
 * @credentials: (nullable): with which key
 * @name: (nullable): what the artist calls the key
 * @has_worked: whether the key is known to have worked
 *
 * Turns %COMFY_ERROR_UNAUTHORIZED into one whose message names the key and the causes it may have,
 * a line each. Any other error is copied as it is.
 *
 * Returns: (transfer full): the error
 */
GError *
comfy_rejection_explain (const GError     *error,
                         ComfyEndpoint    *endpoint,
                         ComfyCredentials *credentials,
                         const char       *name,
                         gboolean          has_worked)
{
  g_autofree char *heading = NULL;
  g_autofree char *other = NULL;
  GError          *explained;

  g_return_val_if_fail (error != NULL && COMFY_IS_ENDPOINT (endpoint), NULL);

  if (!g_error_matches (error, COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED))
    return g_error_copy (error);

  if (credentials == NULL)
    heading = g_strdup_printf (_("%s asks for a key. Add one for this environment."),
                               comfy_endpoint_get_host (endpoint));
  else if (name != NULL)
    heading = g_strdup_printf (_("The key “%s” was rejected by %s. Possible causes:"), name,
                               comfy_endpoint_get_host (endpoint));
  else
    heading = g_strdup_printf (_("The key was rejected by %s. Possible causes:"),
                               comfy_endpoint_get_host (endpoint));

  other = g_strdup_printf (_("The key was made for another environment than %s."),
                           comfy_endpoint_get_label (endpoint));

  if (credentials == NULL)
    explained = comfy_error_new (COMFY_ERROR_UNAUTHORIZED, comfy_error_get_detail (error), "%s",
                                 heading);
  else
    explained = comfy_error_new (COMFY_ERROR_UNAUTHORIZED, comfy_error_get_detail (error),
                                 "%s\n• %s\n• %s\n• %s\n• %s", heading, revoked_cause (has_worked),
                                 other, form_cause (credentials), header_cause (error));
  comfy_error_set_response (explained, comfy_error_get_status (error),
                            comfy_error_get_server_code (error),
                            comfy_error_get_request_id (error));

  return explained;
}
