/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"

static JsonNode *
read_text (const char  *text,
           GError     **error)
{
  return comfy_json_read (text, strlen (text), 1000, 4, error);
}

static void
assert_round_trip (const char *text,
                   const char *expected)
{
  g_autoptr(GError)   error = NULL;
  g_autoptr(JsonNode) node = read_text (text, &error);
  g_autoptr(GString)  written = g_string_new (NULL);

  g_assert_no_error (error);
  comfy_json_write (written, node);
  g_assert_cmpstr (written->str, ==, expected);
}

static void
test_exact (void)
{
  static const char * const documents[] = {
    "{}", "[]", "[null,true,false]", "{\"b\":1,\"a\":2}", "[[[{}]]]",
    "[0,-1,9223372036854775807,9223372036854775808,18446744073709551615,-9223372036854775808]",
    "[0.1,-2.5,1e+300]", "[\"\",\"\\\"\\\\\",\"a\\nb\",\"\\u0001\",\"ä€😀\",\"18446744073709551615\"]",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (documents); i++)
    assert_round_trip (documents[i], documents[i]);

  assert_round_trip (" { \"a\" : [ 1 , 2 ] }\r\n", "{\"a\":[1,2]}");
  assert_round_trip ("[\"\\u00e4\\/\"]", "[\"ä/\"]");
  assert_round_trip ("[1.0]", "[1.0]");
}

static void
test_refused (void)
{
  static const char * const documents[] = {
    "", " ", "1", "null", "\"a\"", "{", "]", "{}}", "{} {}", "[1,]", "[,]", "{\"a\"}", "{a:1}",
    "[1 2]", "// no\n{}", "/* no */[]", "var a = {};", "[NaN]", "[Infinity]", "[1e999]", "[01]",
    "[+1]", "[18446744073709551616]", "[-9223372036854775809]", "[\"a]", "[\"\\u0000\"]",
    "[\"\n\"]", "[\"\\x\"]", "[\"\xff\"]", "[[[[[]]]]]",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr(GError)   error = NULL;
      g_autoptr(JsonNode) node = read_text (documents[i], &error);

      g_test_message ("%s", documents[i]);
      g_assert_null (node);
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_PROTOCOL);
    }
}

static void
test_size (void)
{
  g_autofree char     *spaces = g_strnfill (999, ' ');
  g_autofree char     *fits = g_strconcat ("[", spaces + 1, "]", NULL);
  g_autofree char     *too_long = g_strconcat ("[", spaces, "]", NULL);
  g_autoptr(GError)    error = NULL;
  g_autoptr(JsonNode)  node = read_text (fits, NULL);

  g_assert_nonnull (node);
  g_assert_null (read_text (too_long, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
}

/* a member of another type is none, whatever it is */
static void
test_members (void)
{
  g_autoptr(JsonNode)  node = read_text ("{\"o\":{},\"a\":[],\"s\":\"t\",\"i\":7,\"d\":0.5,\"b\":true,"
                                         "\"n\":null,\"u\":18446744073709551615}", NULL);
  JsonObject          *object = json_node_get_object (node);
  static const char * const names[] = { "o", "a", "s", "i", "d", "b", "n", "u", "absent" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *name = names[i];
      gboolean    is_int = name[0] == 'i';

      g_assert_cmpint (comfy_json_get_object (object, name) != NULL, ==, name[0] == 'o');
      g_assert_cmpint (comfy_json_get_array (object, name) != NULL, ==, g_str_equal (name, "a"));
      g_assert_cmpstr (comfy_json_get_string (object, name), ==, name[0] == 's' ? "t" : NULL);
      g_assert_cmpint (comfy_json_get_int (object, name, -3), ==, is_int ? 7 : -3);
      g_assert_cmpfloat (comfy_json_get_double (object, name, -3), ==,
                         is_int ? 7 : name[0] == 'd' ? 0.5 : -3);
      g_assert_cmpint (comfy_json_get_boolean (object, name, FALSE), ==, name[0] == 'b');
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/what-is-read-is-written-exactly", test_exact);
  g_test_add_func ("/json/what-is-no-json-is-refused", test_refused);
  g_test_add_func ("/json/size-is-capped", test_size);
  g_test_add_func ("/json/a-member-of-another-type-is-none", test_members);

  return g_test_run ();
}
