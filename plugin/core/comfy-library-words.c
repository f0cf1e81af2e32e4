/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a workflow takes and gives, in a few words for a list. An action says it exactly; of a graph
 * that nobody has described, the classes of its first and last nodes tell enough.
 */
#define G_LOG_DOMAIN "comfy-library"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-library-private.h"

/* things of a kind that a graph takes or gives */
typedef enum
{
  THING_PICTURE,
  THING_MASK,
  THING_VIDEO,
  THING_SOUND,
  THING_MODEL,
  THING_PROMPT,
  THING_TEXT,
  N_THINGS
} Thing;

typedef struct
{
  const char *prefix; /* of a class */
  Thing       thing;
} Class;

/* longer prefixes of the same letters first */
static const Class takers[] = {
  { "LoadImageMask",            THING_MASK },
  { "LoadImage",                THING_PICTURE },
  { "LoadVideo",                THING_VIDEO },
  { "VHS_LoadVideo",            THING_VIDEO },
  { "LoadAudio",                THING_SOUND },
  { "VHS_LoadAudio",            THING_SOUND },
  { "Load3D",                   THING_MODEL },
  { "CLIPTextEncode",           THING_PROMPT },
  { "TextEncode",               THING_PROMPT },
  { "PrimitiveStringMultiline", THING_PROMPT },
};

static const Class givers[] = {
  { "SaveAnimated",     THING_VIDEO },
  { "SaveImage",        THING_PICTURE },
  { "PreviewImage",     THING_PICTURE },
  { "SaveVideo",        THING_VIDEO },
  { "SaveWEBM",         THING_VIDEO },
  { "VHS_VideoCombine", THING_VIDEO },
  { "SaveAudio",        THING_SOUND },
  { "PreviewAudio",     THING_SOUND },
  { "SaveGLB",          THING_MODEL },
  { "Preview3D",        THING_MODEL },
  { "MaskPreview",      THING_MASK },
  { "PreviewAny",       THING_TEXT },
  { "SaveText",         THING_TEXT },
  { "ShowText",         THING_TEXT },
};

/* consumes @list; (transfer full) (nullable) */
static char *
join (char       *list,
      const char *word)
{
  g_autofree char *head = list;

  if (word == NULL)
    return g_steal_pointer (&head);
  if (head == NULL)
    return g_strdup (word);

  /* translators: two parts of an enumeration: “a layer” and “a prompt” */
  return g_strdup_printf (_("%s, %s"), head, word);
}

/* consumes @list; (transfer full) */
static char *
end_list (char *list)
{
  return list != NULL ? list : g_strdup (_("nothing"));
}

/* (transfer full) (nullable) */
static char *
dup_pictures (unsigned int n)
{
  if (n == 0)
    return NULL;
  if (n == 1)
    return g_strdup (_("a picture"));

  return g_strdup_printf (ngettext ("%u picture", "%u pictures", n), n);
}

/* (transfer full): @n: how many there are of each */
static char *
dup_things (const unsigned int *n)
{
  const struct { Thing thing; const char *one; const char *several; } names[] = {
    { THING_MASK,   _("a mask"),     _("masks") },
    { THING_VIDEO,  _("a video"),    _("videos") },
    { THING_SOUND,  _("a sound"),    _("sounds") },
    { THING_MODEL,  _("a 3D model"), _("3D models") },
    /* a graph has two where there is one to write: the second says what shall not be seen */
    { THING_PROMPT, _("a prompt"),   _("a prompt") },
    { THING_TEXT,   _("a text"),     _("texts") },
  };
  char *list = dup_pictures (n[THING_PICTURE]);

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    if (n[names[i].thing] > 0)
      list = join (list, n[names[i].thing] == 1 ? names[i].one : names[i].several);

  return end_list (list);
}

/* whether a node has words of its own, and does not get them from another one */
static gboolean
has_text (ComfyWorkflow *workflow,
          const char    *node_id)
{
  static const char * const inputs[] = { "text", "prompt", "value", "clip_l", "t5xxl", "text_g" };
  const char               *text;

  for (unsigned int i = 0; i < G_N_ELEMENTS (inputs); i++)
    if (comfy_workflow_get_string (workflow, node_id, inputs[i], &text))
      return TRUE;

  return FALSE;
}

