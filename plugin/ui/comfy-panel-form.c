/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-action-chooser.h"
#include "comfy-action-page.h"
#include "comfy-image-chooser.h"
#include "comfy-panel-form-private.h"
#include "comfy-panel-picker.h"
#include "comfy-prompt-history.h"
#include "comfy-settings-panel.h"

#define PAGE_FORM   "form"
#define PAGE_PICKER "picker"

G_DEFINE_FINAL_TYPE (ComfyPanelForm, comfy_panel_form, GTK_TYPE_BOX)

enum
{
  IMAGE_CHANGED,
  BEGUN,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static ComfySession *
get_session (ComfyPanelForm *self)
{
  return comfy_opener_get_session (self->opener);
}

static int
get_image_id (ComfyPanelForm *self)
{
  return comfy_image_chooser_get_id (COMFY_IMAGE_CHOOSER (self->images));
}

/*
 * _comfy_panel_form_update_button:
 *
 * What is paid for stands on the button.
 */
void
_comfy_panel_form_update_button (ComfyPanelForm *self)
{
  g_autofree char *label = NULL;

  gtk_widget_set_sensitive (self->generate, self->page != NULL && !self->is_busy);
  gtk_widget_set_sensitive (self->prompts, self->form != NULL && !self->is_busy
                                             && comfy_form_has_prompt (self->form));
  if (self->page == NULL)
    return;

  label = comfy_action_page_dup_run_label (COMFY_ACTION_PAGE (self->page));
  gtk_button_set_label (GTK_BUTTON (self->generate), label);
}

/* a page is about one image; what was entered stays */
static void
make_page (ComfyPanelForm *self)
{
  ComfyHost *host = comfy_session_get_host (get_session (self));

  self->page_image = get_image_id (self);
  comfy_host_get_image_size (host, self->page_image, &self->page_width, &self->page_height);
  g_clear_pointer (&self->page, gtk_widget_destroy);
  if (self->form != NULL)
    {
      comfy_host_describe_image (host, get_image_id (self), self->form);
      self->page = comfy_action_page_new (get_session (self), self->form, get_image_id (self),
                                          NULL);
      comfy_action_page_share_room (COMFY_ACTION_PAGE (self->page));
      g_signal_connect_swapped (self->page, "changed", G_CALLBACK (_comfy_panel_form_update_button), self);
      g_signal_connect_swapped (self->page, "run", G_CALLBACK (comfy_panel_form_generate), self);
      gtk_widget_show_all (self->page);
      gtk_box_pack_start (GTK_BOX (self->holder), self->page, TRUE, TRUE, 0);
    }
  _comfy_panel_form_update_button (self);
}

/* the words go along to another action: they say what the artist is after */
static void
hand_prompt_on (ComfyForm *from,
                ComfyForm *to)
{
  g_autofree char *old = comfy_form_dup_prompt (to);
  g_autofree char *prompt = from != NULL ? comfy_form_dup_prompt (from) : NULL;

  if (old == NULL && prompt != NULL)
    comfy_form_set_prompt (to, prompt);
}

/* back to the form */
static void
drop_picker (ComfyPanelForm *self)
{
  if (self->picker == NULL)
    return;

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), PAGE_FORM);
  g_clear_pointer (&self->picker, gtk_widget_destroy);
}

/*
 * _comfy_panel_form_tell_begun:
 * @all: whether all that was asked for is under way; else it is said in place what is not
 *
 * Emits "begun": whoever listens may close the form.
 */
void
_comfy_panel_form_tell_begun (ComfyPanelForm *self,
                              gboolean        all)
{
  g_signal_emit (self, signals[BEGUN], 0, all);
}

/*
 * _comfy_panel_form_set_form:
 * @form: what is filled in from now on
 *
 * Shows it, even where a workflow was being looked for; it is remembered for its action.
 */
void
_comfy_panel_form_set_form (ComfyPanelForm *self,
                            ComfyForm      *form)
{
  ComfyAction *action = comfy_form_get_action (form);
  const char  *id = comfy_action_get_id (action);

  g_set_object (&self->form, form);
  g_hash_table_insert (self->forms, g_strdup (id), g_object_ref (form));
  comfy_action_chooser_show (COMFY_ACTION_CHOOSER (self->actions), action);
  comfy_settings_set_panel_action (comfy_session_get_settings (get_session (self)), id);
  make_page (self);
  drop_picker (self);
}

/*
 * _comfy_panel_form_dup_form:
 * @action_id: an action's
 *
 * Returns: (transfer full) (nullable): its form as it was left; one that is filled in anew when
 *   there is none, or the workflow's file was changed since: the graph of that time must not run.
 *   %NULL when there is no such action any more
 */
