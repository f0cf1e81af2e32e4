/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the artist is in the middle of a stroke. GIMP does not tell plug-ins, but an X server
 * tells everybody which buttons are down, of the mouse or of a pen. A Wayland compositor tells
 * nobody.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gtk/gtk.h>
#ifdef GDK_WINDOWING_X11
#include <gdk/gdkx.h>
#endif

#include "comfy-hand.h"

#define BUTTONS (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK)

#define LOOK_MS 50
/* GIMP may still have to deal with a release that the server knows of, and with movements before */
#define REST_MS 250

static gboolean
can_be_known (void)
{
#ifdef GDK_WINDOWING_X11
  return GDK_IS_X11_DISPLAY (gdk_display_get_default ());
#else
  return FALSE;
#endif
}

static gboolean
is_pressed (void)
{
  GdkDisplay      *display = gdk_display_get_default ();
  GdkDevice       *pointer = gdk_seat_get_pointer (gdk_display_get_default_seat (display));
  GdkModifierType  state = 0;

  gdk_window_get_device_position (gdk_get_default_root_window (), pointer, NULL, NULL, &state);

  return (state & BUTTONS) != 0;
}

static DexFuture *
wait_fiber (void *data)
{
  gint64 busy = g_get_monotonic_time ();

  while (g_get_monotonic_time () - busy < REST_MS * 1000)
    {
      dex_await (dex_timeout_new_msec (LOOK_MS), NULL);
      if (is_pressed ())
        busy = g_get_monotonic_time ();
    }

  return dex_future_new_true ();
}

/**
 * comfy_hand_wait_until_free:
 *
 * Main thread, with a display.
 *
 * Returns: (transfer full): a future of a boolean: %TRUE once no button has been down for a quarter
 *   of a second; %FALSE, at once, where that cannot be known
 */
DexFuture *
comfy_hand_wait_until_free (void)
{
  if (!can_be_known ())
    return dex_future_new_false ();

  return dex_scheduler_spawn (NULL, 0, wait_fiber, NULL, NULL);
}
