/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-endpoint.h"
#include "comfy-error.h"

static void
assert_base_url (const char *typed,
                 const char *expected,
                 gboolean    warns)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *base_url = NULL;
  g_autofree char  *warning = NULL;

  comfy_endpoint_check_url (typed, &base_url, &warning, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (base_url, ==, expected);
  g_assert_cmpint (warning != NULL, ==, warns);
}

static void
test_good_urls_get_one_form (void)
{
  assert_base_url ("https://cloud.comfy.org/developer/api/v1",
                   "https://cloud.comfy.org/developer/api/v1", FALSE);
  assert_base_url (" \thttps://Cloud.Comfy.ORG:443/developer/api/v1/// \n",
                   "https://cloud.comfy.org/developer/api/v1", FALSE);
  assert_base_url ("https://cloud.comfy.org", "https://cloud.comfy.org", FALSE);
  assert_base_url ("https://cloud.comfy.org/", "https://cloud.comfy.org", FALSE);
  assert_base_url ("HTTPS://host:8443/a", "https://host:8443/a", FALSE);
  assert_base_url ("http://localhost:80/x", "http://localhost/x", FALSE);
  assert_base_url ("http://LOCALHOST:8189", "http://localhost:8189", FALSE);
  assert_base_url ("http://127.0.0.1:8189", "http://127.0.0.1:8189", FALSE);
  assert_base_url ("http://127.255.3.4", "http://127.255.3.4", FALSE);
  assert_base_url ("http://[::1]:8189/", "http://[::1]:8189", FALSE);
  assert_base_url ("http://[0:0:0:0:0:0:0:1]", "http://[::1]", FALSE);
  assert_base_url ("https://[2001:DB8::1]:444", "https://[2001:db8::1]:444", FALSE);
}

static void
test_http_to_others_is_warned_about (void)
{
  assert_base_url ("http://192.168.1.5:8189", "http://192.168.1.5:8189", TRUE);
  assert_base_url ("http://comfy.lan", "http://comfy.lan", TRUE);
  assert_base_url ("http://localhost.example.org", "http://localhost.example.org", TRUE);
  assert_base_url ("http://127.0.0.1.example.org", "http://127.0.0.1.example.org", TRUE);
  assert_base_url ("http://128.0.0.1", "http://128.0.0.1", TRUE);
  assert_base_url ("http://[::2]", "http://[::2]", TRUE);
  assert_base_url ("http://[::ffff:127.0.0.1]", "http://[::ffff:127.0.0.1]", TRUE);
  assert_base_url ("http://0.0.0.0", "http://0.0.0.0", TRUE);
}

static void
test_bad_urls_are_refused_while_typing (void)
{
  static const char * const bad[] = {
    "", "   ", "h", "https", "https:", "https:/", "https://", "https:///path", "cloud.comfy.org",
    "ftp://host", "ws://host", "file:///etc/passwd", "javascript:alert(1)",
    "https://user@host", "https://user:secret@host/", "https://@host", "https://host?x=1",
    "https://host/?", "https://host/#", "https://host#x", "https://host:0", "https://host:65536",
    "https://host:-1", "https://host:8x", "https://ho st", "https://host/a b", "https://host/a\\b",
    "https://host/../x", "https://host/a/./b", "https://host/%zz\x01", "https://h\xc3\x28/",
    "https://[fe80::1%25eth0]", "https://[::1", "https://a..b", "https://.host", "https://a%20b",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char  *base_url = NULL;

      if (comfy_endpoint_check_url (bad[i], &base_url, NULL, &error))
        g_error ("“%s” was taken for “%s”", bad[i], base_url);
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_str_has_suffix (error->message, "."));
    }
  g_assert_false (comfy_endpoint_check_url (NULL, NULL, NULL, NULL));
}

/* Whatever is typed: what is accepted is in its one form already, has an origin, and can only be
 * read in one way. */
static void
test_any_typed_text_is_stable_or_refused (void)
{
  static const char * const pieces[] = {
    "https://", "http://", "HTTP://", "ws://", "localhost", "127.0.0.1", "[::1]", "cloud.comfy.org",
    ":443", ":80", ":8189", ":0", "/", "//", "/api", "?", "#", "@", "%41", "%2f", "..", ".", "\\",
    " ", "\n", "\t", "ä", "a", "Z", "-", "_", ":", "[", "]", "\x7f", "x y",
  };

  for (int round = 0; round < 20000; round++)
    {
      g_autoptr(GString) typed = g_string_new (g_test_rand_bit () ? "https://" : NULL);
      g_autofree char   *base_url = NULL;
      g_autofree char   *again = NULL;
      g_autofree char   *origin = NULL;
      g_autofree char   *warning = NULL;

      for (int n = g_test_rand_int_range (0, 7); n > 0; n--)
        g_string_append (typed, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);

      if (!comfy_endpoint_check_url (typed->str, &base_url, &warning, NULL))
        {
          g_assert_null (base_url);
          continue;
        }

      g_assert_true (comfy_endpoint_check_url (base_url, &again, NULL, NULL));
      g_assert_cmpstr (again, ==, base_url);
      origin = comfy_endpoint_origin_of_url (base_url);
      g_assert_nonnull (origin);
      g_assert_true (g_str_has_prefix (base_url, origin));
      g_assert_true (base_url[strlen (origin)] == '\0' || base_url[strlen (origin)] == '/');
      g_assert_false (g_str_has_suffix (base_url, "/"));
      g_assert_null (strpbrk (base_url, "?#\\ \t\r\n"));
      g_assert_null (strchr (origin, '@'));
      g_assert_cmpint (comfy_endpoint_url_may_carry_key (base_url), ==, warning == NULL);
    }
}

