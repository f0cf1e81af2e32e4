/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-cost-line.h"
#include "comfy-ui-util.h"

struct _ComfyCostLine
{
  GtkBox              parent_instance;

  ComfySession       *session; /* owned */
  ComfyForm          *form;    /* owned */
  GtkWidget          *label;   /* borrowed: a child */
  const ComfyVariant *variant; /* of the form: whose cost it is; NULL: to be looked up */
  ComfyCost           cost;    /* of one job, maybe not known */
  unsigned int        n;       /* jobs; 0: not known */
};

G_DEFINE_FINAL_TYPE (ComfyCostLine, comfy_cost_line, GTK_TYPE_BOX)

static ComfyProfile *
get_profile (ComfyCostLine *self)
{
  return comfy_profile_store_get_active (comfy_session_get_profiles (self->session));
}

/* (transfer full) */
static char *
describe (ComfyCostLine *self)
{
  ComfyCost        all = self->cost;
  g_autofree char *one = NULL;
  g_autofree char *sum = NULL;

  if (!comfy_cost_is_known (&self->cost))
    return self->n > 1 ? g_strdup_printf (ngettext ("%u job, cost unknown", "%u jobs, cost unknown",
                                                    self->n), self->n)
                       : g_strdup (_("Cost unknown"));

  one = comfy_cost_format (&self->cost);
  if (self->n == 0)
    /* translators: an amount of money */
    return g_strdup_printf (_("About %s for each job"), one);
  if (self->n == 1)
    /* translators: an amount of money */
    return g_strdup_printf (_("About %s"), one);

  all.micros *= self->n;
  sum = comfy_cost_format (&all);

  /* translators: jobs, and what all of them may cost */
  return g_strdup_printf (ngettext ("%u job, about %s", "%u jobs, about %s", self->n), self->n,
                          sum);
}

static void
show (ComfyCostLine *self)
{
  g_autofree char *text = describe (self);

  comfy_ui_set_hint (self->label, text, GTK_MESSAGE_INFO);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               comfy_cost_is_known (&self->cost)
                                 ? _("What most of the last runs cost; larger pictures, and more "
                                     "of them, cost more")
                                 : _("What a run costs is learned from the runs before it, where "
                                     "the server tells"));
}

/* as the form or the key is now */
static void
look_up (ComfyCostLine *self)
{
  ComfyProfile    *profile = get_profile (self);
  g_autofree char *key = NULL;

  /* without a key there is no account that would be charged */
  gtk_widget_set_visible (GTK_WIDGET (self), profile != NULL && comfy_profile_has_key (profile));
  if (profile == NULL)
    return;

  self->variant = comfy_form_get_variant (self->form);
  key = comfy_spending_dup_form_key (self->form);
  comfy_spending_get_expected (comfy_session_get_spending (self->session),
                               comfy_profile_get_id (profile), key, &self->cost, NULL);
  show (self);
}

/* with each letter of a prompt: what costs the same is not looked up again */
static void
form_changed_cb (ComfyCostLine *self)
{
  if (comfy_form_get_variant (self->form) != self->variant)
    look_up (self);
}

static void
comfy_cost_line_finalize (GObject *object)
{
  ComfyCostLine *self = COMFY_COST_LINE (object);

  g_clear_object (&self->form);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_cost_line_parent_class)->finalize (object);
}

static void
comfy_cost_line_class_init (ComfyCostLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_cost_line_finalize;
}

static void
comfy_cost_line_init (ComfyCostLine *self)
{
  self->n = 1;
  self->label = comfy_ui_hint_new (NULL);
  gtk_box_pack_start (GTK_BOX (self), self->label, TRUE, TRUE, 0);
  gtk_widget_show (self->label);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
}

/**
 * comfy_cost_line_new:
 * @session: knows the key, and what runs cost
 * @form: what would be run
 *
 * Returns: (transfer floating): a line, shown where something is paid for
 */
GtkWidget *
comfy_cost_line_new (ComfySession *session,
                     ComfyForm    *form)
{
  ComfyCostLine *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  self = g_object_new (COMFY_TYPE_COST_LINE, NULL);
  self->session = g_object_ref (session);
  self->form = g_object_ref (form);
  look_up (self);
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (comfy_session_get_settings (session), "changed", G_CALLBACK (look_up),
                           self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_cost_line_set_n_jobs:
 * @n: how many jobs it would be; 0: not known yet
 */
void
comfy_cost_line_set_n_jobs (ComfyCostLine *self,
                            unsigned int   n)
{
  g_return_if_fail (COMFY_IS_COST_LINE (self));

  self->n = n;
  show (self);
}
