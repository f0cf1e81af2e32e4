/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api-call-private.h"

G_BEGIN_DECLS

DexFuture *comfy_api_v1_upload_fiber   (gpointer data);
DexFuture *comfy_api_v1_check_fiber    (gpointer data);
DexFuture *comfy_api_v1_delete_fiber   (gpointer data);
DexFuture *comfy_api_v1_download_fiber (gpointer data);

G_END_DECLS
