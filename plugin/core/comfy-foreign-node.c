/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nodes by which other tools connect themselves to ComfyUI: a workflow that was made for one of
 * them has such nodes where this plug-in wants ComfyUI's own. They are known by their names; a row
 * for each class of which more can be said than that, and one for what else begins like them. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-foreign-node-private.h"

typedef enum
{
  USE_IMAGE,
  USE_LAYER,
  USE_MASK,
  USE_SAVE,
  USE_VALUE,
  USE_TEXT,
  USE_LOADER,
  USE_SAMPLER,
  USE_NOTHING,
  USE_OTHER
} Advice;

#define KRITA  "Krita AI Diffusion"
#define DEPLOY "ComfyDeploy"
#define SWARM  "SwarmUI"

typedef struct
{
  const char *name;
  const char *tool;
  Advice      advice;
} Row;

static const Row classes[] = {
  { "ETN_KritaCanvas", KRITA, USE_IMAGE },
  { "ETN_LoadImageBase64", KRITA, USE_IMAGE },
  { "ETN_LoadImageCache", KRITA, USE_IMAGE },
  { "ETN_InjectImage", KRITA, USE_IMAGE },
  { "ETN_KritaImageLayer", KRITA, USE_LAYER },
  { "ETN_KritaSelection", KRITA, USE_MASK },
  { "ETN_KritaMaskLayer", KRITA, USE_MASK },
  { "ETN_LoadMaskBase64", KRITA, USE_MASK },
  { "ETN_InjectMask", KRITA, USE_MASK },
  { "ETN_KritaOutput", KRITA, USE_SAVE },
  { "ETN_SendImageWebSocket", KRITA, USE_SAVE },
  { "ETN_SaveImageCache", KRITA, USE_SAVE },
  { "ETN_ReturnImage", KRITA, USE_SAVE },
  { "ETN_Parameter", KRITA, USE_VALUE },
  { "ETN_KritaStyle", KRITA, USE_LOADER },
  { "ETN_KritaStyleAndPrompt", KRITA, USE_LOADER },
  { "ETN_Translate", KRITA, USE_NOTHING },
  { "ETN_NSFWFilter", KRITA, USE_NOTHING },

  { "ComfyUIDeployExternalImage", DEPLOY, USE_IMAGE },
  { "ComfyUIDeployExternalImageAlpha", DEPLOY, USE_IMAGE },
  { "ComfyUIDeployExternalImageBatch", DEPLOY, USE_IMAGE },
  { "ComfyUIDeployExternalEXR", DEPLOY, USE_IMAGE },
  { "ComfyDeployWebscoketImageInput", DEPLOY, USE_IMAGE },
  { "ComfyDeployWebsocketImageInput", DEPLOY, USE_IMAGE },
  { "ComfyUIDeployExternalText", DEPLOY, USE_TEXT },
  { "ComfyUIDeployExternalTextAny", DEPLOY, USE_TEXT },
  { "ComfyUIDeployExternalTextSingleLine", DEPLOY, USE_TEXT },
  { "ComfyUIDeployExternalNumber", DEPLOY, USE_VALUE },
  { "ComfyUIDeployExternalNumberInt", DEPLOY, USE_VALUE },
  { "ComfyUIDeployExternalNumberSlider", DEPLOY, USE_VALUE },
  { "ComfyUIDeployExternalNumberSliderInt", DEPLOY, USE_VALUE },
  { "ComfyUIDeployExternalSlider", DEPLOY, USE_VALUE },
  { "ComfyUIDeployExternalSeed", DEPLOY, USE_VALUE },
  { "ComfyUIDeployExternalBoolean", DEPLOY, USE_VALUE },
  { "ComfyUIDeployExternalEnum", DEPLOY, USE_VALUE },
  { "ComfyUIDeployExternalCheckpoint", DEPLOY, USE_LOADER },
  { "ComfyUIDeployExternalLora", DEPLOY, USE_LOADER },
  { "ComfyUIDeployExternalFaceModel", DEPLOY, USE_LOADER },
  { "ComfyDeployOutputImage", DEPLOY, USE_SAVE },
  { "ComfyDeployStdOutputImage", DEPLOY, USE_SAVE },
  { "ComfyDeployWebscoketImageOutput", DEPLOY, USE_SAVE },
  { "ComfyDeployWebsocketImageOutput", DEPLOY, USE_SAVE },

  { "SwarmInputImage", SWARM, USE_IMAGE },
  { "SwarmLoadImageB64", SWARM, USE_IMAGE },
  { "SwarmInputText", SWARM, USE_TEXT },
  { "SwarmInputInteger", SWARM, USE_VALUE },
  { "SwarmInputFloat", SWARM, USE_VALUE },
  { "SwarmInputBoolean", SWARM, USE_VALUE },
  { "SwarmInputDropdown", SWARM, USE_VALUE },
  { "SwarmInputModelName", SWARM, USE_LOADER },
  { "SwarmInputCheckpoint", SWARM, USE_LOADER },
  { "SwarmInputGroup", SWARM, USE_NOTHING },
  { "SwarmSaveImageWS", SWARM, USE_SAVE },
  { "SwarmImageSaveWS", SWARM, USE_SAVE },
  { "SwarmKSampler", SWARM, USE_SAMPLER },
};

