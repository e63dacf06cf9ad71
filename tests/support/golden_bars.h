// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logits_reference.h"

#include <QFile>
#include <QString>

#include <algorithm>
#include <map>

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

/// Files whose experts are chosen by quantized products: a near tie may fall the other way, so that whole positions differ, and the median
/// over positions judges. The peer's; 0 for every other file.
inline double peerMedian(const QString &name)
{
    static const std::map<QString, double> medians = {{QStringLiteral("qwen3moe-Q4_K_M"), 2.96e-4},
        {QStringLiteral("llamamoe-Q4_K_M"), 7.92e-4}, {QStringLiteral("gptoss-MXFP4_MOE"), 4.51e-4},
        {QStringLiteral("deepseek2-Q8_0"), 1.38e-3}};
    const auto found = medians.find(name);
    return found == medians.end() ? 0 : found->second;
}

/// Of the NMSE of every position.
inline double medianNmse(std::span<const float> found, const LogitsReference &reference, size_t positions)
{
    std::vector<double> errors;
    for (size_t i = 0; i < positions; ++i)
        errors.push_back(nmse(found.subspan(i * reference.vocabulary, reference.vocabulary),
            std::span(reference.logits).subspan(i * reference.vocabulary, reference.vocabulary)));
    const auto middle = errors.begin() + std::ptrdiff_t(positions / 2);
    std::nth_element(errors.begin(), middle, errors.end());
    return *middle;
}

} // namespace golden
