/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-history-preview.h"
#include "comfy-late-spinner.h"
#include "comfy-picture-area.h"
#include "comfy-ui-util.h"

#define SETTLE_MS  120 /* while somebody holds an arrow key, not each picture is looked at */
#define TEXT_CHARS 12  /* as narrow as a text may be */

struct _ComfyHistoryPreview
{
  GtkBox            parent_instance;

  ComfyHost        *host;        /* owned */
  ComfyHistoryItem *item;        /* owned, nullable: nothing is shown */
  unsigned int      picture;     /* which of the item's */

  GtkWidget        *area;        /* borrowed: a child */
  GtkWidget        *spinner;     /* borrowed: a child */
  GtkWidget        *toggle;      /* borrowed: a child */
  GtkWidget        *caption;     /* borrowed: a child */
  GtkWidget        *text;        /* borrowed: a child */

  cairo_surface_t  *small;       /* owned, nullable */
  ComfyComparison  *comparison;  /* owned, nullable: the answer */
  cairo_surface_t  *before;      /* owned, nullable: of the answer, as the screen has it */
  cairo_surface_t  *after;       /* owned, nullable */
  DexFuture        *asked;       /* owned, nullable: the last question */
  unsigned int      serial;      /* of it */
  gboolean          is_waiting;  /* for its answer */
  gboolean          is_stale;    /* another question is due */
  int               edge;        /* px of the screen that was asked for */
  unsigned int      settling;    /* source id: another question is due soon */
  gulong            handler;     /* of the window; 0 while not mapped */
  gboolean          has_left;    /* the artist was in another window */
  gboolean          is_pressed;  /* before is shown as long as that */
};

G_DEFINE_FINAL_TYPE (ComfyHistoryPreview, comfy_history_preview, GTK_TYPE_BOX)

/* One question to the host */
typedef struct
{
  ComfyHistoryPreview *preview; /* owned */
  unsigned int         serial;
} Question;

static void
question_free (gpointer data)
{
  g_object_unref (((Question *) data)->preview);
  g_free (data);
}

static void
show_picture (ComfyHistoryPreview *self)
{
  gboolean         is_before = comfy_history_preview_is_before (self);
  const char      *what = is_before ? _("Before") : _("After");
  cairo_surface_t *surface = is_before ? self->before : self->after;

  comfy_picture_area_set (COMFY_PICTURE_AREA (self->area),
                          surface != NULL ? surface : self->small, surface == NULL);
  gtk_widget_set_visible (self->caption, is_before);
  atk_object_set_description (gtk_widget_get_accessible (self->area),
                              surface != NULL ? what : "");
}

/* an answer to what was asked is not waited for any more */
static void
drop_question (ComfyHistoryPreview *self)
{
  self->is_waiting = FALSE;
  self->serial++;
  dex_clear (&self->asked);
  comfy_late_spinner_stop (COMFY_LATE_SPINNER (self->spinner));
}

/* as the screen has it now */
static void
make_surfaces (ComfyHistoryPreview *self)
{
  g_clear_pointer (&self->before, cairo_surface_destroy);
  g_clear_pointer (&self->after, cairo_surface_destroy);
  if (self->comparison != NULL && self->comparison->before != NULL)
    self->before = comfy_ui_make_surface (self->area, self->comparison->before, G_MAXINT16);
  if (self->comparison != NULL)
    self->after = comfy_ui_make_surface (self->area, self->comparison->after, G_MAXINT16);
  show_picture (self);
}

/* @comparison: (transfer full) (nullable) */
static void
take_comparison (ComfyHistoryPreview *self,
                 ComfyComparison     *comparison)
{
  gboolean can_compare = comparison != NULL && comparison->before != NULL;

  g_clear_pointer (&self->comparison, comfy_comparison_free);
  self->comparison = comparison;
  make_surfaces (self);
  gtk_widget_set_sensitive (self->toggle, can_compare);
  if (!can_compare)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->toggle), FALSE);
}

static DexFuture *
answered_cb (DexFuture *future,
             gpointer   data)
{
  Question            *question = data;
  ComfyHistoryPreview *self = question->preview;
  const GValue        *value;
  g_autoptr(GError)    error = NULL;

  if (question->serial != self->serial)
    return NULL;

  self->is_waiting = FALSE;
  comfy_late_spinner_stop (COMFY_LATE_SPINNER (self->spinner));
  value = dex_future_get_value (future, &error);
  take_comparison (self, value != NULL ? g_value_dup_boxed (value) : NULL);
  if (error != NULL)
    comfy_ui_set_hint (self->text, error->message, GTK_MESSAGE_WARNING);
  else
    comfy_ui_set_hint (self->text, self->comparison->before == NULL ? _("Its image is not open.")
                                                                    : NULL, GTK_MESSAGE_INFO);

  return NULL;
}

