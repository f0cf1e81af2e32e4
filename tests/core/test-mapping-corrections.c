/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an artist says of a graph: it counts, it is written down and said again of a graph of the
 * same shape, and what does not fit is left out.
 */
#include "config.h"

#include <string.h>

#include "mapping-fixture.h"

#define GRAPH(text, seed) \
  "{'1':{'class_type':'LoadImage','inputs':{'image':'a.png'}}," \
  "'2':{'class_type':'Paint','inputs':{'text':'" text "','amount':3,'seed':" seed ",'on':true," \
  "'file':'b.png','image':['1',0],'mask':['1',1]}}," \
  "'3':{'class_type':'SaveImage','inputs':{'images':['2',0]}}," \
  "'4':{'class_type':'PreviewImage','inputs':{'images':['1',0]}}}"

static void
count_cb (ComfyMapping *mapping,
          void         *count)
{
  ++*(int *) count;
}

static char *
dup_corrections (ComfyMapping *mapping)
{
  g_autoptr(GBytes) bytes = comfy_mapping_to_corrections (mapping);
  gsize             length;
  const char       *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);

  return g_strndup (text, length);
}

static void
correct (ComfyMapping *mapping,
         const char   *corrections)
{
  g_autofree char   *text = g_strdelimit (g_strdup (corrections), "'", '"');
  g_autoptr(GBytes)  bytes = g_bytes_new (text, strlen (text));

  comfy_mapping_correct (mapping, bytes);
}

/* something of each kind */
static void
say_all (ComfyMapping *mapping)
{
  comfy_mapping_set_kind (mapping, mapping_find (mapping, "2", "text"), COMFY_KIND_NEGATIVE);
  comfy_mapping_set_place (mapping, mapping_find (mapping, "2", "amount"), COMFY_PLACE_FORM);
  comfy_mapping_set_label (mapping, mapping_find (mapping, "2", "amount"), "Wie viel_davon");
  comfy_mapping_set_kind (mapping, mapping_find (mapping, "2", "seed"), COMFY_KIND_NUMBER);
  comfy_mapping_set_kind (mapping, mapping_find (mapping, "2", "file"), COMFY_KIND_PICTURE);
  g_assert_true (comfy_mapping_set_binding (mapping, mapping_find (mapping, "1", "image"),
                                            "layer:Sky"));
  comfy_mapping_move (mapping, mapping_find (mapping, "2", "amount"), 0);
  comfy_mapping_set_outcome (mapping, 0, COMFY_OUTCOME_GROUP);
  comfy_mapping_set_fit (mapping, COMFY_FIT_NATURAL);
}

static void
test_nothing_said (void)
{
  g_autoptr(ComfyMapping) mapping = mapping_new (GRAPH ("x", "1"));

  g_assert_null (comfy_mapping_to_corrections (mapping));
  /* what is said as it is anyway is nothing, either */
  comfy_mapping_set_fit (mapping, COMFY_FIT_REGION);
  comfy_mapping_set_label (mapping, 0, comfy_mapping_get_entry (mapping, 0)->label);
  comfy_mapping_set_label (mapping, 0, "  ");
  comfy_mapping_move (mapping, 0, 0);
  g_assert_null (comfy_mapping_to_corrections (mapping));
}

