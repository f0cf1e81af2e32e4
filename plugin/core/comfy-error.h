/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "comfy-node-problem.h"

G_BEGIN_DECLS

/**
 * ComfyError:
 * @COMFY_ERROR_FAILED: nothing below fits; the detail says more
 * @COMFY_ERROR_CANCELLED: the artist, or the end of the process, asked to stop
 * @COMFY_ERROR_INVALID_ARGUMENT: a value that the caller gave cannot be used
 * @COMFY_ERROR_NO_KEY: no key is stored for the environment
 * @COMFY_ERROR_UNAUTHORIZED: the server rejected the key (401)
 * @COMFY_ERROR_NO_CREDITS: the account has no credits (402)
 * @COMFY_ERROR_FORBIDDEN: the key is good, the plan does not allow this (403)
 * @COMFY_ERROR_NOT_FOUND: the server does not know it, or no longer (404)
 * @COMFY_ERROR_REJECTED: the server understood and refused (400, 409, 422)
 * @COMFY_ERROR_INVALID_WORKFLOW: the graph is wrong, here or by the server's word
 * @COMFY_ERROR_TOO_LARGE: above a limit; nothing was sent, or reading was stopped
 * @COMFY_ERROR_RATE_LIMITED: too many requests, and waiting did not help (429)
 * @COMFY_ERROR_QUEUE_FULL: the plan's jobs are all taken (429)
 * @COMFY_ERROR_OFFLINE: no network
 * @COMFY_ERROR_HOST_NOT_FOUND: the name of the server cannot be resolved
 * @COMFY_ERROR_CONNECTION: the connection was refused or broke
 * @COMFY_ERROR_TLS: the server's certificate is not trusted; never overridden
 * @COMFY_ERROR_PROXY: the desktop's proxy refused or cannot be reached
 * @COMFY_ERROR_TIMED_OUT: a deadline passed
 * @COMFY_ERROR_SERVER: the server failed (5xx)
 * @COMFY_ERROR_PROTOCOL: the server's answer makes no sense
 * @COMFY_ERROR_WRONG_ORIGIN: code tried to use a key with another server than its own
 * @COMFY_ERROR_NOT_SUPPORTED: this server or protocol cannot do it
 * @COMFY_ERROR_KEYRING_LOCKED: the keyring is locked
 * @COMFY_ERROR_KEYRING_DISMISSED: the artist dismissed the unlock prompt
 * @COMFY_ERROR_KEYRING_MISSING: no Secret Service answers, or it has no default collection
 * @COMFY_ERROR_JOB_FAILED: the job ran and failed
 * @COMFY_ERROR_JOB_EXPIRED: the server no longer keeps the job's result
 * @COMFY_ERROR_OUTCOME_UNKNOWN: a job may exist and may cost; nobody can tell
 * @COMFY_ERROR_STORAGE: a file of ours could not be read or written
 * @COMFY_ERROR_IMAGE: pixels could not be read, encoded, decoded or placed
 * @COMFY_ERROR_PARTNER_KEY: a partner's node needs the key, and the artist did not allow that
 *
 * What happened, not what to do: the one error domain of the project. The message of a #GError of
 * this domain is one plain sentence for the artist, translated, with what to do next; what only a
 * log wants is in the detail.
 */
typedef enum
{
  COMFY_ERROR_FAILED,
  COMFY_ERROR_CANCELLED,
  COMFY_ERROR_INVALID_ARGUMENT,
  COMFY_ERROR_NO_KEY,
  COMFY_ERROR_UNAUTHORIZED,
  COMFY_ERROR_NO_CREDITS,
  COMFY_ERROR_FORBIDDEN,
  COMFY_ERROR_NOT_FOUND,
  COMFY_ERROR_REJECTED,
  COMFY_ERROR_INVALID_WORKFLOW,
  COMFY_ERROR_TOO_LARGE,
  COMFY_ERROR_RATE_LIMITED,
  COMFY_ERROR_QUEUE_FULL,
  COMFY_ERROR_OFFLINE,
  COMFY_ERROR_HOST_NOT_FOUND,
  COMFY_ERROR_CONNECTION,
  COMFY_ERROR_TLS,
  COMFY_ERROR_PROXY,
  COMFY_ERROR_TIMED_OUT,
  COMFY_ERROR_SERVER,
  COMFY_ERROR_PROTOCOL,
  COMFY_ERROR_WRONG_ORIGIN,
  COMFY_ERROR_NOT_SUPPORTED,
  COMFY_ERROR_KEYRING_LOCKED,
  COMFY_ERROR_KEYRING_DISMISSED,
  COMFY_ERROR_KEYRING_MISSING,
  COMFY_ERROR_JOB_FAILED,
  COMFY_ERROR_JOB_EXPIRED,
  COMFY_ERROR_OUTCOME_UNKNOWN,
  COMFY_ERROR_STORAGE,
  COMFY_ERROR_IMAGE,
  COMFY_ERROR_PARTNER_KEY,
  COMFY_ERROR_LAST
} ComfyError;

#define COMFY_ERROR (comfy_error_quark ())

GQuark      comfy_error_quark          (void);

GError     *comfy_error_new            (ComfyError    code,
                                        const char   *detail,
                                        const char   *format,
                                        ...) G_GNUC_PRINTF (3, 4);
void        comfy_set_error            (GError      **error,
                                        ComfyError    code,
                                        const char   *detail,
                                        const char   *format,
                                        ...) G_GNUC_PRINTF (4, 5);
GError     *comfy_error_fold           (const GError *foreign,
                                        const char   *host);

void        comfy_error_set_response   (GError       *error,
                                        unsigned int  status,
                                        const char   *server_code,
                                        const char   *request_id);
void        comfy_error_set_problems   (GError       *error,
                                        GPtrArray    *problems);
const char *comfy_error_get_detail     (const GError *error);
unsigned int
            comfy_error_get_status     (const GError *error);
const char *comfy_error_get_server_code (const GError *error);
const char *comfy_error_get_request_id (const GError *error);
/* (element-type ComfyNodeProblem) (nullable) (transfer none): why a graph was refused */
GPtrArray  *comfy_error_get_problems   (const GError *error);
char       *comfy_error_dup_report     (const GError *error);
const char *comfy_error_code_to_nick   (ComfyError    code);
ComfyError  comfy_error_code_from_nick (const char   *nick);

G_END_DECLS
