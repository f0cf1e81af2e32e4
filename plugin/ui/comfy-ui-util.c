/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small things that several windows share, so that they look and sound alike.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <math.h>
#include <glib/gi18n.h>

#include "comfy-ui-util.h"

/* GIMP's own checks beneath what is transparent */
#define CHECK_SIZE  8 /* px of the screen */
#define CHECK_LIGHT 0x999999
#define CHECK_DARK  0x666666

/* Wide enough for a sentence, narrow enough that a window does not grow with its longest one. GTK
 * reserves the height that a text needs at its least width. */
#define TEXT_MIN_CHARS 24
#define TEXT_MAX_CHARS 60

#define COMBO_MIN_CHARS 7

/* style class of what scrolls controls that its bar would touch */
#define CLEAR_OF_BAR "comfy-clear-of-bar"

/* GIMP's themes give every label one colour, whatever its class, every frame no line, and every
 * widget a background of its own, even in a row that is selected. What cannot be clicked shall not
 * light up. Mixed with the text's, the colours can be read on dark and on light. */
static void
ensure_style (void)
{
  static gboolean           done = FALSE;
  g_autoptr(GtkCssProvider) provider = NULL;

  if (done)
    return;

  done = TRUE;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (provider,
                                   "label.error { color: mix(@theme_fg_color, @error_color, 0.6); }"
                                   "label.warning { color: mix(@theme_fg_color, @warning_color, "
                                   "0.6); }"
                                   "." COMFY_UI_PICTURE_FRAME " > border { border: 1px solid "
                                   "alpha(@theme_fg_color, 0.3); }"
                                   "." COMFY_UI_ONE_BACKGROUND " box, "
                                   "." COMFY_UI_ONE_BACKGROUND " label, "
                                   "." COMFY_UI_ONE_BACKGROUND " image, "
                                   "." COMFY_UI_ONE_BACKGROUND " stack "
                                   "{ background-color: transparent; }"
                                   "." COMFY_UI_ONE_BACKGROUND " flowboxchild { padding: 0; }"
                                   "." COMFY_UI_ONE_BACKGROUND " flowboxchild button "
                                   "{ padding-left: 6px; padding-right: 6px; }"
                                   "row." COMFY_UI_ONE_BACKGROUND ":hover:not(:selected) "
                                   "{ background-color: transparent; }"
                                   "." COMFY_UI_CAPTION " { padding: 3px 8px; "
                                   "border-radius: 4px; "
                                   "background-color: alpha(@theme_bg_color, 0.85); }"
                                   "." CLEAR_OF_BAR " "
                                   "{ -GtkScrolledWindow-scrollbar-spacing: 12; }",
                                   -1, NULL);
  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (),
                                             GTK_STYLE_PROVIDER (provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/**
 * comfy_ui_keep_clear:
 * @scrolled: holds controls from edge to edge
 *
 * Keeps its bar, when there is one, away from them.
 */
void
comfy_ui_keep_clear (GtkScrolledWindow *scrolled)
{
  ensure_style ();
  /* a bar that appears over a control hides it */
  gtk_scrolled_window_set_overlay_scrolling (scrolled, FALSE);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (scrolled)), CLEAR_OF_BAR);
}

/**
 * comfy_ui_text_new:
 * @text: (nullable): translated
 *
 * Returns: (transfer floating): a label for running text: wrapped, from the left, selectable by
 *   nobody, so that Tab does not stop at it
 */
GtkWidget *
comfy_ui_text_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  ensure_style ();
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), TEXT_MIN_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (label), TEXT_MAX_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);

  return label;
}

/**
 * comfy_ui_hint_new:
 * @text: (nullable): translated
 *
 * Returns: (transfer floating): as comfy_ui_text_new(), small and dim, for what stands aside
 */
GtkWidget *
comfy_ui_hint_new (const char *text)
{
  GtkWidget               *label = comfy_ui_text_new (text);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), GTK_STYLE_CLASS_DIM_LABEL);

  return label;
}

/**
 * comfy_ui_set_hint:
 * @hint: from comfy_ui_hint_new()
 * @text: (nullable): translated; with %NULL the hint takes no room
 * @type: how grave it is: the colour
 *
 * Says something beside a control.
 */
void
comfy_ui_set_hint (GtkWidget      *hint,
                   const char     *text,
                   GtkMessageType  type)
{
  static const struct { GtkMessageType type; const char *style; } styles[] = {
    { GTK_MESSAGE_INFO,    GTK_STYLE_CLASS_DIM_LABEL },
    { GTK_MESSAGE_WARNING, GTK_STYLE_CLASS_WARNING },
    { GTK_MESSAGE_ERROR,   GTK_STYLE_CLASS_ERROR },
  };
  GtkStyleContext *context = gtk_widget_get_style_context (hint);

  for (unsigned int i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      if (styles[i].type == type)
        gtk_style_context_add_class (context, styles[i].style);
      else
        gtk_style_context_remove_class (context, styles[i].style);
    }
  gtk_label_set_text (GTK_LABEL (hint), text);
  gtk_widget_set_visible (hint, text != NULL);
}

