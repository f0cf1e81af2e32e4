/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-journal.h"

G_BEGIN_DECLS

void _comfy_journal_note_changed (ComfyJournal *self);

G_END_DECLS
