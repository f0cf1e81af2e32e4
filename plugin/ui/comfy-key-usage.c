/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-key-usage.h"
#include "comfy-ui-util.h"
#include "comfy-usage-fetch.h"

struct _ComfyKeyUsage
{
  GtkBox     parent_instance;

  GtkWidget *rows[COMFY_N_USAGE_PERIODS]; /* borrowed: children */
  DexFuture *asking;                      /* owned, nullable: the last question */
  gboolean   explains;                    /* why nothing is told */
};

G_DEFINE_FINAL_TYPE (ComfyKeyUsage, comfy_key_usage, GTK_TYPE_BOX)

static const char *
get_label (ComfyUsagePeriod period)
{
  switch (period)
    {
    case COMFY_USAGE_DAY:
      return _("Used in a day");
    case COMFY_USAGE_WEEK:
      return _("In a week");
    case COMFY_USAGE_MONTH:
      return _("In a month");
    case COMFY_N_USAGE_PERIODS:
    default:
      g_return_val_if_reached ("");
    }
}

/* (transfer full) (nullable): jobs, and those among them that failed; %NULL: it was not told */
static char *
dup_jobs (const ComfyUsage *usage)
{
  gint64           failed = MAX (usage->n_failed, 0);
  gint64           n = MIN (MAX (usage->n_completed, 0) + MIN (failed, G_MAXINT), G_MAXINT);
  g_autofree char *jobs = NULL;

  if (usage->n_completed < 0)
    return NULL;

  jobs = g_strdup_printf (ngettext ("%d job", "%d jobs", (unsigned long) n), (int) n);
  if (failed == 0)
    return g_steal_pointer (&jobs);

  /* translators: jobs, and how many of them failed */
  return g_strdup_printf (_("%s, %d failed"), jobs, (int) MIN (failed, G_MAXINT));
}

/* (transfer full) (nullable): %NULL: nothing was told */
static char *
describe (const ComfyUsage *usage)
{
  const char      *label = get_label (usage->period);
  g_autofree char *jobs = dup_jobs (usage);
  g_autofree char *money = NULL;

  if (comfy_cost_is_known (&usage->cost))
    money = comfy_cost_format (&usage->cost);

  if (money != NULL && jobs != NULL)
    /* translators: a time such as "In a week", an amount of money, and how many jobs */
    return g_strdup_printf (_("%s: %s (%s)"), label, money, jobs);
  if (money == NULL && jobs == NULL)
    return NULL;

  /* translators: a time such as "In a week", and an amount of money or how many jobs */
  return g_strdup_printf (_("%s: %s"), label, money != NULL ? money : jobs);
}

static DexFuture *
told_cb (DexFuture *future,
         gpointer   user_data)
{
  ComfyKeyUsage     *self = user_data;
  g_autoptr(GError)  error = NULL;
  const GValue      *value = dex_future_get_value (future, &error);
  GPtrArray         *all = value != NULL ? g_value_get_boxed (value) : NULL;
  gboolean           explains = self->explains
                                && g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_SUPPORTED);

  /* asked about another key, or closed, meanwhile: then its children are gone */
  if (future != self->asking || gtk_widget_get_parent (GTK_WIDGET (self)) == NULL)
    return NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), all != NULL || explains);
  for (unsigned int i = 0; i < COMFY_N_USAGE_PERIODS; i++)
    comfy_ui_set_hint (self->rows[i], NULL, GTK_MESSAGE_INFO);
  if (explains)
    comfy_ui_set_hint (self->rows[0], _("This server does not tell what was used."),
                       GTK_MESSAGE_INFO);
  for (unsigned int i = 0; all != NULL && i < all->len; i++)
    {
      const ComfyUsage *usage = g_ptr_array_index (all, i);
      g_autofree char  *text = describe (usage);

      comfy_ui_set_hint (self->rows[usage->period], text, GTK_MESSAGE_INFO);
    }

  return NULL;
}

static void
comfy_key_usage_finalize (GObject *object)
{
  dex_clear (&COMFY_KEY_USAGE (object)->asking);

  G_OBJECT_CLASS (comfy_key_usage_parent_class)->finalize (object);
}

static void
comfy_key_usage_class_init (ComfyKeyUsageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_key_usage_finalize;
}

static void
comfy_key_usage_init (ComfyKeyUsage *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
  for (unsigned int i = 0; i < COMFY_N_USAGE_PERIODS; i++)
    {
      self->rows[i] = comfy_ui_hint_new (NULL);
      gtk_widget_set_no_show_all (self->rows[i], TRUE);
      gtk_box_pack_start (GTK_BOX (self), self->rows[i], FALSE, FALSE, 0);
    }
}

/**
 * comfy_key_usage_new:
 * @explains: whether it says so where the server does not tell
 *
 * Returns: (transfer floating): rows that are not shown yet
 */
GtkWidget *
comfy_key_usage_new (gboolean explains)
{
  ComfyKeyUsage *self = g_object_new (COMFY_TYPE_KEY_USAGE, NULL);

  self->explains = explains;

  return GTK_WIDGET (self);
}

/**
 * comfy_key_usage_ask:
 * @connector: opens the key's server
 * @profile: the key
 *
 * Asks the server, and shows what it tells; until then what it told before stays.
 */
void
comfy_key_usage_ask (ComfyKeyUsage  *self,
                     ComfyConnector *connector,
                     ComfyProfile   *profile)
{
  g_return_if_fail (COMFY_IS_KEY_USAGE (self));

  dex_clear (&self->asking);
  self->asking = comfy_usage_fetch (connector, profile);
  dex_future_disown (dex_future_finally (dex_ref (self->asking), told_cb, g_object_ref (self),
                                         g_object_unref));
}

/**
 * comfy_key_usage_forget:
 *
 * Shows nothing any more until it is asked for again.
 */
void
comfy_key_usage_forget (ComfyKeyUsage *self)
{
  g_return_if_fail (COMFY_IS_KEY_USAGE (self));

  dex_clear (&self->asking);
  gtk_widget_hide (GTK_WIDGET (self));
}
