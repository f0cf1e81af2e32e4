/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The environments: what answers there is said, and one of the artist's own is used with a key, with
 * a token of its own, or without.
 */
#include "config.h"

#include "comfy-environment-list.h"
#include "comfy-run-target.h"
#include "session-fixture.h"
#include "test-future.h"
#include "ui-test.h"

/* nobody can listen there without being root, and nobody does */
#define NOBODY_THERE "http://127.0.0.1:1"

typedef struct
{
  SessionFixture  base;
  GtkWidget      *window;
  GtkWidget      *list;
} Fixture;

static void
open_window (Fixture *fixture)
{
  fixture->list = comfy_environment_list_new (fixture->base.session);
  fixture->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_container_add (GTK_CONTAINER (fixture->window), fixture->list);
  gtk_widget_show_all (fixture->list);
  ui_test_show (fixture->window);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  session_fixture_set_up (&fixture->base, NULL);
  open_window (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_widget_destroy (fixture->window);
  session_fixture_tear_down (&fixture->base, NULL);
}

static ComfyProfileStore *
get_store (Fixture *fixture)
{
  return comfy_session_get_profiles (fixture->base.session);
}

static GListModel *
get_endpoints (Fixture *fixture)
{
  return comfy_profile_store_get_endpoints (get_store (fixture));
}

static void
type (Fixture    *fixture,
      const char *name,
      const char *text)
{
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->list, GTK_TYPE_ENTRY, name)), text);
}

/* (transfer full): the one that was added last */
static ComfyEndpoint *
add (Fixture    *fixture,
     const char *name,
     const char *url)
{
  type (fixture, "Name", name);
  type (fixture, "Address", url);
  ui_test_click (fixture->list, "Add");

  return g_list_model_get_item (get_endpoints (fixture),
                                g_list_model_get_n_items (get_endpoints (fixture)) - 1);
}

static gboolean
has_button (Fixture    *fixture,
            const char *name)
{
  return ui_test_find (fixture->list, GTK_TYPE_BUTTON, name) != NULL;
}

/* what is said of an environment aloud (transfer none) */
static const char *
get_spoken (Fixture    *fixture,
            const char *label)
{
  GtkWidget *radio = ui_test_get (fixture->list, GTK_TYPE_RADIO_BUTTON, label);

  return atk_object_get_description (gtk_widget_get_accessible (radio));
}

static void
test_what_was_found (Fixture       *fixture,
                     gconstpointer  data)
{
  ComfyConnector          *connector = comfy_session_get_connector (fixture->base.session);
  g_autoptr(ComfyProfile)  profile = NULL;
  g_autoptr(ComfyAccount)  account = NULL;

  g_assert_cmpstr (get_spoken (fixture, "Production"), ==, "Production: Not asked yet");
  g_assert_cmpstr (get_spoken (fixture, "Sandbox"), ==, "Sandbox: Not asked yet");
  g_assert_false (ui_test_says (fixture->list, "Developer API v1"));

  profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  account = test_await_boxed (comfy_connector_test (connector, profile));
  g_assert_cmpstr (get_spoken (fixture, "Sandbox"), ==, "Sandbox: Developer API v1");
  g_assert_cmpstr (get_spoken (fixture, "Production"), ==, "Production: Not asked yet");
  g_assert_true (ui_test_says (fixture->list, "Developer API v1"));
  ui_test_shoot_both (fixture->window, "environments-found");
  ui_test_check_people (fixture->window);

  comfy_settings_set_protocol (comfy_session_get_settings (fixture->base.session), "v2");
  g_assert_cmpstr (get_spoken (fixture, "Production"), ==,
                   "Production: Comfy API v2, as chosen under “Jobs and Privacy”");
  comfy_settings_set_protocol (comfy_session_get_settings (fixture->base.session), "auto");
}

/* a ComfyUI that is not started yet: it is set up all the same, and what is wrong is said */
static void
test_not_started (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(ComfyEndpoint)  endpoint = add (fixture, "My Own", NOBODY_THERE);
  const char               *id = comfy_endpoint_get_id (endpoint);
  ComfyProfile             *profile;

  g_assert_true (ui_test_says (fixture->list, "Does “My Own” ask for a key?"));
  g_assert_true (has_button (fixture, "Add a Key…"));
  ui_test_shoot_both (fixture->window, "environments-asked");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->list, "Use Without a Key");
  ui_test_wait_until_there (fixture->list, GTK_TYPE_BUTTON, "Test Again");
  ui_test_shoot (fixture->window, "environments-not-started");
  ui_test_check_people (fixture->window);
  profile = comfy_profile_store_get_default (get_store (fixture), id);
  g_assert_nonnull (profile);
  g_assert_false (comfy_profile_has_key (profile));
  g_assert_false (has_button (fixture, "Set up “My Own”"));
  /* there was no key at all, so this is what actions are to use */
  g_assert_true (comfy_profile_store_get_active (get_store (fixture)) == profile);
  g_assert_true (gtk_toggle_button_get_active (
    GTK_TOGGLE_BUTTON (ui_test_get (fixture->list, GTK_TYPE_RADIO_BUTTON, "My Own"))));
}

