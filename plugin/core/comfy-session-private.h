/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-session.h"

G_BEGIN_DECLS

GError *_comfy_session_new_no_key_error (void);

G_END_DECLS
