/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is read out of a graph: marks in titles, what links tell of texts, names, and what a run
 * takes.
 */
#include "config.h"

#include <string.h>

#include "comfy-batch.h"
#include "comfy-error.h"
#include "mapping-fixture.h"

static void
test_marks (void)
{
  static const struct {
    const char *title; ComfyMarkType type; const char *text; ComfyOutcome outcome; gboolean is_rare;
  } marks[] = {
    { "GIMP: image", COMFY_MARK_PICTURE, "visible" },
    { "GIMP: layer", COMFY_MARK_PICTURE, "layer" },
    { "GIMP: reference", COMFY_MARK_PICTURE, "layer" },
    { "GIMP: selection", COMFY_MARK_PICTURE, "selection" },
    { "GIMP: mask", COMFY_MARK_PICTURE, "mask" },
    { " \tgimp:MASK  ", COMFY_MARK_PICTURE, "mask" },
    { "Gimp :mask", COMFY_MARK_NONE },
    { "GIMP: masks", COMFY_MARK_NONE },
    { "GIMP:", COMFY_MARK_NONE },
    { "GIMP", COMFY_MARK_NONE },
    { "", COMFY_MARK_NONE },
    { "My GIMP: mask", COMFY_MARK_NONE },
    { "GIMP: output", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_LAYERS },
    { "gimp:output mask", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_LAYER_MASK },
    { "GIMP: Output  Layer Mask ", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_LAYER_MASK },
    { "GIMP: output [selection]", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_SELECTION },
    { "GIMP: output: group", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_GROUP },
    { "GIMP: output new image", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_NEW_IMAGE },
    { "GIMP: output replace", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_LAYERS },
    { "GIMP: output nothing", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_NOTHING },
    { "GIMP: output whatever", COMFY_MARK_OUTPUT, NULL, COMFY_OUTCOME_LAYERS },
    { "Input: Style", COMFY_MARK_INPUT, "Style" },
    { "  input:Style of it ", COMFY_MARK_INPUT, "Style of it " },
    { "INPUT!: Zahl", COMFY_MARK_INPUT, "Zahl", COMFY_OUTCOME_LAYERS, TRUE },
    { "Input:", COMFY_MARK_INPUT, "" },
    { "Input !: x", COMFY_MARK_NONE },
    { "Inputs: x", COMFY_MARK_NONE },
    { "Input", COMFY_MARK_NONE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      ComfyMark mark = _comfy_mark_parse (marks[i].title);

      g_test_message ("“%s”", marks[i].title);
      g_assert_cmpint (mark.type, ==, marks[i].type);
      if (marks[i].type == COMFY_MARK_PICTURE || marks[i].type == COMFY_MARK_INPUT)
        g_assert_cmpstr (mark.text, ==, marks[i].text);
      if (marks[i].type == COMFY_MARK_PICTURE)
        g_assert_true (mark.label != NULL && *mark.label != '\0');
      if (marks[i].type == COMFY_MARK_OUTPUT)
        g_assert_cmpint (mark.outcome, ==, marks[i].outcome);
      g_assert_cmpint (mark.is_rare, ==, marks[i].is_rare);
    }
}

#define TEXT(id, more) \
  "'" id "':{'class_type':'CLIPTextEncode','inputs':{'text':'" id "','clip':['c',0]" more "}}"
#define SAMPLER(positive, negative) \
  "'s':{'class_type':'KSampler','inputs':{'seed':1,'steps':4,'positive':" positive "," \
  "'negative':" negative "}},'o':{'class_type':'SaveImage','inputs':{'images':['s',0]}}"

static void
assert_kind (const char *json,
             const char *node,
             const char *input,
             ComfyKind   kind)
{
  g_autoptr(ComfyMapping) mapping = mapping_new (json);

  g_assert_cmpint (comfy_mapping_get_entry (mapping, mapping_find (mapping, node, input))->kind, ==,
                   kind);
}

/* each slot of a node with both kinds of conditioning carries its own */
static void
test_trace_forks (void)
{
  static const char graph[] =
    "{" TEXT ("a", "") "," TEXT ("b", "") ","
    "'f':{'class_type':'ControlNetApplyAdvanced','inputs':{'positive':['a',0],'negative':['b',0]}},"
    "'g':{'class_type':'InpaintModelConditioning',"
    "'inputs':{'positive':['f',0],'negative':['f',1]}},"
    SAMPLER ("['g',0]", "['g',1]") "}";

  assert_kind (graph, "a", "text", COMFY_KIND_PROMPT);
  assert_kind (graph, "b", "text", COMFY_KIND_NEGATIVE);

  /* crossed over on the way */
  assert_kind ("{" TEXT ("a", "") "," TEXT ("b", "") ","
               "'f':{'class_type':'X','inputs':{'positive':['a',0],'negative':['b',0]}},"
               SAMPLER ("['f',1]", "['f',0]") "}", "a", "text", COMFY_KIND_NEGATIVE);
}

/* a negative that is the zeroed positive is no second text; a text of both is wanted */
static void
test_trace_shared (void)
{
  assert_kind ("{" TEXT ("a", "") ",'z':{'class_type':'ConditioningZeroOut',"
               "'inputs':{'conditioning':['a',0]}}," SAMPLER ("['a',0]", "['z',0]") "}",
               "a", "text", COMFY_KIND_PROMPT);
  assert_kind ("{" TEXT ("a", "") "," SAMPLER ("['a',0]", "['a',0]") "}", "a", "text",
               COMFY_KIND_PROMPT);
  /* what a title says counts where links say nothing */
  assert_kind ("{'t':{'class_type':'Say','inputs':{'text':'x'},'_meta':{'title':'NEGATIVE'}},"
               "'o':{'class_type':'Show','inputs':{'x':['t',0]}}}", "t", "text",
               COMFY_KIND_NEGATIVE);
  assert_kind ("{" TEXT ("a", "") "," SAMPLER ("['n',0]", "['a',0]") ","
               "'n':{'class_type':'CLIPTextEncode','inputs':{'text':'y'},"
               "'_meta':{'title':'negative'}}}", "n", "text", COMFY_KIND_PROMPT);
}

/* neither ends in a circle nor at a node that is not there */
static void
test_trace_broken (void)
{
  assert_kind ("{" TEXT ("a", ",'conditioning':['d',0]") ","
               "'d':{'class_type':'Combine','inputs':{'x':['d',0],'y':['a',0],'z':['gone',7]}},"
               SAMPLER ("['d',2147483647]", "['gone',0]") "}", "a", "text", COMFY_KIND_PROMPT);
  assert_kind ("{" TEXT ("a", "") "," SAMPLER ("['s',0]", "['a',0]") "}", "a", "text",
               COMFY_KIND_NEGATIVE);
}

/* GIMP's arguments: of a-z, 0-9 and -, the first a letter, each once; none that is there anyway */
static void
test_ids (void)
{
  static const struct { const char *title; const char *id; } names[] = {
    { "Style", "style" }, { "Style", "style-2" }, { "Style 2", "style-2-2" },
    { "Image", "image-input" }, { "width", "width-input" }, { "3 tries", "n-3-tries" },
    { "Été à l'eau", "ete-a-l-eau" }, { "富士山", "value-input" }, { "🎨", "value-input-2" },
    { "--a__b--", "a-b" }, { "Run Mode", "run-mode-input" }, { "?!", "value-input-3" },
  };
  g_autoptr(GString)       json = g_string_new ("{");
  g_autoptr(ComfyMapping)  mapping = NULL;
  g_autoptr(ComfyAction)   action = NULL;

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_append_printf (json, "'%u':{'class_type':'PrimitiveBoolean','inputs':{'value':true},"
                            "'_meta':{'title':\"%s\"}},", i, names[i].title);
  g_string_append (json, "'o':{'class_type':'Show','inputs':{");
  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_append_printf (json, "%s'a%u':['%u',0]", i > 0 ? "," : "", i, i);
  g_string_append (json, "}}}");
  /* an apostrophe is one here */
  for (char *p = strstr (json->str, "l'eau"); p != NULL; p = NULL)
    p[1] = '`';

  mapping = mapping_new (json->str);
  action = mapping_make_action (mapping);
  g_assert_cmpuint (comfy_action_get_n_fields (action), ==, G_N_ELEMENTS (names));
  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (comfy_action_get_field (action, i)->id, ==, names[i].id);
}

/* "a.b" of the node "x" and "b" of the node "x.a" are two, whatever they are called */
static void
test_ids_of_all (void)
{
  g_autoptr(ComfyMapping) mapping =
    mapping_new ("{'x':{'class_type':'P','inputs':{'a.b':1,'':2}},"
                 "'x.a':{'class_type':'Q','inputs':{'b':3,'c':['x',0]}}}");
  g_autoptr(ComfyAction)  action = mapping_make_action (mapping);

  g_assert_cmpuint (comfy_action_get_n_fields (action), ==, 3);
  g_assert_cmpstr (comfy_action_get_field (action, 0)->id, ==, "x.a.b");
  g_assert_cmpstr (comfy_action_get_field (action, 1)->label, ==, "Value");
  g_assert_cmpstr (comfy_action_get_field (action, 2)->id, ==, "x.a.b-2");
}

/* a title that ends in dots, or in nothing, still makes an action, with and without a form */
static void
test_titles (void)
{
  static const char * const titles[] = { "", "  ", "…", "Draft…", "a_b", "…………" };
  static const char * const graphs[] = {
    "{\"1\":{\"class_type\":\"X\",\"inputs\":{\"a\":[\"2\",0]}}}",
    "{\"1\":{\"class_type\":\"X\",\"inputs\":{\"a\":[\"2\",0],\"b\":1}}}",
  };
  g_autoptr(ComfyNodeTable) table = mapping_load_table ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (titles) * G_N_ELEMENTS (graphs); i++)
    {
      const char               *graph = graphs[i % G_N_ELEMENTS (graphs)];
      g_autoptr(GBytes)         bytes = g_bytes_new_static (graph, strlen (graph));
      g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_bytes (bytes, NULL);
      g_autoptr(ComfyMapping)   mapping = comfy_mapping_new (workflow, table,
                                                             titles[i / G_N_ELEMENTS (graphs)]);
      g_autoptr(ComfyAction)    action = mapping_make_action (mapping);

      g_assert_cmpint (comfy_action_has_form (action), ==, i % 2);
    }
}