static void
ask (ComfyHistoryPreview *self)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(ComfyResult)  result = NULL;
  Question               *question;
  DexFuture              *asked;

  self->is_stale = FALSE;
  drop_question (self);
  result = comfy_history_item_read_result (self->item, (int) self->picture, &error);
  if (result == NULL)
    {
      take_comparison (self, NULL);
      comfy_ui_set_hint (self->text, error->message, GTK_MESSAGE_WARNING);
      return;
    }

  question = g_new0 (Question, 1);
  question->preview = g_object_ref (self);
  question->serial = self->serial;
  self->is_waiting = TRUE;
  self->edge = comfy_picture_area_get_edge (COMFY_PICTURE_AREA (self->area));
  comfy_late_spinner_start (COMFY_LATE_SPINNER (self->spinner));
  asked = dex_future_finally (comfy_host_compare (self->host, result, self->edge), answered_cb,
                              question, question_free);
  if (self->is_waiting && self->asked == NULL)
    self->asked = asked;
  else
    dex_unref (asked);
}

static gboolean
settled_cb (gpointer data)
{
  ComfyHistoryPreview *self = data;

  self->settling = 0;
  if (self->item != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    ask (self);

  return G_SOURCE_REMOVE;
}

/* asks as soon as that is of use */
static void
refresh (ComfyHistoryPreview *self)
{
  self->is_stale = TRUE;
  if (self->item == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  g_clear_handle_id (&self->settling, g_source_remove);
  self->settling = g_timeout_add (SETTLE_MS, settled_cb, self);
}

/* the artist may have painted something there, or undone what was applied */
static void
is_active_cb (GtkWindow           *window,
              GParamSpec          *pspec,
              ComfyHistoryPreview *self)
{
  if (gtk_window_is_active (window) && self->has_left)
    refresh (self);
  self->has_left = !gtk_window_is_active (window);
}

static void
comfy_history_preview_map (GtkWidget *widget)
{
  ComfyHistoryPreview *self = COMFY_HISTORY_PREVIEW (widget);

  GTK_WIDGET_CLASS (comfy_history_preview_parent_class)->map (widget);

  self->handler = g_signal_connect_object (gtk_widget_get_toplevel (widget), "notify::is-active",
                                           G_CALLBACK (is_active_cb), self, 0);
  if (self->is_stale)
    refresh (self);
}

static void
comfy_history_preview_unmap (GtkWidget *widget)
{
  ComfyHistoryPreview *self = COMFY_HISTORY_PREVIEW (widget);

  g_clear_signal_handler (&self->handler, gtk_widget_get_toplevel (widget));
  g_clear_handle_id (&self->settling, g_source_remove);
  if (self->is_waiting)
    self->is_stale = TRUE;
  drop_question (self);

  GTK_WIDGET_CLASS (comfy_history_preview_parent_class)->unmap (widget);
}

/* a larger one has room for more */
static void
comfy_history_preview_size_allocate (GtkWidget     *widget,
                                     GtkAllocation *allocation)
{
  ComfyHistoryPreview *self = COMFY_HISTORY_PREVIEW (widget);

  GTK_WIDGET_CLASS (comfy_history_preview_parent_class)->size_allocate (widget, allocation);

  if (self->comparison != NULL
      && comfy_picture_area_get_edge (COMFY_PICTURE_AREA (self->area)) > self->edge)
    refresh (self);
}

/* held down on the picture */
static gboolean
button_cb (GtkWidget           *events,
           GdkEventButton      *event,
           ComfyHistoryPreview *self)
{
  if (event->button != GDK_BUTTON_PRIMARY)
    return GDK_EVENT_PROPAGATE;

  self->is_pressed = event->type != GDK_BUTTON_RELEASE;
  show_picture (self);

  return GDK_EVENT_STOP;
}

static void
comfy_history_preview_destroy (GtkWidget *widget)
{
  ComfyHistoryPreview *self = COMFY_HISTORY_PREVIEW (widget);

  self->is_stale = FALSE;
  g_clear_handle_id (&self->settling, g_source_remove);
  if (self->item != NULL)
    drop_question (self);
  g_clear_object (&self->item);

  GTK_WIDGET_CLASS (comfy_history_preview_parent_class)->destroy (widget);
}

static void
comfy_history_preview_finalize (GObject *object)
{
  ComfyHistoryPreview *self = COMFY_HISTORY_PREVIEW (object);

  g_clear_pointer (&self->before, cairo_surface_destroy);
  g_clear_pointer (&self->after, cairo_surface_destroy);
  g_clear_pointer (&self->small, cairo_surface_destroy);
  g_clear_pointer (&self->comparison, comfy_comparison_free);
  g_clear_object (&self->item);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (comfy_history_preview_parent_class)->finalize (object);
}

static void
comfy_history_preview_class_init (ComfyHistoryPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_history_preview_finalize;
  widget_class->destroy = comfy_history_preview_destroy;
  widget_class->map = comfy_history_preview_map;
  widget_class->unmap = comfy_history_preview_unmap;
  widget_class->size_allocate = comfy_history_preview_size_allocate;
}

/* on the picture, where it takes no room */
static GtkWidget *
build_toggle (ComfyHistoryPreview *self)
{
  self->toggle = gtk_toggle_button_new_with_mnemonic (_("_Before"));
  gtk_widget_set_tooltip_text (self->toggle, _("Shows the image without the picture (B)"));
  gtk_widget_set_sensitive (self->toggle, FALSE);
  gtk_widget_set_halign (self->toggle, GTK_ALIGN_START);
  gtk_widget_set_valign (self->toggle, GTK_ALIGN_END);
  g_object_set (self->toggle, "margin", 6, NULL);
  g_signal_connect_swapped (self->toggle, "toggled", G_CALLBACK (show_picture), self);

  return self->toggle;
}

static GtkWidget *
build_picture (ComfyHistoryPreview *self)
{
  GtkWidget *events = gtk_event_box_new ();
  GtkWidget *overlay = gtk_overlay_new ();

  self->area = comfy_picture_area_new ();
  comfy_ui_set_name (self->area, _("The picture in its place"));
  gtk_widget_set_tooltip_text (events, _("Hold the mouse button down to see the image before"));
  gtk_container_add (GTK_CONTAINER (overlay), self->area);

  self->spinner = comfy_late_spinner_new ();
  comfy_ui_set_name (self->spinner, _("The image is being read…"));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->spinner);
  gtk_overlay_set_overlay_pass_through (GTK_OVERLAY (overlay), self->spinner, TRUE);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_toggle (self));
  self->caption = comfy_ui_caption_new (_("Before"));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->caption);
  gtk_overlay_set_overlay_pass_through (GTK_OVERLAY (overlay), self->caption, TRUE);

  gtk_container_add (GTK_CONTAINER (events), overlay);
  g_signal_connect (events, "button-press-event", G_CALLBACK (button_cb), self);
  g_signal_connect (events, "button-release-event", G_CALLBACK (button_cb), self);

  return comfy_ui_picture_frame_new (events);
}

