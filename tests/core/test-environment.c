/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-environment.h"
#include "comfy-error.h"

/* Runs the test again as @path in a process whose environment the kernel was given: only there does
 * /proc/self/environ show it. */
static void
run_with (const char *path,
          const char *key,
          const char *base_url)
{
  g_auto(GStrv) environment = g_get_environ ();

  environment = g_environ_unsetenv (environment, "COMFY_API_KEY");
  environment = g_environ_unsetenv (environment, "COMFY_BASE_URL");
  if (key != NULL)
    environment = g_environ_setenv (environment, "COMFY_API_KEY", key, TRUE);
  if (base_url != NULL)
    environment = g_environ_setenv (environment, "COMFY_BASE_URL", base_url, TRUE);

  g_test_trap_subprocess_with_envp (path, (const char * const *) environment, 0,
                                    G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static char *
make_key (void)
{
  return g_strconcat ("comfyui-", "0123456789abcdef", "0123456789abcdef", NULL);
}

static void
assert_clean (const char *needle)
{
  g_autofree char *environ_now = NULL;
  gsize            length;

  g_assert_true (g_file_get_contents ("/proc/self/environ", &environ_now, &length, NULL));
  g_assert_cmpuint (length, >, 0);
  g_assert_null (memmem (environ_now, length, needle, strlen (needle)));
  g_assert_null (g_getenv ("COMFY_API_KEY"));
  g_assert_null (g_getenv ("COMFY_BASE_URL"));
}

static void
test_taken_away (void)
{
  g_autofree char *key = make_key ();

  if (!g_test_subprocess ())
    {
      run_with ("/environment/taken-away", key, "https://example.net/base");
      return;
    }

  {
    g_autofree char             *before = NULL;
    gsize                        length;
    g_autoptr(ComfyEnvironment)  environment = NULL;

    /* the test can fail: it is there before */
    g_assert_true (g_file_get_contents ("/proc/self/environ", &before, &length, NULL));
    g_assert_nonnull (memmem (before, length, key, strlen (key)));

    environment = comfy_environment_take ();
    g_assert_no_error (environment->error);
    g_assert_cmpstr (comfy_credentials_get_last_four (environment->credentials), ==, "cdef");
    assert_clean (key + strlen ("comfyui-"));
    assert_clean ("example.net");
    g_assert_null (comfy_environment_take ());
  }
}

static void
test_children_inherit_nothing (void)
{
  g_autofree char *key = make_key ();

  if (!g_test_subprocess ())
    {
      run_with ("/environment/children-inherit-nothing", key, NULL);
      return;
    }

  {
    g_autoptr(ComfyEnvironment)  environment = comfy_environment_take ();
    const char * const           argv[] = { "env", NULL };
    g_autoptr(GSubprocess)       child = NULL;
    g_autofree char             *output = NULL;
    g_autoptr(GError)            error = NULL;

    child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
    g_assert_no_error (error);
    g_assert_true (g_subprocess_communicate_utf8 (child, NULL, NULL, &output, NULL, &error));
    g_assert_nonnull (strstr (output, "PATH="));
    g_assert_null (strstr (output, "COMFY_API_KEY"));
    g_assert_null (strstr (output, key));
  }
}

static ComfyEnvironment *
take_with (const char *key,
           const char *base_url)
{
  if (key != NULL)
    g_setenv ("COMFY_API_KEY", key, TRUE);
  if (base_url != NULL)
    g_setenv ("COMFY_BASE_URL", base_url, TRUE);

  return comfy_environment_take ();
}

static void
test_nothing_set (void)
{
  g_assert_null (take_with (NULL, NULL));
  g_assert_null (take_with ("", ""));
}

static void
test_key_alone_is_for_production (void)
{
  g_autofree char             *key = make_key ();
  g_autoptr(ComfyEnvironment)  environment = take_with (key, NULL);

  g_assert_cmpstr (comfy_endpoint_get_id (environment->endpoint), ==, COMFY_ENDPOINT_PRODUCTION);
  g_assert_cmpstr (comfy_credentials_get_origin (environment->credentials), ==,
                   "https://cloud.comfy.org");
}

static void
test_base_urls (void)
{
  static const struct { const char *url; const char *id; const char *base_url; } cases[] = {
    { "https://cloud.comfy.org", COMFY_ENDPOINT_PRODUCTION,
      "https://cloud.comfy.org/developer/api/v1" },
    { "https://cloud.comfy.org/", COMFY_ENDPOINT_PRODUCTION,
      "https://cloud.comfy.org/developer/api/v1" },
    { "https://stagingcloud.comfy.org/developer/api/v1", COMFY_ENDPOINT_STAGING,
      "https://stagingcloud.comfy.org/developer/api/v1" },
    { "http://127.0.0.1:8188", COMFY_ENVIRONMENT_ID, "http://127.0.0.1:8188/developer/api/v1" },
    { "https://example.net/own/base", COMFY_ENVIRONMENT_ID, "https://example.net/own/base" },
    { " ", COMFY_ENDPOINT_PRODUCTION, "https://cloud.comfy.org/developer/api/v1" },
  };
  g_autofree char *key = make_key ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyEnvironment) environment = take_with (key, cases[i].url);

      g_assert_no_error (environment->error);
      g_assert_cmpstr (comfy_endpoint_get_id (environment->endpoint), ==, cases[i].id);
      g_assert_cmpstr (comfy_endpoint_get_base_url (environment->endpoint), ==, cases[i].base_url);
      g_assert_cmpstr (comfy_credentials_get_origin (environment->credentials), ==,
                       comfy_endpoint_get_origin (environment->endpoint));
    }
}

static void
test_url_alone_has_no_key (void)
{
  g_autoptr(ComfyEnvironment) environment = take_with (NULL, "http://127.0.0.1:8188");

  g_assert_no_error (environment->error);
  g_assert_null (environment->credentials);
}

static void
test_unusable_is_an_error (void)
{
  g_autofree char *key = make_key ();

  {
    g_autoptr(ComfyEnvironment) environment = take_with (key, "not a URL");

    g_assert_error (environment->error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
    g_assert_null (environment->credentials);
  }
  {
    g_autoptr(ComfyEnvironment) environment = take_with ("comfyui-a\nb", NULL);

    g_assert_error (environment->error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
    g_assert_null (strstr (environment->error->message, "comfyui-a"));
  }
  {
    /* a key never goes over the network in clear */
    g_autoptr(ComfyEnvironment) environment = take_with (key, "http://example.net");

    g_assert_error (environment->error, COMFY_ERROR, COMFY_ERROR_WRONG_ORIGIN);
    g_assert_null (environment->credentials);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/environment/taken-away", test_taken_away);
  g_test_add_func ("/environment/children-inherit-nothing", test_children_inherit_nothing);
  g_test_add_func ("/environment/nothing-set", test_nothing_set);
  g_test_add_func ("/environment/key-alone-is-for-production", test_key_alone_is_for_production);
  g_test_add_func ("/environment/base-urls", test_base_urls);
  g_test_add_func ("/environment/url-alone-has-no-key", test_url_alone_has_no_key);
  g_test_add_func ("/environment/unusable-is-an-error", test_unusable_is_an_error);

  return g_test_run ();
}
