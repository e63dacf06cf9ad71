// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "allocation_count.h"

#include <plimsoll/engine/run/session.h>
#include <plimsoll/model/architecture.h>

#include <cstdlib>
#include <string>

/// How tests load a model: what that allocated, counted at the allocation calls, must be what the layout owns.
namespace countedload {

/// What a session may keep beside its buffers: 64 KiB, however deep the model. Split over devices also the place of each tensor in an
/// arena, in a list that may have grown to twice its length, and its address on each.
inline int64_t bookkeeping(const plimsoll::ModelShape &shape, size_t otherDevices)
{
    const size_t perTensor = otherDevices > 0 ? 2 * sizeof(plimsoll::BufferPlan) + otherDevices * sizeof(void *) : 0;
    return 64 * 1024 + static_cast<int64_t>(shape.tensors.size() * perTensor);
}

/// Bytes on the heap that describe the file whatever runs it: its header, its shape, its vocabulary.
inline int64_t descriptionBytes(const std::string &path)
{
    using namespace plimsoll;
    const auto before = allocationcount::now();
    const auto header = gguf::readHeader(path);
    if (!header)
        return 0;
    const auto shape = shapeFromGguf(*header);
    const auto tokenizer = engine::makeTokenizer(*header);
    return (allocationcount::now() - before).heap;
}

} // namespace countedload

/// Session::load(), devices included that only pretend, and Internal where what was allocated differs from the layout's owned bytes by
/// more than bookkeeping takes. With sanitizers, which stand where the counter would, nothing is checked.
inline plimsoll::Result<std::unique_ptr<plimsoll::engine::Session>> loadCounted(const std::string &path,
    plimsoll::engine::LoadOptions options = {})
{
    using namespace plimsoll;
    // Twice: what the process makes once stays.
    countedload::descriptionBytes(path);
    const int64_t description = countedload::descriptionBytes(path);
    const auto before = allocationcount::now();
    auto session = engine::Session::load(path, std::move(options));
    const int64_t allocated = (allocationcount::now() - before).owned() - description;
    if (!session || !PLIMSOLL_COUNTS_ALLOCATIONS)
        return session;
    int64_t owned = 0;
    for (const DeviceLayout &device : (*session)->layout().devices)
        owned += static_cast<int64_t>((device.owned() - device.of(SegmentKind::Overhead)).value);
    if (std::abs(allocated - owned) > countedload::bookkeeping((*session)->shape(), (*session)->layout().devices.size() - 1))
        return Error{ErrorCode::Internal, {"allocated " + std::to_string(allocated) + ", layout owns " + std::to_string(owned)}};
    return session;
}