/* said again of a graph with other values: the same form, and the same is written down again */
static void
test_round_trip (void)
{
  g_autoptr(ComfyMapping)  mapping = mapping_new (GRAPH ("x", "1"));
  g_autoptr(ComfyMapping)  other = mapping_new (GRAPH ("quite another text", "99"));
  g_autofree char         *said = NULL;
  g_autofree char         *again = NULL;
  g_autoptr(ComfyAction)   action = NULL;
  int                      n_changes = 0;

  say_all (mapping);
  said = dup_corrections (mapping);
  g_signal_connect (other, "changed", G_CALLBACK (count_cb), &n_changes);
  correct (other, said);
  again = dup_corrections (other);

  g_assert_cmpstr (again, ==, said);
  g_assert_cmpint (n_changes, ==, 1);
  for (unsigned int i = 0; i < comfy_mapping_get_n_entries (mapping); i++)
    {
      const ComfyMappingEntry *one = comfy_mapping_get_entry (mapping, i);
      const ComfyMappingEntry *two = comfy_mapping_get_entry (other, i);

      g_assert_cmpstr (one->node, ==, two->node);
      g_assert_cmpstr (one->input, ==, two->input);
      g_assert_cmpstr (one->label, ==, two->label);
      g_assert_cmpstr (one->binding, ==, two->binding);
      g_assert_cmpint (one->kind, ==, two->kind);
      g_assert_cmpint (one->place, ==, two->place);
    }
  g_assert_cmpint (comfy_mapping_get_output (other, 0)->outcome, ==, COMFY_OUTCOME_GROUP);
  g_assert_cmpint (comfy_mapping_get_fit (other), ==, COMFY_FIT_NATURAL);

  action = mapping_make_action (other);
  g_assert_cmpstr (comfy_action_get_field (action, 0)->label, ==, "Wie viel__davon");
  g_assert_cmpstr (comfy_action_get_field (action, 0)->id, ==, "wie-viel-davon");
}

/* everything is there once, in the order that is wanted as far as it is known */
static void
test_order (void)
{
  g_autoptr(ComfyMapping)  mapping = mapping_new (GRAPH ("x", "1"));
  unsigned int             n = comfy_mapping_get_n_entries (mapping);

  correct (mapping, "{'version':1,'order':['2/seed','9/gone','2/text','2/seed',7,null,['2/on'],"
                    "'1/image']}");
  g_assert_cmpuint (comfy_mapping_get_n_entries (mapping), ==, n);
  g_assert_cmpuint (mapping_find (mapping, "2", "seed"), ==, 0);
  g_assert_cmpuint (mapping_find (mapping, "2", "text"), ==, 1);
  g_assert_cmpuint (mapping_find (mapping, "1", "image"), ==, 2);
  g_assert_cmpuint (mapping_find (mapping, "1", "mask"), ==, 3);

  comfy_mapping_move (mapping, 0, 1000);
  g_assert_cmpuint (mapping_find (mapping, "2", "seed"), ==, n - 1);
  comfy_mapping_move (mapping, n - 1, 1);
  g_assert_cmpuint (mapping_find (mapping, "2", "seed"), ==, 1);
}

static void
test_reset (void)
{
  g_autoptr(ComfyMapping)  mapping = mapping_new (GRAPH ("x", "1"));
  g_autoptr(GBytes)        before = comfy_mapping_to_sidecar (mapping);
  g_autoptr(GBytes)        changed = NULL;
  g_autoptr(GBytes)        after = NULL;
  int                      n_changes = 0;

  say_all (mapping);
  changed = comfy_mapping_to_sidecar (mapping);
  g_assert_false (g_bytes_equal (before, changed));
  g_signal_connect (mapping, "changed", G_CALLBACK (count_cb), &n_changes);
  comfy_mapping_reset (mapping);
  after = comfy_mapping_to_sidecar (mapping);

  g_assert_true (g_bytes_equal (before, after));
  g_assert_null (comfy_mapping_to_corrections (mapping));
  g_assert_cmpint (n_changes, ==, 1);
}

static void
assert_kinds (ComfyMapping *mapping,
              const char   *node,
              const char   *input,
              unsigned int  n)
{
  unsigned int       i = mapping_find (mapping, node, input);
  g_autoptr(GArray)  kinds = comfy_mapping_list_kinds (mapping, i);
  gboolean           has_present = FALSE;

  g_assert_cmpuint (kinds->len, ==, n);
  for (unsigned int j = 0; j < kinds->len; j++)
    {
      ComfyKind kind = (ComfyKind) g_array_index (kinds, int, j);

      has_present |= kind == comfy_mapping_get_entry (mapping, i)->kind;
    }
  g_assert_true (has_present);
}

