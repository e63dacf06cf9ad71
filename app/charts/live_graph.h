// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVector>
#include <QWidget>

namespace plimsoll::app {

/// A figure over the last two minutes: its name, its value now, and a line from 0 to the most it can be.
class LiveGraph : public QWidget
{
    Q_OBJECT

public:
    explicit LiveGraph(QWidget *parent = nullptr);

    void setTitle(const QString &title);
    /// The latest; `words` is the value as people read it. With `most` 0 the highest value so far is the top.
    void add(double value, double most, const QString &words);
    int samples() const { return static_cast<int>(m_values.size()); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_title;
    QString m_words;
    QVector<double> m_values;
    double m_most = 0;
};

} // namespace plimsoll::app
