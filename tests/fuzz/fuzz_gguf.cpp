// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/gguf/gguf.h>

#include <cstdlib>

using namespace plimsoll;
using namespace plimsoll::gguf;

namespace {

uint64_t useArray(const Array &array)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < array.count(); ++i) {
        if (array.type() == ValueType::String) {
            for (const char c : array.string(i))
                sum += static_cast<unsigned char>(c);
        } else {
            sum += static_cast<uint64_t>(array.integer(i)) + (array.real(i) > 0);
        }
    }
    return sum;
}

uint64_t useLookUps(const Header &header, std::string_view key)
{
    return header.unsignedAt(key).ok() + header.realAt(key).ok() + header.boolAt(key).ok() + header.stringAt(key).ok()
        + header.arrayAt(key).ok();
}

} // namespace

/// Any bytes are a header or a named error; what is read stays inside the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto source = fromMemory("fuzz", std::as_bytes(std::span(data, size)));
    const Result<Header> header = readHeader(*source);
    if (!header)
        return header.error().arguments.empty() || codeName(header.error().code).empty() ? std::abort(), 0 : 0;
    volatile uint64_t used = 0;
    for (const auto &[key, value] : header->metadata) {
        used = used + useLookUps(*header, key);
        if (header->find(key) != &value)
            std::abort();
        if (const auto *array = std::get_if<Array>(&value))
            used = used + useArray(*array);
    }
    for (const TensorInfo &tensor : header->tensors)
        if (tensor.offset + tensor.bytes > size || tensor.bytes == 0 || header->tensor(tensor.name) != &tensor)
            std::abort();
    return 0;
}
