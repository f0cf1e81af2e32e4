/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "comfy-door.h"
#include "test-future.h"

#define TYPE     G_VARIANT_TYPE ("(si)")
#define N_GUESTS 8

typedef struct
{
  char         *parent;
  char         *folder;  /* not there yet */
  ComfyDoor    *door;    /* nullable */
  GString      *taken;   /* what was asked for */
  gboolean      refuses;
  gboolean      closes;  /* as soon as somebody has come in */
} Fixture;

static gboolean
take_cb (GVariant *what,
         gpointer  data)
{
  Fixture         *fixture = data;
  g_autofree char *text = g_variant_print (what, FALSE);

  g_string_append (fixture->taken, text);
  if (fixture->closes)
    g_clear_pointer (&fixture->door, comfy_door_close);

  return !fixture->refuses;
}

static void
open_door (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->door = comfy_door_open (fixture->folder, TYPE, take_cb, fixture, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->parent = g_dir_make_tmp ("comfy-door-XXXXXX", NULL);
  fixture->folder = g_build_filename (fixture->parent, "host-1", NULL);
  fixture->taken = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->door, comfy_door_close);
  test_remove_tree (fixture->parent);
  g_string_free (fixture->taken, TRUE);
  g_free (fixture->parent);
  g_free (fixture->folder);
}

/* Another process, which waits for its answer */
typedef struct
{
  const char *folder;
  const char *raw;    /* nullable: what it says instead */
  GThread    *thread;
  gboolean    is_done;
  int         has_left; /* atomic */
} Guest;

static gboolean
say (Guest *guest)
{
  g_autofree char              *path = g_build_filename (guest->folder, "door", NULL);
  g_autoptr(GSocketAddress)     address = g_unix_socket_address_new (path);
  g_autoptr(GSocketClient)      client = g_socket_client_new ();
  g_autoptr(GSocketConnection)  connection = NULL;
  char                          answer = '?';

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  g_assert_nonnull (connection);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), guest->raw,
                             strlen (guest->raw), NULL, NULL, NULL);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), &answer, 1, NULL,
                       NULL);

  return answer == '1';
}

static void *
knock (void *data)
{
  Guest *guest = data;

  guest->is_done = guest->raw != NULL
                   ? say (guest)
                   : comfy_door_knock (guest->folder, g_variant_new ("(si)", "job", 7));
  g_atomic_int_set (&guest->has_left, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static void
start (Guest      *guest,
       Fixture    *fixture,
       const char *raw)
{
  *guest = (Guest) { .folder = fixture->folder, .raw = raw };
  guest->thread = g_thread_new ("guest", knock, guest);
}

static gboolean
finish (Guest *guest)
{
  while (!g_atomic_int_get (&guest->has_left))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (guest->thread);

  return guest->is_done;
}

static void
test_who_comes_is_let_in (Fixture       *fixture,
                          gconstpointer  data)
{
  Guest guest;

  open_door (fixture);
  start (&guest, fixture, NULL);
  g_assert_true (finish (&guest));
  g_assert_cmpstr (fixture->taken->str, ==, "('job', 7)");

  fixture->refuses = TRUE;
  start (&guest, fixture, NULL);
  g_assert_false (finish (&guest));
}

static void
test_many_at_once (Fixture       *fixture,
                   gconstpointer  data)
{
  Guest guests[N_GUESTS];

  open_door (fixture);
  for (unsigned int i = 0; i < N_GUESTS; i++)
    start (&guests[i], fixture, NULL);
  for (unsigned int i = 0; i < N_GUESTS; i++)
    g_assert_true (finish (&guests[i]));
  g_assert_cmpuint (fixture->taken->len, ==, N_GUESTS * strlen ("('job', 7)"));
}

/* whoever is told that it is done is right, and nobody waits in vain */
static void
test_who_comes_as_it_closes (Fixture       *fixture,
                             gconstpointer  data)
{
  for (unsigned int run = 0; run < 50; run++)
    {
      Guest        guests[2];
      unsigned int n_done = 0;

      g_string_truncate (fixture->taken, 0);
      open_door (fixture);
      start (&guests[0], fixture, NULL);
      start (&guests[1], fixture, NULL);
      for (int i = g_test_rand_int_range (0, 6); i > 0; i--)
        g_main_context_iteration (NULL, FALSE);
      g_clear_pointer (&fixture->door, comfy_door_close);
      n_done += finish (&guests[0]);
      n_done += finish (&guests[1]);
      g_assert_cmpuint (fixture->taken->len, ==, n_done * strlen ("('job', 7)"));
    }
}

static void
test_it_is_closed_by_who_comes (Fixture       *fixture,
                                gconstpointer  data)
{
  Guest guest;

  fixture->closes = TRUE;
  open_door (fixture);
  start (&guest, fixture, NULL);
  g_assert_true (finish (&guest));
}

/* nobody was there ever, or its process was killed and left the socket */
static void
test_nobody_is_there (Fixture       *fixture,
                      gconstpointer  data)
{
  Guest guest;

  g_assert_false (comfy_door_knock (fixture->folder, g_variant_new ("(si)", "job", 7)));
  open_door (fixture);
  g_clear_pointer (&fixture->door, comfy_door_close);
  g_assert_false (comfy_door_knock (fixture->folder, g_variant_new ("(si)", "job", 7)));
  open_door (fixture);
  start (&guest, fixture, NULL);
  g_assert_true (finish (&guest));
}

static void
test_what_is_not_understood (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char   *long_line = g_strnfill (10000, 'x');
  const char * const lines[] = { "\n", "('job', 7)", "('job', 'x')\n", "(7, 'job')\n", "('job'\n",
                                 "\xff\xfe\n", long_line };

  open_door (fixture);
  for (unsigned int i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      Guest guest;

      start (&guest, fixture, lines[i]);
      g_assert_false (finish (&guest));
    }
  g_assert_cmpuint (fixture->taken->len, ==, 0);
}

static void
test_no_place (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError)  error = NULL;
  g_autofree char   *name = g_strnfill (200, 'x');
  g_autofree char   *too_long = g_build_filename (fixture->parent, name, NULL);

  g_assert_null (comfy_door_open (too_long, TYPE, take_cb, fixture, &error));
  g_assert_nonnull (error);
  g_assert_false (comfy_door_knock (too_long, g_variant_new ("(si)", "job", 7)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add ("/door/" name, Fixture, NULL, set_up, func, tear_down)

  ADD ("who-comes-is-let-in", test_who_comes_is_let_in);
  ADD ("many-at-once", test_many_at_once);
  ADD ("who-comes-as-it-closes", test_who_comes_as_it_closes);
  ADD ("it-is-closed-by-who-comes", test_it_is_closed_by_who_comes);
  ADD ("nobody-is-there", test_nobody_is_there);
  ADD ("what-is-not-understood", test_what_is_not_understood);
  ADD ("no-place", test_no_place);

  return g_test_run ();
}
