/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "comfy-json-private.h"
#include "comfy-workflow.h"
#include "sandbox-image.h"
#include "test-fixture.h"

/* no key stands in a source file, not even a made-up one */
static char *
make_key (void)
{
  g_autofree char *random = g_uuid_string_random ();

  return g_strconcat ("comfyui-", random, NULL);
}

/**
 * fixture_start:
 * @options: (nullable): what differs from the defaults
 */
void
fixture_start (Fixture                   *self,
               const ComfySandboxOptions *options)
{
  g_autofree char *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json", NULL);
  ComfySandboxOptions all = { 0 };
  g_autoptr(GError) error = NULL;

  if (options != NULL)
    all = *options;
  all.nodes_path = nodes;

  self->sandbox = comfy_sandbox_new (&all, &error);
  g_assert_no_error (error);
  self->alice_key = make_key ();
  self->bob_key = make_key ();
  comfy_sandbox_add_key (self->sandbox, self->alice_key, ALICE, 1000000, "standard");
  comfy_sandbox_add_key (self->sandbox, self->bob_key, BOB, 1000000, "creator");
  /* open event streams must not keep other requests waiting */
  self->session = soup_session_new_with_options ("max-conns-per-host", 20, "max-conns", 40, NULL);
}

void
fixture_stop (Fixture *self)
{
  g_clear_object (&self->session);
  g_clear_pointer (&self->sandbox, comfy_sandbox_free);
  g_clear_pointer (&self->alice_key, g_free);
  g_clear_pointer (&self->bob_key, g_free);
}

void
reply_clear (Reply *reply)
{
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_clear_pointer (&reply->json, json_object_unref);
  g_clear_pointer (&reply->headers, soup_message_headers_unref);
}

/**
 * fixture_send_message:
 *
 * Blocks; the sandbox has a thread of its own. Redirects are not followed.
 */
Reply
fixture_send_message (Fixture     *self,
                      SoupMessage *message)
{
  Reply reply = { 0 };
  g_autoptr(GError) error = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  reply.body = soup_session_send_and_read (self->session, message, NULL, &error);
  if (reply.body == NULL)
    return reply;

  reply.status = soup_message_get_status (message);
  reply.headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  if (g_strcmp0 (soup_message_headers_get_content_type (reply.headers, NULL),
                 "application/json") == 0)
    {
      g_autoptr(JsonNode) node =
        comfy_json_read (g_bytes_get_data (reply.body, NULL), g_bytes_get_size (reply.body),
                         G_MAXINT, 64, NULL);

      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        reply.json = json_object_ref (json_node_get_object (node));
    }

  return reply;
}

static SoupMessage *
new_message (Fixture    *self,
             const char *method,
             const char *url,
             const char *key,
             const char *idempotency_key)
{
  g_autofree char *absolute = *url == '/'
                              ? g_strconcat (comfy_sandbox_get_base_url (self->sandbox), url, NULL)
                              : g_strdup (url);
  SoupMessage *message = soup_message_new (method, absolute);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  if (key != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", key, NULL);

      soup_message_headers_append (headers, "Authorization", bearer);
    }
  if (idempotency_key != NULL)
    soup_message_headers_append (headers, "Idempotency-Key", idempotency_key);

  return message;
}

/**
 * fixture_send:
 * @url: absolute, or from the root of the API's origin
 */
Reply
fixture_send (Fixture    *self,
              const char *method,
              const char *url,
              const char *key,
              const char *idempotency_key,
              const char *json)
{
  g_autoptr(SoupMessage) message = new_message (self, method, url, key, idempotency_key);

  if (json != NULL)
    {
      g_autoptr(GBytes) body = g_bytes_new (json, strlen (json));

      soup_message_set_request_body_from_bytes (message, "application/json", body);
    }

  return fixture_send_message (self, message);
}

/**
 * fixture_upload_with:
 * @extra: (nullable): name and value of text parts, %NULL-terminated
 * @file_first: puts the file before the text parts, which Comfy API v2 refuses
 */
