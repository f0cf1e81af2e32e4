/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * How processes of the program reach the one that does something for all of them: a socket in a
 * folder that is the user's alone. It is not the editor's way for that, on purpose: GIMP ends a
 * process that is called just while it reads an image (“expected tile ack and received: 8”, seen in
 * 3.0.4), and what is asked of GIMP in such a call gets the answer to another question.
 */
typedef struct _ComfyDoor ComfyDoor;

/* Returns: whether it is done; from the main loop */
typedef gboolean (*ComfyDoorTake) (GVariant *what,
                                   gpointer  data);

int        comfy_door_wait_for_turn (const char          *folder);
ComfyDoor *comfy_door_open          (const char          *folder,
                                     const GVariantType  *type,
                                     ComfyDoorTake        take,
                                     gpointer             data,
                                     GError             **error);
void       comfy_door_close         (ComfyDoor           *self);
gboolean   comfy_door_knock         (const char          *folder,
                                     GVariant            *what);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyDoor, comfy_door_close)

G_END_DECLS