static void
comfy_history_preview_init (ComfyHistoryPreview *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_box_pack_start (GTK_BOX (self), build_picture (self), FALSE, FALSE, 0);
  self->text = comfy_ui_hint_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->text), TEXT_CHARS);
  gtk_widget_set_no_show_all (self->text, TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->text, FALSE, FALSE, 0);
  gtk_widget_show_all (GTK_WIDGET (self));

  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (make_surfaces), NULL);
}

/**
 * comfy_history_preview_new:
 * @host: the editor
 *
 * Returns: (transfer floating): a preview of nothing yet
 */
GtkWidget *
comfy_history_preview_new (ComfyHost *host)
{
  ComfyHistoryPreview *self;

  g_return_val_if_fail (COMFY_IS_HOST (host), NULL);

  self = g_object_new (COMFY_TYPE_HISTORY_PREVIEW, NULL);
  self->host = g_object_ref (host);

  return GTK_WIDGET (self);
}

/**
 * comfy_history_preview_show:
 * @item: (nullable): a job; %NULL: nothing is shown
 * @picture: which of its pictures
 */
void
comfy_history_preview_show (ComfyHistoryPreview *self,
                            ComfyHistoryItem    *item,
                            unsigned int         picture)
{
  g_return_if_fail (COMFY_IS_HISTORY_PREVIEW (self));

  g_clear_handle_id (&self->settling, g_source_remove);
  drop_question (self);
  g_set_object (&self->item, item);
  self->picture = picture;
  g_clear_pointer (&self->small, cairo_surface_destroy);
  comfy_ui_set_hint (self->text, NULL, GTK_MESSAGE_INFO);
  take_comparison (self, NULL);
  if (item != NULL)
    refresh (self);
}

/**
 * comfy_history_preview_set_small:
 * @small: (nullable): the picture alone, as small as it may be
 *
 * It stands there until the host has answered, and when there is no answer.
 */
void
comfy_history_preview_set_small (ComfyHistoryPreview *self,
                                 cairo_surface_t     *small)
{
  g_return_if_fail (COMFY_IS_HISTORY_PREVIEW (self));

  if (small != NULL)
    cairo_surface_reference (small);
  g_clear_pointer (&self->small, cairo_surface_destroy);
  self->small = small;
  show_picture (self);
}

/**
 * comfy_history_preview_toggle_before:
 *
 * Shows the image without the picture, or with it again, where that can be compared.
 */
void
comfy_history_preview_toggle_before (ComfyHistoryPreview *self)
{
  g_return_if_fail (COMFY_IS_HISTORY_PREVIEW (self));

  if (gtk_widget_get_sensitive (self->toggle))
    gtk_button_clicked (GTK_BUTTON (self->toggle));
}

/**
 * comfy_history_preview_is_before:
 *
 * Returns: whether the image is shown without the picture
 */
gboolean
comfy_history_preview_is_before (ComfyHistoryPreview *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_PREVIEW (self), FALSE);

  return self->before != NULL
         && (self->is_pressed || gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->toggle)));
}
