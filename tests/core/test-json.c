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

/* escapes mean what they mean, halves of a character are none */
static void
test_escapes (void)
{
  static const char * const refused[] = {
    "[\"\\ud800\"]", "[\"\\ud800\\u0041\"]", "[\"\\udc00\"]", "[\"\\ud83d\\u\"]",
    "[\"\\u12g4\"]",
    "[\"\\u00\"]", "[\"\\", "[\"\\u", "[\"\\ud83d\\", "[\"\\\"]", "[-]", "[1.]", "[.5]", "[1e]",
    "[1e+]", "[--1]", "[-01]", "[0x10]", "[1.5.2]", "[tru]", "[truefalse]", "[-Infinity]",
    "[\"a\"\"b\"]",
  };

  assert_round_trip ("[\"\\ud83d\\ude00\\u20ac\\b\\f\\r\\t\\/\\\"\\\\\"]",
                     "[\"😀€\\u0008\\u000c\\u000d\\u0009/\\\"\\\\\"]");
  assert_round_trip ("{\"\\u0061\":-0,\"b\":1E+2,\"a\":1e-2}", "{\"a\":0.01,\"b\":100.0}");

  for (unsigned int i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(GError)   error = NULL;
      g_autoptr(JsonNode) node = read_text (refused[i], &error);

      g_test_message ("%s", refused[i]);
      g_assert_null (node);
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_PROTOCOL);
    }
}

static const ComfyJsonRules STRICT = { .max_bytes = 1 << 24, .max_depth = 4, .max_cells = 100,
                                       .max_members = 100 };

