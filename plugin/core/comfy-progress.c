/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weighted progress with words. A model that views listen to; the main thread's own.
 */
#define G_LOG_DOMAIN "comfy-progress"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-progress.h"

/* How much of the whole each stage is, in percent: an ordinary job's time, generation first; only
 * the order of magnitude matters. */
static const double weights[] = {
  [COMFY_STAGE_PREPARE] = 3,
  [COMFY_STAGE_UPLOAD] = 12,
  [COMFY_STAGE_QUEUE] = 5,
  [COMFY_STAGE_RUN] = 65,
  [COMFY_STAGE_DOWNLOAD] = 12,
  [COMFY_STAGE_PLACE] = 3,
};
G_STATIC_ASSERT (G_N_ELEMENTS (weights) == COMFY_N_STAGES);

struct _ComfyProgress
{
  GObject     parent_instance;
  ComfyStage  stage;
  double      fraction; /* 0…1, never goes back */
  char       *text;     /* owned, nullable: translated */
};

G_DEFINE_FINAL_TYPE (ComfyProgress, comfy_progress, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FRACTION,
  PROP_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
comfy_progress_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ComfyProgress *self = COMFY_PROGRESS (object);

  switch (prop_id)
    {
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_progress_finalize (GObject *object)
{
  ComfyProgress *self = COMFY_PROGRESS (object);

  g_free (self->text);

  G_OBJECT_CLASS (comfy_progress_parent_class)->finalize (object);
}

static void
comfy_progress_class_init (ComfyProgressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = comfy_progress_get_property;
  object_class->finalize = comfy_progress_finalize;

  properties[PROP_FRACTION] =
    g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_progress_init (ComfyProgress *self)
{
}

/* @part: 0…1 of the present stage; what cannot be a part counts as nothing */
static void
advance_to (ComfyProgress *self,
            double         part)
{
  double fraction = 0;

  for (int i = 0; i < (int) self->stage; i++)
    fraction += weights[i];
  if (part > 0)
    fraction += weights[self->stage] * MIN (part, 1);
  fraction = MIN (fraction / 100, 1);

  if (fraction <= self->fraction)
    return;

  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

/**
 * comfy_progress_new:
 *
 * Returns: (transfer full): progress at the beginning of %COMFY_STAGE_PREPARE
 */
ComfyProgress *
comfy_progress_new (void)
{
  return g_object_new (COMFY_TYPE_PROGRESS, NULL);
}

/**
 * comfy_progress_set_stage:
 * @stage: the stage that begins
 * @text: (nullable): translated
 *
 * A stage that is entered again, for example an upload that is repeated, does not take the fraction
 * back.
 */
void
comfy_progress_set_stage (ComfyProgress *self,
                          ComfyStage     stage,
                          const char    *text)
{
  g_return_if_fail (COMFY_IS_PROGRESS (self));
  g_return_if_fail ((unsigned int) stage < COMFY_N_STAGES);

  self->stage = stage;
  advance_to (self, 0);
  comfy_progress_set_text (self, text);
}

/**
 * comfy_progress_set_part:
 * @part: 0…1 of the present stage; clamped
 * @text: (nullable): translated; %NULL keeps the text
 */
void
comfy_progress_set_part (ComfyProgress *self,
                         double         part,
                         const char    *text)
{
  g_return_if_fail (COMFY_IS_PROGRESS (self));

  advance_to (self, part);
  if (text != NULL)
    comfy_progress_set_text (self, text);
}

/**
 * comfy_progress_set_bytes:
 * @done: bytes that went over the wire
 * @total: bytes in all, 0 when nobody knows
 *
 * Moves within the present stage, and says so in bytes.
 */
void
comfy_progress_set_bytes (ComfyProgress *self,
                          guint64        done,
                          guint64        total)
{
  g_autofree char *done_text = g_format_size (done);
  g_autofree char *total_text = g_format_size (total);
  g_autofree char *text = NULL;

  g_return_if_fail (COMFY_IS_PROGRESS (self));

  if (self->stage == COMFY_STAGE_DOWNLOAD && total == 0)
    text = g_strdup_printf (_("Downloading, %s so far"), done_text);
  else if (self->stage == COMFY_STAGE_DOWNLOAD)
    text = g_strdup_printf (_("Downloading %s of %s"), done_text, total_text);
  else if (total == 0)
    text = g_strdup_printf (_("Uploading, %s so far"), done_text);
  else
    text = g_strdup_printf (_("Uploading %s of %s"), done_text, total_text);

  comfy_progress_set_part (self, total == 0 ? 0 : (double) done / (double) total, text);
}

/**
 * comfy_progress_set_text:
 * @text: (nullable): translated; for a while in which nothing moves
 */
void
comfy_progress_set_text (ComfyProgress *self,
                         const char    *text)
{
  g_return_if_fail (COMFY_IS_PROGRESS (self));

  if (g_set_str (&self->text, text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

/**
 * comfy_progress_get_stage:
 *
 * Returns: the stage entered last
 */
ComfyStage
comfy_progress_get_stage (ComfyProgress *self)
{
  g_return_val_if_fail (COMFY_IS_PROGRESS (self), COMFY_STAGE_PREPARE);

  return self->stage;
}

/**
 * comfy_progress_get_fraction:
 *
 * Returns: 0…1, never less than before
 */
double
comfy_progress_get_fraction (ComfyProgress *self)
{
  g_return_val_if_fail (COMFY_IS_PROGRESS (self), 0);

  return self->fraction;
}

/**
 * comfy_progress_get_text:
 *
 * Returns: (transfer none) (nullable): translated
 */
const char *
comfy_progress_get_text (ComfyProgress *self)
{
  g_return_val_if_fail (COMFY_IS_PROGRESS (self), NULL);

  return self->text;
}
