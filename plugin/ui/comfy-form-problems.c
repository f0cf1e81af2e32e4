/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a graph is said before the artist has filled anything in. It is looked for
 * again when a value is changed, but only while there is something to be mended: a graph may be
 * large.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-form-problems.h"

#define MAX_PROBLEMS 4 /* more than these are counted */

struct _ComfyFormProblems
{
  GObject       parent_instance;

  ComfyForm    *form;     /* owned */
  GtkWidget    *notice;   /* borrowed: lives as long as this */
  gboolean      has_any;  /* which are said */
  unsigned int  checking; /* source id: looks again soon */
};

G_DEFINE_FINAL_TYPE (ComfyFormProblems, comfy_form_problems, G_TYPE_OBJECT)

static void
comfy_form_problems_dispose (GObject *object)
{
  ComfyFormProblems *self = COMFY_FORM_PROBLEMS (object);

  g_clear_handle_id (&self->checking, g_source_remove);
  g_clear_object (&self->form);

  G_OBJECT_CLASS (comfy_form_problems_parent_class)->dispose (object);
}

static void
comfy_form_problems_class_init (ComfyFormProblemsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = comfy_form_problems_dispose;
}

static void
comfy_form_problems_init (ComfyFormProblems *self)
{
}

/* (transfer full) */
static char *
dup_words (GPtrArray *problems)
{
  GString *text = g_string_new (NULL);

  for (unsigned int i = 0; i < problems->len && i < MAX_PROBLEMS; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            ((ComfyFormProblem *) g_ptr_array_index (problems, i))->message);
  if (problems->len > MAX_PROBLEMS)
    {
      unsigned int     n = problems->len - MAX_PROBLEMS;
      g_autofree char *more = NULL;

      /* translators: how many problems are not listed */
      more = g_strdup_printf (ngettext ("and %u more", "and %u more", n), n);
      g_string_append_printf (text, "\n%s", more);
    }

  return g_string_free (text, FALSE);
}

static void
check (ComfyFormProblems *self)
{
  g_autoptr(GPtrArray)  problems = comfy_form_list_problems (self->form);
  gboolean              had_any = self->has_any;
  g_autofree char      *text = NULL;

  self->has_any = problems->len > 0;
  if (self->has_any)
    {
      text = dup_words (problems);
      comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_WARNING, text);
    }
  else if (had_any)
    comfy_notice_hide (COMFY_NOTICE (self->notice));
}

static void
check_again_cb (void *data)
{
  ComfyFormProblems *self = data;

  self->checking = 0;
  check (self);
}

static void
form_changed_cb (ComfyFormProblems *self)
{
  if (self->has_any && self->checking == 0)
    self->checking = g_idle_add_once (check_again_cb, self);
}

/**
 * comfy_form_problems_new:
 * @form: the values
 * @notice: where they are said; others may say something there, too, see comfy_form_problems_end()
 *
 * Returns: (transfer full): what says them, until it is dropped, before @notice is
 */
ComfyFormProblems *
comfy_form_problems_new (ComfyForm   *form,
                         ComfyNotice *notice)
{
  ComfyFormProblems *self;

  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);
  g_return_val_if_fail (COMFY_IS_NOTICE (notice), NULL);

  self = g_object_new (COMFY_TYPE_FORM_PROBLEMS, NULL);
  self->form = g_object_ref (form);
  self->notice = GTK_WIDGET (notice);
  check (self);
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * comfy_form_problems_end:
 *
 * Leaves the notice to what is said of a run.
 */
void
comfy_form_problems_end (ComfyFormProblems *self)
{
  g_return_if_fail (COMFY_IS_FORM_PROBLEMS (self));

  self->has_any = FALSE;
  g_clear_handle_id (&self->checking, g_source_remove);
}