Reply
fixture_upload_with (Fixture           *self,
                     const char        *url,
                     const char        *key,
                     const char        *file_name,
                     GBytes            *file,
                     const char *const *extra,
                     gboolean           file_first)
{
  g_autoptr(SoupMultipart) multipart = soup_multipart_new ("multipart/form-data");
  g_autoptr(SoupMessage) message = new_message (self, "POST", url, key, NULL);
  g_autoptr(GBytes) body = NULL;
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  if (file_first)
    soup_multipart_append_form_file (multipart, "file", file_name, "image/png", file);
  soup_multipart_append_form_string (multipart, "content_type", "image/png");
  soup_multipart_append_form_string (multipart, "file_path", file_name);
  soup_multipart_append_form_string (multipart, "tags", "one,two");
  for (; extra != NULL && *extra != NULL; extra += 2)
    soup_multipart_append_form_string (multipart, extra[0], extra[1]);
  if (!file_first)
    soup_multipart_append_form_file (multipart, "file", file_name, "image/png", file);

  soup_multipart_to_message (multipart, headers, &body);
  soup_message_set_request_body_from_bytes (message, NULL, body);
  return fixture_send_message (self, message);
}

/**
 * fixture_upload:
 * @file_first: as fixture_upload_with()
 */
Reply
fixture_upload (Fixture    *self,
                const char *url,
                const char *key,
                const char *file_name,
                GBytes     *file,
                gboolean    file_first)
{
  return fixture_upload_with (self, url, key, file_name, file, NULL, file_first);
}

/**
 * reply_get:
 * @path: members, with dots
 *
 * Returns: (transfer none): the string there
 */
const char *
reply_get (const Reply *reply,
           const char  *path)
{
  g_auto(GStrv) members = g_strsplit (path, ".", -1);
  JsonObject *object = reply->json;

  g_assert_nonnull (object);
  for (unsigned int i = 0; members[i + 1] != NULL; i++)
    {
      object = comfy_json_get_object (object, members[i]);
      g_assert_nonnull (object);
    }

  return comfy_json_get_string (object, members[g_strv_length (members) - 1]);
}

/**
 * fixture_wait_for_job:
 *
 * Waits for the ledger to tell of an end, then asks.
 *
 * Returns: (transfer full): the status
 */
char *
fixture_wait_for_job (Fixture    *self,
                      const char *job_url,
                      const char *key)
{
  g_auto(Reply) reply = { 0 };
  unsigned int started;

  started = comfy_sandbox_count (self->sandbox, "job", NULL, NULL);
  g_assert_true (comfy_sandbox_wait (self->sandbox, "job-end", NULL, NULL, started, 20000));
  reply = fixture_send (self, "GET", job_url, key, NULL, NULL);
  g_assert_cmpuint (reply.status, ==, 200);

  return g_strdup (reply_get (&reply, "status"));
}

/**
 * fixture_control:
 * @format: JSON
 */
void
fixture_control (Fixture    *self,
                 const char *command,
                 const char *format,
                 ...)
{
  g_autofree char *json = NULL;
  va_list args;

  va_start (args, format);
  json = g_strdup_vprintf (format, args);
  va_end (args);

  g_assert_true (comfy_sandbox_control (self->sandbox, command, json));
}

/**
 * dup_graph:
 * @name: in data/actions or tests/data/workflows
 * @image: (nullable): what the node "1" loads
 *
 * Returns: (transfer full): the graph
 */
char *
dup_graph (const char *name,
           const char *image)
{
  /* actions are called with dashes, the other graphs with underscores */
  const char *dir = strchr (name, '_') != NULL ? "tests/data/workflows" : "data/actions";
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", dir, name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_file (path, &error);
  g_autoptr(GBytes) bytes = NULL;

  g_assert_no_error (error);
  if (image != NULL)
    comfy_workflow_set_string (workflow, "1", "image", image, NULL);
  bytes = comfy_workflow_to_bytes (workflow);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/**
 * dup_invert_job:
 *
 * Returns: (transfer full): the body of a submission that inverts an upload
 */
char *
dup_invert_job (const char *image)
{
  g_autofree char *graph = dup_graph ("sandbox_invert.json", image);

  return g_strdup_printf ("{\"workflow\":%s}", graph);
}

/**
 * make_picture:
 * @seed: different ones give different pictures
 *
 * Returns: (transfer full): a PNG
 */
GBytes *
make_picture (int          width,
              int          height,
              unsigned int seed)
{
  g_autoptr(SandboxImage) image = sandbox_image_new (1, height, width, 3);
  g_autoptr(GRand) random = g_rand_new_with_seed (seed);

  for (gsize i = 0; i < sandbox_image_get_count (image); i++)
    image->data[i] = (float) g_rand_double (random);

  return sandbox_image_write_png (image, 0, 8, NULL);
}

/* an answer has what its contract requires */
void
reply_assert_members (JsonObject        *object,
                      const char *const *members)
{
  g_assert_nonnull (object);
  for (; *members != NULL; members++)
    if (!json_object_has_member (object, *members))
      g_error ("there is no %s", *members);
}
