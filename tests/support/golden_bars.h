// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFile>
#include <QString>

/// The models of an independent engine, and how near to its logits ours have to be.
namespace golden {

inline const QString folder = QStringLiteral(PLIMSOLL_GOLDEN "/logits/");

/// NMSE that the engine which made the references reaches itself on its everyday path; 0 where the table lacks the file.
inline double peerNmse(const QString &name)
{
    QFile table(QStringLiteral(PLIMSOLL_GOLDEN "/peer.tsv"));
    if (!table.open(QIODevice::ReadOnly))
        return 0;
    while (!table.atEnd()) {
        const QList<QByteArray> fields = table.readLine().split('\t');
        if (fields.size() > 2 && QString::fromUtf8(fields[0]) == name)
            return fields[2].toDouble();
    }
    return 0;
}

/// What a file may reach: see the README of the references.
inline double bar(const QString &name)
{
    if (name.endsWith(QStringLiteral("-F16")))
        return 1e-5;
    if (name.endsWith(QStringLiteral("-BF16")))
        return 2e-4;
    return 1.5 * peerNmse(name);
}

} // namespace golden
