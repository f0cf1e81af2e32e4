/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the names of inputs mean, in ComfyUI's own nodes and in most of other people's, and what they
 * are called in a form.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-mapping-private.h"
#include "comfy-workflow-private.h"

static const char * const seed_names[] = { "seed", "noise_seed", NULL };
static const char * const guidance_names[] = {
  "cfg", "guidance", "guidance_scale", "cfg_scale", "cfg_conds", "cfg_cond2_negative", NULL,
};
static const char * const prompt_names[] = {
  "text", "prompt", "positive", "positive_prompt", "positive_text", "text_positive", "prompt_text",
  "edit_prompt", "text_g", "text_l", "clip_l", "clip_g", "t5xxl", "caption", NULL,
};
static const char * const negative_names[] = {
  "negative", "negative_prompt", "negative_text", "text_negative", NULL,
};
static const char * const picture_endings[] = { ".png", ".jpg", ".jpeg", ".webp", NULL };
static const char * const float_names[] = {
  "denoise", "strength", "weight", "sigma",
  "scale_by", "megapixels", "blend_factor", "shift", "max_shift", "base_shift", "eta", NULL,
};
static const char * const count_endings[] = {
  "width", "height", "size", "length", "count", "steps", "tokens", "beams", "fps", "rate",
  "quality", "dpi", "resolution", NULL,
};
static const char * const float_endings[] = { "_strength", "_percent", "_weight", "_scale", NULL };

/* inputs of loaders, and what they load */
static const struct { const char *input; const char *label; } models[] = {
  { "unet_name",          N_("Model") },
  { "ckpt_name",          N_("Model") },
  { "model_name",         N_("Model") },
  { "bg_removal_name",    N_("Background removal model") },
  { "clip_name",          N_("Text encoder") },
  { "clip_name1",         N_("Text encoder") },
  { "clip_name2",         N_("Second text encoder") },
  { "clip_name3",         N_("Third text encoder") },
  { "vae_name",           N_("VAE") },
  { "lora_name",          N_("LoRA") },
  { "control_net_name",   N_("ControlNet") },
  { "style_model_name",   N_("Style model") },
  { "clip_vision_name",   N_("Vision encoder") },
};

static gboolean
has_ending (const char         *input,
            const char * const *endings)
{
  for (; *endings != NULL; endings++)
    if (g_str_has_suffix (input, *endings))
      return TRUE;

  return FALSE;
}

gboolean
_comfy_words_is_picture (const char *value)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);

  return has_ending (lower, picture_endings);
}

/* Whether an input without a known class is a fraction, even where JSON has 1 */
gboolean
_comfy_words_is_float (const char *input)
{
  return _comfy_words_is_guidance (input) || g_strv_contains (float_names, input)
         || has_ending (input, float_endings);
}

/* Whether it counts something, so that it cannot be less than nothing */
gboolean
_comfy_words_is_count (const char *input)
{
  return has_ending (input, count_endings);
}

gboolean
_comfy_words_is_seed (const char *input)
{
  return g_strv_contains (seed_names, input);
}

gboolean
_comfy_words_is_guidance (const char *input)
{
  return g_strv_contains (guidance_names, input);
}

gboolean
_comfy_words_is_prompt (const char *input)
{
  return g_strv_contains (prompt_names, input);
}

gboolean
_comfy_words_is_negative (const char *input)
{
  return g_strv_contains (negative_names, input);
}

static const char *
find_model (const char *input)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (models); i++)
    if (g_str_equal (input, models[i].input))
      return _(models[i].label);

  return NULL;
}

gboolean
_comfy_words_is_model (const char *input)
{
  return find_model (input) != NULL;
}

/* "resize_type.scale_factor" → "Scale factor" */
static char *
dup_humanised (const char *input)
{
  const char      *dot = strrchr (input, '.');
  const char      *start = dot != NULL && dot[1] != '\0' ? dot + 1 : input;
  g_autofree char *words = g_strdelimit (_comfy_workflow_dup_shown (start), "_", ' ');
  g_autofree char *first = NULL;
  g_autofree char *upper = NULL;

  /* nearly all are */
  if (g_ascii_isalnum (words[0]))
    {
      words[0] = g_ascii_toupper (words[0]);
      return g_steal_pointer (&words);
    }
  if (comfy_field_is_blank (words))
    return g_strdup (_("Value"));

  first = g_utf8_substring (words, 0, 1);
  upper = g_utf8_strup (first, -1);

  return g_strconcat (upper, words + strlen (first), NULL);
}

/*
 * _comfy_words_dup_plain:
 * @item: an entry
 *
 * Returns: (transfer full): what it is called when its author says nothing
 */
char *
_comfy_words_dup_plain (const ComfyMappingItem *item)
{
  const char *input = item->entry.input;

  switch (item->entry.kind)
    {
    case COMFY_KIND_PROMPT:
      return g_strdup (_("Prompt"));
    case COMFY_KIND_NEGATIVE:
      return g_strdup (_("Negative prompt"));
    case COMFY_KIND_SEED:
      return g_strdup (_("Seed"));
    case COMFY_KIND_SIZE:
      return g_strdup (_("Size"));
    case COMFY_KIND_PICTURE:
      return g_strdup (g_strcmp0 (item->entry.binding, "mask") == 0 ? _("Mask") : _("Image"));
    case COMFY_KIND_TEXT:
    case COMFY_KIND_NUMBER:
    case COMFY_KIND_SWITCH:
    case COMFY_KIND_CHOICE:
    default:
      break;
    }

  if (item->rank == COMFY_RANK_GUIDANCE)
    return g_strdup (_("Guidance"));
  if (find_model (input) != NULL)
    return g_strdup (find_model (input));

  return dup_humanised (input);
}

/* whether two titles differ only in case and in what is neither letter nor digit */
static gboolean
is_same_title (const char *one,
               const char *other)
{
  for (;;)
    {
      while (*one != '\0' && !g_ascii_isalnum (*one) && (unsigned char) *one < 0x80)
        one++;
      while (*other != '\0' && !g_ascii_isalnum (*other) && (unsigned char) *other < 0x80)
        other++;
      if (*one == '\0' || g_ascii_tolower (*one) != g_ascii_tolower (*other))
        return *one == *other;
      one++;
      other++;
    }
}

/*
 * _comfy_words_dup_own_title:
 * @self: a mapping
 * @node: one of its nodes
 *
 * Returns: (transfer full) (nullable): what the graph's author calls the node; %NULL when it is what
 *   ComfyUI calls all of its class, or a mark
 */
char *
_comfy_words_dup_own_title (ComfyMapping *self,
                            const char   *node)
{
  const char           *class_type = comfy_workflow_get_class (self->workflow, node);
  const char           *title = comfy_workflow_get_title (self->workflow, node);
  const ComfyNodeClass *klass = comfy_node_table_lookup (self->table, class_type);

  if (comfy_field_is_blank (title) || is_same_title (title, class_type)
      || _comfy_mark_parse (title).type != COMFY_MARK_NONE
      /* templates say "… (Positive Prompt)", which is no name that somebody chose */
      || g_str_has_prefix (title, "CLIP Text Encode (")
      || (klass != NULL && is_same_title (title, comfy_node_class_get_title (klass))))
    return NULL;

  return _comfy_workflow_dup_shown (title);
}
