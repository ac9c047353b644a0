// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fields.h"
#include "window_fixture.h"

#include "source/call_page.h"
#include "source/method_tree.h"
#include "source/source_dialog.h"
#include "source/trial_view.h"
#include "support/table_server.h"
#include "widgets/notice_line.h"

#include <QComboBox>
#include <QPlainTextEdit>

using namespace freshet;
using test::field;
using test::WindowFixture;
using transfer::DownloadRequest;
using ui::SourceDialog;

namespace {

constexpr int kPatienceMs = 60'000;

} // namespace

/// The gRPC page asks grpc-js with its reflection service what there is, and calls it.
class TestGrpcReflection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void findsTriesAndGets();
    void saysThatThereIsNone();

private:
    test::TableServer m_server;
};

void TestGrpcReflection::initTestCase()
{
    if (const QString why = m_server.start(); !why.isEmpty())
        QSKIP(qPrintable(why));
}

void TestGrpcReflection::findsTriesAndGets()
{
    WindowFixture fixture;
    DownloadRequest request;
    request.bytes.url = "grpc://127.0.0.1:" + std::to_string(m_server.grpcPort());
    request.grpc = transfer::GrpcCall{.flavour = transfer::GrpcFlavour::Native};
    auto *dialog = new SourceDialog(request, {}, fixture.theme, fixture.window.get());
    connect(dialog, &SourceDialog::getRequested, fixture.window.get(),
            [&fixture](const DownloadRequest &made) { fixture.window->get(made); });
    dialog->show();
    QCOMPARE(field<QComboBox>(*dialog, "protoTypes")->currentIndex(), 0); // ask the server
    auto *find = field<QPushButton>(*dialog, "findMethods");
    find->click();
    QTRY_VERIFY_WITH_TIMEOUT(find->isEnabled(), kPatienceMs);
    auto *tree = dialog->findChild<ui::MethodTree *>();
    const auto found =
        tree->findItems(QStringLiteral("List"), Qt::MatchExactly | Qt::MatchRecursive);
    QCOMPARE(found.size(), 1);
    tree->setCurrentItem(found.front());
    QCOMPARE(field<QLineEdit>(*dialog, "grpcMethod")->text(), QStringLiteral("interop.Rows/List"));
    // The message was made from the server's own description of it.
    auto *message = field<QPlainTextEdit>(*dialog, "grpcMessage");
    QVERIFY2(message->toPlainText().contains(u"\"rows\""), qPrintable(message->toPlainText()));
    message->setPlainText(QStringLiteral("{\"rows\": 750}"));
    dialog->tryRequest();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->trialView().trial().isRunning(), kPatienceMs);
    const auto &findings = dialog->trialView().trial().findings();
    QVERIFY(findings.has_value());
    QCOMPARE(findings->shownRows, ui::Trial::kRows);
    field<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    QCOMPARE(fixture.tab()->grid()->rowCount(), RowCount(750));
    QCOMPARE(fixture.badge(), QStringLiteral("verified"));
}

void TestGrpcReflection::saysThatThereIsNone()
{
    // The demo server's web port speaks no gRPC at all.
    WindowFixture fixture;
    DownloadRequest request;
    request.bytes.url = fixture.server->origin();
    request.bytes.url.replace(0, request.bytes.url.find(':'), "grpc");
    request.grpc = transfer::GrpcCall{.flavour = transfer::GrpcFlavour::Native};
    auto *dialog = new SourceDialog(request, {}, fixture.theme, fixture.window.get());
    dialog->show();
    auto *find = field<QPushButton>(*dialog, "findMethods");
    find->click();
    QTRY_VERIFY_WITH_TIMEOUT(find->isEnabled(), kPatienceMs);
    const auto *notice = dialog->findChild<ui::CallPage *>()->findChild<ui::NoticeLine *>();
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->sentence().contains(u"server"), qPrintable(notice->sentence()));
    QCOMPARE(dialog->findChild<ui::MethodTree *>()->topLevelItemCount(), 0);
    dialog->close();
}

QTEST_MAIN(TestGrpcReflection)
#include "tst_grpc_reflection.moc"
