/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What will be sent. Reading an image takes time, so the host is asked for one preview at a time,
 * only while somebody can see it, and only when it may be another than the last.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-take-preview.h"
#include "comfy-ui-util.h"

#define EDGE      128 /* px, before the screen's scale: of the square for the thumbnail */
#define TEXT_MIN  20  /* characters */
#define TEXT_MAX  36  /* characters */
#define SETTLE_MS 150 /* while somebody holds an arrow of a number, not each step is looked at */

struct _ComfyTakePreview
{
  ComfyReflow   parent_instance;

  ComfyHost    *host;      /* owned */
  ComfyForm    *form;      /* owned */
  int           image_id;
  GArray       *layer_ids; /* owned, nullable */

  GtkWidget    *label;     /* borrowed: a child */
  GtkWidget    *picture;   /* borrowed: a child */
  GtkWidget    *text;      /* borrowed: a child */

  ComfyTake    *take;      /* owned: what was last asked for; NULL before */
  ComfyPreview *preview;   /* owned: what is shown; NULL while it is a sentence */
  DexFuture    *asked;     /* owned: the last question, maybe answered */
  gboolean      lacks_selection;
  unsigned int  serial;    /* of the last question */
  gboolean      waiting;   /* for its answer */
  gboolean      stale;     /* another question is due */
  unsigned int  settling;  /* source id: another question is due soon */
  gulong        handler;   /* of the window; 0 while not mapped */
  gboolean      left;      /* the artist was in another window */
};

G_DEFINE_FINAL_TYPE (ComfyTakePreview, comfy_take_preview, COMFY_TYPE_REFLOW)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* One question to the host */
typedef struct
{
  ComfyTakePreview *preview; /* owned */
  unsigned int      serial;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->preview);
  g_free (question);
}

static void
show_text (ComfyTakePreview *self,
           const char       *text,
           GtkMessageType    type)
{
  comfy_ui_set_hint (self->text, text, type);
  atk_object_set_description (gtk_widget_get_accessible (self->picture), text);
}

static void
show_picture (ComfyTakePreview *self)
{
  if (self->preview != NULL && self->preview->thumbnail != NULL)
    comfy_ui_set_picture (self->picture, self->preview->thumbnail, EDGE);
}

