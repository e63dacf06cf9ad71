// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

/// What an independent engine computed: tokens of a prompt, and the logits after each.
struct LogitsReference
{
    std::vector<int32_t> tokens;
    uint32_t vocabulary = 0;
    std::vector<float> logits;   // [tokens, vocabulary]

    /// int32 n, int32 vocabulary, n × int32 ids, n × vocabulary × float32. Empty where the file is not like that.
    static LogitsReference read(const QString &path)
    {
        LogitsReference reference;
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return reference;
        const QByteArray bytes = file.readAll();
        int32_t head[2];
        if (bytes.size() < qsizetype(sizeof head))
            return reference;
        std::memcpy(head, bytes.constData(), sizeof head);
        const qsizetype count = head[0];
        const qsizetype vocabulary = head[1];
        if (count <= 0 || vocabulary <= 0 || bytes.size() != 8 + 4 * count + 4 * count * vocabulary)
            return reference;
        reference.vocabulary = uint32_t(vocabulary);
        reference.tokens.resize(size_t(count));
        reference.logits.resize(size_t(count * vocabulary));
        std::memcpy(reference.tokens.data(), bytes.constData() + 8, size_t(4 * count));
        std::memcpy(reference.logits.data(), bytes.constData() + 8 + 4 * count, size_t(4 * count * vocabulary));
        return reference;
    }
};

/// Normalised mean squared error: Σ(found − expected)² / Σ expected².
inline double nmse(std::span<const float> found, std::span<const float> expected)
{
    double error = 0;
    double norm = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        const double difference = i < found.size() ? double(found[i]) - double(expected[i]) : double(expected[i]);
        error += difference * difference;
        norm += double(expected[i]) * double(expected[i]);
    }
    return norm > 0 ? error / norm : error;
}