#define LOADER(id) "'" id "':{'class_type':'LoadImage','inputs':{'image':'" id ".png'}}"

static ComfyTake *
take_with (const char *first,
           const char *second,
           const char *third)
{
  g_autoptr(ComfyMapping)  mapping =
    mapping_new ("{" LOADER ("1") "," LOADER ("2") "," LOADER ("3") ","
                 "'o':{'class_type':'Show','inputs':{'a':['1',0],'b':['2',0],'c':['3',0]}}}");
  g_autoptr(ComfyAction)   action = mapping_make_action (mapping);
  g_autoptr(ComfyForm)     form = comfy_form_new (action);

  comfy_form_set_value (form, "image-input", g_variant_new_string (first));
  comfy_form_set_value (form, "image-2", g_variant_new_string (second));
  comfy_form_set_value (form, "image-3", g_variant_new_string (third));

  return comfy_form_dup_take (form);
}

/* the first of the canvas is what the result is put back onto; the first mask goes with it */
static void
test_take (void)
{
  static const struct { const char *text; ComfySource source; ComfyExtent extent; } bindings[] = {
    { "layer", COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE },
    { "layers", COMFY_SOURCE_LAYERS, COMFY_EXTENT_WHOLE },
    { "visible", COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE },
    { "selection", COMFY_SOURCE_LAYER, COMFY_EXTENT_SELECTION },
    { "visible-selection", COMFY_SOURCE_VISIBLE, COMFY_EXTENT_SELECTION },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (bindings); i++)
    {
      g_autoptr(ComfyTake) take = take_with ("layer:Sky", bindings[i].text, "mask");

      g_assert_cmpint (take->source, ==, bindings[i].source);
      g_assert_cmpint (take->extent, ==, bindings[i].extent);
      g_assert_cmpstr (take->image.node, ==, "2");
      g_assert_cmpstr (take->mask.node, ==, "3");
      g_assert_cmpuint (take->extras->len, ==, 1);
    }
}