ComfyForm *
_comfy_panel_form_dup_form (ComfyPanelForm *self,
                            const char     *action_id)
{
  ComfyActionChooser *chooser = COMFY_ACTION_CHOOSER (self->actions);
  ComfyAction        *action = comfy_action_chooser_find (chooser, action_id);
  ComfyForm          *left = g_hash_table_lookup (self->forms, action_id);

  /* what was opened from elsewhere is in no list */
  if (left != NULL && (action == NULL || comfy_form_get_action (left) == action))
    return g_object_ref (left);

  return action != NULL ? comfy_opener_fill_form (self->opener, action, get_image_id (self)) : NULL;
}

static void
action_chosen_cb (ComfyActionChooser *chooser,
                  ComfyAction        *action,
                  ComfyPanelForm     *self)
{
  g_autoptr(ComfyForm) form = _comfy_panel_form_dup_form (self, comfy_action_get_id (action));

  if (form == NULL)
    return;

  hand_prompt_on (self->form, form);
  _comfy_panel_form_set_form (self, form);
}

static void
picked_cb (ComfyPanelPicker *picker,
           ComfyForm        *form,
           ComfyPanelForm   *self)
{
  hand_prompt_on (self->form, form);
  _comfy_panel_form_set_form (self, form);
}

static void
browse_cb (ComfyPanelForm *self)
{
  if (self->picker != NULL)
    return;

  self->picker = comfy_panel_picker_new (self->opener, get_image_id (self));
  g_signal_connect (self->picker, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect_swapped (self->picker, "left", G_CALLBACK (drop_picker), self);
  gtk_stack_add_named (GTK_STACK (self->stack), self->picker, PAGE_PICKER);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), PAGE_PICKER);
  gtk_widget_child_focus (self->picker, GTK_DIR_TAB_FORWARD);
}

/* another name, or mark, is no reason to build the page anew */
static void
image_changed_cb (ComfyPanelForm *self)
{
  const ComfyImageInfo *image = comfy_panel_form_get_image (self);

  if (self->page_image != get_image_id (self)
      || (image != NULL && (image->width != self->page_width
                            || image->height != self->page_height)))
    make_page (self);
  g_signal_emit (self, signals[IMAGE_CHANGED], 0);
}

static void
comfy_panel_form_destroy (GtkWidget *widget)
{
  COMFY_PANEL_FORM (widget)->page = NULL;

  GTK_WIDGET_CLASS (comfy_panel_form_parent_class)->destroy (widget);
}

static void
comfy_panel_form_finalize (GObject *object)
{
  ComfyPanelForm *self = COMFY_PANEL_FORM (object);

  g_clear_pointer (&self->forms, g_hash_table_unref);
  g_clear_object (&self->form);
  g_clear_object (&self->opener);

  G_OBJECT_CLASS (comfy_panel_form_parent_class)->finalize (object);
}

