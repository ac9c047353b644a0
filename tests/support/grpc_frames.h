// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace freshet::test {

/// One frame of a gRPC-web or Connect body.
inline QByteArray grpcFrame(QByteArrayView payload, int flags = 0)
{
    QByteArray frame(1, static_cast<char>(flags));
    for (int shift = 24; shift >= 0; shift -= 8)
        frame += static_cast<char>(payload.size() >> shift & 0xFF);
    frame.append(payload.data(), payload.size());
    return frame;
}

/// A trailers frame with these lines.
inline QByteArray grpcTrailers(QByteArrayView lines = "grpc-status: 0\r\n")
{
    return grpcFrame(lines, 0x80);
}

} // namespace freshet::test
