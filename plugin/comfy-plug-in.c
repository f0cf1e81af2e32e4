/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registers with GIMP, dispatches, and joins canvas and ui; nothing else happens here.
 */
#define G_LOG_DOMAIN "comfy-plug-in"

#include "config.h"

#include <libgimp/gimp.h>

#define COMFY_TYPE_PLUG_IN (comfy_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPlugIn, comfy_plug_in, COMFY, PLUG_IN, GimpPlugIn)

struct _ComfyPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (ComfyPlugIn, comfy_plug_in, GIMP_TYPE_PLUG_IN)

static void
comfy_plug_in_class_init (ComfyPlugInClass *klass)
{
}

static void
comfy_plug_in_init (ComfyPlugIn *self)
{
}

GIMP_MAIN (COMFY_TYPE_PLUG_IN)
