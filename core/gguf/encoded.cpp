// SPDX-License-Identifier: Apache-2.0
#include "little_endian.h"
#include "scan.h"
#include "writer.h"

namespace plimsoll::gguf {

namespace {

/// From the number of the value's type to the value's end.
std::span<const std::byte> encodedAt(const std::vector<std::byte> &bytes, const ScannedValue &scanned)
{
    constexpr uint64_t typeBytes = 4;
    constexpr uint64_t arrayBytes = typeBytes + 4 + 8;   // its own type, that of the elements, their count
    if (scanned.type == ValueType::Array)
        return std::span(bytes).subspan(scanned.at - arrayBytes, arrayBytes + scanned.rawBytes);
    const uint64_t length = scanned.type == ValueType::String ? 8 + load<uint64_t>(bytes.data() + scanned.at) : widthOf(scanned.type);
    return std::span(bytes).subspan(scanned.at - typeBytes, typeBytes + length);
}

} // namespace

Result<std::vector<std::pair<std::string, EncodedValue>>> encodedMetadata(const Header &header)
{
    const Header::Part &part = header.parts.front();
    const std::unique_ptr<ByteSource> source = fromMemory(part.path, part.bytes);
    const Result<Scan> scanned = scan(*source);
    if (!scanned)
        return scanned.error();
    std::vector<std::pair<std::string, EncodedValue>> values;
    for (const ScannedValue &value : scanned->values) {
        const std::span<const std::byte> encoded = encodedAt(scanned->bytes, value);
        const auto *key = reinterpret_cast<const char *>(scanned->bytes.data() + value.key.at);
        values.emplace_back(std::string(key, value.key.length), EncodedValue{{encoded.begin(), encoded.end()}});
    }
    return values;
}

} // namespace plimsoll::gguf
