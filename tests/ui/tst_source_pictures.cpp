// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"

#include "demo/grpc_server.h"
#include "demo/socket_server.h"
#include "source/call_page.h"
#include "source/source_dialog.h"
#include "source/trial_view.h"
#include "window_fixture.h"

#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabBar>

using namespace freshet;
using test::WindowFixture;
using transfer::DownloadRequest;
using ui::SourceDialog;

namespace {

constexpr int kPatienceMs = 60'000;

/// Kinds that the demo server does not speak.
const QStringList kWithoutServer = {QStringLiteral("tsv"), QStringLiteral("postgres"),
                                    QStringLiteral("s3"), QStringLiteral("sftp")};

} // namespace

/// The source dialog for each kind of source, tried on the demo server, in each look; the pictures
/// are kept for a person to look at when $FRESHET_SCREENSHOTS names a folder.
class TestSourcePictures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void eachKind_data() { test::addLooks(); }
    void eachKind();

private:
    void tried(SourceDialog &dialog, const char *name);
    void keep(SourceDialog &dialog, const QString &stage);
    [[nodiscard]] DownloadRequest requestFor(const WindowFixture &fixture, const char *kind) const;

    QString m_look;
    std::unique_ptr<demo::GrpcServer> m_calls;
    std::unique_ptr<demo::SocketServer> m_sockets;
};

void TestSourcePictures::initTestCase()
{
    auto calls = demo::GrpcServer::start();
    auto sockets = demo::SocketServer::start();
    QVERIFY(calls.has_value() && sockets.has_value());
    m_calls = std::move(*calls);
    m_sockets = std::move(*sockets);
}

void TestSourcePictures::cleanupTestCase()
{
    m_sockets.reset();
    m_calls.reset();
}

DownloadRequest TestSourcePictures::requestFor(const WindowFixture &fixture, const char *kind) const
{
    DownloadRequest request;
    const QByteArray id(kind);
    const auto &server = *fixture.server;
    request.bytes.url = server.origin() + "/api/users?rows=5000";
    if (id == "ndjson")
        request.bytes.url = server.origin() + "/api/users/stream?rows=5000";
    if (id == "csv")
        request.bytes.url = server.origin() + "/api/users.csv?rows=5000";
    if (id == "sse")
        request.bytes.url = server.origin() + "/api/users/sse?rows=5000";
    if (id == "msgpack")
        request.bytes.url = server.origin() + "/api/users.msgpack?rows=5000";
    if (id == "cbor")
        request.bytes.url = server.origin() + "/api/users.cbor?rows=5000";
    if (id == "json") {
        request.bytes.url = server.origin() + "/api/users?rows=5000&cursor=&limit=200";
        request.bytes.headers = {{"Authorization", "Bearer s3cret"}, {"X-Team", "data platform"}};
    }
    if (id == "job") {
        request.bytes.url = server.origin() + "/api/export/request?rows=5000&seconds=0.2";
        request.bytes.method = "POST";
        request.retry.isSafe = true;
        request.job.emplace();
    }
    if (id == "postgres") {
        request.bytes.url = "postgresql://reader@db.example.com/sales";
        request.bytes.body = "select * from orders where total > 100";
        request.bytes.postgres.range.columns = {"id"};
    }
    if (id == "files") {
        request.bytes.url.clear();
        request.files = transfer::FileSet{.sources = {{server.origin() + "/api/users.csv?rows=40"},
                                                      {server.origin() + "/api/users?rows=5000"}},
                                          .fileColumn = "file"};
    }
    if (id == "s3")
        request.bytes.url = "s3://exports/year=2026/orders.ndjson.gz";
    if (id == "sftp")
        request.bytes.url = "sftp://reader@files.example.com/exports/orders.csv";
    if (id == "websocket") {
        request.bytes.url = m_sockets->url() + "?rows=5000";
        request.bytes.body = "{\"type\": \"fetch-all\"}";
        request.webSocket.resumeMessage = "{\"type\": \"resume\", \"after\": \"${last.id}\"}";
    }
    if (id.startsWith("grpc") || id == "connect") {
        request.bytes.url = id == "grpc" ? m_calls->origin() : server.origin();
        request.grpc =
            transfer::GrpcCall{.schema = {.protoFiles = {FRESHET_DEMO_PROTO}},
                               .method = "users.UserService/ListUsers",
                               .requestJson = "{\n  \"rows\": 5000\n}",
                               .metadata = {{"x-tenant", "north"}, {"authorization", "s3cret"}},
                               .rowsField = "users"};
    }
    return request;
}

void TestSourcePictures::keep(SourceDialog &dialog, const QString &stage)
{
    QTest::qWait(60); // for the picture: the grid reads on a worker
    test::keepChecked(&dialog, m_look, QStringLiteral("source-") + stage);
}

void TestSourcePictures::tried(SourceDialog &dialog, const char *name)
{
    dialog.tryRequest();
    QVERIFY2(dialog.trialView().trial().isRunning(), name);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.trialView().trial().isRunning(), kPatienceMs);
    keep(dialog, QString::fromLatin1(name) + QStringLiteral("-tried"));
}

void TestSourcePictures::eachKind()
{
    QFETCH(test::Look, look);
    m_look = look.name;
    WindowFixture fixture;
    test::takeLook(fixture, look);
    for (const ui::SourceKind &kind : ui::sourceKinds()) {
        DownloadRequest request = requestFor(fixture, kind.id);
        kind.settle(request);
        auto *dialog = new SourceDialog(request, {}, fixture.theme, fixture.window.get());
        dialog->show();
        if (look.fontScale > 1)
            dialog->resize(look.size);
        if (auto *page = dialog->findChild<ui::CallPage *>()) {
            page->findMethods();
            const auto *button = dialog->findChild<QPushButton *>(QStringLiteral("findMethods"));
            QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), kPatienceMs);
        }
        const QString id = QString::fromLatin1(kind.id);
        keep(*dialog, id);
        if (!kWithoutServer.contains(id))
            tried(*dialog, kind.id);
        auto *tabs = dialog->findChild<QTabBar *>(QStringLiteral("sourceTabs"));
        QVERIFY(tabs->isVisible() && tabs->height() >= QFontMetrics(tabs->font()).height());
        for (int i = 1; i < tabs->count(); ++i) {
            tabs->setCurrentIndex(i);
            keep(*dialog, id + QLatin1Char('-') + tabs->tabText(i).toLower());
        }
        dialog->close();
    }
}

QTEST_MAIN(TestSourcePictures)
#include "tst_source_pictures.moc"