/* each that is offered makes an action */
static void
test_kinds (void)
{
  g_autoptr(ComfyMapping) mapping = mapping_new (GRAPH ("x", "1"));

  assert_kinds (mapping, "2", "text", 4);
  assert_kinds (mapping, "2", "file", 4);
  assert_kinds (mapping, "2", "amount", 2);
  assert_kinds (mapping, "2", "seed", 2);
  assert_kinds (mapping, "2", "on", 1);
  assert_kinds (mapping, "1", "image", 4);
  assert_kinds (mapping, "1", "mask", 1);

  for (unsigned int i = 0; i < comfy_mapping_get_n_entries (mapping); i++)
    {
      g_autoptr(GArray) kinds = comfy_mapping_list_kinds (mapping, i);

      for (unsigned int j = 0; j < kinds->len; j++)
        {
          g_autoptr(ComfyAction) action = NULL;

          comfy_mapping_set_kind (mapping, i, (ComfyKind) g_array_index (kinds, int, j));
          action = mapping_make_action (mapping);
        }
    }
}

/* what a number cannot hold stays a seed, whatever was said of a smaller one in its place */
static void
test_huge_numbers (void)
{
  g_autoptr(ComfyMapping)  mapping = mapping_new (GRAPH ("x", "18446744073709551615"));
  g_autoptr(ComfyAction)   action = NULL;

  assert_kinds (mapping, "2", "seed", 1);
  correct (mapping, "{'fields':{'2/seed':{'kind':'number'}}}");
  action = mapping_make_action (mapping);
  g_assert_cmpint (comfy_mapping_get_entry (mapping, mapping_find (mapping, "2", "seed"))->kind, ==,
                   COMFY_KIND_SEED);
}

/* what is no correction, or does not fit, changes nothing that can be told */
static void
test_hostile (void)
{
  static const char * const texts[] = {
    "", "null", "[]", "7", "{", "{}", "{'fields':[]}", "{'fields':{'2/text':7}}",
    "{'fields':{'2/text':{'kind':'picture-of-mine','place':'attic','label':'','binding':'layer'}}}",
    "{'fields':{'2/on':{'kind':'prompt'},'2/amount':{'kind':'text'},'1/mask':{'kind':'text'}}}",
    "{'fields':{'2/amount':{'binding':'mask'},'1/image':{'binding':'no such'}}}",
    "{'fields':{'gone/text':{'place':'form'}}}", "{'order':{'0':'2/text'}}", "{'order':[[[]]]}",
    "{'outputs':{'3':'poster','1':'group','gone':'group'}}", "{'outputs':[]}", "{'fit':7}",
    "{'fields':{'':{}},'order':[''],'outputs':{'':''}}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(ComfyMapping)  mapping = mapping_new (GRAPH ("x", "1"));
      g_autofree char         *said = NULL;
      g_autoptr(ComfyAction)   action = NULL;

      g_test_message ("%s", texts[i]);
      correct (mapping, texts[i]);
      said = dup_corrections (mapping);
      g_assert_cmpstr (said, ==, NULL);
      action = mapping_make_action (mapping);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mapping-corrections/nothing-said", test_nothing_said);
  g_test_add_func ("/mapping-corrections/round-trip", test_round_trip);
  g_test_add_func ("/mapping-corrections/order", test_order);
  g_test_add_func ("/mapping-corrections/reset", test_reset);
  g_test_add_func ("/mapping-corrections/kinds", test_kinds);
  g_test_add_func ("/mapping-corrections/huge-numbers", test_huge_numbers);
  g_test_add_func ("/mapping-corrections/hostile", test_hostile);

  return g_test_run ();
}
