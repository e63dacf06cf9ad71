// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFile>
#include <QMap>
#include <QString>
#include <QVector>

/// Rows of a CSV file (RFC 4180) by the names of its first line; empty where the file is absent.
inline QVector<QMap<QString, QString>> readCsv(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString text = QString::fromUtf8(file.readAll());
    QVector<QStringList> lines(1);
    QString field;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            field += '"';
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            lines.back().append(field.endsWith('\r') ? field.chopped(1) : field);
            field.clear();
            if (c == '\n')
                lines.append(QStringList());
        } else {
            field += c;
        }
    }
    if (!field.isEmpty())
        lines.back().append(field);
    QVector<QMap<QString, QString>> rows;
    for (qsizetype i = 1; i < lines.size(); ++i) {
        QMap<QString, QString> row;
        for (qsizetype column = 0; column < lines[i].size() && column < lines[0].size(); ++column)
            row[lines[0][column]] = lines[i][column];
        if (!row.isEmpty())
            rows.append(row);
    }
    return rows;
}
