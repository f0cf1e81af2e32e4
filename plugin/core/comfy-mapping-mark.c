/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the author of a graph says to GIMP by a node's title: titles are what ComfyUI lets everybody
 * type, and what survives the export.
 *
 *   GIMP: image        Load Image: everything that is seen of the image
 *   GIMP: layer        the selected layer; also "GIMP: reference"
 *   GIMP: selection    the selected part of the layer
 *   GIMP: mask         what is selected, as a mask
 *   GIMP: output       Save or Preview Image: new layers; or with what becomes of it behind:
 *                      new layer, group, new image, mask, selection, nothing
 *   Input: Label       any node: its main value is shown in the form, as Label; without one, by the
 *                      name that it has anyway
 *   Input!: Label      the same, under "Advanced"
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-mapping-private.h"

static const struct { const char *word; const char *binding; const char *label; } pictures[] = {
  { "image",     "visible",   N_("Image") },
  { "layer",     "layer",     N_("Layer") },
  { "selection", "selection", N_("Selection") },
  { "mask",      "mask",      N_("Mask") },
  { "reference", "layer",     N_("Reference") },
};

static const struct { const char *word; ComfyOutcome outcome; } outcomes[] = {
  { "",           COMFY_OUTCOME_LAYERS },
  { "layer",      COMFY_OUTCOME_LAYERS },
  { "layers",     COMFY_OUTCOME_LAYERS },
  { "new layer",  COMFY_OUTCOME_LAYERS },
  { "new layers", COMFY_OUTCOME_LAYERS },
  { "replace",    COMFY_OUTCOME_LAYERS }, /* nothing of the artist's is ever overwritten */
  { "group",      COMFY_OUTCOME_GROUP },
  { "new image",  COMFY_OUTCOME_NEW_IMAGE },
  { "image",      COMFY_OUTCOME_NEW_IMAGE },
  { "mask",       COMFY_OUTCOME_LAYER_MASK },
  { "layer mask", COMFY_OUTCOME_LAYER_MASK },
  { "selection",  COMFY_OUTCOME_SELECTION },
  { "nothing",    COMFY_OUTCOME_NOTHING },
};

/* (nullable): what follows @prefix in @title, whatever the case, without white space before it */
static const char *
skip_prefix (const char *title,
             const char *prefix)
{
  size_t length = strlen (prefix);

  while (g_ascii_isspace (*title))
    title++;
  if (g_ascii_strncasecmp (title, prefix, length) != 0)
    return NULL;
  title += length;
  while (g_ascii_isspace (*title))
    title++;

  return title;
}

/* What becomes of an output; in brackets, as it is described, is good, too */
static void
parse_output (const char *rest,
              ComfyMark  *mark)
{
  g_autofree char *lower = g_ascii_strdown (rest, -1);
  const char      *word = g_strstrip (g_strdelimit (lower, "[]():", ' '));

  mark->type = COMFY_MARK_OUTPUT;
  mark->outcome = COMFY_OUTCOME_LAYERS;
  for (unsigned int i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_str_equal (word, outcomes[i].word))
      mark->outcome = outcomes[i].outcome;
}

static void
parse_gimp (const char *rest,
            ComfyMark  *mark)
{
  g_autofree char *word = g_strstrip (g_ascii_strdown (rest, -1));
  const char      *output = skip_prefix (rest, "output");

  for (unsigned int i = 0; i < G_N_ELEMENTS (pictures); i++)
    if (g_str_equal (word, pictures[i].word))
      {
        mark->type = COMFY_MARK_PICTURE;
        mark->text = pictures[i].binding;
        mark->label = _(pictures[i].label);
        return;
      }

  if (output != NULL)
    parse_output (output, mark);
}

/*
 * _comfy_mark_parse:
 * @title: a node's title
 *
 * Returns: what it says to GIMP; its texts are valid as long as @title is
 */
ComfyMark
_comfy_mark_parse (const char *title)
{
  ComfyMark   mark = { COMFY_MARK_NONE };
  const char *rest;

  if ((rest = skip_prefix (title, "GIMP:")) != NULL)
    {
      parse_gimp (rest, &mark);
    }
  else if ((rest = skip_prefix (title, "Input:")) != NULL
           || (rest = skip_prefix (title, "Input!:")) != NULL)
    {
      mark.type = COMFY_MARK_INPUT;
      mark.text = rest;
      mark.is_rare = skip_prefix (title, "Input!:") != NULL;
    }

  return mark;
}
