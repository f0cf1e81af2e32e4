/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-cost-private.h"

/* @json: of a job's usage */
static ComfyCost
read_usage (const char *json)
{
  g_autoptr(JsonNode) node = json_from_string (json, NULL);

  return _comfy_cost_read_usage (json_node_get_object (node));
}

#define EVENT(properties) "{\"event_type\":\"gpu_compute\",\"properties\":" properties "}"

static void
test_usage_is_summed_up (void)
{
  static const struct { const char *json; gint64 micros; const char *currency; } cases[] = {
    { "{\"events\":[" EVENT ("{\"credits_used\":12950,\"gpu_seconds\":10}") "]}", 12950, "USD" },
    { "{\"events\":[" EVENT ("{\"credits_used\":12950}") "," EVENT ("{\"cost_micros\":50}") "]}",
      13000, "USD" },
    { "{\"events\":[{\"credits_used\":7}]}", 7, "USD" },
    { "{\"events\":[" EVENT ("{\"credits_used\":0}") "]}", 0, "USD" },
    { "{\"credits_used\":9,\"events\":[" EVENT ("{\"credits_used\":1}") "]}", 9, "USD" },
    { "{\"events\":[" EVENT ("{\"cost_usd\":0.0421}") "]}", 42100, "USD" },
    { "{\"events\":[" EVENT ("{\"credits\":2.7}") "]}", 2700000, "credits" },
    { "{\"events\":[" EVENT ("{\"amount_micros\":5,\"currency\":\"EUR\"}") "]}", 5, "EUR" },
    { "{\"events\":[" EVENT ("{\"amount_micros\":5,\"currency\":\"usd\"}") "]}", 5, "USD" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ComfyCost cost = read_usage (cases[i].json);

      g_assert_true (comfy_cost_is_known (&cost));
      g_assert_cmpint (cost.micros, ==, cases[i].micros);
      g_assert_cmpstr (cost.currency, ==, cases[i].currency);
    }
}

/* what the artist is told is what the server said, and nothing that may be something else */
static void
test_what_is_not_told_is_not_known (void)
{
  static const char * const cases[] = {
    "{}",
    "{\"events\":[]}",
    "{\"events\":{}}",
    "{\"events\":[7]}",
    "{\"events\":[" EVENT ("{\"gpu_seconds\":10}") "]}",
    "{\"events\":[" EVENT ("{\"credits_used\":1}") "," EVENT ("{\"gpu_seconds\":10}") "]}",
    "{\"events\":[" EVENT ("{\"credits_used\":1}") "," EVENT ("{\"credits\":1}") "]}",
    "{\"events\":[" EVENT ("{\"amount\":5,\"currency\":\"usd\"}") "]}",
    "{\"events\":[" EVENT ("{\"cost\":5}") "]}",
    "{\"events\":[" EVENT ("{\"credits_used\":-1}") "]}",
    "{\"events\":[" EVENT ("{\"credits_used\":1.5}") "]}",
    "{\"events\":[" EVENT ("{\"credits_used\":\"5\"}") "]}",
    "{\"events\":[" EVENT ("{\"credits_used\":1000000000001}") "]}",
    "{\"events\":[" EVENT ("{\"cost_usd\":1e300}") "]}",
    "{\"events\":[" EVENT ("{\"credits_used\":1000000000000}") ","
                    EVENT ("{\"credits_used\":1}") "]}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ComfyCost cost = read_usage (cases[i]);

      g_assert_false (comfy_cost_is_known (&cost));
      g_assert_cmpint (cost.micros, ==, 0);
    }
}

static void
assert_reads (const char *json,
              gint64      micros,
              const char *currency)
{
  g_autoptr(JsonNode) node = json_from_string (json, NULL);
  ComfyCost           cost = _comfy_cost_from_json (json_node_get_object (node));

  g_assert_cmpint (cost.micros, ==, micros);
  g_assert_cmpstr (cost.currency, ==, currency);
}

static void
test_files (void)
{
  ComfyCost              cost = { 12950, COMFY_CURRENCY_CREDITS };
  g_autoptr(JsonObject)  object = _comfy_cost_to_json (&cost);
  ComfyCost              again = _comfy_cost_from_json (object);
  ComfyCost              nothing = _comfy_cost_from_json (NULL);

  g_assert_true (comfy_cost_is_same (&cost, &again));
  g_assert_false (comfy_cost_is_known (&nothing));
  assert_reads ("{\"micros\":5,\"currency\":\"CHF\"}", 5, "CHF");
  assert_reads ("{\"micros\":5}", 0, NULL);
  assert_reads ("{\"micros\":-5,\"currency\":\"USD\"}", 0, NULL);
  assert_reads ("{\"micros\":5,\"currency\":\"<b>\"}", 0, NULL);
  assert_reads ("{\"micros\":5,\"currency\":\"\"}", 0, NULL);
}

static void
test_words (void)
{
  static const struct { ComfyCost cost; const char *text; } cases[] = {
    { { 12950, COMFY_CURRENCY_USD }, "$0.013" },
    { { 0, COMFY_CURRENCY_USD }, "$0.00" },
    { { 2700000, COMFY_CURRENCY_CREDITS }, "2.7 credits" },
    { { 270000, COMFY_CURRENCY_CREDITS }, "0.27 credits" },
    { { 1234000000, COMFY_CURRENCY_CREDITS }, "1234 credits" },
    { { 1500000, "EUR" }, "1.5 EUR" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = comfy_cost_format (&cases[i].cost);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cost/usage-is-summed-up", test_usage_is_summed_up);
  g_test_add_func ("/cost/what-is-not-told-is-not-known", test_what_is_not_told_is_not_known);
  g_test_add_func ("/cost/survives-in-files", test_files);
  g_test_add_func ("/cost/is-told-in-words", test_words);

  return g_test_run ();
}