static void
test_take_extras (void)
{
  g_autoptr(ComfyTake)  elsewhere = take_with ("file:/tmp/a.png", "image:3", "layer:Sky");
  g_autoptr(ComfyTake)  masks = take_with ("mask", "mask", "file:/tmp/a.png");
  g_autoptr(ComfyTake)  twice = take_with ("layer", "layer", "mask");
  const ComfyExtra     *extra = g_ptr_array_index (elsewhere->extras, 1);

  g_assert_cmpint (elsewhere->source, ==, COMFY_SOURCE_NONE);
  g_assert_null (elsewhere->image.node);
  g_assert_cmpuint (elsewhere->extras->len, ==, 3);
  g_assert_cmpstr (extra->target.node, ==, "2");
  g_assert_cmpint (extra->binding->image_id, ==, 3);

  /* a mask alone is one of the whole canvas */
  g_assert_cmpint (masks->source, ==, COMFY_SOURCE_VISIBLE);
  g_assert_null (masks->image.node);
  g_assert_cmpstr (masks->mask.node, ==, "1");
  g_assert_cmpuint (masks->extras->len, ==, 2);

  g_assert_cmpstr (twice->image.node, ==, "1");
  g_assert_cmpuint (twice->extras->len, ==, 1);
}

/* whatever the loader looked at: the mask is white where something is to change */
static void
test_mask_channel (void)
{
  g_autoptr(ComfyMapping)   mapping =
    mapping_new ("{'1':{'class_type':'LoadImageMask','inputs':{'image':'m.png',"
                 "'channel':'alpha'}},'o':{'class_type':'Show','inputs':{'a':['1',0]}}}");
  g_autoptr(ComfyAction)    action = mapping_make_action (mapping);
  g_autoptr(ComfyForm)      form = comfy_form_new (action);
  g_autoptr(ComfyWorkflow)  graph = NULL;
  g_autoptr(ComfyWorkflow)  other = NULL;
  const char               *channel;
  guint64                   seed;

  graph = comfy_form_apply (form, &seed, NULL);
  g_assert_true (comfy_workflow_get_string (graph, "1", "channel", &channel));
  g_assert_cmpstr (channel, ==, "red");

  /* a picture of the artist's own is looked at as the graph says */
  comfy_form_set_value (form, "mask", g_variant_new_string ("layer:Shape"));
  other = comfy_form_apply (form, &seed, NULL);
  g_assert_true (comfy_workflow_get_string (other, "1", "channel", &channel));
  g_assert_cmpstr (channel, ==, "alpha");
}

