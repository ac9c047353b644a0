// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_bar.h"

#include "dialogs/headers_dialog.h"
#include "theme/theme.h"
#include "transfer/curl_command.h"
#include "widgets/field_height.h"
#include "widgets/login_in_url.h"

#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>

#include <memory>

namespace freshet::ui {

namespace {

using decode::Format;

struct FormatChoiceText
{
    Format format;
    const char *text;
};
constexpr FormatChoiceText kFormats[] = {{Format::Auto, QT_TRANSLATE_NOOP("RequestBar", "Auto")},
                                         {Format::Ndjson, "NDJSON"},
                                         {Format::Json, "JSON"},
                                         {Format::Csv, "CSV"},
                                         {Format::Tsv, "TSV"},
                                         {Format::Sse, QT_TRANSLATE_NOOP("RequestBar", "Events")},
                                         {Format::MsgPack, "MessagePack"},
                                         {Format::Cbor, "CBOR"},
                                         {Format::Parquet, "Parquet"},
                                         {Format::Arrow, "Arrow"},
                                         {Format::Zip, "ZIP"}};

} // namespace

void UrlField::pasteClipboard()
{
    const QString text = QGuiApplication::clipboard()->text();
    if (transfer::isCurlCommand(text.toStdString()))
        Q_EMIT curlPasted(text);
    else
        paste();
}

void UrlField::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Paste))
        pasteClipboard();
    else
        QLineEdit::keyPressEvent(event);
}

void UrlField::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu *menu = createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (auto *pasting = menu->findChild<QAction *>(QStringLiteral("edit-paste"))) {
        pasting->disconnect(this);
        connect(pasting, &QAction::triggered, this, &UrlField::pasteClipboard);
    }
    menu->popup(event->globalPos());
}

RequestBar::RequestBar(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_format(new QComboBox),
      m_url(new UrlField),
      m_headers(new QPushButton),
      m_options(new QPushButton(tr("Options…"))),
      m_get(new QPushButton(tr("Get")))
{
    setProperty("surface", QStringLiteral("window"));
    setProperty("edge", QStringLiteral("bottom"));
    setAttribute(Qt::WA_StyledBackground);
    for (const auto &[format, text] : kFormats)
        m_format->addItem(tr(text), static_cast<int>(format));
    m_format->setAccessibleName(tr("Format"));
    m_format->setToolTip(tr("Format of the data; Auto finds it out"));
    m_url->setObjectName(QStringLiteral("urlField"));
    m_url->setAccessibleName(tr("URL or path of a file"));
    m_url->setPlaceholderText(tr("URL, path of a file, or a pasted curl command"));
    m_get->setObjectName(QStringLiteral("getButton"));
    m_get->setProperty("primary", true);
    setFocusProxy(m_url);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(10));
    layout->setSpacing(theme.px(8));
    layout->addWidget(m_format);
    layout->addWidget(m_url, 1);
    layout->addWidget(m_headers);
    layout->addWidget(m_options);
    layout->addWidget(m_get);

    connect(m_url, &QLineEdit::returnPressed, this, &RequestBar::get);
    connect(m_url, &UrlField::curlPasted, this, &RequestBar::takeCurl);
    connect(m_headers, &QPushButton::clicked, this, &RequestBar::editHeaders);
    connect(m_options, &QPushButton::clicked, this, &RequestBar::sourceRequested);
    connect(m_get, &QPushButton::clicked, this, [this] {
        if (m_isRunning)
            Q_EMIT cancelRequested();
        else
            get();
    });
    connect(&theme, &Theme::changed, this, &RequestBar::updateFonts);
    updateFonts();
    updateButtons();
}

void RequestBar::updateFonts()
{
    m_url->setFont(m_theme.monospaceFont());
    m_url->setMinimumSize(m_theme.px(160), fieldHeight());
    const QFontMetrics metrics(m_theme.textFont());
    m_get->setMinimumWidth(metrics.horizontalAdvance(tr("Cancel")) + m_theme.px(30));
}

