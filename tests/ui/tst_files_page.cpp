// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/value_text.h"
#include "source_fields.h"
#include "window_fixture.h"

#include "source/files_page.h"
#include "source/header_table.h"
#include "source/place_edit.h"
#include "source/source_dialog.h"
#include "source/trial_view.h"
#include "widgets/notice_line.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using test::field;
using test::requestFor;
using test::WindowFixture;
using transfer::DownloadRequest;
using transfer::FileSet;
using ui::SourceDialog;

namespace {

constexpr int kPatienceMs = 60'000;

void choose(QComboBox *box, const QString &text)
{
    const int index = box->findText(text);
    QVERIFY2(index >= 0, qPrintable(text));
    box->setCurrentIndex(index);
    Q_EMIT box->activated(index);
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(content), content.size());
}

/// What the cell of the shown table says.
QString cellOf(const ui::GridSourcePtr &source, std::int64_t row, int column)
{
    const auto loaded = source->load(RowIndex(row), column);
    if (!loaded)
        return u"(not loaded)"_s;
    std::string text;
    columnar::appendText(text, loaded->column, row - loaded->first.value());
    return QString::fromStdString(text);
}

} // namespace

/// Files, folders, patterns and URLs, asked for in the source dialog.
class TestFilesPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatIsEntered_data();
    void saysWhatIsEntered();
    void readsWhatIsEntered_data();
    void readsWhatIsEntered();
    void asksForASecretHeader();
    void hasHeadersForTheWebOnly();
    void refuses_data();
    void refuses();
    void droppedFilesBecomeLines();
    void leavesOutWhatAFileHasNot();
    void severalFilesBecomeOneTable();
    void asksForAFolderByItsName();
};

void TestFilesPage::saysWhatIsEntered_data()
{
    QTest::addColumn<QString>("places");
    QTest::addColumn<QString>("naming");
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("format");
    QTest::addColumn<QStringList>("sources");
    QTest::addColumn<QString>("fileColumn");
    const QString several = u"where there are several files"_s;
    const QString found = u"found by itself"_s;
    QTest::newRow("one") << u"/d/a.csv"_s << several << u"file"_s << found << QStringList()
                         << QString();
    QTest::newRow("two") << u"/d/a.csv\n\n  https://h/b.csv "_s << several << u"file"_s << found
                         << QStringList{u"/d/a.csv"_s, u"https://h/b.csv"_s} << u"file"_s;
    QTest::newRow("one that is named") << u"/d/a.csv"_s << u"always"_s << u"of"_s << u"CSV"_s
                                       << QStringList{u"/d/a.csv"_s} << u"of"_s;
    QTest::newRow("a folder, another column")
        << u"/d"_s << several << u"of"_s << found << QStringList{u"/d"_s} << u"of"_s;
    QTest::newRow("two that are not named")
        << u"/d/a\n/d/b"_s << u"never"_s << u"of"_s << u"ZIP archives of such files"_s
        << QStringList{u"/d/a"_s, u"/d/b"_s} << QString();
    QTest::newRow("at home") << u"~/a.csv\n~x"_s << several << u"file"_s << found
                             << QStringList{QDir::homePath() + u"/a.csv"_s, u"~x"_s} << u"file"_s;
}

void TestFilesPage::saysWhatIsEntered()
{
    QFETCH(QString, places);
    QFETCH(QString, naming);
    QFETCH(QString, column);
    QFETCH(QString, format);
    QFETCH(QStringList, sources);
    QFETCH(QString, fileColumn);
    const ui::Theme theme(*qApp);
    const SourceDialog dialog(requestFor("/d/before.csv"), {}, theme, nullptr);
    QCOMPARE(QByteArray(dialog.kind().id), QByteArray("files"));
    field<QPlainTextEdit>(dialog, "filePlaces")->setPlainText(places);
    choose(field<QComboBox>(dialog, "fileNaming"), naming);
    choose(field<QComboBox>(dialog, "fileFormat"), format);
    field<QLineEdit>(dialog, "fileColumn")->setText(column);
    QCOMPARE(field<QLineEdit>(dialog, "fileColumn")->isEnabled(), naming != u"never");
    const DownloadRequest made = dialog.request();
    QCOMPARE(made.files.has_value(), !sources.isEmpty());
    const FileSet files = made.files.value_or(FileSet());
    QCOMPARE(files.sources.size(), static_cast<std::size_t>(sources.size()));
    for (int i = 0; i < sources.size(); ++i)
        QCOMPARE(QString::fromStdString(files.sources[static_cast<std::size_t>(i)].place),
                 sources[i]);
    QCOMPARE(QString::fromStdString(files.fileColumn), fileColumn);
    const SourceDialog again(made, {}, theme, nullptr);
    QCOMPARE(again.request().toJson(), made.toJson());
    QCOMPARE(field<QComboBox>(again, "fileFormat")->currentText(), format);
}

