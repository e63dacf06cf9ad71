// SPDX-License-Identifier: Apache-2.0
#include "quantizer.h"

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/quant/reference.h>
#include <plimsoll/gguf/writer.h>
#include <plimsoll/model/architecture.h>
#include <plimsoll/model/mix.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <vector>

namespace plimsoll::engine {

namespace {

constexpr uint32_t quantizationVersion = 2;   // of the block formats, as other engines count it
/// Elements a thread takes at once: whole blocks of any format.
constexpr uint64_t chunkElements = 64 * 256;

/// What of a split or a rounding is said in the metadata is said anew.
bool isKept(std::string_view key)
{
    return key != "general.alignment" && key != "general.file_type" && key != "general.quantization_version" && !key.starts_with("split.");
}

bool isPlain(GgmlType type)
{
    return type == GgmlType::F32 || type == GgmlType::F16 || type == GgmlType::BF16;
}

class Quantizer
{
public:
    explicit Quantizer(const QuantizeOptions &options) : m_options(options), m_pool(std::max(1u, options.threads)) {}

    Status open(const std::string &path, FileType fileType);
    Status write(const std::string &path);

private:
    Status chooseTypes();
    Status setUp(gguf::Writer &writer) const;
    Status fill(size_t index, uint64_t offset, std::span<std::byte> out);
    bool convert(const gguf::TensorInfo &tensor, GgmlType type, const std::byte *from, uint64_t elements, std::byte *out);

    const QuantizeOptions &m_options;
    ThreadPool m_pool;
    gguf::Header m_header;
    FileType m_fileType = FileType::F16;
    std::vector<MappedFile> m_files;    // of the parts
    std::vector<GgmlType> m_types;      // of the header's tensors
    uint64_t m_total = 1;               // bytes to be written
    uint64_t m_done = 0;
};

Status Quantizer::open(const std::string &path, FileType fileType)
{
    Result<gguf::Header> header = gguf::readHeader(path);
    if (!header)
        return header.error();
    m_header = *std::move(header);
    m_fileType = fileType;
    for (const gguf::Header::Part &part : m_header.parts) {
        Result<MappedFile> file = MappedFile::open(part.path);
        if (!file)
            return file.error();
        // The file may have changed since its header was checked.
        if (file->bytes().size() < part.fileBytes)
            return Error{ErrorCode::GgufTruncated, {part.path, "tensors", std::to_string(file->bytes().size()), std::to_string(part.fileBytes)}};
        m_files.push_back(*std::move(file));
    }
    return chooseTypes();
}

Status Quantizer::chooseTypes()
{
    const Result<ModelShape> shape = shapeFromGguf(m_header);
    if (!shape)
        return shape.error();
    const WeightTypes mix = mixTypes(*shape, m_fileType);
    std::map<std::string, GgmlType, std::less<>> wanted;
    for (size_t i = 0; i < mix.size(); ++i)
        wanted.emplace(tensorName(shape->tensors[i]), mix[i]);
    m_total = 1;
    for (const gguf::TensorInfo &tensor : m_header.tensors) {
        const auto found = wanted.find(tensor.name);
        const GgmlType type = found != wanted.end() ? found->second : tensor.type;
        if (type != tensor.type && !isPlain(tensor.type))
            return Error{ErrorCode::TensorWrongType, {std::string(tensor.name), std::string(name(tensor.type)), "F32, F16, BF16"}};
        m_types.push_back(type);
        m_total += *rowBytes(type, tensor.dims[0]) * (tensor.elements() / tensor.dims[0]);
    }
    return {};
}

Status Quantizer::setUp(gguf::Writer &writer) const
{
    auto metadata = gguf::encodedMetadata(m_header);
    if (!metadata)
        return metadata.error();
    for (auto &[key, value] : *metadata) {
        if (isKept(key))
            writer.set(std::move(key), std::move(value));
    }
    writer.set("general.quantization_version", quantizationVersion);
    writer.set("general.file_type", static_cast<uint32_t>(m_fileType));
    for (size_t i = 0; i < m_types.size(); ++i) {
        const gguf::TensorInfo &tensor = m_header.tensors[i];
        const auto dims = tensor.dims.begin();
        if (const Status status = writer.add({std::string(tensor.name), m_types[i], {dims, dims + tensor.dimensions}}); !status)
            return status;
    }
    return {};
}

/// `elements` from `from` on, in blocks of `type`; false where one of them is not a number.
bool Quantizer::convert(const gguf::TensorInfo &tensor, GgmlType type, const std::byte *from, uint64_t elements, std::byte *out)
{
    const uint64_t stepFrom = *rowBytes(tensor.type, chunkElements);
    const uint64_t stepOut = *rowBytes(type, chunkElements);
    std::atomic<bool> finite = true;
    m_pool.forEach((elements + chunkElements - 1) / chunkElements, 1, [&](uint64_t chunk, uint64_t, uint32_t) {
        std::vector<float> values(std::min(chunkElements, elements - chunk * chunkElements));
        dequantize(tensor.type, from + chunk * stepFrom, values);
        if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
            finite = false;
        else
            quantize(type, values, out + chunk * stepOut);
    });
    return finite;
}

Status Quantizer::fill(size_t index, uint64_t offset, std::span<std::byte> out)
{
    if (m_options.cancel && m_options.cancel->load(std::memory_order_relaxed))
        return Error{ErrorCode::Cancelled, {}};
    const gguf::TensorInfo &tensor = m_header.tensors[index];
    const std::byte *const data = m_files[tensor.part].bytes().data() + tensor.offset;
    const GgmlType type = m_types[index];
    if (type == tensor.type) {
        std::memcpy(out.data(), data + offset, out.size());
    } else {
        // Pieces are whole rows, so whole blocks.
        const uint64_t first = offset / info(type).blockBytes * info(type).blockElements;
        const uint64_t elements = out.size() / info(type).blockBytes * info(type).blockElements;
        if (!convert(tensor, type, data + *rowBytes(tensor.type, first), elements, out.data()))
            return Error{ErrorCode::ModelInvalid, {std::string(tensor.name), "not a finite number"}};
    }
    m_done += out.size();
    if (m_options.progress)
        m_options.progress(static_cast<double>(m_done) / static_cast<double>(m_total));
    return {};
}

Status Quantizer::write(const std::string &path)
{
    for (const gguf::Header::Part &part : m_header.parts) {
        std::error_code absent;
        if (std::filesystem::equivalent(part.path, path, absent))
            return Error{ErrorCode::InvalidArgument, {"out", path, "another file than the one that is read"}};
    }
    gguf::Writer writer;
    if (const Status status = setUp(writer); !status)
        return status;
    return writer.write(path,
        [this](size_t index, uint64_t offset, std::span<std::byte> out) { return fill(index, offset, out); }, m_header.alignment);
}

} // namespace

Status quantizeFile(const std::string &in, FileType fileType, const std::string &out, const QuantizeOptions &options)
{
    Quantizer quantizer(options);
    if (const Status status = quantizer.open(in, fileType); !status)
        return status;
    return quantizer.write(out);
}

} // namespace plimsoll::engine
