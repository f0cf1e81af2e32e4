/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a workflow: read, and what is wrong with it said in words.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-workflow-private.h"

/* characters of a stranger's word that a sentence shows */
#define MAX_SHOWN 60

/**
 * _comfy_workflow_dup_shown:
 * @word: from a file, of any length
 *
 * Returns: (transfer full): @word as a sentence may show it: short, on one line
 */
char *
_comfy_workflow_dup_shown (const char *word)
{
  GString *shown;
  unsigned int n = 0;

  /* most words are */
  while (n <= MAX_SHOWN && g_ascii_isprint (word[n]))
    n++;
  if (word[n] == '\0')
    return g_strdup (word);

  n = 0;
  shown = g_string_new (NULL);
  for (const char *p = word; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (++n > MAX_SHOWN)
        {
          g_string_append (shown, "…");
          break;
        }
      g_string_append_unichar (shown, g_unichar_isprint (c) ? c : ' ');
    }

  return g_string_free (shown, FALSE);
}

static char *
dup_sentence (const ComfyJsonFault *fault,
              const ComfyJsonRules *rules)
{
  switch (fault->kind)
    {
    case COMFY_JSON_TOO_LONG:
      return g_strdup_printf (_("This workflow is larger than %u MB, more than is read here."),
                              (unsigned int) (rules->max_bytes >> 20));
    case COMFY_JSON_MEMBERS:
      return g_strdup_printf (_("This workflow has more than %u nodes, more than is read here."),
                              rules->max_members);
    case COMFY_JSON_TOO_MUCH:
      return g_strdup (_("This is not a ComfyUI workflow: it holds more than any workflow does."));
    case COMFY_JSON_DEPTH:
      return g_strdup_printf (_("This is not a ComfyUI workflow: in line %u it is nested more than "
                                "%u levels deep."), fault->line, rules->max_depth);
    case COMFY_JSON_NUMBER:
      return g_strdup_printf (_("The number %s in line %u is not one that ComfyUI can take. "
                                "Correct it, and try again."), fault->number, fault->line);
    case COMFY_JSON_NUL:
      return g_strdup_printf (_("This is not a ComfyUI workflow: line %u holds a NUL character, "
                                "which no text has."), fault->line);
    case COMFY_JSON_NOT_UTF8:
      return g_strdup_printf (_("This is not a ComfyUI workflow: line %u is not UTF-8 text."),
                              fault->line);
    case COMFY_JSON_EMPTY:
      return g_strdup (_("This is not a ComfyUI workflow: the file is empty."));
    case COMFY_JSON_ENDS_EARLY:
      return g_strdup_printf (_("This workflow ends in the middle, in line %u. Save or download it "
                                "again."), fault->line);
    case COMFY_JSON_FINE:
    case COMFY_JSON_ROOT:
    case COMFY_JSON_SYNTAX:
    default:
      return g_strdup_printf (_("This is not a ComfyUI workflow: the file is not valid JSON in "
                                "line %u, column %u."), fault->line, fault->column);
    }
}

/**
 * _comfy_workflow_read:
 * @text: JSON, not necessarily terminated
 * @length: bytes of @text
 * @rules: what is allowed
 *
 * Returns: (transfer full): the document, whatever it is
 *
 * Errors: %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_INVALID_WORKFLOW
 */
JsonNode *
_comfy_workflow_read (const char            *text,
                      gsize                  length,
                      const ComfyJsonRules  *rules,
                      GError               **error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *detail = NULL;
  ComfyJsonFault fault;
  JsonNode *root = comfy_json_read_by (text, length, rules, &fault);
  gboolean is_large;

  if (root != NULL)
    return root;

  is_large = fault.kind == COMFY_JSON_TOO_LONG || fault.kind == COMFY_JSON_MEMBERS
             || fault.kind == COMFY_JSON_TOO_MUCH;
  sentence = dup_sentence (&fault, rules);
  detail = comfy_json_fault_dup_detail (&fault);
  comfy_set_error (error, is_large ? COMFY_ERROR_TOO_LARGE : COMFY_ERROR_INVALID_WORKFLOW, detail,
                   "%s", sentence);

  return NULL;
}