void TestFilesPage::readsWhatIsEntered_data()
{
    QTest::addColumn<DownloadRequest>("request");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("naming");
    DownloadRequest request = requestFor("/d/1.csv");
    QTest::newRow("one") << request << u"/d/1.csv"_s << u"where there are several files"_s;
    request.files = FileSet{.sources = {{.place = "/d/1.csv", .name = "1.csv"}, {"https://h/2"}},
                            .fileColumn = "of"};
    QTest::newRow("two") << request << u"/d/1.csv\nhttps://h/2"_s
                         << u"where there are several files"_s;
    request.files->fileColumn.clear();
    QTest::newRow("without a column") << request << u"/d/1.csv\nhttps://h/2"_s << u"never"_s;
    request.bytes.url = "/d";
    request.files = FileSet{.sources = {{"/d"}}, .fileColumn = "of"};
    QTest::newRow("a folder") << request << u"/d"_s << u"always"_s;
}

void TestFilesPage::readsWhatIsEntered()
{
    QFETCH(DownloadRequest, request);
    QFETCH(QString, shown);
    QFETCH(QString, naming);
    const ui::Theme theme(*qApp);
    const SourceDialog dialog(request, {}, theme, nullptr);
    QCOMPARE(field<QPlainTextEdit>(dialog, "filePlaces")->toPlainText(), shown);
    QCOMPARE(field<QComboBox>(dialog, "fileNaming")->currentText(), naming);
    QCOMPARE(dialog.request().toJson(), request.toJson());
}

/// A set of files that was got with a token, opened again without it.
void TestFilesPage::asksForASecretHeader()
{
    DownloadRequest request = requestFor("https://h/1.csv");
    request.files = FileSet{.sources = {{"https://h/1.csv"}, {"/d/2.csv"}}, .fileColumn = "file"};
    request.bytes.headers = {{"X-Team", "blue"}, {"Authorization", "Bearer s3cret"}};
    const auto kept = DownloadRequest::fromJson(request.toJson());
    QVERIFY(kept.has_value());
    const ui::Theme theme(*qApp);
    SourceDialog dialog(*kept, {}, theme, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QCOMPARE(QByteArray(dialog.kind().id), QByteArray("files"));
    dialog.show();
    auto *table = dialog.findChild<ui::HeaderTable *>();
    QVERIFY(table != nullptr && table->isVisible());
    QCOMPARE(table->item(1, 0)->text(), u"Authorization"_s);
    WindowFixture::keepPicture(&dialog, u"files-page-headers"_s);
    QSignalSpy got(&dialog, &SourceDialog::getRequested);
    field<QPushButton>(dialog, "getSource")->click();
    QCOMPARE(got.count(), 0);
    table->item(1, 1)->setText(u"Bearer again"_s);
    field<QPushButton>(dialog, "getSource")->click();
    QCOMPARE(got.count(), 1);
    const auto made = got.front().front().value<DownloadRequest>();
    QVERIFY(findHeader(made.bytes.headers, "Authorization") == "Bearer again");
    QVERIFY(findHeader(made.bytes.headers, "X-Team") == "blue");
}

void TestFilesPage::hasHeadersForTheWebOnly()
{
    const ui::Theme theme(*qApp);
    SourceDialog dialog(requestFor("/d/1.csv"), {}, theme, nullptr);
    dialog.show();
    auto *table = dialog.findChild<ui::HeaderTable *>();
    QVERIFY(table != nullptr && !table->isVisible());
    auto *places = field<QPlainTextEdit>(dialog, "filePlaces");
    places->setPlainText(u"/d/1.csv\nhttps://zoe:s3cret@h/2.csv"_s);
    QVERIFY(table->isVisible());
    table->put({"X-Team", "blue"});
    const auto made = dialog.request();
    QCOMPARE(made.files->sources.back().place, std::string("https://h/2.csv"));
    QVERIFY(findHeader(made.bytes.headers, "Authorization").has_value());
    QVERIFY(findHeader(made.bytes.headers, "X-Team") == "blue");
    // No server is told what none is asked.
    places->setPlainText(u"/d/1.csv\n/d/2.csv"_s);
    QVERIFY(!table->isVisible());
    QVERIFY(dialog.request().bytes.headers.empty());
}

void TestFilesPage::refuses_data()
{
    QTest::addColumn<QString>("places");
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("part");
    QTest::newRow("nothing") << u" \n"_s << u"file"_s << u"name a file"_s;
    QTest::newRow("no name of the column") << u"/a\n/b"_s << u" "_s << u"has no name"_s;
}

void TestFilesPage::refuses()
{
    QFETCH(QString, places);
    QFETCH(QString, column);
    QFETCH(QString, part);
    const ui::Theme theme(*qApp);
    SourceDialog dialog(requestFor("/d/a.csv"), {}, theme, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    field<QPlainTextEdit>(dialog, "filePlaces")->setPlainText(places);
    field<QLineEdit>(dialog, "fileColumn")->setText(column);
    const QSignalSpy got(&dialog, &SourceDialog::getRequested);
    field<QPushButton>(dialog, "getSource")->click();
    QCOMPARE(got.count(), 0);
    const auto *notice = dialog.findChild<ui::NoticeLine *>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->sentence().contains(part), qPrintable(notice->sentence()));
}

void TestFilesPage::droppedFilesBecomeLines()
{
    const ui::Theme theme(*qApp);
    const SourceDialog dialog(requestFor("/d/1.csv"), {}, theme, nullptr);
    auto *places = field<ui::PlaceEdit>(dialog, "filePlaces");
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(u"/d/two words.csv"_s), QUrl(u"https://h/3.csv?a=%20"_s)});
    places->insert(files);
    QCOMPARE(places->toPlainText(), u"/d/1.csv\n/d/two words.csv\nhttps://h/3.csv?a=%20"_s);
    // Text stays text.
    QMimeData text;
    text.setText(u".gz"_s);
    places->insert(text);
    QCOMPARE(places->toPlainText(), u"/d/1.csv\n/d/two words.csv\nhttps://h/3.csv?a=%20.gz"_s);
}