static void
comfy_panel_form_class_init (ComfyPanelFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_panel_form_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_panel_form_destroy;

  signals[IMAGE_CHANGED] =
    g_signal_new ("image-changed", COMFY_TYPE_PANEL_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[BEGUN] =
    g_signal_new ("begun", COMFY_TYPE_PANEL_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
comfy_panel_form_init (ComfyPanelForm *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->forms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

static void
prompt_chosen_cb (ComfyPromptHistory *prompts,
                  const char         *prompt,
                  ComfyPanelForm     *self)
{
  comfy_form_set_prompt (self->form, prompt);
}

/* the button has Enter with Ctrl: alone it makes a new line in a prompt */
static GtkWidget *
new_form_page (ComfyPanelForm *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->holder = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_pack_start (GTK_BOX (box), self->holder, TRUE, TRUE, 0);
  self->generate = gtk_button_new_with_mnemonic (_("_Generate"));
  gtk_widget_set_tooltip_text (self->generate, _("Ctrl+Enter"));
  gtk_style_context_add_class (gtk_widget_get_style_context (self->generate),
                               GTK_STYLE_CLASS_SUGGESTED_ACTION);
  g_signal_connect_swapped (self->generate, "clicked", G_CALLBACK (comfy_panel_form_generate), self);
  gtk_box_pack_start (GTK_BOX (line), self->generate, TRUE, TRUE, 0);
  self->prompts = comfy_prompt_history_new (get_session (self));
  g_signal_connect (self->prompts, "chosen", G_CALLBACK (prompt_chosen_cb), self);
  gtk_box_pack_start (GTK_BOX (line), self->prompts, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), line, FALSE, FALSE, 0);

  return box;
}

static void
build (ComfyPanelForm *self)
{
  self->images = comfy_image_chooser_new (comfy_session_get_host (get_session (self)));
  g_signal_connect_swapped (self->images, "changed", G_CALLBACK (image_changed_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->images, FALSE, FALSE, 0);

  self->actions = comfy_action_chooser_new (comfy_opener_get_library (self->opener));
  g_signal_connect (self->actions, "chosen", G_CALLBACK (action_chosen_cb), self);
  g_signal_connect_swapped (self->actions, "browse", G_CALLBACK (browse_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->actions, FALSE, FALSE, 0);

  self->stack = gtk_stack_new ();
  gtk_stack_set_homogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_add_named (GTK_STACK (self->stack), new_form_page (self), PAGE_FORM);
  gtk_box_pack_start (GTK_BOX (self), self->stack, TRUE, TRUE, 0);
}

/* the action that was there last, else the first */
static void
show_last_action (ComfyPanelForm *self)
{
  g_autofree char      *id = comfy_settings_dup_panel_action (
    comfy_session_get_settings (get_session (self)));
  ComfyActionChooser   *chooser = COMFY_ACTION_CHOOSER (self->actions);
  ComfyAction          *action = id != NULL ? comfy_action_chooser_find (chooser, id) : NULL;
  g_autoptr(ComfyForm)  form = NULL;

  if (action == NULL)
    action = comfy_action_chooser_get_first (chooser);
  if (action == NULL)
    return;

  form = comfy_opener_fill_form (self->opener, action, get_image_id (self));
  _comfy_panel_form_set_form (self, form);
}

/**
 * comfy_panel_form_new:
 * @opener: has the actions
 *
 * Returns: (transfer floating): the form of the action that was shown last, about the newest image
 */
GtkWidget *
comfy_panel_form_new (ComfyOpener *opener)
{
  ComfyPanelForm *self;

  g_return_val_if_fail (COMFY_IS_OPENER (opener), NULL);

  self = g_object_new (COMFY_TYPE_PANEL_FORM, NULL);
  self->opener = g_object_ref (opener);
  build (self);
  show_last_action (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_panel_form_set_keys:
 * @keys: where a key is asked for; a parent of @self
 */
void
comfy_panel_form_set_keys (ComfyPanelForm *self,
                           ComfyKeyStack  *keys)
{
  g_return_if_fail (COMFY_IS_PANEL_FORM (self));

  self->keys = keys;
}

/**
 * comfy_panel_form_add_shortcuts:
 * @accels: of the window
 */
void
comfy_panel_form_add_shortcuts (ComfyPanelForm *self,
                                GtkAccelGroup  *accels)
{
  g_return_if_fail (COMFY_IS_PANEL_FORM (self));

  gtk_widget_add_accelerator (self->generate, "clicked", accels, GDK_KEY_Return, GDK_CONTROL_MASK,
                              0);
  gtk_widget_add_accelerator (self->generate, "clicked", accels, GDK_KEY_KP_Enter,
                              GDK_CONTROL_MASK, 0);
}

/**
 * comfy_panel_form_get_image:
 *
 * Returns: (transfer none) (nullable): the image that is worked on; %NULL when none is open
 */
const ComfyImageInfo *
comfy_panel_form_get_image (ComfyPanelForm *self)
{
  g_return_val_if_fail (COMFY_IS_PANEL_FORM (self), NULL);

  return comfy_image_chooser_get_info (COMFY_IMAGE_CHOOSER (self->images));
}

/**
 * comfy_panel_form_set_image:
 * @image_id: the editor's id of the image that is worked on from now on
 */
void
comfy_panel_form_set_image (ComfyPanelForm *self,
                            int             image_id)
{
  g_return_if_fail (COMFY_IS_PANEL_FORM (self));

  comfy_image_chooser_set_id (COMFY_IMAGE_CHOOSER (self->images), image_id);
}

/**
 * comfy_panel_form_is_busy:
 *
 * Returns: whether what was asked for is being taken and written down; "begun" tells of the end
 */
gboolean
comfy_panel_form_is_busy (ComfyPanelForm *self)
{
  g_return_val_if_fail (COMFY_IS_PANEL_FORM (self), FALSE);

  return self->is_busy;
}

/**
 * comfy_panel_form_refresh:
 *
 * Asks the editor what images there are, and what the chosen one looks like.
 */
void
comfy_panel_form_refresh (ComfyPanelForm *self)
{
  g_return_if_fail (COMFY_IS_PANEL_FORM (self));

  if (!self->is_busy)
    comfy_image_chooser_refresh (COMFY_IMAGE_CHOOSER (self->images));
}
