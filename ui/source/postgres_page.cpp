// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/postgres_page.h"

#include "source/request_page.h"
#include "source/schema_tree.h"
#include "text/error_text.h"
#include "theme/theme.h"
#include "widgets/notice_line.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

namespace freshet::ui {

namespace {

std::vector<std::string> namesOf(const QLineEdit *field)
{
    std::vector<std::string> names;
    for (const QString &part : field->text().split(QLatin1Char(','))) {
        if (const QString name = part.trimmed(); !name.isEmpty())
            names.push_back(name.toStdString());
    }
    return names;
}

QString asText(const std::vector<std::string> &names)
{
    QStringList texts;
    for (const auto &name : names)
        texts += QString::fromStdString(name);
    return texts.join(QStringLiteral(", "));
}

/// Where a password stands in an address; empty if there is none.
struct PasswordPlace
{
    qsizetype begin = 0; ///< of the colon before it
    qsizetype end = 0;
};

PasswordPlace passwordIn(const QString &url)
{
    const qsizetype scheme = url.indexOf(QLatin1String("://"));
    if (scheme < 0)
        return {};
    const qsizetype authority = scheme + 3;
    qsizetype end = authority;
    while (end < url.size() && !QStringLiteral("/?#").contains(url[end]))
        ++end;
    const qsizetype at = QStringView(url).left(end).lastIndexOf(QLatin1Char('@'));
    const qsizetype colon = url.indexOf(QLatin1Char(':'), authority);
    if (at < authority || colon < 0 || colon > at)
        return {};
    return {colon, at};
}

} // namespace

PostgresPage::PostgresPage(const Theme &theme)
    : FormPage(theme),
      m_url(codeEdit(QStringLiteral("postgresql://user@db.example.com:5432/sales"))),
      m_password(lineEdit(tr("as ~/.pgpass or the service file say"))),
      m_browse(new QPushButton(tr("&Browse"))),
      m_notice(new NoticeLine(theme)),
      m_tree(new SchemaTree(theme)),
      m_query(textEdit(QStringLiteral("select * from orders where total > 100"), 4)),
      m_key(codeEdit(tr("none: an interrupted query begins again")))
{
    addServer();
    addQuery();
    setFocusProxy(m_url);
    connect(m_browse, &QPushButton::clicked, this, &PostgresPage::browse);
    connect(m_url, &QLineEdit::returnPressed, this, &PostgresPage::browse);
    connect(m_password, &QLineEdit::returnPressed, this, &PostgresPage::browse);
    connect(m_url, &QLineEdit::editingFinished, this, &PostgresPage::hidePassword);
    connect(m_tree, &SchemaTree::picked, this, &PostgresPage::take);
    connect(m_tree, &SchemaTree::changed, this, &PostgresPage::updateBrowsing);
    connect(m_tree, &SchemaTree::failed, this, [this](const Error &error) {
        m_notice->say(Mark::Failed,
                      errorText(error, QString::fromStdString(transport::withoutSecrets(
                                           m_url->text().trimmed().toStdString())))
                          .toPlainText());
        m_notice->show();
    });
}

void PostgresPage::addServer()
{
    m_url->setObjectName(QStringLiteral("sourceUrl"));
    m_password->setObjectName(QStringLiteral("databasePassword"));
    m_password->setEchoMode(QLineEdit::Password);
    m_browse->setObjectName(QStringLiteral("browseTables"));
    m_browse->setAutoDefault(false);
    addField(tr("&Server"), m_url);
    m_password->setAccessibleName(tr("Password"));
    auto *line = new QHBoxLayout;
    line->setSpacing(theme().px(8));
    line->addWidget(m_password, 1);
    line->addWidget(m_browse);
    addLayout(tr("Password"), line);
    addHint(tr("Goes to the server and is kept nowhere: not in the library, not in a recipe."));
    addWide(tr("What the server said"), m_notice);
    addWide(tr("Tables of the server"), m_tree);
}

void PostgresPage::addQuery()
{
    m_query->setObjectName(QStringLiteral("databaseQuery"));
    m_key->setObjectName(QStringLiteral("databaseKey"));
    addField(tr("&Query"), m_query);
    addHint(tr("It runs in a transaction that cannot write and sees one state of the database."));
    addField(tr("&Key"), m_key);
    addHint(tr("Columns without nulls that tell rows apart, with commas between them. Rows come in "
               "their order, and an interrupted download goes on behind the last row."));
}

void PostgresPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    m_request = request.bytes;
    m_url->setText(QString::fromStdString(request.bytes.url));
    m_password->setText(QString::fromStdString(request.bytes.postgres.password));
    hidePassword();
    m_url->setCursorPosition(0);
    m_query->setPlainText(QString::fromStdString(request.bytes.body));
    m_key->setText(asText(request.bytes.postgres.range.columns));
}

void PostgresPage::hidePassword()
{
    QString url = m_url->text();
    const auto [begin, end] = passwordIn(url);
    if (end == begin)
        return;
    const QByteArray escaped = url.mid(begin + 1, end - begin - 1).toUtf8();
    m_password->setText(QString::fromUtf8(QByteArray::fromPercentEncoding(escaped)));
    m_url->setText(url.remove(begin, end - begin));
}

void PostgresPage::store(transfer::DownloadRequest &request) const
{
    request.bytes.url = m_url->text().trimmed().toStdString();
    request.bytes.postgres.password = m_password->text().toStdString();
    request.bytes.body = m_query->toPlainText().toStdString();
    request.bytes.postgres.range.columns = namesOf(m_key);
}

Status PostgresPage::checkServer() const
{
    FRESHET_TRY(checkUrl(m_url->text()));
    if (!transport::isPostgresUrl(m_url->text().trimmed().toStdString()))
        return fail(ErrorCode::UrlInvalid,
                    "the address of a PostgreSQL server begins with postgresql://");
    return {};
}

Status PostgresPage::validate() const
{
    FRESHET_TRY(checkServer());
    if (m_query->toPlainText().trimmed().isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    "the query is empty: write one, or browse for a table");
    return {};
}

void PostgresPage::browse()
{
    if (m_tree->isAsking()) {
        m_tree->stop();
        return;
    }
    m_notice->hide();
    if (const auto server = checkServer(); !server) {
        m_notice->say(Mark::Incomplete, errorText(server.error()).toPlainText());
        m_notice->show();
        return;
    }
    transfer::DownloadRequest request;
    request.bytes = m_request;
    store(request);
    m_tree->browse(request.bytes);
}

void PostgresPage::updateBrowsing()
{
    // The words change; the button stays where it is.
    m_browse->setText(m_tree->isAsking() ? tr("Stop") : tr("&Browse"));
}

void PostgresPage::take(const PickedTable &table)
{
    m_notice->hide();
    m_url->setText(QString::fromStdString(table.url));
    m_query->setPlainText(QString::fromStdString(table.query));
    m_key->setText(asText(table.key));
    if (table.key.empty()) {
        m_notice->say(Mark::Incomplete,
                      tr("This table has no key: if its download is interrupted, the query has to "
                         "run again as a whole."));
        m_notice->show();
    }
    Q_EMIT edited();
}

} // namespace freshet::ui
