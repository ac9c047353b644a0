// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/socket_talk.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <QUrlQuery>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace freshet::demo {

namespace {

constexpr std::int64_t kBatchRows = 500;
constexpr std::int64_t kMostRows = 10'000'000'000;
/// Send on when less than this waits.
constexpr qint64 kLowWater = 1 << 20;
constexpr std::chrono::milliseconds kTick(10);

Result<std::int64_t> numberIn(const QUrlQuery &query, const QString &name, std::int64_t fallback)
{
    if (!query.hasQueryItem(name))
        return fallback;
    bool isNumber = false;
    const std::int64_t number = query.queryItemValue(name).toLongLong(&isNumber);
    if (isNumber && number >= 0 && number <= kMostRows)
        return number;
    return fail(ErrorCode::InvalidArgument, name.toStdString() + "= takes a whole number");
}

} // namespace

SocketTalk::SocketTalk(QWebSocket *socket) : QObject(socket), m_socket(socket), m_timer(this)
{
    m_timer.setInterval(kTick);
    connect(socket, &QWebSocket::textMessageReceived, this, &SocketTalk::takeRequest);
    connect(socket, &QWebSocket::bytesWritten, this, &SocketTalk::sendMore);
    connect(socket, &QWebSocket::disconnected, socket, &QObject::deleteLater);
    connect(&m_timer, &QTimer::timeout, this, &SocketTalk::sendMore);
    if (const Status read = readOptions(); !read)
        socket->close(QWebSocketProtocol::CloseCodePolicyViolated,
                      QString::fromStdString(read.error().detail).left(100));
}

Status SocketTalk::readOptions()
{
    const QUrlQuery query(m_socket->requestUrl());
    const auto rows = numberIn(query, u"rows"_s, m_rows);
    const auto seed = numberIn(query, u"seed"_s, 1);
    const auto rate = numberIn(query, u"rate"_s, 0);
    for (const auto *number : {&rows, &seed, &rate}) {
        if (!*number)
            return fail(number->error());
    }
    auto fault = Fault::parse(query.queryItemValue(u"fault"_s).toStdString());
    if (!fault)
        return fail(std::move(fault).error());
    m_rows = *rows;
    m_rowsPerSecond = static_cast<double>(*rate);
    m_tellsTotal = query.queryItemValue(u"total"_s) != "no"_L1;
    m_fault = *fault;
    m_table = std::make_unique<UsersTable>(static_cast<std::uint64_t>(*seed));
    return {};
}

void SocketTalk::takeRequest(const QString &text)
{
    const QJsonObject request = QJsonDocument::fromJson(text.toUtf8()).object();
    const QString type = request[u"type"].toString();
    if (m_first >= 0 || !m_table)
        return;
    if (type == "fetch-all"_L1) {
        begin(0);
    } else if (type == "resume"_L1) {
        const QJsonValue after = request[u"after"];
        begin(UsersTable::indexBehind(after.isString() ? after.toString().toLongLong()
                                                       : after.toInteger()));
    } else {
        send(R"({"type":"error","message":"ask for fetch-all, or resume with after"})");
    }
}

void SocketTalk::begin(std::int64_t first)
{
    m_first = m_next = std::min(first, m_rows);
    m_begun = std::chrono::steady_clock::now();
    if (m_rowsPerSecond > 0)
        m_timer.start();
    sendMore();
}

std::int64_t SocketTalk::rowsDue() const
{
    if (m_rowsPerSecond <= 0)
        return m_rows;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - m_begun;
    return std::min(m_rows, m_first + static_cast<std::int64_t>(elapsed.count() * m_rowsPerSecond));
}

void SocketTalk::sendMore()
{
    if (m_isCut)
        return cutOnceSent();
    const bool stopsEarly = m_fault.kind != Fault::Kind::None && m_fault.kind != Fault::Kind::Bad;
    const std::int64_t due = stopsEarly ? std::min(rowsDue(), m_first + m_fault.n) : rowsDue();
    while (m_first >= 0 && !m_isOver && m_next < due && m_socket->bytesToWrite() < kLowWater)
        sendBatch(due);
    if (m_first < 0 || m_isOver || m_next < due || (m_next < m_rows && !stopsEarly))
        return;
    if (m_next == m_rows)
        return end();
    if (m_next < m_first + m_fault.n)
        return;
    m_isOver = true;
    m_isCut = m_fault.kind == Fault::Kind::Cut || m_fault.kind == Fault::Kind::CutRow;
    if (m_isCut)
        cutOnceSent();
    else if (m_fault.kind == Fault::Kind::Error)
        send(R"({"type":"error","status":500,"message":"internal server error"})");
}

void SocketTalk::sendBatch(std::int64_t end)
{
    std::int64_t last = std::min(end, m_next + kBatchRows);
    if (m_fault.kind == Fault::Kind::Bad) {
        // A bad row is a message of its own, so that it takes no good ones down.
        const std::int64_t bad = m_next + m_fault.n - 1 - m_next % m_fault.n;
        if (bad == m_next)
            return sendBadRow();
        last = std::min(last, bad);
    }
    std::string text =
        R"({"type":"batch","batchNumber":)" + std::to_string(++m_batches) + R"(,"data":[)";
    for (std::string_view separator; m_next < last; separator = ",") {
        text += separator;
        m_table->appendJson(text, m_next++);
    }
    send(text + "]}");
}

void SocketTalk::sendBadRow()
{
    std::string text;
    m_table->appendJson(text, m_next++);
    send(text.insert(1, "\"bad\":,"));
}

void SocketTalk::end()
{
    m_isOver = true;
    m_timer.stop();
    std::string text = R"({"type":"complete","totalBatches":)" + std::to_string(m_batches);
    if (m_tellsTotal)
        text += R"(,"total":)" + std::to_string(m_rows);
    send(text + '}');
}

/// The connection ends without a close frame, once everything before is on its way.
void SocketTalk::cutOnceSent()
{
    if (m_socket->bytesToWrite() == 0)
        m_socket->abort();
}

void SocketTalk::send(const std::string &text)
{
    m_socket->sendTextMessage(QString::fromStdString(text));
}

} // namespace freshet::demo
