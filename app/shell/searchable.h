// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QComboBox;

namespace plimsoll::app {

/// A long list in which one may type a part of what is looked for; at least so many characters wide.
void makeSearchable(QComboBox *box, int characters);

} // namespace plimsoll::app
