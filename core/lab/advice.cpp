// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/advice.h"

namespace freshet::lab {

std::vector<AdviceSentence> adviceFor(const LabSession &session)
{
    (void)session;
    return {{.topic = AdviceTopic::Limits,
             .weight = AdviceWeight::Undecided,
             .text = "The figures do not decide anything.",
             .basis = "no runs"}};
}

} // namespace freshet::lab
