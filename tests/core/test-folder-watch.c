/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-folder-watch-private.h"
#include "test-future.h"

typedef struct
{
  char             *above;  /* owned: is there */
  char             *folder; /* owned: two steps below it */
  ComfyFolderWatch *watch;  /* owned */
  unsigned int      n_told;
} Fixture;

static void
told_cb (gpointer data)
{
  ((Fixture *) data)->n_told++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->above = g_dir_make_tmp ("comfy-watch-XXXXXX", NULL);
  g_assert_nonnull (fixture->above);
  fixture->folder = g_build_filename (fixture->above, "one", "two", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  _comfy_folder_watch_free (fixture->watch);
  test_remove_tree (fixture->above);
  g_free (fixture->above);
  g_free (fixture->folder);
}

static void
begin (Fixture *fixture)
{
  fixture->watch = _comfy_folder_watch_new (fixture->folder, told_cb, fixture);
}

static void
make (Fixture *fixture)
{
  g_assert_no_errno (g_mkdir_with_parents (fixture->folder, 0700));
}

static void
write_file (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "text", -1, NULL));
}

static void
wait_until_told (Fixture *fixture)
{
  unsigned int n = fixture->n_told;

  while (fixture->n_told == n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_it_tells_of_what_happens_inside (Fixture       *fixture,
                                      gconstpointer  unused)
{
  make (fixture);
  begin (fixture);
  write_file (fixture->folder, "file");
  wait_until_told (fixture);
}

static void
test_it_tells_when_the_folder_comes (Fixture       *fixture,
                                     gconstpointer  unused)
{
  begin (fixture);
  make (fixture);
  wait_until_told (fixture);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  write_file (fixture->folder, "file");
  wait_until_told (fixture);
}

static void
test_it_tells_when_the_folder_goes_and_comes_again (Fixture       *fixture,
                                                    gconstpointer  unused)
{
  g_autofree char *middle = g_path_get_dirname (fixture->folder);

  make (fixture);
  begin (fixture);
  test_remove_tree (middle);
  wait_until_told (fixture);
  make (fixture);
  wait_until_told (fixture);
}

/* which is seen by what is told of afterwards: events come in their order */
static void
test_what_happens_beside_a_missing_folder_is_not_told (Fixture       *fixture,
                                                       gconstpointer  unused)
{
  begin (fixture);
  for (unsigned int i = 0; i < 5; i++)
    write_file (fixture->above, "file");
  make (fixture);
  wait_until_told (fixture);
  g_assert_cmpuint (fixture->n_told, ==, 1);
}

#define ADD(name, func) \
  g_test_add ("/folder-watch/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("it-tells-of-what-happens-inside", test_it_tells_of_what_happens_inside);
  ADD ("it-tells-when-the-folder-comes", test_it_tells_when_the_folder_comes);
  ADD ("it-tells-when-the-folder-goes-and-comes-again",
       test_it_tells_when_the_folder_goes_and_comes_again);
  ADD ("what-happens-beside-a-missing-folder-is-not-told",
       test_what_happens_beside_a_missing_folder_is_not_told);

  return g_test_run ();
}