void TestFilesPage::leavesOutWhatAFileHasNot()
{
    const ui::Theme theme(*qApp);
    DownloadRequest request = requestFor("/d/1.csv");
    request.bytes.method = "POST";
    request.bytes.body = "{}";
    request.decode.format = decode::Format::Sse;
    request.pages.emplace();
    const SourceDialog dialog(request, {}, theme, nullptr);
    const DownloadRequest made = dialog.request();
    QCOMPARE(made.bytes.method, std::string("GET"));
    QVERIFY(made.bytes.body.empty() && !made.pages);
    QVERIFY(made.decode.format == decode::Format::Auto);
}

void TestFilesPage::severalFilesBecomeOneTable()
{
    WindowFixture fixture;
    const QString one = fixture.folder.filePath(u"one.csv"_s);
    write(one, "id,name\n1,a\n2,b\n");
    QVERIFY(QDir(fixture.folder.path()).mkpath(u"more"_s));
    write(fixture.folder.filePath(u"more/part-2.ndjson"_s), "{\"id\":3}\n");
    write(fixture.folder.filePath(u"more/part-10.ndjson"_s), "{\"id\":4.5}\n");
    auto *dialog =
        new SourceDialog(requestFor(one.toStdString()), {}, fixture.theme, fixture.window.get());
    connect(dialog, &SourceDialog::getRequested, fixture.window.get(),
            [&fixture](const DownloadRequest &made) { fixture.window->get(made); });
    dialog->show();
    auto *places = field<QPlainTextEdit>(*dialog, "filePlaces");
    places->appendPlainText(fixture.folder.filePath(u"more/*.ndjson"_s));
    places->appendPlainText(QString::fromStdString(fixture.demoUrl("rows=5", "/api/users.csv")));
    dialog->tryRequest();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->trialView().trial().isRunning(), kPatienceMs);
    const auto &error = dialog->trialView().trial().error();
    QVERIFY2(!error, error ? error->detail.c_str() : "");
    QCOMPARE(dialog->trialView().trial().findings()->shownRows, RowCount(9));
    field<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    const auto source = fixture.tab()->grid()->source();
    QCOMPARE(source->rowCount(), RowCount(9));
    QVERIFY2(cellOf(source, 0, 0).endsWith(u"one.csv"), qPrintable(cellOf(source, 0, 0)));
    QVERIFY(cellOf(source, 2, 0).endsWith(u"part-2.ndjson"));
    QVERIFY(cellOf(source, 3, 0).endsWith(u"part-10.ndjson"));
    QCOMPARE(cellOf(source, 3, 1), u"4.5"_s);
    QVERIFY(cellOf(source, 8, 0).contains(u"/api/users.csv"));
    // What is kept of it opens as the same files again.
    const auto kept = DownloadRequest::fromJson(fixture.tab()->session()->record().request);
    QVERIFY(kept.has_value());
    const SourceDialog again(*kept, {}, fixture.theme, nullptr);
    QCOMPARE(QByteArray(again.kind().id), QByteArray("files"));
    QCOMPARE(again.request().files->sources.size(), std::size_t(4));
}

void TestFilesPage::asksForAFolderByItsName()
{
    WindowFixture fixture;
    QVERIFY(QDir(fixture.folder.path()).mkpath(u"exports"_s));
    write(fixture.folder.filePath(u"exports/1.csv"_s), "id\n1\n");
    write(fixture.folder.filePath(u"exports/2.csv"_s), "id\n2\n");
    write(fixture.folder.filePath(u"exports/notes"_s), "none of rows");
    fixture.enterUrl(fixture.folder.filePath(u"exports"_s).toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    const auto source = fixture.tab()->grid()->source();
    QCOMPARE(source->rowCount(), RowCount(2));
    QVERIFY(cellOf(source, 1, 0).endsWith(u"2.csv"));
}

QTEST_MAIN(TestFilesPage)
#include "tst_files_page.moc"
