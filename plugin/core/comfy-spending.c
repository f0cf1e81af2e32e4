/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What runs cost. A profile's file is read each time, since other processes write it, too, and
 * replaced as a whole: where two write at once, one run is lost. Nothing here is ever an error:
 * what is not known is said to be so.
 *
 *   {"version": 1,
 *    "actions": [{"key", "runs": [{"cost": {"micros", "currency"}, "ms"}, …]}, …]}
 *
 * The action used last is first, and so is an action's last run.
 */
#define G_LOG_DOMAIN "comfy-spending"

#include "config.h"

#include <stdlib.h>

#include "comfy-cost-private.h"
#include "comfy-json-private.h"
#include "comfy-profile-list-private.h"
#include "comfy-spending.h"

#define PREFIX      "spending-"
#define MAX_ACTIONS 40
#define MAX_RUNS    5   /* of an action: prices change */
#define MAX_RUN_MS  (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
#define MAX_AGE_S   (365 * 24 * 60 * 60)

struct _ComfySpending
{
  GObject  parent_instance;

  char    *folder;
};

typedef struct
{
  ComfyCost cost;
  gint64    ms; /* -1: not known */
} Run;

typedef struct
{
  char         *key;
  Run           runs[MAX_RUNS]; /* the last one first */
  unsigned int  n;
} Entry;

G_DEFINE_FINAL_TYPE (ComfySpending, comfy_spending, G_TYPE_OBJECT)

static void
entry_free (Entry *entry)
{
  g_free (entry->key);
  g_free (entry);
}

/* Whether it says anything */
static gboolean
run_from_json (JsonNode *node,
               Run      *run)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gint64      ms = object != NULL ? comfy_json_get_int (object, "ms", -1) : -1;

  if (object == NULL)
    return FALSE;

  run->cost = _comfy_cost_from_json (comfy_json_get_object (object, "cost"));
  run->ms = ms >= 0 && ms <= MAX_RUN_MS ? ms : -1;

  return run->ms >= 0 || comfy_cost_is_known (&run->cost);
}

/* (transfer full) (nullable): %NULL when it is damaged or says nothing */
static void *
entry_from_json (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *key = object != NULL ? comfy_json_get_string (object, "key") : NULL;
  JsonArray  *runs = object != NULL ? comfy_json_get_array (object, "runs") : NULL;
  Entry      *entry;

  if (key == NULL || runs == NULL)
    return NULL;

  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  for (unsigned int i = 0; i < json_array_get_length (runs) && entry->n < MAX_RUNS; i++)
    if (run_from_json (json_array_get_element (runs, i), &entry->runs[entry->n]))
      entry->n++;

  if (entry->n == 0)
    g_clear_pointer (&entry, entry_free);

  return entry;
}

/* (transfer full): the action used last first */
static GPtrArray *
read_entries (const char *path)
{
  return _comfy_profile_list_read (path, "actions", entry_from_json, (GDestroyNotify) entry_free);
}

static JsonObject *
entry_to_json (const Entry *entry)
{
  JsonObject *object = json_object_new ();
  JsonArray  *runs = json_array_new ();

  for (unsigned int i = 0; i < entry->n; i++)
    {
      JsonObject *run = json_object_new ();

      if (comfy_cost_is_known (&entry->runs[i].cost))
        json_object_set_object_member (run, "cost", _comfy_cost_to_json (&entry->runs[i].cost));
      if (entry->runs[i].ms >= 0)
        json_object_set_int_member (run, "ms", entry->runs[i].ms);
      json_array_add_object_element (runs, run);
    }
  json_object_set_string_member (object, "key", entry->key);
  json_object_set_array_member (object, "runs", runs);

  return object;
}

static void
write_entries (const char *path,
               GPtrArray  *entries)
{
  g_autoptr(GError)  error = NULL;
  JsonArray         *array = json_array_new ();

  for (unsigned int i = 0; i < MIN (entries->len, MAX_ACTIONS); i++)
    json_array_add_object_element (array, entry_to_json (g_ptr_array_index (entries, i)));

  if (!_comfy_profile_list_write (path, "actions", array, &error))
    g_message ("What a run cost is not remembered: %s", error->message);
}

/* (nullable) */
static Entry *
find_entry (GPtrArray    *entries,
            const char   *key,
            unsigned int *out_i)
{
  for (unsigned int i = 0; i < entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->key, key))
        {
          *out_i = i;
          return entry;
        }
    }

  return NULL;
}

/**
 * comfy_spending_note_run:
 * @profile_id: whose run
 * @key: of comfy_spending_dup_key()
 * @cost: what it cost, maybe not known
 * @run_ms: how long it ran, in ms; -1: not known
 *
 * Remembers a run that gave its result. What says nothing is not kept.
 */
