// SPDX-License-Identifier: Apache-2.0
#include "tool.h"

int main(int argc, char **argv)
{
    return plimsoll::engine::runTool(argc, argv);
}