/* of two seeds the first is the one that a run is known by, and all 64 bits of it arrive */
static void
test_seeds (void)
{
  g_autoptr(ComfyMapping)   mapping =
    mapping_new ("{'1':{'class_type':'RandomNoise','inputs':{'noise_seed':18446744073709551615}},"
                 "'2':{'class_type':'RandomNoise','inputs':{'noise_seed':7}},"
                 "'o':{'class_type':'Show','inputs':{'a':['1',0],'b':['2',0]}}}");
  g_autoptr(ComfyAction)    action = mapping_make_action (mapping);
  g_autoptr(ComfyForm)      form = comfy_form_new (action);
  g_autoptr(ComfyWorkflow)  graph = NULL;
  const ComfyTarget        *target;
  guint64                   max;
  guint64                   seed;
  guint64                   sent;

  comfy_form_set_value (form, "seed",
                        g_variant_new_maybe (G_VARIANT_TYPE_UINT64,
                                             g_variant_new_uint64 (G_MAXUINT64)));
  graph = comfy_form_apply (form, &seed, NULL);
  target = comfy_form_get_seed_target (form, &max);
  g_assert_true (seed == G_MAXUINT64 && max == G_MAXUINT64);
  g_assert_cmpstr (target->node, ==, "1");
  g_assert_true (comfy_workflow_get_uint64 (graph, target->node, target->input, &sent));
  g_assert_true (sent == seed);
}