static void
test_presets_are_those_of_the_documentation (void)
{
  g_autoptr(ComfyEndpoint) production = comfy_endpoint_new_production ();
  g_autoptr(ComfyEndpoint) staging = comfy_endpoint_new_staging ();

  g_assert_cmpstr (comfy_endpoint_get_id (production), ==, COMFY_ENDPOINT_PRODUCTION);
  g_assert_cmpstr (comfy_endpoint_get_label (production), ==, "Production");
  g_assert_cmpstr (comfy_endpoint_get_base_url (production), ==,
                   "https://cloud.comfy.org/developer/api/v1");
  g_assert_cmpstr (comfy_endpoint_get_origin (production), ==, "https://cloud.comfy.org");
  g_assert_cmpstr (comfy_endpoint_get_host (production), ==, "cloud.comfy.org");
  g_assert_true (comfy_endpoint_is_preset (production));
  g_assert_true (comfy_endpoint_may_carry_key (production));
  g_assert_cmpstr (comfy_endpoint_get_id (staging), ==, COMFY_ENDPOINT_STAGING);
  g_assert_cmpstr (comfy_endpoint_get_base_url (staging), ==,
                   "https://stagingcloud.comfy.org/developer/api/v1");
  g_assert_true (comfy_endpoint_is_preset (staging));
}

static void
test_covers_only_its_own_origin (void)
{
  g_autoptr(ComfyEndpoint) production = comfy_endpoint_new_production ();
  g_autoptr(ComfyEndpoint) local = comfy_endpoint_new ("a", "A", "http://127.0.0.1:8189/api", NULL);

  g_assert_true (comfy_endpoint_covers (production, "https://cloud.comfy.org/anything?x=1"));
  g_assert_true (comfy_endpoint_covers (production, "https://CLOUD.comfy.org:443/"));
  g_assert_true (comfy_endpoint_covers (production, "wss://cloud.comfy.org/ws"));
  g_assert_false (comfy_endpoint_covers (production, "http://cloud.comfy.org/"));
  g_assert_false (comfy_endpoint_covers (production, "ws://cloud.comfy.org/"));
  g_assert_false (comfy_endpoint_covers (production, "https://cloud.comfy.org:444/"));
  g_assert_false (comfy_endpoint_covers (production, "https://cloud.comfy.org.evil.example/"));
  g_assert_false (comfy_endpoint_covers (production, "https://cloud.comfy.org@evil.example/"));
  g_assert_false (comfy_endpoint_covers (production, "https://x@cloud.comfy.org/"));
  g_assert_false (comfy_endpoint_covers (production, "https://stagingcloud.comfy.org/"));
  g_assert_false (comfy_endpoint_covers (production, "/relative"));
  g_assert_false (comfy_endpoint_covers (production, NULL));
  g_assert_true (comfy_endpoint_covers (local, "ws://127.0.0.1:8189/ws"));
  g_assert_false (comfy_endpoint_covers (local, "http://localhost:8189/"));
  g_assert_false (comfy_endpoint_is_preset (local));
}

static void
assert_resolves (ComfyEndpoint *endpoint,
                 const char    *reference,
                 const char    *expected)
{
  g_autofree char *url = comfy_endpoint_resolve (endpoint, reference);

  g_assert_cmpstr (url, ==, expected);
}

static void
test_references_resolve_as_servers_mean_them (void)
{
  g_autoptr(ComfyEndpoint) production = comfy_endpoint_new_production ();

  assert_resolves (production, "account", "https://cloud.comfy.org/developer/api/v1/account");
  assert_resolves (production, "/api/v2/jobs/1", "https://cloud.comfy.org/api/v2/jobs/1");
  assert_resolves (production, "/api/v2/assets/by-hash/blake3:00",
                   "https://cloud.comfy.org/api/v2/assets/by-hash/blake3:00");
  assert_resolves (production, "https://storage.example/x?sig=1",
                   "https://storage.example/x?sig=1");
  assert_resolves (production, "//storage.example/x", "https://storage.example/x");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoint/good-urls-get-one-form", test_good_urls_get_one_form);
  g_test_add_func ("/endpoint/http-to-others-is-warned-about",
                   test_http_to_others_is_warned_about);
  g_test_add_func ("/endpoint/bad-urls-are-refused-while-typing",
                   test_bad_urls_are_refused_while_typing);
  g_test_add_func ("/endpoint/any-typed-text-is-stable-or-refused",
                   test_any_typed_text_is_stable_or_refused);
  g_test_add_func ("/endpoint/presets-are-those-of-the-documentation",
                   test_presets_are_those_of_the_documentation);
  g_test_add_func ("/endpoint/covers-only-its-own-origin", test_covers_only_its_own_origin);
  g_test_add_func ("/endpoint/references-resolve-as-servers-mean-them",
                   test_references_resolve_as_servers_mean_them);

  return g_test_run ();
}