/* what is wrong, and where, as an editor counts */
static void
test_faults (void)
{
  static const struct {
    const char *text; ComfyJsonFaultKind kind; unsigned int line; unsigned int column;
    const char *number;
  } faults[] = {
    { "", COMFY_JSON_EMPTY, 1, 1, "" },
    { "\n ", COMFY_JSON_EMPTY, 2, 2, "" },
    { "7", COMFY_JSON_ROOT, 1, 2, "" },
    { "{\"ä\":1,\n \"ö\" 2}", COMFY_JSON_SYNTAX, 2, 6, "" },
    { "{\"a\\nb\":x}", COMFY_JSON_SYNTAX, 1, 9, "" },
    { "[1]]", COMFY_JSON_SYNTAX, 1, 4, "" },
    { "[\n[1,", COMFY_JSON_ENDS_EARLY, 2, 4, "" },
    { "[\"a", COMFY_JSON_ENDS_EARLY, 1, 4, "" },
    { "[\"a\\u0000\"]", COMFY_JSON_NUL, 1, 4, "" },
    { "[\n\"\xc3\"]", COMFY_JSON_NOT_UTF8, 2, 2, "" },
    { "[[[[[]]]]]", COMFY_JSON_DEPTH, 1, 5, "" },
    { "[1, 18446744073709551616]", COMFY_JSON_NUMBER, 1, 5, "18446744073709551616" },
    { "[-9223372036854775809]", COMFY_JSON_NUMBER, 1, 2, "-9223372036854775809" },
    { "[1e400,2]", COMFY_JSON_NUMBER, 1, 2, "1e400" },
    { "[NaN]", COMFY_JSON_NUMBER, 1, 2, "NaN" },
    { "[1234567890123456789012345678901234567890]", COMFY_JSON_NUMBER, 1, 2,
      "123456789012345678901234567890123456789" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      ComfyJsonFault fault;

      g_test_message ("fault %u", i);
      g_assert_null (comfy_json_read_by (faults[i].text, strlen (faults[i].text), &STRICT, &fault));
      g_assert_cmpint (fault.kind, ==, faults[i].kind);
      g_assert_cmpint (fault.line, ==, faults[i].line);
      g_assert_cmpint (fault.column, ==, faults[i].column);
      g_assert_cmpstr (fault.number, ==, faults[i].number);
    }
}

static void
test_nul_byte (void)
{
  ComfyJsonFault fault;

  g_assert_null (comfy_json_read_by ("[\"a\0b\"]", 7, &STRICT, &fault));
  g_assert_cmpint (fault.kind, ==, COMFY_JSON_NUL);
  g_assert_cmpint (fault.column, ==, 4);
}

/* @n members or elements, each made by @format of its number, in @brackets */
static char *
dup_many (unsigned int  n,
          const char   *brackets,
          char        *(*dup_one) (unsigned int))
{
  GString *text = g_string_new (NULL);

  g_string_append_c (text, brackets[0]);
  for (unsigned int i = 0; i < n; i++)
    {
      g_autofree char *one = dup_one (i);

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", one);
    }
  g_string_append_c (text, brackets[1]);

  return g_string_free (text, FALSE);
}

static char *
dup_object (unsigned int i)
{
  return g_strdup ("{}");
}

static char *
dup_member (unsigned int i)
{
  return g_strdup_printf ("\"%u\":0", i);
}

/* "Ez" and "FY" have the same value in the hash of GLib's strings */
static char *
dup_crafted_member (unsigned int i)
{
  GString *text = g_string_new ("\"");

  for (unsigned int bit = 0; bit < 16; bit++)
    g_string_append (text, i >> bit & 1 ? "Ez" : "FY");
  g_string_append (text, "\":0");

  return g_string_free (text, FALSE);
}

static ComfyJsonFaultKind
read_by (const char           *text,
         const ComfyJsonRules *rules)
{
  ComfyJsonFault      fault;
  g_autoptr(JsonNode) node = comfy_json_read_by (text, strlen (text), rules, &fault);

  g_assert_true ((node != NULL) == (fault.kind == COMFY_JSON_FINE));
  return fault.kind;
}

/* memory and time are bounded by what a document holds, not only by its length */
static void
test_bounds (void)
{
  const ComfyJsonRules   members = { .max_bytes = 1 << 24, .max_depth = 4, .max_members = 1000 };
  g_autofree char       *objects_fit = dup_many (12, "[]", dup_object);
  g_autofree char       *objects = dup_many (13, "[]", dup_object);
  g_autofree char       *few = dup_many (1000, "{}", dup_member);
  g_autofree char       *many = dup_many (1001, "{}", dup_member);
  g_autofree char       *crafted = dup_many (900, "{}", dup_crafted_member);
  g_autofree char       *twice = g_strdup_printf ("[%s,%s]", few, few);
  g_autofree char       *thrice = g_strdup_printf ("[%s,%s,%s]", few, few, few);

  g_assert_cmpint (read_by (objects_fit, &STRICT), ==, COMFY_JSON_FINE);
  g_assert_cmpint (read_by (objects, &STRICT), ==, COMFY_JSON_TOO_MUCH);
  g_assert_cmpint (read_by (few, &members), ==, COMFY_JSON_FINE);
  g_assert_cmpint (read_by (many, &members), ==, COMFY_JSON_MEMBERS);
  g_assert_cmpint (read_by (crafted, &members), ==, COMFY_JSON_TOO_MUCH);
  /* each pair of names may have to be compared: half a million for a thousand */
  g_assert_cmpint (read_by (twice, &members), ==, COMFY_JSON_TOO_MUCH);
  g_assert_cmpint (read_by (thrice, &members), ==, COMFY_JSON_TOO_MUCH);
}

static void
test_repeated (void)
{
  g_autoptr(GHashTable)  repeated = comfy_json_repeated_new ();
  const ComfyJsonRules   rules = { .max_bytes = 1000, .max_depth = 4, .repeated = repeated };
  const char            *text = "{\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":1,\"\\u0078\":2,\"x\":3}}";
  ComfyJsonFault         fault;
  g_autoptr(JsonNode)    node = comfy_json_read_by (text, strlen (text), &rules, &fault);
  JsonObject            *root = json_node_get_object (node);

  g_assert_cmpuint (g_hash_table_size (repeated), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (repeated, comfy_json_get_object (root, "b")), ==, "x");
  g_assert_cmpint (comfy_json_get_int (comfy_json_get_object (root, "b"), "x", 0), ==, 3);
}

/* what Python writes for floats that are no numbers */
static void
test_not_finite (void)
{
  const ComfyJsonRules  rules = { .max_bytes = 1000, .max_depth = 4, .not_finite_is_null = TRUE };
  const char           *text = "[NaN,Infinity,-Infinity,-1]";
  ComfyJsonFault        fault;
  g_autoptr(JsonNode)   node = comfy_json_read_by (text, strlen (text), &rules, &fault);
  g_autoptr(GString)    written = g_string_new (NULL);

  comfy_json_write (written, node);
  g_assert_cmpstr (written->str, ==, "[null,null,null,-1]");
  g_assert_cmpint (read_by ("[Nan]", &rules), ==, COMFY_JSON_SYNTAX);
  g_assert_cmpint (read_by ("[-Inf]", &rules), ==, COMFY_JSON_SYNTAX);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/what-is-read-is-written-exactly", test_exact);
  g_test_add_func ("/json/what-is-no-json-is-refused", test_refused);
  g_test_add_func ("/json/escapes-and-numbers-are-spelt-as-they-must", test_escapes);
  g_test_add_func ("/json/a-fault-is-named-and-found", test_faults);
  g_test_add_func ("/json/a-nul-byte-is-no-text", test_nul_byte);
  g_test_add_func ("/json/memory-and-time-are-bounded", test_bounds);
  g_test_add_func ("/json/names-that-repeat-are-noted", test_repeated);
  g_test_add_func ("/json/no-number-is-null-where-that-is-allowed", test_not_finite);
  g_test_add_func ("/json/size-is-capped", test_size);
  g_test_add_func ("/json/a-member-of-another-type-is-none", test_members);

  return g_test_run ();
}
