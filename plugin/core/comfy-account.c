/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server tells of the key's owner, and amounts of money as people read them.
 */
#define G_LOG_DOMAIN "comfy-account"

#include "config.h"

#include <limits.h>
#include <locale.h>
#include <monetary.h>
#include <string.h>

#include "comfy-account.h"

#define MICROS_PER_DOLLAR 1000000

G_DEFINE_BOXED_TYPE (ComfyAccount, comfy_account, comfy_account_copy, comfy_account_free)

/**
 * comfy_account_new:
 * @email: (nullable): the owner's address
 *
 * Returns: (transfer full): an account whose balance is not known
 */
ComfyAccount *
comfy_account_new (const char *email)
{
  ComfyAccount *self = g_new0 (ComfyAccount, 1);

  self->email = g_strdup (email);

  return self;
}

/**
 * comfy_account_copy:
 * @self: an account
 *
 * Returns: (transfer full): a deep copy
 */
ComfyAccount *
comfy_account_copy (const ComfyAccount *self)
{
  ComfyAccount *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = comfy_account_new (self->email);
  copy->balance_micros = self->balance_micros;
  copy->has_balance = self->has_balance;

  return copy;
}

/**
 * comfy_account_free:
 * @self: (transfer full): an account
 */
void
comfy_account_free (ComfyAccount *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->email);
  g_free (self);
}

/* Cents from ten cents on; below, as many digits as two of them mean something: a single run on a
 * cloud GPU costs a fraction of a cent. */
static int
digits_for (guint64 micros)
{
  int     digits = 2;
  guint64 unit = 10000; /* micros that one step of the last digit stands for */

  for (guint64 limit = 100000; micros != 0 && micros < limit && unit > 1; limit /= 10)
    {
      digits++;
      unit /= 10;
    }
  for (; digits > 2 && micros % (unit * 10) == 0; unit *= 10)
    digits--;

  return digits;
}

/* The formats are spelled out because only a literal one is checked by the compiler */
static char *
format_number (double value,
               int    digits)
{
  char  buffer[64];
  char *utf8;

  switch (digits)
    {
    case 2:
      strfmon (buffer, sizeof buffer, "%!.2n", value);
      break;
    case 3:
      strfmon (buffer, sizeof buffer, "%!.3n", value);
      break;
    case 4:
      strfmon (buffer, sizeof buffer, "%!.4n", value);
      break;
    case 5:
      strfmon (buffer, sizeof buffer, "%!.5n", value);
      break;
    default:
      strfmon (buffer, sizeof buffer, "%!.6n", value);
      break;
    }

  utf8 = g_locale_to_utf8 (buffer, -1, NULL, NULL, NULL);

  return g_strstrip (utf8 != NULL ? utf8 : g_strdup_printf ("%.*f", digits, value));
}

/**
 * comfy_format_money:
 * @micros: millionths of a US dollar; may be negative
 *
 * Writes an amount as the user's locale writes money: its decimal point, its groups, its place for
 * the currency's sign. That is "$", and "US$" where the locale's own currency has a dollar sign.
 *
 * Returns: (transfer full): such as "$1.23", "1,23 $", "-$0.0042"
 */
char *
comfy_format_money (gint64 micros)
{
  const struct lconv *conventions = localeconv ();
  guint64             magnitude = micros < 0 ? -(guint64) micros : (guint64) micros;
  gboolean            is_american = g_str_has_prefix (conventions->int_curr_symbol, "USD");
  gboolean            has_dollar = strchr (conventions->currency_symbol, '$') != NULL;
  const char         *symbol = has_dollar && !is_american ? "US$" : "$";
  const char         *sign = micros < 0 ? "-" : "";
  /* CHAR_MAX: the locale does not say, as "C" */
  gboolean            precedes = conventions->p_cs_precedes != 0;
  gboolean            spaced = conventions->p_sep_by_space != 0
                               && conventions->p_sep_by_space != CHAR_MAX;
  const char         *space = spaced ? "\302\240" : ""; /* no-break */
  g_autofree char    *number = NULL;

  number = format_number ((double) magnitude / MICROS_PER_DOLLAR, digits_for (magnitude));

  return precedes ? g_strconcat (sign, symbol, space, number, NULL)
                  : g_strconcat (sign, number, space, symbol, NULL);
}
