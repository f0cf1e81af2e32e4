/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/* what is asked of the process that owns jobs, beside taking one */
typedef enum
{
  COMFY_SHOW_JOBS,     /* all jobs, in whatever window they have */
  COMFY_SHOW_PANEL,    /* with an image: which is the one that is worked on from now on */
  COMFY_SHOW_GENERATE, /* the same, and what the panel shows is asked for once more */
  COMFY_N_SHOWS,
} ComfyShow;

/*
 * @journal_id: a job that shall be taken over; empty: just show a window
 * @show: without a job: which
 * @image_id: with @show: the image that is meant, -1: none
 *
 * It may be called in the middle of one of our own calls to GIMP, on whatever stack that has. So it
 * must not call GIMP: libgimp would take the other call's answer for the one to this.
 */
typedef gboolean (*ComfyDoorTake) (const char  *journal_id,
                                   ComfyShow    show,
                                   int          image_id,
                                   gpointer     data,
                                   GError     **error);

typedef struct _ComfyDoor ComfyDoor;

int        comfy_door_wait_for_turn (void);
ComfyDoor *comfy_door_new           (GimpPlugIn    *plug_in,
                                     ComfyDoorTake  take,
                                     gpointer       data);
void       comfy_door_free          (ComfyDoor     *self);
void       comfy_door_open          (ComfyDoor     *self);
void       comfy_door_close         (ComfyDoor     *self);
gboolean   comfy_door_knock         (const char    *journal_id,
                                     ComfyShow      show,
                                     int            image_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyDoor, comfy_door_free)

G_END_DECLS