static gboolean
has_three (gpointer data)
{
  return g_list_model_get_n_items (get_endpoints (data)) == 3;
}

/* a ComfyUI of the artist's own, behind comfy-api-proxy: actions run there, and nobody is asked for a
 * key */
static void
test_keyless (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyAction)    action = session_fixture_load_action ("generate-image");
  g_autoptr(ComfyForm)      form = comfy_form_new (action);
  g_autoptr(ComfyEndpoint)  endpoint = NULL;
  g_autoptr(ComfyJob)       job = NULL;
  g_autoptr(DexFuture)      prepared = NULL;
  g_autoptr(GError)         error = NULL;
  const GValue             *id;

  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, "flavour",
                                        "{ \"flavour\": \"proxy\" }"));
  fake_host_set_size (fixture->base.host, -1);
  g_assert_false (comfy_run_target_is_there (fixture->base.session));
  endpoint = add (fixture, "My Own", comfy_sandbox_get_base_url (fixture->base.sandbox));
  ui_test_click (fixture->list, "Use Without a Key");
  ui_test_wait_until_says (fixture->list, "“My Own” answers without a key: Comfy API v2.");
  g_assert_cmpstr (get_spoken (fixture, "My Own"), ==, "My Own: Comfy API v2");
  ui_test_shoot_both (fixture->window, "environments-keyless");
  ui_test_check_people (fixture->window);

  g_assert_true (comfy_run_target_is_there (fixture->base.session));
  comfy_form_set_value (form, "prompt", g_variant_new_string ("An oak"));
  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 256, 256));
  prepared = test_settle (comfy_session_prepare (fixture->base.session, form, -1, NULL));
  id = dex_future_get_value (prepared, &error);
  g_assert_no_error (error);
  job = comfy_session_open_job (fixture->base.session, g_value_get_string (id), &error);
  g_assert_no_error (error);
  test_await_true (comfy_job_run (job));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
  g_assert_cmpuint (comfy_sandbox_count (fixture->base.sandbox, "job", NULL, NULL), ==, 1);
}

/* that no key is needed goes with the environment; a key would have to be removed first */
static void
test_removed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyEndpoint) endpoint = add (fixture, "My Own", NOBODY_THERE);
  g_autoptr(ComfyProfile)  profile = NULL;

  ui_test_click (fixture->list, "Use Without a Key");
  ui_test_wait_until_there (fixture->list, GTK_TYPE_BUTTON, "Test Again");
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 1);
  ui_test_click (fixture->list, "Remove “My Own”");
  ui_test_wait_for (has_three, fixture);
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 0);
  g_assert_false (has_button (fixture, "Test Again"));

  profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  ui_test_click (fixture->list, "Remove “Sandbox”");
  ui_test_wait_until_says (fixture->list, "There are keys for this environment");
  g_assert_true (has_three (fixture));
}

/* it is asked only when it is set up, and says itself that it wants a key */
static void
test_wants_a_key (Fixture       *fixture,
                  gconstpointer  data)
{
  const char   *id = comfy_endpoint_get_id (fixture->base.endpoint);
  ComfyProfile *profile;

  ui_test_click (fixture->list, "Set up “Sandbox”");
  ui_test_click (fixture->list, "Use Without a Key");
  ui_test_wait_until_says (fixture->list, "asks for a key");
  g_assert_null (comfy_profile_store_get_default (get_store (fixture), id));
  g_assert_true (has_button (fixture, "Set up “Sandbox”"));

  ui_test_click (fixture->list, "Add a Key…");
  g_assert_cmpstr (gtk_combo_box_get_active_id (
                     GTK_COMBO_BOX (ui_test_get (fixture->list, GTK_TYPE_COMBO_BOX,
                                                 "Environment"))), ==, id);
  ui_test_shoot (fixture->window, "environments-add-key");
  ui_test_check_people (fixture->window);
  ui_test_click (fixture->list, "Cancel");
  g_assert_true (has_button (fixture, "Add"));

  ui_test_click (fixture->list, "Set up “Sandbox”");
  ui_test_click (fixture->list, "Add a Key…");
  type (fixture, "API key", fixture->base.key);
  ui_test_click (fixture->list, "Test and Store");
  ui_test_wait_until_there (fixture->list, GTK_TYPE_BUTTON, "Remove “Sandbox”");
  profile = comfy_profile_store_get_default (get_store (fixture), id);
  g_assert_true (comfy_profile_has_key (profile));
  g_assert_false (has_button (fixture, "Set up “Sandbox”"));
  g_assert_cmpstr (get_spoken (fixture, "Sandbox"), ==, "Sandbox: Developer API v1");
}

