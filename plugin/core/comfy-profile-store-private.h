/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-endpoint-list.h"
#include "comfy-profile-store.h"

G_BEGIN_DECLS

/* For the four files that the class is written in */
struct _ComfyProfileStore
{
  GObject            parent_instance;
  ComfySettings     *settings;
  ComfyKeyring      *keyring;
  ComfyEndpointList *endpoints;
  GListStore        *list;        /* of ComfyProfile */
  ComfyEnvironment  *environment; /* owned, nullable */
  ComfyProfile      *given;       /* owned, nullable: the profile made from the environment */
};

G_END_DECLS
