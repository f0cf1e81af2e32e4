/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever a server answers with a refusal, it becomes one sentence of ours and a report that can
 * be shown; and nothing in it looks like a key.
 */
#include "config.h"

#include <string.h>

#include "comfy-api-call-private.h"
#include "comfy-error.h"
#include "comfy-response-private.h"

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static void
check_words (const char *words)
{
  const char *key;

  g_assert (g_utf8_validate (words, -1, NULL));
  g_assert (strpbrk (words, "\n\r\t") == NULL);

  key = strstr (words, "comfyui-");
  g_assert (key == NULL || !g_ascii_isalnum (key[strlen ("comfyui-")]));
}

static ComfyWorkflow *
make_graph (void)
{
  static const char text[] =
    "{\"1\":{\"class_type\":\"UNETLoader\",\"inputs\":{\"unet_name\":\"a\"}},"
    "\"57:8\":{\"class_type\":\"SaveImageAdvanced\",\"inputs\":{\"format.bit_depth\":\"16-bit\"}}}";
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, sizeof text - 1);

  return comfy_workflow_new_from_bytes (bytes, NULL);
}

/* the same body as the answer to a graph */
static void
check_refusal (const GError  *error,
               ComfyResponse *response,
               ComfyWorkflow *graph)
{
  g_autoptr(GError)  refusal = NULL;
  GPtrArray         *problems;

  refusal = comfy_api_new_refusal (g_error_copy (error), response->json, graph);
  check_words (refusal->message);
  problems = comfy_error_get_problems (refusal);
  for (unsigned int i = 0; problems != NULL && i < problems->len; i++)
    {
      const ComfyNodeProblem *problem = g_ptr_array_index (problems, i);

      if (problem->message != NULL)
        check_words (problem->message);
    }
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  static const unsigned int statuses[] = { 302, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429,
                                           500, 501, 503 };
  g_autoptr(GBytes)         bytes = g_bytes_new_static (data, size);
  g_autoptr(ComfyWorkflow)  graph = make_graph ();

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(ComfyResponse) response = _comfy_response_new (statuses[i], NULL, bytes);
      g_autoptr(GError)        error = NULL;

      error = _comfy_response_to_error (response, "host", NULL, "GET /");
      g_assert (error->domain == COMFY_ERROR && error->code < COMFY_ERROR_LAST);
      g_assert (strlen (error->message) < 1200);
      check_words (error->message);
      check_words (comfy_error_get_detail (error));
      if (comfy_error_get_server_code (error) != NULL)
        check_words (comfy_error_get_server_code (error));
      check_refusal (error, response, graph);
    }

  return 0;
}
