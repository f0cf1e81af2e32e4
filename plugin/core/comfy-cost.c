/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run cost: as servers tell it, as it lies in our files, and as people read it.
 */
#define G_LOG_DOMAIN "comfy-cost"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "comfy-account.h"
#include "comfy-cost-private.h"
#include "comfy-json-private.h"

#define MICROS 1000000

/**
 * comfy_cost_is_known:
 *
 * Returns: whether anything is known
 */
gboolean
comfy_cost_is_known (const ComfyCost *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->currency != NULL;
}

/**
 * comfy_cost_is_same:
 *
 * Returns: whether both are the same amount, or both not known
 */
gboolean
comfy_cost_is_same (const ComfyCost *self,
                    const ComfyCost *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return self->micros == other->micros && g_strcmp0 (self->currency, other->currency) == 0;
}

/**
 * comfy_cost_add:
 * @self: a sum, which is not known before the first amount
 * @other: what is added
 *
 * Returns: %FALSE when there is no such sum: @other is not known, or of another currency, or it
 *   would be more than anything costs; @self is as it was
 */
gboolean
comfy_cost_add (ComfyCost       *self,
                const ComfyCost *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  if (other->currency == NULL || self->micros > COMFY_COST_MAX - other->micros
      || (self->currency != NULL && !g_str_equal (self->currency, other->currency)))
    return FALSE;

  self->micros += other->micros;
  self->currency = other->currency;

  return TRUE;
}

/**
 * comfy_cost_format:
 * @self: a cost that is known
 *
 * Returns: (transfer full): the amount as the user's locale writes it, such as "$0.013",
 *   "2.7 credits"
 */
char *
comfy_cost_format (const ComfyCost *self)
{
  double           value;
  g_autofree char *number = NULL;

  g_return_val_if_fail (self != NULL && self->currency != NULL, NULL);

  if (g_str_equal (self->currency, COMFY_CURRENCY_USD))
    return comfy_format_money (self->micros);

  value = (double) self->micros / MICROS;
  number = value >= 100 ? g_strdup_printf ("%.0f", value)
           : value >= 1 ? g_strdup_printf ("%.1f", value) : g_strdup_printf ("%.2g", value);
  if (g_str_equal (self->currency, COMFY_CURRENCY_CREDITS))
    /* translators: what a run cost, in the service's own units */
    return g_strdup_printf (_("%s credits"), number);

  return g_strdup_printf ("%s %s", number, self->currency);
}

static gboolean
is_plausible (double micros)
{
  return isfinite (micros) && micros >= 0 && micros <= (double) COMFY_COST_MAX;
}

static ComfyCost
make (double      micros,
      const char *currency)
{
  return is_plausible (micros)
           ? (ComfyCost) { (gint64) llround (micros), g_intern_string (currency) }
           : (ComfyCost) { 0 };
}

/* a number, or NAN */
static double
get_number (JsonObject *object,
            const char *member)
{
  return comfy_json_get_double (object, member, NAN);
}

/* NULL: it is none */
static const char *
get_currency (JsonObject *object)
{
  const char *text = comfy_json_get_string (object, "currency");

  if (text == NULL)
    return NULL;
  if (g_ascii_strcasecmp (text, COMFY_CURRENCY_USD) == 0)
    return COMFY_CURRENCY_USD;
  if (g_ascii_strcasecmp (text, COMFY_CURRENCY_CREDITS) == 0)
    return COMFY_CURRENCY_CREDITS;

  /* ISO 4217, and nothing that only looks like a word */
  return strlen (text) == 3 && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 ? text : NULL;
}

/* The document gives an event's properties no names. What is read is what says its unit, by the
 * document's own words for the account (all in micros, of a dollar unless a currency stands beside
 * it) or by its name. A bare "amount" may as well be cents: nothing that an artist may be told. */
static ComfyCost
read_amount (JsonObject *object)
{
  static const char * const micros[] = { "credits_used", "cost_micros", "amount_micros" };
  static const char * const dollars[] = { "cost_usd", "amount_usd" };
  const char               *currency = get_currency (object);

  for (unsigned int i = 0; i < G_N_ELEMENTS (micros); i++)
    if (comfy_json_get_int (object, micros[i], -1) >= 0)
      return make ((double) comfy_json_get_int (object, micros[i], -1),
                   currency != NULL ? currency : COMFY_CURRENCY_USD);
  for (unsigned int i = 0; i < G_N_ELEMENTS (dollars); i++)
    if (!isnan (get_number (object, dollars[i])))
      return make (get_number (object, dollars[i]) * MICROS, COMFY_CURRENCY_USD);

  return make (get_number (object, "credits") * MICROS, COMFY_CURRENCY_CREDITS);
}

/*
 * _comfy_cost_read_usage:
 * @usage: (nullable): a job's usage, as the Developer API v1 tells it
 *
 * Returns: what the job cost: what @usage says of itself, else the sum of its events. Not known
 *   when even one of them does not say what it cost
 */
ComfyCost
_comfy_cost_read_usage (JsonObject *usage)
{
  JsonArray *events = usage != NULL ? comfy_json_get_array (usage, "events") : NULL;
  ComfyCost  sum = usage != NULL ? read_amount (usage) : (ComfyCost) { 0 };

  if (sum.currency != NULL || events == NULL)
    return sum;

  for (unsigned int i = 0; i < json_array_get_length (events); i++)
    {
      JsonNode   *node = json_array_get_element (events, i);
      JsonObject *event = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *properties = event != NULL ? comfy_json_get_object (event, "properties") : NULL;
      ComfyCost   cost = properties != NULL ? read_amount (properties) : (ComfyCost) { 0 };

      if (event != NULL && cost.currency == NULL)
        cost = read_amount (event);
      if (!comfy_cost_add (&sum, &cost))
        return (ComfyCost) { 0 };
    }

  return sum;
}

/*
 * _comfy_cost_to_json:
 * @self: a cost that is known
 *
 * Returns: (transfer full): for _comfy_cost_from_json()
 */
JsonObject *
_comfy_cost_to_json (const ComfyCost *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "micros", self->micros);
  json_object_set_string_member (object, "currency", self->currency);

  return object;
}

/*
 * _comfy_cost_from_json:
 * @object: (nullable): from a file that anybody may have edited
 *
 * Returns: the cost; not known when it makes no sense
 */
ComfyCost
_comfy_cost_from_json (JsonObject *object)
{
  const char *currency = object != NULL ? get_currency (object) : NULL;
  gint64      micros = object != NULL ? comfy_json_get_int (object, "micros", -1) : -1;

  return currency != NULL ? make ((double) micros, currency) : (ComfyCost) { 0 };
}
