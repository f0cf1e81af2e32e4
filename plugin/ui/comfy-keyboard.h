/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* → TRUE once an image window of GIMP's has the keyboard; at once where that cannot be known */
DexFuture *comfy_keyboard_wait_until_in_image (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
