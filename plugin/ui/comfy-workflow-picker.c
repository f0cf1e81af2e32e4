/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One workflow is opened at a time: choosing another one drops what is on its way.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-busy-label.h"
#include "comfy-error.h"
#include "comfy-workflow-chooser.h"
#include "comfy-workflow-picker.h"

/* What takes no longer is not worth a word. Until then another one may be chosen. */
#define PATIENCE_MS 250

struct _ComfyWorkflowPicker
{
  GtkBox       parent_instance;

  ComfyOpener *opener;   /* owned */
  int          image_id; /* -1: none */
  GtkWidget   *chooser;  /* borrowed: a child */
  GtkWidget   *busy;     /* borrowed: a child */
  DexFuture   *opening;  /* owned, nullable: nothing is on its way */
  unsigned int serial;   /* of what is on its way */
  unsigned int waiting;  /* source id: it is said soon that something is on its way */
};

G_DEFINE_FINAL_TYPE (ComfyWorkflowPicker, comfy_workflow_picker, GTK_TYPE_BOX)

enum
{
  PICKED,
  SELECTION_CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* One file on its way */
typedef struct
{
  ComfyWorkflowPicker *picker; /* owned */
  ComfyAction         *action; /* owned, nullable: the file's own description says all */
  char                *path;   /* owned */
  unsigned int         serial;
} Opening;

static void
opening_free (void *data)
{
  Opening *opening = data;

  g_object_unref (opening->picker);
  g_clear_object (&opening->action);
  g_free (opening->path);
  g_free (opening);
}

static void
set_busy (ComfyWorkflowPicker *self,
          gboolean             busy)
{
  gtk_widget_set_sensitive (self->chooser, !busy);
  gtk_widget_set_visible (self->busy, busy);
  comfy_busy_label_set (COMFY_BUSY_LABEL (self->busy), busy ? _("Opening the workflow…") : "", busy);
}

static void
waited_cb (void *data)
{
  ComfyWorkflowPicker *self = data;

  self->waiting = 0;
  set_busy (self, TRUE);
}

static void
drop_opening (ComfyWorkflowPicker *self)
{
  self->serial++;
  g_clear_handle_id (&self->waiting, g_source_remove);
  dex_clear (&self->opening);
}

static ComfyForm *
make_form (Opening       *opening,
           ComfyMapping  *mapping,
           GError       **error)
{
  ComfyWorkflowPicker *self = opening->picker;

  if (opening->action != NULL)
    return comfy_opener_fill_form (self->opener, opening->action, self->image_id);

  return comfy_opener_make_form (self->opener, mapping, self->image_id, error);
}

static DexFuture *
opened_cb (DexFuture *future,
           void      *data)
{
  Opening                 *opening = data;
  ComfyWorkflowPicker     *self = opening->picker;
  g_autoptr(ComfyForm)     form = NULL;
  g_autoptr(GError)        error = NULL;
  const GValue            *value;

  if (opening->serial != self->serial)
    return NULL;

  g_clear_handle_id (&self->waiting, g_source_remove);
  set_busy (self, FALSE);
  value = dex_future_get_value (future, &error);
  if (value != NULL)
    form = make_form (opening, g_value_get_object (value), &error);
  if (form == NULL)
    {
      comfy_workflow_chooser_show_error (COMFY_WORKFLOW_CHOOSER (self->chooser), error);
      /* what cannot be used has no focus */
      if (gtk_container_get_focus_child (GTK_CONTAINER (self)) == NULL)
        gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
      return NULL;
    }

  if (comfy_library_find (comfy_opener_get_library (self->opener), opening->path) == NULL)
    comfy_library_note_recent (comfy_opener_get_library (self->opener), opening->path);
  g_signal_emit (self, signals[PICKED], 0, form, g_value_get_object (value));

  return NULL;
}

/* @action: (nullable) */
static void
open_file (ComfyWorkflowPicker *self,
           const char          *path,
           ComfyAction         *action)
{
  Opening *opening = g_new0 (Opening, 1);

  drop_opening (self);
  opening->picker = g_object_ref (self);
  opening->path = g_strdup (path);
  opening->serial = self->serial;
  g_set_object (&opening->action, action);
  self->waiting = g_timeout_add_once (PATIENCE_MS, waited_cb, self);
  self->opening = dex_future_finally (comfy_opener_open (self->opener, path), opened_cb, opening,
                                      opening_free);
}

static void
chosen_cb (ComfyWorkflowChooser *chooser,
           ComfyLibraryItem     *item,
           ComfyWorkflowPicker  *self)
{
  ComfyAction *action = comfy_library_item_get_action (item);

  if (comfy_library_item_get_kind (item) == COMFY_LIBRARY_BUILT_IN)
    {
      g_autoptr(ComfyForm) form = comfy_opener_fill_form (self->opener, action, self->image_id);

      drop_opening (self);
      g_signal_emit (self, signals[PICKED], 0, form, NULL);
      return;
    }

  open_file (self, comfy_library_item_get_path (item), action);
}

static void
file_chosen_cb (ComfyWorkflowChooser *chooser,
                const char           *path,
                ComfyWorkflowPicker  *self)
{
  comfy_workflow_picker_open (self, path);
}

static void
selection_changed_cb (ComfyWorkflowPicker *self)
{
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
comfy_workflow_picker_dispose (GObject *object)
{
  drop_opening (COMFY_WORKFLOW_PICKER (object));

  G_OBJECT_CLASS (comfy_workflow_picker_parent_class)->dispose (object);
}

static void
comfy_workflow_picker_finalize (GObject *object)
{
  g_clear_object (&COMFY_WORKFLOW_PICKER (object)->opener);

  G_OBJECT_CLASS (comfy_workflow_picker_parent_class)->finalize (object);
}

static void
comfy_workflow_picker_class_init (ComfyWorkflowPickerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = comfy_workflow_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = comfy_workflow_picker_finalize;

  /**
   * ComfyWorkflowPicker::picked:
   * @form: its form
   * @mapping: (nullable): what can be corrected of it
   */
  signals[PICKED] = g_signal_new ("picked", COMFY_TYPE_WORKFLOW_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, COMFY_TYPE_FORM, COMFY_TYPE_MAPPING);
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", COMFY_TYPE_WORKFLOW_PICKER,
                                             G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
comfy_workflow_picker_init (ComfyWorkflowPicker *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

/**
 * comfy_workflow_picker_new:
 * @opener: has the list, and opens what is picked
 * @image_id: the editor's id of the image that the form is about, -1 when there is none
 *
 * Returns: (transfer floating): a picker
 */
GtkWidget *
comfy_workflow_picker_new (ComfyOpener *opener,
                           int          image_id)
{
  ComfyWorkflowPicker *self;

  g_return_val_if_fail (COMFY_IS_OPENER (opener), NULL);

  self = g_object_new (COMFY_TYPE_WORKFLOW_PICKER, NULL);
  self->opener = g_object_ref (opener);
  self->image_id = image_id;
  self->chooser = comfy_workflow_chooser_new (comfy_opener_get_library (opener));
  g_signal_connect (self->chooser, "chosen", G_CALLBACK (chosen_cb), self);
  g_signal_connect (self->chooser, "file-chosen", G_CALLBACK (file_chosen_cb), self);
  g_signal_connect_swapped (self->chooser, "selection-changed", G_CALLBACK (selection_changed_cb),
                            self);
  gtk_box_pack_start (GTK_BOX (self), self->chooser, TRUE, TRUE, 0);
  self->busy = comfy_busy_label_new ();
  gtk_widget_set_no_show_all (self->busy, TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->busy, FALSE, FALSE, 0);

  return GTK_WIDGET (self);
}

/**
 * comfy_workflow_picker_can_pick:
 *
 * Returns: whether a workflow is selected that can be opened
 */
gboolean
comfy_workflow_picker_can_pick (ComfyWorkflowPicker *self)
{
  ComfyLibraryItem *item;

  g_return_val_if_fail (COMFY_IS_WORKFLOW_PICKER (self), FALSE);

  item = comfy_workflow_chooser_get_selected (COMFY_WORKFLOW_CHOOSER (self->chooser));

  return item != NULL && comfy_library_item_get_problem (item) == NULL;
}

/**
 * comfy_workflow_picker_pick:
 *
 * Opens what is selected.
 */
void
comfy_workflow_picker_pick (ComfyWorkflowPicker *self)
{
  g_return_if_fail (COMFY_IS_WORKFLOW_PICKER (self));

  comfy_workflow_chooser_choose (COMFY_WORKFLOW_CHOOSER (self->chooser));
}

/**
 * comfy_workflow_picker_open:
 * @path: of a file, absolute
 *
 * Opens a file, in the list or not.
 */
void
comfy_workflow_picker_open (ComfyWorkflowPicker *self,
                            const char          *path)
{
  ComfyLibraryItem *item;

  g_return_if_fail (COMFY_IS_WORKFLOW_PICKER (self));
  g_return_if_fail (path != NULL);

  item = comfy_library_find (comfy_opener_get_library (self->opener), path);
  open_file (self, path, item != NULL ? comfy_library_item_get_action (item) : NULL);
}