static char *
dup_graph_things (ComfyWorkflow *workflow,
                  const Class   *classes,
                  unsigned int   n_classes)
{
  g_auto(GStrv) ids = comfy_workflow_dup_node_ids (workflow);
  unsigned int  n[N_THINGS] = { 0 };

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      const char *name = comfy_workflow_get_class (workflow, ids[i]);

      for (unsigned int j = 0; j < n_classes; j++)
        if (g_str_has_prefix (name, classes[j].prefix))
          {
            if (classes[j].thing != THING_PROMPT || has_text (workflow, ids[i]))
              n[classes[j].thing]++;
            break;
          }
    }

  return dup_things (n);
}

/*
 * _comfy_library_dup_graph_takes:
 * @workflow: a graph
 *
 * Returns: (transfer full): what it takes, as far as the classes of its nodes tell
 */
char *
_comfy_library_dup_graph_takes (ComfyWorkflow *workflow)
{
  return dup_graph_things (workflow, takers, G_N_ELEMENTS (takers));
}

/*
 * _comfy_library_dup_graph_gives:
 * @workflow: a graph
 *
 * Returns: (transfer full): what it gives, as far as the classes of its nodes tell
 */
char *
_comfy_library_dup_graph_gives (ComfyWorkflow *workflow)
{
  return dup_graph_things (workflow, givers, G_N_ELEMENTS (givers));
}

static const char *
get_source_words (ComfySource source)
{
  switch (source)
    {
    case COMFY_SOURCE_LAYER:
      return _("a layer");

    case COMFY_SOURCE_LAYERS:
      return _("layers");

    case COMFY_SOURCE_VISIBLE:
      return _("the visible image");

    case COMFY_SOURCE_NONE:
    default:
      return NULL;
    }
}

static const char *
get_outcome_words (ComfyOutcome outcome)
{
  switch (outcome)
    {
    case COMFY_OUTCOME_LAYERS:
      return _("a layer");

    case COMFY_OUTCOME_LAYER_MASK:
      return _("a layer mask");

    case COMFY_OUTCOME_SELECTION:
      return _("a selection");

    case COMFY_OUTCOME_GROUP:
      return _("a layer group");

    case COMFY_OUTCOME_NEW_IMAGE:
      return _("a new image");

    case COMFY_OUTCOME_NOTHING:
    default:
      return NULL;
    }
}

/*
 * _comfy_library_dup_action_takes:
 * @action: an action
 *
 * Returns: (transfer full): what it takes as long as the artist changes nothing in its form
 */
char *
_comfy_library_dup_action_takes (ComfyAction *action)
{
  g_autofree char *pictures = NULL;
  unsigned int     n_pictures = 0;
  gboolean         has_prompt = FALSE;
  char            *list = join (NULL, get_source_words (comfy_action_get_source (action)));

  if (comfy_action_get_extent (action) == COMFY_EXTENT_SELECTION)
    list = join (list, _("the selection"));
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      n_pictures += field->type == COMFY_FIELD_PICTURE;
      has_prompt |= field->type == COMFY_FIELD_TEXT && field->place == COMFY_PLACE_FORM;
    }
  pictures = dup_pictures (n_pictures);
  list = join (list, pictures);
  if (has_prompt)
    list = join (list, _("a prompt"));

  return end_list (list);
}

/*
 * _comfy_library_dup_action_gives:
 * @action: an action
 *
 * Returns: (transfer full): what becomes of its results
 */
char *
_comfy_library_dup_action_gives (ComfyAction *action)
{
  GPtrArray *outputs = comfy_action_get_outputs (action);
  guint      said = 0;
  char      *list = NULL;

  if (outputs == NULL && comfy_action_get_order (action) == COMFY_ORDER_LOWEST_FIRST)
    return g_strdup (_("layers"));
  if (outputs == NULL)
    return end_list (join (NULL, get_outcome_words (comfy_action_get_outcome (action))));

  for (unsigned int i = 0; i < outputs->len; i++)
    {
      const ComfyOutput *output = g_ptr_array_index (outputs, i);

      if ((said & (1u << output->outcome)) == 0)
        list = join (list, get_outcome_words (output->outcome));
      said |= 1u << output->outcome;
    }

  return end_list (list);
}
