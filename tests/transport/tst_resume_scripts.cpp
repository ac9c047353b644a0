// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "support/fault_server.h"
#include "transport/collecting_sink.h"
#include "transport/resuming_transport.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What the script's server sends, as bytes; "destroy socket" ends it before its length.
Script scriptOf(const QJsonValue &reply)
{
    if (!reply.isObject())
        return Script().reset();
    const QJsonObject object = reply.toObject();
    const std::string body = object[u"body"].toString().toStdString();
    const bool isCut = object[u"then"] == u"destroy socket"_s;
    std::string text = "HTTP/1.1 " + std::to_string(object[u"status"].toInt()) + " X\r\n";
    const QJsonObject headers = object[u"headers"].toObject();
    for (auto header = headers.begin(); header != headers.end(); ++header)
        text +=
            header.key().toStdString() + ": " + header.value().toString().toStdString() + "\r\n";
    text += Resource::length(body.size() + (isCut ? 3 : 0)) + "\r\n" + body;
    return Script().send(text);
}

} // namespace

/// The resume scripts of undici's retry handler, over a real socket.
class TestResumeScripts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void undici_data();
    void undici();
};

void TestResumeScripts::undici_data()
{
    QTest::addColumn<QJsonObject>("script");
    QFile file(corpusPath(u"http-faults/undici_resume_sequences.json"_s));
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("the resume scripts are not here");
    const auto cases = QJsonDocument::fromJson(file.readAll())[u"cases"].toArray();
    for (const auto &item : cases)
        QTest::newRow(qPrintable(item.toObject()[u"id"].toString())) << item.toObject();
}

void TestResumeScripts::undici()
{
    QFETCH(const QJsonObject, script);
    const QJsonArray steps = script[u"steps"].toArray();
    std::vector<Answer> answers;
    for (const auto &step : steps) {
        const Script reply = scriptOf(step.toObject()[u"reply"]);
        answers.emplace_back([reply](const Asked &) { return reply; });
    }
    // Behind the script there is nothing to be had.
    answers.resize(answers.size() + 9, [](const Asked &) {
        return Script().send("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
    });
    FaultServer server({}, answers);
    CollectingSink sink;
    ResumingTransport transport({.url = server.url()},
                                {.retry = {.maxRetries = 3, .firstDelay = 1ms, .maxDelay = 2ms}});
    const auto end = transport.run(sink, CancelToken());

    const QJsonObject expected = script[u"expect"].toObject();
    const std::vector<Asked> asked = server.asked();
    if (expected.contains(u"final")) {
        QVERIFY2(end, end ? "" : end.error().toString().c_str());
        QCOMPARE(sink.text, expected[u"final"].toString().toStdString());
        QCOMPARE(asked.size(), std::size_t(steps.size()));
        return;
    }
    // What must not be combined is not; the scripts have no whole answer to begin again with.
    QVERIFY(!end);
    QCOMPARE(sink.text, std::string("abc"));
    QVERIFY(asked.size() >= 2);
    const bool isWeak = expected.contains(u"strict");
    QCOMPARE(asked[1].header("Range").has_value(), !isWeak);
    QCOMPARE(asked[1].header("If-Range").has_value(), !isWeak);
}

QTEST_APPLESS_MAIN(TestResumeScripts)
#include "tst_resume_scripts.moc"
