/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-account.h"
#include "comfy-remote-job.h"

G_BEGIN_DECLS

ComfyAccount      *comfy_account_new_from_json       (JsonNode        *node,
                                                      GError         **error);
ComfyRemoteStatus  comfy_remote_status_from_word     (const char      *word);
ComfyRemoteJob    *comfy_remote_job_new_from_json    (JsonNode        *node,
                                                      GError         **error);
ComfyRemoteOutput *comfy_remote_output_new_from_json (JsonNode        *node,
                                                      GError         **error);
void               comfy_remote_job_add_outputs      (ComfyRemoteJob  *self,
                                                      JsonArray       *array);

JsonObject        *comfy_api_json_get_root           (JsonNode        *node,
                                                      GError         **error);
char              *comfy_api_json_dup_text           (JsonObject      *object,
                                                      const char      *member);
gint64             comfy_api_json_get_time           (JsonObject      *object,
                                                      const char      *member);
double             comfy_api_json_get_fraction       (JsonObject      *object,
                                                      const char      *member,
                                                      double           whole);
void               comfy_api_json_set_error          (GError         **error,
                                                      const char      *detail);

G_END_DECLS