/**
 * comfy_ui_heading_new:
 * @text: (nullable): translated
 *
 * Returns: (transfer floating): a bold label that opens a section
 */
GtkWidget *
comfy_ui_heading_new (const char *text)
{
  GtkWidget               *label = gtk_label_new (text);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);

  return label;
}

/**
 * comfy_ui_label_for:
 * @mnemonic_text: translated, with mnemonic and colon
 * @target: what the mnemonic focuses and the label names for assistive technology
 *
 * Returns: (transfer floating): the label
 */
GtkWidget *
comfy_ui_label_for (const char *mnemonic_text,
                    GtkWidget  *target)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (mnemonic_text);

  gtk_label_set_mnemonic_widget (GTK_LABEL (label), target);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);

  return label;
}

/**
 * comfy_ui_combo_new:
 *
 * Returns: (transfer floating): a GtkComboBoxText that may be narrower than what is chosen in it,
 *   such as the name of a model's file; what tells them apart stands at both ends
 */
GtkWidget *
comfy_ui_combo_new (void)
{
  GtkWidget        *combo = gtk_combo_box_text_new ();
  g_autoptr(GList)  cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (combo));

  for (GList *cell = cells; cell != NULL; cell = cell->next)
    g_object_set (cell->data, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, "width-chars", COMBO_MIN_CHARS,
                  NULL);

  return combo;
}

/**
 * comfy_ui_set_name:
 * @widget: a control without a label of its own
 * @name: translated: what assistive technology calls it
 */
void
comfy_ui_set_name (GtkWidget  *widget,
                   const char *name)
{
  atk_object_set_name (gtk_widget_get_accessible (widget), name);
}

/**
 * comfy_ui_announce:
 * @widget: where it can be read
 * @text: translated
 *
 * A screen reader says it when it has said what it is at.
 */
void
comfy_ui_announce (GtkWidget  *widget,
                   const char *text)
{
  g_signal_emit_by_name (gtk_widget_get_accessible (widget), "notification", text,
                         ATK_LIVE_POLITE);
}

/**
 * comfy_ui_picture_frame_new:
 * @picture: what is in it
 *
 * Returns: (transfer floating): a frame whose lines can be seen on dark and on light
 */
GtkWidget *
comfy_ui_picture_frame_new (GtkWidget *picture)
{
  GtkWidget *frame = gtk_frame_new (NULL);

  ensure_style ();
  gtk_frame_set_shadow_type (GTK_FRAME (frame), GTK_SHADOW_IN);
  gtk_style_context_add_class (gtk_widget_get_style_context (frame), COMFY_UI_PICTURE_FRAME);
  gtk_container_add (GTK_CONTAINER (frame), picture);

  return frame;
}

/**
 * comfy_ui_caption_new:
 * @text: translated
 *
 * Returns: (transfer floating): a label for a corner of a picture, that can be read on any; hidden
 */
GtkWidget *
comfy_ui_caption_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  ensure_style ();
  gtk_style_context_add_class (gtk_widget_get_style_context (label), COMFY_UI_CAPTION);
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  g_object_set (label, "margin", 6, NULL);
  gtk_widget_set_no_show_all (label, TRUE);

  return label;
}

/**
 * comfy_ui_make_surface:
 * @widget: a widget that has a window
 * @pixels: RGB or RGBA in 8 bits
 * @edge: px, before the screen's scale: the longer edge is not larger
 *
 * Returns: (transfer full): @pixels in as many pixels as the screen has for it, and never
 *   magnified, on checks where it is transparent; see cairo_surface_get_device_scale()
 */
cairo_surface_t *
comfy_ui_make_surface (GtkWidget         *widget,
                       const ComfyPixels *pixels,
                       int                edge)
{
  g_autoptr(GdkPixbuf) whole = NULL;
  g_autoptr(GdkPixbuf) scaled = NULL;
  int                  scale = gtk_widget_get_scale_factor (widget);
  double               fit = MIN (1.0, (double) edge * scale / MAX (pixels->width,
                                                                    pixels->height));

  whole = gdk_pixbuf_new_from_bytes (pixels->data, GDK_COLORSPACE_RGB, pixels->channels == 4, 8,
                                     pixels->width, pixels->height, (int) pixels->stride);
  scaled = gdk_pixbuf_composite_color_simple (whole,
                                              MAX (1, (int) lround (pixels->width * fit)),
                                              MAX (1, (int) lround (pixels->height * fit)),
                                              GDK_INTERP_BILINEAR, 255, CHECK_SIZE,
                                              CHECK_DARK, CHECK_LIGHT);

  return gdk_cairo_surface_create_from_pixbuf (scaled, scale, gtk_widget_get_window (widget));
}

