// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/searchable.h"

#include <QComboBox>
#include <QCompleter>

namespace plimsoll::app {

void makeSearchable(QComboBox *box, int characters)
{
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setMaxVisibleItems(16);
    box->setMinimumContentsLength(characters);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->completer()->setCompletionMode(QCompleter::PopupCompletion);
    box->completer()->setFilterMode(Qt::MatchContains);
}

} // namespace plimsoll::app
