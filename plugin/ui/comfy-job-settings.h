/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* The page "Jobs and Privacy" of the settings. */
#define COMFY_TYPE_JOB_SETTINGS (comfy_job_settings_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJobSettings, comfy_job_settings, COMFY, JOB_SETTINGS, GtkBox)

GtkWidget *comfy_job_settings_new (ComfySession *session);

G_END_DECLS
