// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/quant/reference.h>
#include <plimsoll/gguf/gguf.h>

#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <string>
#include <vector>

/// Keys and tensors of a model file in double precision, and the few operations everything is made of. It shares no code with the engine
/// but the reading of the header and of blocks.
class ReferenceFile
{
public:
    using Row = std::vector<double>;

    explicit ReferenceFile(const std::string &path) : m_header(*plimsoll::gguf::readHeader(path)), m_file(path, std::ios::binary)
    {
        m_architecture = std::string(**m_header.stringAt("general.architecture"));
    }

    const std::string &architecture() const { return m_architecture; }
    bool is(const std::string &name) const { return m_architecture == name; }
    bool has(const std::string &key) const { return m_header.find(m_architecture + "." + key) != nullptr; }
    size_t count(const std::string &key, size_t otherwise = 0) const
    {
        const auto found = m_header.unsignedAt(m_architecture + "." + key);
        return found.ok() && *found ? size_t(**found) : otherwise;
    }
    /// Of a key with one number per layer, or one for all.
    size_t countAt(const std::string &key, size_t layer, size_t otherwise = 0) const
    {
        const auto all = m_header.arrayAt(m_architecture + "." + key);
        return all.ok() && *all ? size_t((*all)->integer(layer)) : count(key, otherwise);
    }
    double real(const std::string &key, double otherwise = 0) const
    {
        const auto found = m_header.realAt(m_architecture + "." + key);
        return found.ok() && *found ? **found : otherwise;
    }
    bool flag(const std::string &key, bool otherwise = false) const
    {
        const auto found = m_header.boolAt(m_architecture + "." + key);
        return found.ok() && found->has_value() ? **found : otherwise;
    }
    std::string text(const std::string &key) const
    {
        const auto found = m_header.stringAt(m_architecture + "." + key);
        return found.ok() && *found ? std::string(**found) : std::string();
    }

    static std::string name(size_t layer, const std::string &rest) { return "blk." + std::to_string(layer) + "." + rest; }

    /// Null where the file has no such tensor.
    const std::vector<float> *tensor(const std::string &tensorName)
    {
        const plimsoll::gguf::TensorInfo *const info = m_header.tensor(tensorName);
        if (!info)
            return nullptr;
        std::vector<float> &values = m_tensors[tensorName];
        if (values.empty()) {
            std::vector<std::byte> bytes(info->bytes);
            m_file.seekg(std::streamoff(info->offset));
            m_file.read(reinterpret_cast<char *>(bytes.data()), std::streamsize(bytes.size()));
            values.resize(info->elements());
            plimsoll::engine::dequantize(info->type, bytes.data(), values);
        }
        return &values;
    }

    /// Row `index` of a table.
    Row row(const std::string &tensorName, size_t index)
    {
        const std::vector<float> &table = *tensor(tensorName);
        const size_t width = m_header.tensor(tensorName)->dims[0];
        const auto begin = table.begin() + std::ptrdiff_t(index * width);
        return Row(begin, begin + std::ptrdiff_t(width));
    }

    /// Matrix `slice` of a stack of `slices` times x, with the bias of that slice where there is one.
    Row multiply(const std::string &matrix, const Row &x, size_t slice = 0, size_t slices = 1)
    {
        const std::vector<float> &weights = *tensor(matrix + ".weight");
        const std::vector<float> *const bias = tensor(matrix + ".bias");
        const size_t rows = weights.size() / x.size() / slices;
        Row out(rows);
        for (size_t row = 0; row < rows; ++row) {
            const size_t at = slice * rows + row;
            out[row] = bias ? double((*bias)[at]) : 0.0;
            for (size_t i = 0; i < x.size(); ++i)
                out[row] += double(weights[at * x.size() + i]) * x[i];
        }
        return out;
    }

    /// Of a tensor that is there: row length first.
    const std::array<uint64_t, 4> &dims(const std::string &tensorName) const { return m_header.tensor(tensorName)->dims; }

    /// By the root mean square, or, where the model has layer norms, around the mean. The weights begin at `offset`; null ones count as 1.
    Row normBy(const Row &x, const std::vector<float> *weight, size_t offset = 0, const std::vector<float> *bias = nullptr) const
    {
        const bool layerNorm = has("attention.layer_norm_epsilon");
        const double epsilon = real(layerNorm ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon");
        const double mean = layerNorm ? std::accumulate(x.begin(), x.end(), 0.0) / double(x.size()) : 0.0;
        double squares = 0;
        for (const double v : x)
            squares += (v - mean) * (v - mean);
        const double scale = 1.0 / std::sqrt(squares / double(x.size()) + epsilon);
        Row out(x.size());
        for (size_t i = 0; i < x.size(); ++i)
            out[i] = (x[i] - mean) * scale * (weight ? double((*weight)[offset + i]) : 1.0) + (bias ? double((*bias)[i]) : 0.0);
        return out;
    }
    /// The input itself where the file has no such norm.
    Row norm(const Row &x, const std::string &which)
    {
        const std::vector<float> *const weight = tensor(which + ".weight");
        return weight ? normBy(x, weight, 0, tensor(which + ".bias")) : x;
    }

    static void add(Row &x, const Row &y, double weight = 1)
    {
        for (size_t i = 0; i < x.size(); ++i)
            x[i] += weight * y[i];
    }

    static Row scaled(Row x, double by)
    {
        for (double &v : x)
            v *= by;
        return x;
    }
    static Row part(const Row &x, size_t begin, size_t count)
    {
        return Row(x.begin() + std::ptrdiff_t(begin), x.begin() + std::ptrdiff_t(begin + count));
    }
    static double dot(const Row &a, const Row &b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }
    static double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

private:
    plimsoll::gguf::Header m_header;
    std::ifstream m_file;
    std::string m_architecture;
    std::map<std::string, std::vector<float>> m_tensors;
};
