// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/fit/fit_state.h"

#include <QByteArray>

namespace plimsoll::app {

/// A plan as it is saved: what was asked, and the machine where another was pretended. A few hundred bytes of JSON to a few thousand.
struct PlanDocument
{
    FitRequest request;
    std::optional<Machine> machine;   // nothing: whatever computer it is opened on
};

QByteArray toJson(const PlanDocument &document);

/// `where` names the source in errors. Errors: JsonInvalid, JsonField; every number is checked.
Result<PlanDocument> planFromJson(const QByteArray &text, const QString &where);

/// Errors: also FileNotFound, FileUnreadable (too long for a plan, too).
Result<PlanDocument> readPlan(const QString &path);

/// ".plimsoll"; what a file dialog shows of them stands in the dialogs.
QString planSuffix();

} // namespace plimsoll::app