/* @preview: (transfer full) */
static void
show_preview (ComfyTakePreview *self,
              ComfyPreview     *preview)
{
  g_autofree char *size = g_format_size (preview->bytes);
  g_autofree char *text = NULL;

  g_clear_pointer (&self->preview, comfy_preview_free);
  self->preview = preview;
  /* whether there is one is only told of a take that would be limited by it */
  self->lacks_selection = self->take->extent == COMFY_EXTENT_SELECTION && !preview->has_selection;
  /* translators: width and height of a picture, and how large its file is */
  text = g_strdup_printf (_("%d × %d pixels, %s"), preview->width, preview->height, size);
  show_picture (self);
  show_text (self, text, GTK_MESSAGE_INFO);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_sentence (ComfyTakePreview *self,
               const char       *sentence,
               GtkMessageType    type)
{
  g_clear_pointer (&self->preview, comfy_preview_free);
  self->lacks_selection = FALSE;
  if (type == GTK_MESSAGE_WARNING)
    gtk_image_set_from_icon_name (GTK_IMAGE (self->picture), "dialog-warning", GTK_ICON_SIZE_DND);
  else
    gtk_image_clear (GTK_IMAGE (self->picture));
  show_text (self, sentence, type);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* an answer to what was asked is not waited for any more */
static void
drop_question (ComfyTakePreview *self)
{
  self->waiting = FALSE;
  self->serial++;
  dex_clear (&self->asked);
}

static void refresh (ComfyTakePreview *self);

static DexFuture *
answered_cb (DexFuture *future,
             gpointer   user_data)
{
  Question          *question = user_data;
  ComfyTakePreview  *self = question->preview;
  const GValue      *value;
  g_autoptr(GError)  error = NULL;

  if (question->serial != self->serial)
    return NULL;

  self->waiting = FALSE;
  value = dex_future_get_value (future, &error);
  if (value != NULL)
    show_preview (self, g_value_dup_boxed (value));
  else
    show_sentence (self, error->message, GTK_MESSAGE_WARNING);
  if (self->stale)
    refresh (self);

  return NULL;
}

static void
ask (ComfyTakePreview *self)
{
  Question  *question;
  DexFuture *asked;

  self->stale = FALSE;
  drop_question (self);
  g_clear_pointer (&self->take, comfy_take_free);
  self->take = comfy_form_dup_take (self->form);
  if (self->take->extent == COMFY_EXTENT_BEYOND && comfy_edges_are_none (&self->take->edges))
    {
      show_sentence (self, _("Nothing yet: the canvas does not grow on any edge."),
                     GTK_MESSAGE_INFO);
      return;
    }

  question = g_new0 (Question, 1);
  question->preview = g_object_ref (self);
  question->serial = self->serial;
  self->waiting = TRUE;
  asked = dex_future_finally (comfy_host_preview (self->host, self->take, self->image_id,
                                                  self->layer_ids),
                              answered_cb, question, question_free);
  /* an answer that was there at once may have led to the next question */
  if (self->waiting && self->asked == NULL)
    self->asked = asked;
  else
    dex_unref (asked);
}

/* asks as soon as that is of use */
static void
refresh (ComfyTakePreview *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->stale = TRUE;
  if (!self->waiting && gtk_widget_get_mapped (widget) && gtk_widget_is_sensitive (widget))
    ask (self);
}

static gboolean
settled_cb (gpointer user_data)
{
  ComfyTakePreview *self = user_data;

  self->settling = 0;
  refresh (self);

  return G_SOURCE_REMOVE;
}

/* a word more in a prompt takes nothing else of the image */
static void
form_changed_cb (ComfyForm        *form,
                 const char       *field_id,
                 ComfyTakePreview *self)
{
  g_autoptr(ComfyTake) take = comfy_form_dup_take (form);

  if (self->settling == 0 && self->take != NULL && !comfy_take_equal (take, self->take))
    self->settling = g_timeout_add (SETTLE_MS, settled_cb, self);
}

/* the artist may have selected or painted something there */
static void
is_active_cb (GtkWindow        *window,
              GParamSpec       *pspec,
              ComfyTakePreview *self)
{
  if (!gtk_window_is_active (window))
    {
      self->left = TRUE;
      return;
    }

  if (self->left)
    refresh (self);
  self->left = FALSE;
}

static void
comfy_take_preview_map (GtkWidget *widget)
{
  ComfyTakePreview *self = COMFY_TAKE_PREVIEW (widget);

  GTK_WIDGET_CLASS (comfy_take_preview_parent_class)->map (widget);

  self->handler = g_signal_connect_object (gtk_widget_get_toplevel (widget), "notify::is-active",
                                           G_CALLBACK (is_active_cb), self, 0);
  refresh (self);
}

static void
comfy_take_preview_unmap (GtkWidget *widget)
{
  ComfyTakePreview *self = COMFY_TAKE_PREVIEW (widget);

  g_clear_signal_handler (&self->handler, gtk_widget_get_toplevel (widget));

  GTK_WIDGET_CLASS (comfy_take_preview_parent_class)->unmap (widget);
}

/* insensitive, the window is busy with reading the image for good */
static void
comfy_take_preview_state_flags_changed (GtkWidget     *widget,
                                        GtkStateFlags  previous)
{
  ComfyTakePreview *self = COMFY_TAKE_PREVIEW (widget);

  GTK_WIDGET_CLASS (comfy_take_preview_parent_class)->state_flags_changed (widget, previous);

  if (self->waiting && !gtk_widget_is_sensitive (widget))
    {
      drop_question (self);
      self->stale = TRUE;
    }
  else if (self->stale)
    {
      refresh (self);
    }
}

static void
comfy_take_preview_destroy (GtkWidget *widget)
{
  ComfyTakePreview *self = COMFY_TAKE_PREVIEW (widget);

  self->stale = FALSE;
  drop_question (self);
  g_clear_handle_id (&self->settling, g_source_remove);

  GTK_WIDGET_CLASS (comfy_take_preview_parent_class)->destroy (widget);
}

static void
comfy_take_preview_finalize (GObject *object)
{
  ComfyTakePreview *self = COMFY_TAKE_PREVIEW (object);

  g_clear_pointer (&self->preview, comfy_preview_free);
  g_clear_pointer (&self->take, comfy_take_free);
  g_clear_pointer (&self->layer_ids, g_array_unref);
  g_clear_object (&self->form);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (comfy_take_preview_parent_class)->finalize (object);
}

static void
comfy_take_preview_class_init (ComfyTakePreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_take_preview_finalize;
  widget_class->destroy = comfy_take_preview_destroy;
  widget_class->map = comfy_take_preview_map;
  widget_class->unmap = comfy_take_preview_unmap;
  widget_class->state_flags_changed = comfy_take_preview_state_flags_changed;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_TAKE_PREVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_take_preview_init (ComfyTakePreview *self)
{
  GtkWidget *frame;

  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->label = gtk_label_new (_("To be sent:"));
  gtk_label_set_xalign (GTK_LABEL (self->label), 0.0);
  gtk_box_pack_start (GTK_BOX (self), self->label, FALSE, FALSE, 0);

  self->picture = gtk_image_new ();
  gtk_widget_set_size_request (self->picture, EDGE, EDGE);
  comfy_ui_set_name (self->picture, _("The picture that will be sent"));
  frame = comfy_ui_picture_frame_new (self->picture);
  gtk_widget_set_halign (frame, GTK_ALIGN_START);
  gtk_widget_set_valign (frame, GTK_ALIGN_CENTER);
  gtk_box_pack_start (GTK_BOX (self), frame, FALSE, FALSE, 0);

  self->text = comfy_ui_text_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->text), TEXT_MIN);
  gtk_label_set_max_width_chars (GTK_LABEL (self->text), TEXT_MAX);
  gtk_box_pack_start (GTK_BOX (self), self->text, TRUE, TRUE, 0);
  show_text (self, _("The image is being read…"), GTK_MESSAGE_INFO);

  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (show_picture), NULL);
}

