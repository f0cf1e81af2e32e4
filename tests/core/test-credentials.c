/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "comfy-credentials-private.h"
#include "comfy-error.h"

#define ORIGIN "https://cloud.comfy.org"

static const char *
authorization_of (SoupMessage *message)
{
  return soup_message_headers_get_one (soup_message_get_request_headers (message),
                                       "Authorization");
}

static void
test_blanks_around_a_key_do_not_count (void)
{
  g_autoptr(GError)           error = NULL;
  g_autoptr(ComfyCredentials) credentials = NULL;
  g_autoptr(SoupMessage)      message = soup_message_new ("GET", ORIGIN "/account");

  credentials = comfy_credentials_new (" \t comfyui-0123456789 \t", ORIGIN, &error);
  g_assert_no_error (error);
  g_assert_true (comfy_credentials_has_usual_prefix (credentials));
  g_assert_cmpstr (comfy_credentials_get_last_four (credentials), ==, "6789");
  g_assert_true (_comfy_credentials_authorize (credentials, message, &error));
  g_assert_cmpstr (authorization_of (message), ==, "Bearer comfyui-0123456789");
}

static void
test_what_is_no_key_is_refused (void)
{
  static const char * const bad[] = {
    "", "  \t ", "comfyui-0123456789\n", "\ncomfyui-0123456789", "comfyui-01234\r\n56789",
    "comfyui-01234 56789", "comfyui-0123\t456", "comfyui-0123\x01", "comfyui-0123\x7f",
    "comfyui-0123ä", ("\xc2\xa0" "comfyui-0123456789"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError)           checked = NULL;
      g_autoptr(GError)           made = NULL;
      g_autoptr(ComfyCredentials) credentials = comfy_credentials_new (bad[i], ORIGIN, &made);

      g_assert_null (credentials);
      g_assert_false (comfy_credentials_check_typed (bad[i], NULL, &checked));
      g_assert_error (checked, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
      g_assert_error (made, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
      g_assert_null (strstr (made->message, "0123"));
    }
}

static void
test_a_document_is_no_key (void)
{
  g_autofree char  *document = g_strnfill (5000, 'x');
  g_autoptr(GError) error = NULL;

  g_assert_false (comfy_credentials_check_typed (document, NULL, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
}

static void
test_another_prefix_is_warned_about (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *warning = NULL;
  g_autofree char  *none = NULL;

  g_assert_true (comfy_credentials_check_typed ("sk-0123456789", &warning, &error));
  g_assert_no_error (error);
  g_assert_nonnull (warning);
  g_assert_true (comfy_credentials_check_typed ("comfyui-0123456789", &none, &error));
  g_assert_null (none);
}

static void
test_a_key_goes_to_its_own_origin_only (void)
{
  static const char * const others[] = {
    "https://cloud.comfy.org:444/account", "http://cloud.comfy.org/account",
    "https://stagingcloud.comfy.org/account", "https://cloud.comfy.org.example/",
    "wss://stagingcloud.comfy.org/ws", "http://127.0.0.1/",
  };
  g_autoptr(ComfyCredentials) credentials = comfy_credentials_new ("comfyui-0123456789",
                                                                   ORIGIN "/developer", NULL);
  g_autoptr(SoupMessage)      socket = soup_message_new ("GET", "wss://cloud.comfy.org/ws");

  g_assert_cmpstr (comfy_credentials_get_origin (credentials), ==, ORIGIN);
  g_assert_true (_comfy_credentials_authorize (credentials, socket, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(GError)      error = NULL;
      g_autoptr(SoupMessage) message = soup_message_new ("GET", others[i]);

      g_assert_false (_comfy_credentials_authorize (credentials, message, &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_WRONG_ORIGIN);
      g_assert_null (authorization_of (message));
    }
}

static void
test_no_key_for_an_unencrypted_origin (void)
{
  g_autoptr(GError)           error = NULL;
  g_autoptr(ComfyCredentials) local = NULL;

  g_assert_null (comfy_credentials_new ("comfyui-0123456789", "http://192.168.1.5:8189", &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_WRONG_ORIGIN);
  local = comfy_credentials_new ("comfyui-0123456789", "http://127.0.0.1:8189", NULL);
  g_assert_nonnull (local);
  g_assert_null (comfy_credentials_rebind (local, "http://comfy.lan"));
}

static void
test_rebound_key_leaves_the_first_as_it_was (void)
{
  g_autoptr(ComfyCredentials) first = comfy_credentials_new ("comfyui-0123456789", ORIGIN, NULL);
  g_autoptr(ComfyCredentials) second = comfy_credentials_rebind (first,
                                                                 "https://stagingcloud.comfy.org");

  g_assert_cmpstr (comfy_credentials_get_origin (first), ==, ORIGIN);
  g_assert_cmpstr (comfy_credentials_get_origin (second), ==, "https://stagingcloud.comfy.org");
  g_assert_cmpstr (comfy_credentials_get_last_four (second), ==, "6789");
}

static void
test_little_of_a_short_key_is_shown (void)
{
  g_autoptr(ComfyCredentials) credentials = comfy_credentials_new ("secret", ORIGIN, NULL);

  g_assert_cmpstr (comfy_credentials_get_last_four (credentials), ==, "");
}

/* A page is locked if mlock is asked for it in /proc/self/smaps: flag "lo" */
static gboolean
lies_in_locked_memory (const void *address)
{
  g_autofree char *smaps = NULL;
  g_auto(GStrv)    lines = NULL;
  gboolean         is_inside = FALSE;

  g_file_get_contents ("/proc/self/smaps", &smaps, NULL, NULL);
  lines = g_strsplit (smaps != NULL ? smaps : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      unsigned long from, to;

      if (sscanf (*line, "%lx-%lx ", &from, &to) == 2)
        is_inside = (unsigned long) address >= from && (unsigned long) address < to;
      else if (is_inside && g_str_has_prefix (*line, "VmFlags:"))
        return strstr (*line, " lo") != NULL;
    }

  return FALSE;
}

static void
test_the_key_lies_in_non_pageable_memory (void)
{
  g_autoptr(ComfyCredentials) credentials = comfy_credentials_new ("comfyui-0123456789", ORIGIN,
                                                                   NULL);
  SecretValue                *value = _comfy_credentials_get_value (credentials);
  void                       *page = NULL;

  if (posix_memalign (&page, 4096, 4096) != 0 || mlock (page, 4096) != 0)
    {
      free (page);
      g_test_skip ("this machine does not let memory be locked");
      return;
    }
  /* the address sanitizer makes mlock do nothing */
  if (!lies_in_locked_memory (page))
    {
      free (page);
      g_test_skip ("locked memory cannot be told from other memory here");
      return;
    }
  munlock (page, 4096);
  free (page);

  g_assert_true (lies_in_locked_memory (secret_value_get_text (value)));
}

/* Whatever a server makes of it on its way back, nothing of the key is to be seen. */
static void
test_a_key_is_masked_however_it_is_quoted (void)
{
  /* put together at run time: nothing here looks like a key */
  g_autofree char             *key = g_strconcat ("comfyui-", "a\"b\\c/d", "0123", NULL);
  g_autoptr(ComfyCredentials)  credentials = comfy_credentials_new (key, ORIGIN, NULL);
  static const struct
  {
    const char *quoted;
    const char *masked;
  } cases[] = {
    { "the key comfyui-a\"b\\c/d0123 is bad", "the key … is bad" },
    { "{\"k\":\"comfyui-a\\\"b\\\\c/d0123\"}", "{\"k\":\"…\"}" },
    { "{\"k\":\"comfyui-a\\\"b\\\\c\\/d0123\"}", "{\"k\":\"…\"}" },
    { "{\"k\":\"comfyui-a\\u0022b\\u005Cc\\u002fd0123\"}", "{\"k\":\"…\"}" },
    { "{\"k\":\"\\\\comfyui-\\u0061\\\"b\\u005cc/d0123\\n\"}",
      "{\"k\":\"\\\\…\\n\"}" },
    { "{\"k\":\"{\\\"k\\\":\\\"comfyui-a\\\\\\\"b\\\\\\\\c/d0123\\\"}\"}",
      "{\"k\":\"{\\\"k\\\":\\\"…\\\"}\"}" },
    { "comfyui-a\"b\\c/d0123comfyui-a\"b\\c/d0123", "……" },
    { "comfyui-a\"b\\c/d012 comfyui-a\\\"b\\\\c/d012",
      "comfyui-a\"b\\c/d012 comfyui-a\\\"b\\\\c/d012" },
    { "", "" },
    { "\\", "\\" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *masked = _comfy_credentials_mask (credentials, cases[i].quoted);

      g_assert_cmpstr (masked, ==, cases[i].masked);
    }
}

/* What begins and ends with what JSON escapes leaves JSON as it was. */
static void
test_masked_json_is_json (void)
{
  g_autoptr(ComfyCredentials)  credentials = NULL;
  g_autofree char             *masked = NULL;

  credentials = comfy_credentials_new ("\\\"mysecret\"\\", ORIGIN, NULL);
  masked = _comfy_credentials_mask (credentials,
                                    "{\"k\":\"\\\"\\\\\\\"mysecret\\\"\\\\\\\"\"}");
  g_assert_cmpstr (masked, ==, "{\"k\":\"\\\"…\\\"\"}");
}

/* How often @needle is in this process's heap */
static unsigned int
count_in_heap (const char *needle)
{
  FILE         *maps = fopen ("/proc/self/maps", "re");
  char          line[512];
  unsigned int  n = 0;

  while (fgets (line, sizeof line, maps) != NULL)
    {
      unsigned long from, to;

      if (strstr (line, "[heap]") == NULL || sscanf (line, "%lx-%lx ", &from, &to) != 2)
        continue;
      for (const char *p = (const char *) from;
           (p = memmem (p, to - (unsigned long) p, needle, strlen (needle))) != NULL; p++)
        n++;
    }
  fclose (maps);

  return n;
}

static void
test_no_copy_is_left_once_a_request_is_wiped (void)
{
  g_autoptr(ComfyCredentials) credentials = NULL;
  g_autoptr(SoupMessage)      message = soup_message_new ("GET", ORIGIN "/account");
  char                        key[] = "comfyui-________________________________";
  char                       *random_part = key + strlen ("comfyui-");
  /* free() itself writes over the first bytes of what was there */
  const char                 *needle = random_part + 16;

  for (char *p = random_part; *p != '\0'; p++)
    *p = "0123456789abcdef"[g_test_rand_int_range (0, 16)];

  credentials = comfy_credentials_new (key, ORIGIN, NULL);
  g_assert_cmpuint (count_in_heap (needle), ==, 0);
  g_assert_true (_comfy_credentials_authorize (credentials, message, NULL));
  g_assert_nonnull (authorization_of (message));
  g_assert_cmpuint (count_in_heap (needle), <=, 1);
  _comfy_credentials_wipe (message);
  g_assert_null (authorization_of (message));
  g_assert_cmpuint (count_in_heap (needle), ==, 0);
  _comfy_credentials_wipe (message);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/credentials/blanks-around-a-key-do-not-count",
                   test_blanks_around_a_key_do_not_count);
  g_test_add_func ("/credentials/what-is-no-key-is-refused", test_what_is_no_key_is_refused);
  g_test_add_func ("/credentials/a-document-is-no-key", test_a_document_is_no_key);
  g_test_add_func ("/credentials/another-prefix-is-warned-about",
                   test_another_prefix_is_warned_about);
  g_test_add_func ("/credentials/a-key-goes-to-its-own-origin-only",
                   test_a_key_goes_to_its_own_origin_only);
  g_test_add_func ("/credentials/no-key-for-an-unencrypted-origin",
                   test_no_key_for_an_unencrypted_origin);
  g_test_add_func ("/credentials/rebound-key-leaves-the-first-as-it-was",
                   test_rebound_key_leaves_the_first_as_it_was);
  g_test_add_func ("/credentials/little-of-a-short-key-is-shown",
                   test_little_of_a_short_key_is_shown);
  g_test_add_func ("/credentials/a-key-is-masked-however-it-is-quoted",
                   test_a_key_is_masked_however_it_is_quoted);
  g_test_add_func ("/credentials/masked-json-is-json", test_masked_json_is_json);
  g_test_add_func ("/credentials/the-key-lies-in-non-pageable-memory",
                   test_the_key_lies_in_non_pageable_memory);
  g_test_add_func ("/credentials/no-copy-is-left-once-a-request-is-wiped",
                   test_no_copy_is_left_once_a_request_is_wiped);

  return g_test_run ();
}
