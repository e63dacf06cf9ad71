// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace plimsoll::app {

struct Fact
{
    QString name;
    QString value;   // plain text; several lines are kept
};

/// Names and values in two columns.
class FactTable : public QWidget
{
    Q_OBJECT

public:
    explicit FactTable(QWidget *parent = nullptr);

    void setFacts(const QList<Fact> &facts);

private:
    void addRow();

    QGridLayout *m_grid;
    QList<QLabel *> m_names;
    QList<QLabel *> m_values;
};

} // namespace plimsoll::app