void
comfy_spending_note_run (ComfySpending   *self,
                         const char      *profile_id,
                         const char      *key,
                         const ComfyCost *cost,
                         gint64           run_ms)
{
  g_autofree char      *path = NULL;
  g_autoptr(GPtrArray)  entries = NULL;
  Entry                *entry;
  unsigned int          i;

  g_return_if_fail (COMFY_IS_SPENDING (self));
  g_return_if_fail (profile_id != NULL && key != NULL && cost != NULL);

  if (run_ms < 0 && !comfy_cost_is_known (cost))
    return;

  path = _comfy_profile_list_dup_path (self->folder, PREFIX, profile_id);
  entries = read_entries (path);
  if (find_entry (entries, key, &i) != NULL)
    {
      entry = g_ptr_array_steal_index (entries, i);
    }
  else
    {
      entry = g_new0 (Entry, 1);
      entry->key = g_strdup (key);
    }
  g_ptr_array_insert (entries, 0, entry);

  entry->n = MIN (entry->n + 1, MAX_RUNS);
  for (i = entry->n; i-- > 1;)
    entry->runs[i] = entry->runs[i - 1];
  entry->runs[0] = (Run) { *cost, MIN (run_ms, MAX_RUN_MS) };

  write_entries (path, entries);
}

static int
compare_numbers (const void *a,
                 const void *b)
{
  gint64 one = *(const gint64 *) a;
  gint64 two = *(const gint64 *) b;

  return one < two ? -1 : one > two;
}

/* -1 of none. What one run cost that was ten times as large shall not be told of the next. */
static gint64
median (gint64       *numbers,
        unsigned int  n)
{
  if (n == 0)
    return -1;

  qsort (numbers, n, sizeof *numbers, compare_numbers);

  return n % 2 == 1 ? numbers[n / 2] : (numbers[n / 2 - 1] + numbers[n / 2]) / 2;
}

/* in the currency of the last run that tells one */
static ComfyCost
expect_cost (const Entry *entry)
{
  gint64       numbers[MAX_RUNS];
  unsigned int n = 0;
  ComfyCost    cost = { 0 };

  for (unsigned int i = 0; i < entry->n; i++)
    {
      const ComfyCost *one = &entry->runs[i].cost;

      if (cost.currency == NULL)
        cost.currency = one->currency;
      if (one->currency != NULL && g_str_equal (one->currency, cost.currency))
        numbers[n++] = one->micros;
    }
  cost.micros = MAX (median (numbers, n), 0);

  return cost;
}

static gint64
expect_run_ms (const Entry *entry)
{
  gint64       numbers[MAX_RUNS];
  unsigned int n = 0;

  for (unsigned int i = 0; i < entry->n; i++)
    if (entry->runs[i].ms >= 0)
      numbers[n++] = entry->runs[i].ms;

  return median (numbers, n);
}

/**
 * comfy_spending_get_expected:
 * @profile_id: whose run it will be
 * @key: of comfy_spending_dup_form_key()
 * @out_cost: (out) (optional): what it may cost; not known when no run told
 * @out_run_ms: (out) (optional): how long it may run, in ms; -1 when no run told
 *
 * The medians of the last five runs.
 *
 * Returns: whether anything is known
 */
gboolean
comfy_spending_get_expected (ComfySpending *self,
                             const char    *profile_id,
                             const char    *key,
                             ComfyCost     *out_cost,
                             gint64        *out_run_ms)
{
  g_autofree char      *path = NULL;
  g_autoptr(GPtrArray)  entries = NULL;
  Entry                *entry;
  unsigned int          i;

  g_return_val_if_fail (COMFY_IS_SPENDING (self), FALSE);
  g_return_val_if_fail (profile_id != NULL && key != NULL, FALSE);

  path = _comfy_profile_list_dup_path (self->folder, PREFIX, profile_id);
  entries = read_entries (path);
  entry = find_entry (entries, key, &i);

  if (out_cost != NULL)
    *out_cost = entry != NULL ? expect_cost (entry) : (ComfyCost) { 0 };
  if (out_run_ms != NULL)
    *out_run_ms = entry != NULL ? expect_run_ms (entry) : -1;

  return entry != NULL;
}

/**
 * comfy_spending_sweep:
 *
 * Removes the files of profiles that nothing was run with for a year.
 */
void
comfy_spending_sweep (ComfySpending *self)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_return_if_fail (COMFY_IS_SPENDING (self));

  _comfy_profile_list_remove (self->folder, PREFIX, now - MAX_AGE_S);
}

static void
comfy_spending_finalize (GObject *object)
{
  g_free (COMFY_SPENDING (object)->folder);

  G_OBJECT_CLASS (comfy_spending_parent_class)->finalize (object);
}

static void
comfy_spending_class_init (ComfySpendingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_spending_finalize;
}

static void
comfy_spending_init (ComfySpending *self)
{
}

/**
 * comfy_spending_new:
 * @folder: where the files lie; made when something is to be kept
 *
 * Returns: (transfer full): the memory
 */
ComfySpending *
comfy_spending_new (const char *folder)
{
  ComfySpending *self;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (COMFY_TYPE_SPENDING, NULL);
  self->folder = g_strdup (folder);

  return self;
}