/* the first seed is the one that is varied: in a batch, too, where each run is paid for */
static void
test_seed_without_noise (void)
{
  g_autoptr(ComfyMapping) mapping =
    mapping_new ("{'1':{'class_type':'KSamplerAdvanced','inputs':{'add_noise':'disable',"
                 "'noise_seed':0,'latent_image':['2',0]}},"
                 "'2':{'class_type':'KSamplerAdvanced','inputs':{'add_noise':'enable',"
                 "'noise_seed':7}},"
                 "'o':{'class_type':'SaveImage','inputs':{'images':['1',0]}}}");
  g_autoptr(ComfyAction)  action = mapping_make_action (mapping);
  g_autoptr(ComfyForm)    form = comfy_form_new (action);
  guint64                 max;

  g_assert_cmpstr (comfy_form_get_seed_target (form, &max)->node, ==, "2");
}

static void
assert_outcome (ComfyMapping *mapping,
                const char   *node,
                ComfyOutcome  outcome)
{
  for (unsigned int i = 0; i < comfy_mapping_get_n_outputs (mapping); i++)
    if (g_str_equal (comfy_mapping_get_output (mapping, i)->node, node))
      {
        g_assert_cmpint (comfy_mapping_get_output (mapping, i)->outcome, ==, outcome);
        return;
      }

  g_assert_not_reached ();
}

/* a preview is a step on the way to what is saved, and else all that there is for the money */
static void
test_previews (void)
{
#define PREVIEW "{'1':{'class_type':'EmptyImage','inputs':{}}," \
                "'p':{'class_type':'PreviewImage','inputs':{'images':['1',0]}},"
  g_autoptr(ComfyMapping) saved =
    mapping_new (PREVIEW "'o':{'class_type':'SaveImage','inputs':{'images':['1',0]}}}");
  g_autoptr(ComfyMapping) strange =
    mapping_new (PREVIEW "'o':{'class_type':'Somebody Frees Memory','inputs':{'any':['1',0]}}}");
  g_autoptr(ComfyMapping) unwanted =
    mapping_new (PREVIEW "'o':{'class_type':'SaveImage','inputs':{'images':['1',0]},"
                 "'_meta':{'title':'GIMP: output nothing'}}}");

  assert_outcome (saved, "p", COMFY_OUTCOME_NOTHING);
  assert_outcome (strange, "p", COMFY_OUTCOME_LAYERS);
  assert_outcome (unwanted, "p", COMFY_OUTCOME_LAYERS);
  assert_outcome (unwanted, "o", COMFY_OUTCOME_NOTHING);
#undef PREVIEW
}

/* it would be paid for */
static void
test_nothing_of_all (void)
{
  g_autoptr(ComfyMapping) mapping =
    mapping_new ("{'1':{'class_type':'EmptyImage','inputs':{'width':64}},"
                 "'2':{'class_type':'SaveImage','inputs':{'images':['1',0]}},"
                 "'3':{'class_type':'SaveImage','inputs':{'images':['1',0]}}}");

  for (unsigned int i = 0; i < comfy_mapping_get_n_outputs (mapping); i++)
    {
      g_autoptr(GError)      error = NULL;
      g_autoptr(ComfyAction) action = NULL;
      g_autoptr(ComfyForm)   form = NULL;
      gboolean               is_last = i + 1 == comfy_mapping_get_n_outputs (mapping);

      comfy_mapping_set_outcome (mapping, i, COMFY_OUTCOME_NOTHING);
      action = mapping_make_action (mapping);
      form = comfy_form_new (action);
      g_assert_true (comfy_form_check (form, NULL, &error) == !is_last);
      g_assert_true (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT) == is_last);
    }
}