static const Row prefixes[] = {
  { "ETN_Krita", KRITA, USE_OTHER },
  { "ETN_", KRITA, USE_OTHER },
  { "ComfyUIDeployExternal", DEPLOY, USE_VALUE },
  { "ComfyUIDeploy", DEPLOY, USE_OTHER },
  { "ComfyDeploy", DEPLOY, USE_OTHER },
  { "SwarmInput", SWARM, USE_VALUE },
  { "Swarm", SWARM, USE_OTHER },
};

static const Row *
find_row (const char *class_type)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].name, class_type))
      return &classes[i];

  for (unsigned int i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (class_type, prefixes[i].name))
      return &prefixes[i];

  return NULL;
}

/*
 * _comfy_foreign_node_get_tool:
 *
 * Returns: (nullable): the name of the tool that the class belongs to; %NULL when it is none of
 *   those that are known
 */
const char *
_comfy_foreign_node_get_tool (const char *class_type)
{
  const Row *row = find_row (class_type);

  return row != NULL ? row->tool : NULL;
}

/*
 * _comfy_foreign_node_get_advice:
 * @class_type: one that comfy_foreign_node_get_tool() knows
 *
 * Returns: (nullable): a sentence that says what to use instead
 */
const char *
_comfy_foreign_node_get_advice (const char *class_type)
{
  const Row *row = find_row (class_type);

  if (row == NULL)
    return NULL;

  switch (row->advice)
    {
    case USE_IMAGE:
      return _("Use a “Load Image” node instead and give it the title “GIMP: image”.");
    case USE_LAYER:
      return _("Use a “Load Image” node instead and give it the title “GIMP: layer”.");
    case USE_MASK:
      return _("Use a “Load Image (as Mask)” node instead and give it the title “GIMP: mask”.");
    case USE_SAVE:
      return _("Use a “Save Image” node instead.");
    case USE_VALUE:
      return _("Use a Primitive node instead, or the node that takes the value, and give it the "
               "title “Input: LABEL”.");
    case USE_TEXT:
      return _("Use a Primitive node for text instead, or write into the node that takes the text, "
               "and give it the title “Input: LABEL”.");
    case USE_LOADER:
      return _("Use the node of ComfyUI that loads the model instead and give it the title "
               "“Input: LABEL”.");
    case USE_SAMPLER:
      return _("Use a “KSampler” node instead.");
    case USE_NOTHING:
      return _("Remove it and connect what is before it with what is after it.");
    case USE_OTHER:
    default:
      return _("Use nodes of ComfyUI itself instead.");
    }
}