/**
 * comfy_take_preview_new:
 * @host: the editor
 * @form: says what is taken
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the editor's ids of the selected layers
 *
 * Returns: (transfer floating): a preview that asks @host from when it is seen until it is
 *   destroyed
 */
GtkWidget *
comfy_take_preview_new (ComfyHost *host,
                        ComfyForm *form,
                        int        image_id,
                        GArray    *layer_ids)
{
  ComfyTakePreview *self;

  g_return_val_if_fail (COMFY_IS_HOST (host), NULL);
  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  self = g_object_new (COMFY_TYPE_TAKE_PREVIEW, NULL);
  self->host = g_object_ref (host);
  self->form = g_object_ref (form);
  self->image_id = image_id;
  self->layer_ids = layer_ids != NULL ? g_array_ref (layer_ids) : NULL;
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, 0);

  return GTK_WIDGET (self);
}

static gboolean
is_same (GArray *one,
         GArray *other)
{
  return one == other
         || (one != NULL && other != NULL && one->len == other->len
             && memcmp (one->data, other->data, one->len * sizeof (int)) == 0);
}

/**
 * comfy_take_preview_set_layers:
 * @self: a preview
 * @layer_ids: (nullable) (element-type int): the editor's ids of the layers that are meant now
 *
 * Asks anew when those are others.
 */
void
comfy_take_preview_set_layers (ComfyTakePreview *self,
                               GArray           *layer_ids)
{
  g_return_if_fail (COMFY_IS_TAKE_PREVIEW (self));

  if (is_same (self->layer_ids, layer_ids))
    return;

  g_clear_pointer (&self->layer_ids, g_array_unref);
  self->layer_ids = layer_ids != NULL ? g_array_ref (layer_ids) : NULL;
  refresh (self);
}

/**
 * comfy_take_preview_get_label:
 * @self: a preview
 *
 * Returns: (transfer none): its label, to align it with those of a form
 */
GtkWidget *
comfy_take_preview_get_label (ComfyTakePreview *self)
{
  g_return_val_if_fail (COMFY_IS_TAKE_PREVIEW (self), NULL);

  return self->label;
}

/**
 * comfy_take_preview_lacks_selection:
 * @self: a preview
 *
 * Returns: whether what is shown would be limited by a selection, but nothing is selected; %FALSE
 *   while that is not known
 */
gboolean
comfy_take_preview_lacks_selection (ComfyTakePreview *self)
{
  g_return_val_if_fail (COMFY_IS_TAKE_PREVIEW (self), FALSE);

  return self->lacks_selection;
}