transfer::DownloadRequest RequestBar::request() const
{
    transfer::DownloadRequest request = m_request;
    request.bytes.url = m_url->text().trimmed().toStdString();
    // A call, a query or a WebSocket brings a format of its own, which is not in the list.
    if (m_format->currentIndex() >= 0)
        request.decode.format = static_cast<Format>(m_format->currentData().toInt());
    transfer::liftUrlLogin(request);
    if (m_login && m_login->isFor(request.bytes.url))
        transfer::giveLogin(request, *m_login);
    return request;
}

void RequestBar::setRequest(const transfer::DownloadRequest &request)
{
    m_request = request;
    // A name belongs to one dataset; the next one is given its own.
    m_request.name.clear();
    if (auto login = transfer::takeUrlLogin(m_request))
        m_login = std::move(login);
    else if (!takesLoginBack())
        m_login.reset();
    setUrl(QString::fromStdString(m_request.bytes.url));
    m_format->setCurrentIndex(m_format->findData(static_cast<int>(request.decode.format)));
    updateButtons();
}

/// Of a request that this bar has made: its login is not for whatever URL is entered next.
bool RequestBar::takesLoginBack()
{
    const auto isLogin = [this](const transport::Header &header) {
        return header.name == m_login->header.name && header.value == m_login->header.value;
    };
    return m_login && m_login->isFor(m_request.bytes.url) &&
           std::erase_if(m_request.bytes.headers, isLogin) > 0;
}

void RequestBar::setUrl(const QString &url)
{
    m_url->setText(url);
    m_url->setToolTip(url);
    m_url->setCursorPosition(0);
}

void RequestBar::takeCurl(const QString &command)
{
    auto request = transfer::requestFromCurl(command.toStdString());
    if (!request) {
        Q_EMIT failed(request.error(), tr("the pasted curl command"));
        return;
    }
    setRequest(*request);
    focusUrl();
}

void RequestBar::setRunning(bool isRunning)
{
    m_isRunning = isRunning;
    m_get->setText(isRunning ? tr("Cancel") : tr("Get"));
    m_get->setProperty("primary", !isRunning);
    m_get->style()->unpolish(m_get);
    m_get->style()->polish(m_get);
}

void RequestBar::focusUrl()
{
    m_url->setFocus(Qt::ShortcutFocusReason);
    m_url->selectAll();
}

void RequestBar::get()
{
    const QString text = m_url->text();
    if (transfer::isCurlCommand(text.toStdString())) {
        takeCurl(text);
        return;
    }
    if (text.trimmed().isEmpty()) {
        focusUrl();
        return;
    }
    const auto asked = request();
    hideLogin();
    Q_EMIT getRequested(asked);
}

void RequestBar::hideLogin()
{
    auto login = takeLoginFrom(*m_url);
    if (!login)
        return;
    m_login = std::move(login);
    setUrl(m_url->text());
    updateButtons();
}

void RequestBar::editHeaders()
{
    hideLogin();
    auto *dialog = new HeadersDialog(request().bytes.headers, m_theme, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_request.bytes.headers = dialog->headers();
        m_login.reset(); // it stands among them, or was removed
        updateButtons();
    });
    dialog->show();
}

void RequestBar::updateButtons()
{
    const auto count = request().bytes.headers.size();
    m_headers->setText(count == 0 ? tr("Headers") : tr("Headers %1").arg(count));
    const QString method = QString::fromStdString(m_request.bytes.method);
    if (m_request.grpc)
        m_options->setText(tr("gRPC, options…"));
    else if (m_request.job)
        m_options->setText(tr("Export job, options…"));
    else if (m_request.decode.format == Format::Postgres)
        m_options->setText(tr("Query, options…"));
    else
        m_options->setText(method == QLatin1String("GET") ? tr("Options…")
                                                          : tr("%1, options…").arg(method));
}

} // namespace freshet::ui
