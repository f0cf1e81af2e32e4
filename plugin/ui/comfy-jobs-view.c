/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-account-jobs.h"
#include "comfy-finished-jobs.h"
#include "comfy-jobs-view.h"
#include "comfy-past-job.h"
#include "comfy-ui-util.h"
#include "comfy-waiting-jobs.h"

struct _ComfyJobsView
{
  GtkBox        parent_instance;

  ComfySession *session;   /* owned */
  GtkWidget    *waiting;   /* borrowed: a child, as the following */
  GtkWidget    *finished;
  GtkWidget    *account;
  DexFuture    *reading;   /* owned, nullable: the journal; the last one counts */
  unsigned int  settling;  /* source: the journal is to be read; 0 while it need not be */
  unsigned int  n_waiting;
};

enum
{
  PROP_0,
  PROP_N_WAITING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ComfyJobsView, comfy_jobs_view, GTK_TYPE_BOX)

static DexFuture *
read_cb (DexFuture *future,
         gpointer   data)
{
  ComfyJobsView *self = data;
  const GValue  *value = dex_future_get_value (future, NULL);
  GPtrArray     *jobs = value != NULL ? g_value_get_boxed (value) : NULL;
  unsigned int   n;

  /* closed meanwhile: its children are gone */
  if (jobs == NULL || gtk_widget_get_parent (GTK_WIDGET (self)) == NULL)
    return NULL;

  comfy_waiting_jobs_set_jobs (COMFY_WAITING_JOBS (self->waiting), jobs);
  comfy_finished_jobs_set_jobs (COMFY_FINISHED_JOBS (self->finished), jobs);
  comfy_account_jobs_set_past (COMFY_ACCOUNT_JOBS (self->account), jobs);

  n = comfy_waiting_jobs_get_n (COMFY_WAITING_JOBS (self->waiting));
  if (n != self->n_waiting)
    {
      self->n_waiting = n;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_WAITING]);
    }

  return NULL;
}

static gboolean
settle_cb (gpointer user_data)
{
  ComfyJobsView *self = user_data;
  ComfyJournal  *journal = comfy_session_get_journal (self->session);

  self->settling = 0;
  dex_clear (&self->reading);
  self->reading = dex_future_finally (comfy_past_job_find_all (journal), read_cb,
                                      g_object_ref (self), g_object_unref);

  return G_SOURCE_REMOVE;
}

/* Once for all that happens at a time, and only while somebody looks, or is told that some wait. */
static void
settle (ComfyJobsView *self)
{
  if (self->settling == 0 && (gtk_widget_get_mapped (GTK_WIDGET (self)) || self->n_waiting > 0))
    self->settling = g_idle_add (settle_cb, self);
}

static void
comfy_jobs_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (comfy_jobs_view_parent_class)->map (widget);

  settle (COMFY_JOBS_VIEW (widget));
}

static void
comfy_jobs_view_destroy (GtkWidget *widget)
{
  ComfyJobsView *self = COMFY_JOBS_VIEW (widget);

  g_clear_handle_id (&self->settling, g_source_remove);
  dex_clear (&self->reading);

  GTK_WIDGET_CLASS (comfy_jobs_view_parent_class)->destroy (widget);
}

static void
comfy_jobs_view_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_N_WAITING:
      g_value_set_uint (value, COMFY_JOBS_VIEW (object)->n_waiting);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_jobs_view_finalize (GObject *object)
{
  g_clear_object (&COMFY_JOBS_VIEW (object)->session);

  G_OBJECT_CLASS (comfy_jobs_view_parent_class)->finalize (object);
}

static void
comfy_jobs_view_class_init (ComfyJobsViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = comfy_jobs_view_get_property;
  object_class->finalize = comfy_jobs_view_finalize;
  widget_class->map = comfy_jobs_view_map;
  widget_class->destroy = comfy_jobs_view_destroy;

  properties[PROP_N_WAITING] =
    g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_jobs_view_init (ComfyJobsView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
}

static void
build (ComfyJobsView *self)
{
  GtkWidget         *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget         *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkScrolledWindow *window = GTK_SCROLLED_WINDOW (scrolled);

  self->waiting = comfy_waiting_jobs_new (self->session);
  self->finished = comfy_finished_jobs_new (self->session);
  self->account = comfy_account_jobs_new (self->session);
  g_signal_connect_swapped (self->waiting, "changed", G_CALLBACK (settle), self);
  g_signal_connect_swapped (self->finished, "changed", G_CALLBACK (settle), self);
  gtk_box_pack_start (GTK_BOX (box), self->waiting, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->finished, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->account, FALSE, FALSE, 0);

  gtk_scrolled_window_set_policy (window, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  comfy_ui_keep_clear (window);
  gtk_container_add (GTK_CONTAINER (scrolled), box);
  /* who goes through it by Tab sees where that leads */
  gtk_container_set_focus_vadjustment (GTK_CONTAINER (box),
                                       gtk_scrolled_window_get_vadjustment (window));
  gtk_box_pack_start (GTK_BOX (self), scrolled, TRUE, TRUE, 0);
  gtk_widget_show_all (scrolled);
}

/**
 * comfy_jobs_view_new:
 * @session: the session
 *
 * Returns: (transfer floating): the view; the journal is read soon, so that how many wait can be told
 *   elsewhere, and the server asked when it is seen
 */
GtkWidget *
comfy_jobs_view_new (ComfySession *session)
{
  ComfyJobsView  *self;
  ComfyScheduler *scheduler;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_JOBS_VIEW, NULL);
  self->session = g_object_ref (session);
  build (self);

  /* what leaves the queue has ended */
  scheduler = comfy_session_get_scheduler (session);
  g_signal_connect_object (scheduler, "items-changed", G_CALLBACK (settle), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (comfy_session_get_journal (session), "changed", G_CALLBACK (settle),
                           self, G_CONNECT_SWAPPED);
  self->settling = g_idle_add (settle_cb, self);

  return GTK_WIDGET (self);
}

/**
 * comfy_jobs_view_set_image:
 * @image_id: the editor's id of the image that is worked on; -1: there is none
 */
void
comfy_jobs_view_set_image (ComfyJobsView *self,
                           int            image_id)
{
  g_return_if_fail (COMFY_IS_JOBS_VIEW (self));

  comfy_account_jobs_set_image (COMFY_ACCOUNT_JOBS (self->account), image_id);
}

/**
 * comfy_jobs_view_get_n_waiting:
 *
 * Returns: how many jobs of earlier sessions wait for the artist; not those that another process has
 *   left since, until it is seen
 */
unsigned int
comfy_jobs_view_get_n_waiting (ComfyJobsView *self)
{
  g_return_val_if_fail (COMFY_IS_JOBS_VIEW (self), 0);

  return self->n_waiting;
}
