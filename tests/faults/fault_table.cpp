// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_table.h"

#include <iterator>

namespace freshet::test {

std::vector<Fault> allFaults()
{
    std::vector<Fault> all;
    for (auto &&part :
         {faultsOfFraming(), faultsOfCodings(), faultsOfResuming(), faultsOfContent()})
        std::copy(part.begin(), part.end(), std::back_inserter(all));
    return all;
}

} // namespace freshet::test
