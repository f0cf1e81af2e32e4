/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "comfy-json-private.h"
#include "sandbox-faults.h"

/* in the order of SandboxFaultKind */
static const struct
{
  const char   *name;
  unsigned int  status;  /* default */
} kinds[] = {
  { "status", 500 },
  { "html", 502 },
  { "empty", 500 },
  { "flat_error", 400 },
  { "plain_text", 500 },
  { "garbage", 200 },
  { "retry_after", 429 },
  { "redirect", 307 },
  { "delay", 0 },
  { "silence", 0 },
  { "reset", 0 },
  { "lose_reply", 0 },
  { "cut", 0 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == SANDBOX_FAULT_CUT + 1);

static char *
dup_string (JsonObject *object,
            const char *member,
            const char *fallback)
{
  const char *value = comfy_json_get_string (object, member);

  return g_strdup (value != NULL ? value : fallback);
}

static gint64
get_int (JsonObject *object,
         const char *member,
         gint64      fallback)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && !comfy_json_node_is_string (node)
         ? json_node_get_int (node) : fallback;
}

/**
 * sandbox_fault_new:
 * @object: `kind`, and what of the others in #SandboxFault applies
 *
 * Returns: (transfer full): a fault, or %NULL with %G_IO_ERROR when the kind is unknown
 */
SandboxFault *
sandbox_fault_new (JsonObject  *object,
                   GError     **error)
{
  const char *name = comfy_json_get_string (object, "kind");
  SandboxFault *self;
  unsigned int kind = 0;

  while (kind < G_N_ELEMENTS (kinds) && g_strcmp0 (kinds[kind].name, name) != 0)
    kind++;
  if (kind == G_N_ELEMENTS (kinds))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "unknown kind of fault: %s",
                   name != NULL ? name : "(none)");
      return NULL;
    }

  self = g_rc_box_new0 (SandboxFault);
  self->kind = kind;
  self->method = dup_string (object, "method", NULL);
  self->path = dup_string (object, "path", "/");
  self->except = dup_string (object, "except", NULL);
  self->suffix = dup_string (object, "suffix", "");
  self->after = get_int (object, "after", 0);
  self->count = get_int (object, "count", 1);
  self->status = (unsigned int) get_int (object, "status", kinds[kind].status);
  self->ms = (unsigned int) get_int (object, "ms", 0);
  self->bytes = get_int (object, "bytes", -1);
  self->events = get_int (object, "events", -1);
  self->retry_after = dup_string (object, "retry_after", kind == SANDBOX_FAULT_RETRY_AFTER ? "1"
                                                                                           : NULL);
  self->location = dup_string (object, "location", "/");
  self->code = dup_string (object, "code", "internal_error");
  self->message = dup_string (object, "message", "The sandbox was told to fail.");

  return self;
}

SandboxFault *
sandbox_fault_ref (SandboxFault *self)
{
  return g_rc_box_acquire (self);
}

static void
sandbox_fault_clear (gpointer data)
{
  SandboxFault *self = data;

  g_free (self->method);
  g_free (self->path);
  g_free (self->except);
  g_free (self->suffix);
  g_free (self->retry_after);
  g_free (self->location);
  g_free (self->code);
  g_free (self->message);
}

void
sandbox_fault_unref (SandboxFault *self)
{
  g_rc_box_release_full (self, sandbox_fault_clear);
}

/**
 * sandbox_fault_get_name:
 *
 * Returns: (transfer none): the kind, as in the control request
 */
const char *
sandbox_fault_get_name (SandboxFault *self)
{
  return kinds[self->kind].name;
}

/**
 * sandbox_faults_take:
 * @faults: (element-type SandboxFault): what is still to go wrong, the oldest first
 *
 * Counts one request against the first fault that fits it.
 *
 * Returns: (transfer full) (nullable): how this request is to go wrong
 */
SandboxFault *
sandbox_faults_take (GPtrArray  *faults,
                     const char *method,
                     const char *path)
{
  for (unsigned int i = 0; i < faults->len; i++)
    {
      SandboxFault *fault = g_ptr_array_index (faults, i);
      SandboxFault *taken;

      if ((fault->method != NULL && !g_str_equal (fault->method, method))
          || !g_str_has_prefix (path, fault->path) || !g_str_has_suffix (path, fault->suffix)
          || (fault->except != NULL && g_str_has_suffix (path, fault->except)))
        continue;

      if (fault->after > 0)
        {
          fault->after--;
          return NULL;
        }

      taken = sandbox_fault_ref (fault);
      if (fault->count > 0 && --fault->count == 0)
        g_ptr_array_remove_index (faults, i);
      return taken;
    }

  return NULL;
}
