/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which window has the keyboard. GIMP tells plug-ins nothing of it, but a window manager under X11
 * tells everybody (Extended Window Manager Hints, _NET_ACTIVE_WINDOW), and GIMP calls its image
 * windows by a role. A Wayland compositor tells nobody, and lets no program take the keyboard either.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <string.h>

#include <gtk/gtk.h>
#ifdef GDK_WINDOWING_X11
#include <gdk/gdkx.h>
#endif

#include "comfy-keyboard.h"

#define ROLE "gimp-image-window" /* and a number */

#ifdef GDK_WINDOWING_X11
/* Returns: FALSE where the window manager does not tell; @out_window: 0: none has it */
static gboolean
get_active (Window *out_window)
{
  g_autofree guchar *data = NULL;
  GdkAtom            type;
  int                format;
  int                length;

  if (!gdk_property_get (gdk_get_default_root_window (),
                         gdk_atom_intern_static_string ("_NET_ACTIVE_WINDOW"), GDK_NONE, 0,
                         sizeof (gulong), FALSE, &type, &format, &length, &data)
      || format != 32 || length < (int) sizeof (gulong))
    return FALSE;

  *out_window = (Window) *(gulong *) data;

  return TRUE;
}

/* a window of whichever program, which may be gone */
static gboolean
is_image_window (Window window)
{
  GdkDisplay           *display = gdk_display_get_default ();
  g_autoptr(GdkWindow)  foreign = NULL;
  g_autofree guchar    *role = NULL;
  GdkAtom               type;
  int                   format;
  int                   length;
  gboolean              is_image;

  gdk_x11_display_error_trap_push (display);
  foreign = gdk_x11_window_foreign_new_for_display (display, window);
  is_image = foreign != NULL
             && gdk_property_get (foreign, gdk_atom_intern_static_string ("WM_WINDOW_ROLE"),
                                  GDK_NONE, 0, sizeof ROLE - 1, FALSE, &type, &format, &length,
                                  &role)
             && format == 8 && length == sizeof ROLE - 1
             && strncmp ((const char *) role, ROLE, sizeof ROLE - 1) == 0;
  gdk_x11_display_error_trap_pop_ignored (display);

  return is_image;
}

static gboolean
is_in_image (void)
{
  Window window = 0;

  return !get_active (&window) || (window != 0 && is_image_window (window));
}

static GdkFilterReturn
root_changed_cb (GdkXEvent *xevent,
                 GdkEvent  *event,
                 gpointer   data)
{
  const XEvent *changed = xevent;
  DexPromise   *promise = data;

  if (changed->type != PropertyNotify
      || changed->xproperty.atom != gdk_x11_get_xatom_by_name ("_NET_ACTIVE_WINDOW")
      || !is_in_image ())
    return GDK_FILTER_CONTINUE;

  gdk_window_remove_filter (gdk_get_default_root_window (), root_changed_cb, promise);
  dex_promise_resolve_boolean (promise, TRUE);
  dex_unref (promise);

  return GDK_FILTER_CONTINUE;
}

static DexFuture *
wait (void)
{
  GdkWindow  *root = gdk_get_default_root_window ();
  DexPromise *promise = dex_promise_new ();

  gdk_window_set_events (root, gdk_window_get_events (root) | GDK_PROPERTY_CHANGE_MASK);
  gdk_window_add_filter (root, root_changed_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}
#endif

/**
 * comfy_keyboard_wait_until_in_image:
 *
 * Main thread, with a display. Costs nothing while nothing changes.
 *
 * Returns: (transfer full): a future of %TRUE once an image window of GIMP's has the keyboard, or at
 *   once where that cannot be known
 */
DexFuture *
comfy_keyboard_wait_until_in_image (void)
{
#ifdef GDK_WINDOWING_X11
  if (GDK_IS_X11_DISPLAY (gdk_display_get_default ()) && !is_in_image ())
    return wait ();
#endif

  return dex_future_new_true ();
}