/* prompts from a file go where a prompt is, not into the first text that its author shows */
static void
test_batch_of_prompts (void)
{
  g_autoptr(ComfyMapping) mapping =
    mapping_new ("{'1':{'class_type':'Strange','inputs':{'lora':'a.safetensors'},"
                 "'_meta':{'title':'Input: LoRA'}},"
                 "'2':{'class_type':'CLIPTextEncode','inputs':{'text':'a cat','clip':['1',0]}},"
                 "'o':{'class_type':'SaveImage','inputs':{'images':['2',0]}}}");
  g_autoptr(ComfyMapping) without =
    mapping_new ("{'1':{'class_type':'Strange','inputs':{'lora':'a.safetensors'}},"
                 "'o':{'class_type':'SaveImage','inputs':{'images':['1',0]}}}");
  g_autoptr(ComfyAction)  action = mapping_make_action (mapping);
  g_autoptr(ComfyForm)    form = comfy_form_new (action);
  g_autoptr(ComfyAction)  other = mapping_make_action (without);
  g_autoptr(ComfyForm)    none = comfy_form_new (other);

  g_assert_cmpstr (comfy_batch_kind_get_field_id (COMFY_BATCH_PROMPTS, form), ==, "prompt");
  g_assert_true (comfy_batch_kind_fits (COMFY_BATCH_PROMPTS, form));
  g_assert_false (comfy_batch_kind_fits (COMFY_BATCH_PROMPTS, none));
}

/* a model's choice that needs what the graph does not have is not offered */
static void
test_dynamic (void)
{
  g_autoptr(ComfyMapping)  mapping =
    mapping_new ("{'1':{'class_type':'ResizeImageMaskNode','inputs':{'input':['0',0],"
                 "'resize_type':'scale width','resize_type.width':512,'scale_method':'area'}},"
                 "'o':{'class_type':'SaveImage','inputs':{'images':['1',0]}}}");
  g_autoptr(ComfyAction)   action = mapping_make_action (mapping);
  const ComfyField        *field = comfy_action_find_field (action, "1.resize_type");

  g_assert_cmpint (field->type, ==, COMFY_FIELD_CHOICE);
  g_assert_cmpuint (field->choices->len, ==, 1);
  g_assert_cmpstr (((ComfyChoice *) field->choices->pdata[0])->id, ==, "scale width");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mapping/marks", test_marks);
  g_test_add_func ("/mapping/trace/forks", test_trace_forks);
  g_test_add_func ("/mapping/trace/shared", test_trace_shared);
  g_test_add_func ("/mapping/trace/broken", test_trace_broken);
  g_test_add_func ("/mapping/ids", test_ids);
  g_test_add_func ("/mapping/ids-of-all", test_ids_of_all);
  g_test_add_func ("/mapping/titles", test_titles);
  g_test_add_func ("/mapping/take", test_take);
  g_test_add_func ("/mapping/take-extras", test_take_extras);
  g_test_add_func ("/mapping/mask-channel", test_mask_channel);
  g_test_add_func ("/mapping/seeds", test_seeds);
  g_test_add_func ("/mapping/seed-without-noise", test_seed_without_noise);
  g_test_add_func ("/mapping/previews", test_previews);
  g_test_add_func ("/mapping/nothing-of-all", test_nothing_of_all);
  g_test_add_func ("/mapping/batch-of-prompts", test_batch_of_prompts);
  g_test_add_func ("/mapping/dynamic-choices", test_dynamic);

  return g_test_run ();
}