/**
 * comfy_ui_set_picture:
 * @image: a #GtkImage that has a window
 * @pixels: RGB or RGBA in 8 bits
 * @edge: px, before the screen's scale: the longer edge is not shown larger
 *
 * Shows @pixels in as many pixels as the screen has for it, and never magnified.
 */
void
comfy_ui_set_picture (GtkWidget         *image,
                      const ComfyPixels *pixels,
                      int                edge)
{
  cairo_surface_t *surface = comfy_ui_make_surface (image, pixels, edge);

  gtk_image_set_from_surface (GTK_IMAGE (image), surface);
  cairo_surface_destroy (surface);
}

/**
 * comfy_ui_appear:
 * @window: any window
 *
 * Shows it without taking the focus from the image that the artist works on.
 */
void
comfy_ui_appear (GtkWindow *window)
{
  gtk_window_set_focus_on_map (window, FALSE);
  gtk_widget_show (GTK_WIDGET (window));
  gtk_window_set_focus_on_map (window, TRUE);
}

/**
 * comfy_ui_open_url:
 * @widget: a widget in the window that asks
 * @url: a web page, never one with a secret in it
 *
 * Opens @url in the desktop's browser. Without a browser nothing happens but a log line: the
 * address stands in the text beside each button that calls this.
 */
void
comfy_ui_open_url (GtkWidget  *widget,
                   const char *url)
{
  g_autoptr(GError)  error = NULL;
  GtkWidget         *window = gtk_widget_get_toplevel (widget);

  if (!gtk_show_uri_on_window (GTK_IS_WINDOW (window) ? GTK_WINDOW (window) : NULL, url,
                                gtk_get_current_event_time (), &error))
    g_message ("%s cannot be opened: %s", url, error->message);
}

/**
 * comfy_ui_dup_relative_time:
 * @when: Unix seconds, 0 for never
 * @now: Unix seconds
 *
 * Returns: (transfer full): how long ago that was, in calendar days, for people
 */
char *
comfy_ui_dup_relative_time (gint64 when,
                            gint64 now)
{
  g_autoptr(GDateTime) then_time = g_date_time_new_from_unix_local (when);
  g_autoptr(GDateTime) now_time = g_date_time_new_from_unix_local (now);
  GDate                then_day;
  GDate                now_day;
  int                  days;

  if (when == 0 || then_time == NULL || now_time == NULL)
    return g_strdup (_("never"));

  g_date_set_dmy (&then_day, g_date_time_get_day_of_month (then_time),
                  g_date_time_get_month (then_time), g_date_time_get_year (then_time));
  g_date_set_dmy (&now_day, g_date_time_get_day_of_month (now_time),
                  g_date_time_get_month (now_time), g_date_time_get_year (now_time));
  days = g_date_days_between (&then_day, &now_day);

  if (days <= 0)
    return g_strdup (_("today"));
  if (days == 1)
    return g_strdup (_("yesterday"));

  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", days), days);
}

/**
 * comfy_ui_dup_clock_time:
 * @when: Unix seconds, less than a day after @now
 * @now: Unix seconds
 *
 * Returns: (transfer full): the time of day, and that it is tomorrow's if it is, for people
 */
char *
comfy_ui_dup_clock_time (gint64 when,
                         gint64 now)
{
  g_autoptr(GDateTime) then_time = g_date_time_new_from_unix_local (when);
  g_autoptr(GDateTime) now_time = g_date_time_new_from_unix_local (now);

  g_return_val_if_fail (then_time != NULL && now_time != NULL, g_strdup (""));

  /* translators: a time of day, as in “until 14:30”; see g_date_time_format() */
  if (g_date_time_get_day_of_month (then_time) == g_date_time_get_day_of_month (now_time))
    return g_date_time_format (then_time, _("%H:%M"));

  /* translators: a time of day, as in “until tomorrow, 9:30”; see g_date_time_format() */
  return g_date_time_format (then_time, _("tomorrow, %H:%M"));
}

/**
 * comfy_ui_dup_elapsed:
 * @seconds: a duration, 0 or more
 *
 * Returns: (transfer full): as a clock shows it: "0:42", "1:02:03"
 */
char *
comfy_ui_dup_elapsed (gint64 seconds)
{
  int hours = seconds / 3600;
  int minutes = seconds / 60 % 60;

  if (hours > 0)
    return g_strdup_printf ("%d:%02d:%02d", hours, minutes, (int) (seconds % 60));

  return g_strdup_printf ("%d:%02d", minutes, (int) (seconds % 60));
}