/* any text does for a server of one's own: nothing is said of how Comfy Cloud's keys look */
static void
test_token (Fixture       *fixture,
            gconstpointer  data)
{
  const char               *token = "let-me-in-1234";
  g_autoptr(ComfyEndpoint)  endpoint = NULL;
  ComfyProfile             *profile;

  comfy_sandbox_add_key (fixture->base.sandbox, token, "own@example.org", 0, "creator");
  endpoint = add (fixture, "My Own", comfy_sandbox_get_base_url (fixture->base.sandbox));
  ui_test_click (fixture->list, "Add a Key…");
  type (fixture, "API key", token);
  g_assert_false (ui_test_says (fixture->list, "Keys of Comfy Cloud begin with"));
  ui_test_click (fixture->list, "Test and Store");
  ui_test_wait_until_there (fixture->list, GTK_TYPE_BUTTON, "Remove “My Own”");
  profile = comfy_profile_store_get_default (get_store (fixture), comfy_endpoint_get_id (endpoint));
  g_assert_cmpint (comfy_profile_get_state (profile), ==, COMFY_PROFILE_WORKS);
  g_assert_cmpstr (get_spoken (fixture, "My Own"), ==, "My Own: Comfy API v2");
}

static void
test_not_encrypted (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(ComfyEndpoint) endpoint = NULL;

  type (fixture, "Address", "http://192.0.2.1:8189");
  g_assert_true (ui_test_says (fixture->list, "not encrypted"));
  endpoint = add (fixture, "Next Door", "http://192.0.2.1:8189");
  g_assert_true (ui_test_says (fixture->list, "No key is ever sent there."));
  g_assert_true (has_button (fixture, "Use Without a Key"));
  g_assert_false (has_button (fixture, "Add a Key…"));
  ui_test_shoot_both (fixture->window, "environments-not-encrypted");
  ui_test_check_people (fixture->window);
}

static gboolean
is_checked (Fixture    *fixture,
            const char *name)
{
  return gtk_toggle_button_get_active (
    GTK_TOGGLE_BUTTON (ui_test_get (fixture->list, GTK_TYPE_CHECK_BUTTON, name)));
}

/* for each environment by itself, and for none that has no key to be handed on */
static void
test_partners (Fixture       *fixture,
               gconstpointer  data)
{
  ComfySettings            *settings = comfy_session_get_settings (fixture->base.session);
  const char               *origin = comfy_endpoint_get_origin (fixture->base.endpoint);
  const char               *sandbox = "Let partner models bill the account on “Sandbox”";
  const char               *production = "Let partner models bill the account on “Production”";
  const char               *own = "Let partner models bill the account on “My Own”";
  g_autoptr(ComfyEndpoint)  endpoint = NULL;

  g_assert_false (is_checked (fixture, sandbox));
  ui_test_click (fixture->list, sandbox);
  g_assert_true (comfy_settings_get_lends_key (settings, origin));
  g_assert_false (is_checked (fixture, production));
  /* another window, or process */
  comfy_settings_set_lends_key (settings, origin, FALSE);
  g_assert_false (is_checked (fixture, sandbox));

  endpoint = add (fixture, "My Own", NOBODY_THERE);
  g_assert_nonnull (ui_test_find (fixture->list, GTK_TYPE_CHECK_BUTTON, own));
  ui_test_click (fixture->list, "Use Without a Key");
  ui_test_wait_until_there (fixture->list, GTK_TYPE_BUTTON, "Test Again");
  g_assert_null (ui_test_find (fixture->list, GTK_TYPE_CHECK_BUTTON, own));
}

/* closed while the server is being asked: what was decided holds, and nothing breaks */
static void
test_closed_meanwhile (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(ComfyEndpoint)  endpoint = add (fixture, "My Own", NOBODY_THERE);
  const char               *id = comfy_endpoint_get_id (endpoint);

  ui_test_click (fixture->list, "Use Without a Key");
  gtk_widget_destroy (fixture->window);
  while (comfy_profile_store_get_default (get_store (fixture), id) == NULL ||
         comfy_profile_get_state (comfy_profile_store_get_default (get_store (fixture), id))
           == COMFY_PROFILE_NOT_TESTED)
    g_main_context_iteration (NULL, TRUE);
  open_window (fixture);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add_test(path, function) \
  g_test_add ("/environment-list/" path, Fixture, NULL, set_up, function, tear_down)

  add_test ("what-was-found-is-said", test_what_was_found);
  add_test ("one-that-is-not-started-is-used-without-a-key", test_not_started);
  add_test ("one-without-a-key-runs-actions", test_keyless);
  add_test ("is-removed-with-what-was-known-of-it", test_removed);
  add_test ("one-that-wants-a-key-gets-it-in-place", test_wants_a_key);
  add_test ("a-token-of-its-own", test_token);
  add_test ("no-key-goes-where-it-is-not-encrypted", test_not_encrypted);
  add_test ("partner-models-bill-where-it-is-allowed", test_partners);
  add_test ("closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
