// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "device_model.h"
#include "session_calls.h"

#include <cuda_backend.h>
#include <cuda_runtime.h>

/// Models on the CUDA backend as the test runtime executes it (tests/simt).

inline plimsoll::RunOptions optionsOf(size_t tokens, plimsoll::GgmlType kvType)
{
    return plimsoll::settled(exactOptions(uint32_t(tokens), kvType).run);
}

/// Every piece on one device.
inline plimsoll::Placement allOn(const plimsoll::ModelShape &shape, plimsoll::DeviceIndex device)
{
    return {std::vector<plimsoll::DeviceIndex>(plimsoll::piecesOf(shape).size(), device)};
}

inline std::vector<std::unique_ptr<plimsoll::engine::Backend>> cudaDevices(int count)
{
    std::vector<std::unique_ptr<plimsoll::engine::Backend>> devices;
    for (int i = 0; i < count; ++i) {
        auto made = plimsoll::engine::makeCudaBackend(i);
        if (made)
            devices.push_back(*std::move(made));
    }
    return devices;
}
