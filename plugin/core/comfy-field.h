/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "comfy-take.h"

G_BEGIN_DECLS

typedef enum
{
  COMFY_FIELD_TEXT,    /* value "s" */
  COMFY_FIELD_INT,     /* value "x" */
  COMFY_FIELD_DOUBLE,  /* value "d" */
  COMFY_FIELD_BOOLEAN, /* value "b" */
  COMFY_FIELD_CHOICE,  /* value "s", one of choices */
  COMFY_FIELD_SEED,    /* value "mt": nothing means a new one for each run */
  COMFY_FIELD_SIZE,    /* value "(ii)" in px; (0, 0) means as the image */
  COMFY_FIELD_EDGES,   /* value "(iiii)" in px: left, top, right, bottom */
  COMFY_FIELD_PICTURE, /* value "s", the text form of a ComfyBinding */
} ComfyFieldType;

/* What a value is for */
typedef enum
{
  COMFY_ROLE_INPUT,   /* it goes into the graph */
  COMFY_ROLE_MODEL,   /* CHOICE: which of the action's graphs it is */
  COMFY_ROLE_SOURCE,  /* CHOICE of "layer", "layers", "visible": whose pixels are taken */
  COMFY_ROLE_WITHIN,  /* BOOLEAN: whether a selection limits it */
  COMFY_ROLE_EDGES,   /* EDGES: how much the canvas grows */
  COMFY_ROLE_OVERLAP, /* INT: px: how far the result fades into what was there */
} ComfyRole;

typedef struct
{
  char *id;    /* owned: what is sent */
  char *label; /* owned: what is shown, translated */
} ComfyChoice;

/* A preset of a SIZE field */
typedef struct
{
  int width;  /* px */
  int height; /* px */
} ComfySize;

/* Where a field is shown */
typedef enum
{
  COMFY_PLACE_FORM,     /* at once */
  COMFY_PLACE_ADVANCED, /* under "Advanced" */
  COMFY_PLACE_ALL,      /* under "All Parameters": everything that a graph has besides; no arguments
                         * of procedures */
} ComfyPlace;

/* One thing that the artist can set. Owned by its action, read-only. */
typedef struct
{
  char            *id;          /* owned: also the argument's name in the PDB */
  ComfyFieldType   type;
  ComfyRole        role;
  char            *label;       /* owned: translated, with mnemonic */
  char            *group;       /* owned, nullable: heading under which it stands, with others */
  char            *hint;        /* owned, nullable: translated: tooltip and PDB blurb */
  char            *placeholder; /* owned, nullable: translated */
  char            *when_blank;  /* owned, nullable: TEXT: what the model is told instead of nothing */
  double           min;         /* INT, DOUBLE; SIZE: px */
  double           max;         /* INT, DOUBLE; SIZE, EDGES: px */
  double           step;        /* INT, DOUBLE; SIZE: both edges are multiples of it */
  guint64          seed_max;    /* SEED: some nodes take fewer than 64 bits */
  GVariant        *fallback;    /* owned: the default value, of the type's format */
  GPtrArray       *choices;     /* CHOICE: of ComfyChoice */
  GArray          *presets;     /* SIZE: of ComfySize */
  guint64          image_area;  /* SIZE: px; the size of the image, scaled down to this many; 0: the
                                 * size does not follow the image */
  gboolean         multiline;   /* TEXT */
  gboolean         required;    /* TEXT: may not be blank */
  gboolean         private_;    /* TEXT: not kept in GIMP's own saved settings: prompts */
  ComfyPlace       place;       /* where it is shown */
  gboolean         optional;    /* TEXT, INT, DOUBLE: blank or 0 leaves what the graph says, which
                                 * is another thing in each of an action's graphs */
} ComfyField;

/* (transfer full): @value as the field takes it: numbers clamped and on the step, choices known;
 * the default for a value of another type. A floating @value is consumed. */
GVariant *comfy_field_sanitize    (const ComfyField *self,
                                   GVariant         *value);
/* @value leaves it to the graph */
gboolean  comfy_field_is_left     (const ComfyField *self,
                                   GVariant         *value);
/* nothing but white space */
gboolean  comfy_field_is_blank    (const char       *text);
/* (transfer full): what a stranger has written, as a label may show it: short, on one line */
char     *comfy_field_dup_line    (const char       *text);
/* 0…@max, by chance */
guint64   comfy_field_draw_seed   (guint64           max);
/* (transfer full): the text form, as the PDB's string arguments have it; "" is a new seed */
GVariant *comfy_field_parse_seed  (const char       *text,
                                   GError          **error);

G_END_DECLS
