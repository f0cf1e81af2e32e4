/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "comfy-progress.h"

static void
test_stages_add_up_to_the_whole (void)
{
  g_autoptr(ComfyProgress) progress = comfy_progress_new ();
  double                   before = 0;

  for (int stage = 0; stage < COMFY_N_STAGES; stage++)
    {
      comfy_progress_set_stage (progress, stage, NULL);
      g_assert_cmpfloat_with_epsilon (comfy_progress_get_fraction (progress), before, 1e-9);
      comfy_progress_set_part (progress, 1, NULL);
      g_assert_cmpfloat (comfy_progress_get_fraction (progress), >, before);
      before = comfy_progress_get_fraction (progress);
    }
  g_assert_cmpfloat (before, ==, 1);
}

static void
test_it_never_goes_back (void)
{
  g_autoptr(ComfyProgress) progress = comfy_progress_new ();
  double                   before = 0;

  for (int i = 0; i < 5000; i++)
    {
      double now;

      switch (g_test_rand_int_range (0, 3))
        {
        case 0:
          comfy_progress_set_stage (progress, g_test_rand_int_range (0, COMFY_N_STAGES), "x");
          break;
        case 1:
          comfy_progress_set_part (progress, g_test_rand_double_range (-2, 3), NULL);
          break;
        default:
          comfy_progress_set_bytes (progress, g_test_rand_int_range (0, 100),
                                    g_test_rand_int_range (0, 50));
        }
      comfy_progress_set_part (progress, NAN, NULL);
      now = comfy_progress_get_fraction (progress);
      g_assert_cmpfloat (now, >=, before);
      g_assert_cmpfloat (now, <=, 1);
      before = now;
    }
}

static void
test_bytes_become_words (void)
{
  g_autoptr(ComfyProgress) progress = comfy_progress_new ();

  comfy_progress_set_stage (progress, COMFY_STAGE_UPLOAD, "Uploading");
  comfy_progress_set_bytes (progress, 1200000, 3400000);
  g_assert_cmpstr (comfy_progress_get_text (progress), ==,
                   "Uploading 1.2\302\240MB of 3.4\302\240MB");
  comfy_progress_set_stage (progress, COMFY_STAGE_DOWNLOAD, NULL);
  comfy_progress_set_bytes (progress, 500, 0);
  g_assert_cmpstr (comfy_progress_get_text (progress), ==, "Downloading, 500 bytes so far");
}

static void
count_cb (unsigned int *n)
{
  (*n)++;
}

static void
test_only_changes_are_notified (void)
{
  g_autoptr(ComfyProgress) progress = comfy_progress_new ();
  unsigned int             n_fractions = 0;
  unsigned int             n_texts = 0;

  g_signal_connect_swapped (progress, "notify::fraction", G_CALLBACK (count_cb), &n_fractions);
  g_signal_connect_swapped (progress, "notify::text", G_CALLBACK (count_cb), &n_texts);

  comfy_progress_set_stage (progress, COMFY_STAGE_RUN, "Generating");
  comfy_progress_set_stage (progress, COMFY_STAGE_RUN, "Generating");
  comfy_progress_set_part (progress, 0, NULL);
  g_assert_cmpuint (n_fractions, ==, 1);
  g_assert_cmpuint (n_texts, ==, 1);
  comfy_progress_set_part (progress, 0.5, NULL);
  comfy_progress_set_text (progress, NULL);
  g_assert_cmpuint (n_fractions, ==, 2);
  g_assert_cmpuint (n_texts, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/progress/stages-add-up-to-the-whole", test_stages_add_up_to_the_whole);
  g_test_add_func ("/progress/it-never-goes-back", test_it_never_goes_back);
  g_test_add_func ("/progress/bytes-become-words", test_bytes_become_words);
  g_test_add_func ("/progress/only-changes-are-notified", test_only_changes_are_notified);

  return g_test_run ();
}
