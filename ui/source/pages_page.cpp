// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/pages_page.h"

#include "source/trial.h"
#include "text/dataset_text.h"
#include "theme/theme.h"
#include "widgets/notice_line.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include <climits>

namespace freshet::ui {

namespace {

using transfer::PageRule;
using transfer::PageStyle;

constexpr int kNone = -1;
constexpr int kMostInFlight = 64;

struct StyleText
{
    PageStyle style;
    const char *name;
    const char *meaning;
};

#define TEXT(words) QT_TRANSLATE_NOOP("freshet::ui::PagesPage", words)

constexpr StyleText kStyles[] = {
    {PageStyle::Auto, TEXT("all pages, found by itself"),
     TEXT("The first answer tells how the server hands out the rest; it is said before it is "
          "used.")},
    {PageStyle::Offset, TEXT("by offset"),
     TEXT("Each request says how many rows to pass over. Several are under way at a time.")},
    {PageStyle::Number, TEXT("by page number"),
     TEXT("Each request says the number of the page. Several are under way at a time.")},
    {PageStyle::Cursor, TEXT("by cursor"),
     TEXT("Each answer holds a token that the next request sends.")},
    {PageStyle::Keyset, TEXT("by key"),
     TEXT("Each request asks for rows behind the last one's key.")},
    {PageStyle::Link, TEXT("by Link header"), TEXT("Each answer says Link: <…>; rel=\"next\".")},
    {PageStyle::Next, TEXT("by an address in the answer"),
     TEXT("Each answer holds the address of the next page.")},
    {PageStyle::GraphQl, TEXT("GraphQL connection"),
     TEXT("pageInfo.endCursor goes into a variable of the next query.")},
    {PageStyle::Scroll, TEXT("Elasticsearch scroll"),
     TEXT("Each answer holds a token that is sent to /_search/scroll.")},
};

#undef TEXT

bool isCounted(PageStyle style)
{
    return style == PageStyle::Offset || style == PageStyle::Number;
}

bool hasPlaceToSend(PageStyle style)
{
    return style != PageStyle::Link && style != PageStyle::Next && style != PageStyle::Scroll &&
           style != PageStyle::Auto;
}

bool hasPlaceToRead(PageStyle style)
{
    return style == PageStyle::Cursor || style == PageStyle::Keyset || style == PageStyle::Next ||
           style == PageStyle::GraphQl || style == PageStyle::Scroll;
}

} // namespace

PagesPage::PagesPage(const Theme &theme)
    : FormPage(theme),
      m_found(new QWidget),
      m_notice(new NoticeLine(theme)),
      m_use(new QPushButton(tr("Use this"))),
      m_style(choice()),
      m_meaning(nullptr),
      m_from(codeEdit(tr("found by itself"))),
      m_to(codeEdit(tr("found by itself"))),
      m_more(codeEdit(tr("found by itself"))),
      m_size(number(0, INT_MAX)),
      m_sizeTo(codeEdit(tr("found by itself"))),
      m_first(codeEdit(tr("found by itself"))),
      m_inFlight(number(1, kMostInFlight))
{
    m_style->setObjectName(QStringLiteral("pageStyle"));
    m_use->setObjectName(QStringLiteral("useFoundPages"));
    m_size->setSpecialValueText(tr("adapted to the server"));
    m_style->addItem(tr("this one answer is all"), kNone);
    for (const auto &[style, name, meaning] : kStyles)
        m_style->addItem(tr(name), static_cast<int>(style));
    auto *line = new QHBoxLayout(m_found);
    line->setContentsMargins(0, 0, 0, theme.px(6));
    line->setSpacing(theme.px(8));
    line->addWidget(m_notice, 1);
    line->addWidget(m_use, 0, Qt::AlignVCenter);
    addWide(tr("Found by the trial"), m_found);
    addField(tr("&Pages"), m_style);
    m_meaning = addHint({});
    addField(tr("&Sent as"), m_to);
    addField(tr("&Read from"), m_from);
    addField(tr("Says &more"), m_more);
    addField(tr("Rows a pa&ge"), m_size);
    addField(tr("Si&ze sent as"), m_sizeTo);
    addField(tr("&First page"), m_first);
    addField(tr("At the same &time"), m_inFlight);
    addHint(
        tr("Places in a request: NAME of a URL parameter, header:NAME, body:PATH. In an answer: "
           "$.path, header:NAME; for pages by key the name of a column."));
    setFieldVisible(m_found, false);
    connect(m_style, &QComboBox::currentIndexChanged, this, &PagesPage::updateFields);
    connect(m_use, &QPushButton::clicked, this, [this] {
        setRule(m_foundRule);
        Q_EMIT edited();
    });
}

std::optional<PageRule> PagesPage::rule() const
{
    const int style = m_style->currentData().toInt();
    if (style == kNone)
        return std::nullopt;
    PageRule rule{.style = static_cast<PageStyle>(style)};
    const auto textOf = [](const QLineEdit *field) {
        return field->text().trimmed().toStdString();
    };
    rule.positionTo = hasPlaceToSend(rule.style) ? textOf(m_to) : std::string();
    rule.positionFrom = hasPlaceToRead(rule.style) ? textOf(m_from) : std::string();
    if (rule.style != PageStyle::Auto)
        rule.moreFrom = textOf(m_more);
    rule.sizeTo = textOf(m_sizeTo);
    if (m_size->value() > 0)
        rule.size = m_size->value();
    if (!isCounted(rule.style))
        return rule;
    bool isNumber = false;
    const qlonglong first = m_first->text().trimmed().toLongLong(&isNumber);
    if (isNumber)
        rule.first = first;
    rule.inFlight = m_inFlight->value();
    return rule;
}

void PagesPage::setRule(const std::optional<PageRule> &rule)
{
    const PageRule shown = rule.value_or(PageRule());
    chooseData(m_style, rule ? static_cast<int>(rule->style) : kNone);
    m_from->setText(QString::fromStdString(shown.positionFrom));
    m_to->setText(QString::fromStdString(shown.positionTo));
    m_more->setText(QString::fromStdString(shown.moreFrom));
    m_sizeTo->setText(QString::fromStdString(shown.sizeTo));
    m_size->setValue(static_cast<int>(std::min<std::int64_t>(shown.size.value_or(0), INT_MAX)));
    m_first->setText(shown.first ? QString::number(*shown.first) : QString());
    m_inFlight->setValue(shown.inFlight);
    updateFields();
}

void PagesPage::updateFields()
{
    const int chosen = m_style->currentData().toInt();
    const bool hasPages = chosen != kNone;
    const auto style = hasPages ? static_cast<PageStyle>(chosen) : PageStyle::Auto;
    setFieldVisible(m_to, hasPages && hasPlaceToSend(style));
    setFieldVisible(m_from, hasPages && hasPlaceToRead(style));
    setFieldVisible(m_more, hasPages && style != PageStyle::Auto);
    setFieldVisible(m_size, hasPages);
    setFieldVisible(m_sizeTo, hasPages);
    setFieldVisible(m_first, hasPages && isCounted(style));
    setFieldVisible(m_inFlight, hasPages && isCounted(style));
    m_from->setPlaceholderText(style == PageStyle::Keyset ? tr("the column")
                                                          : tr("found by itself"));
    m_meaning->setText(tr("If the answer is visibly only the first page, the download ends as "
                          "incomplete and says so."));
    for (const auto &[known, name, meaning] : kStyles) {
        if (hasPages && known == style)
            m_meaning->setText(tr(meaning));
    }
}

void PagesPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    setRule(request.pages);
}

void PagesPage::store(transfer::DownloadRequest &request) const
{
    request.pages = rule();
}

Status PagesPage::validate() const
{
    const QString first = m_first->text().trimmed();
    bool isNumber = first.isEmpty();
    if (!isNumber)
        static_cast<void>(first.toLongLong(&isNumber));
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument, "the first page is a number");
    const auto made = rule();
    return made ? made->validate() : Status();
}

void PagesPage::showFindings(const TrialFindings *findings)
{
    m_foundRule.reset();
    const bool isFound = findings != nullptr && findings->progress.foundPages;
    setFieldVisible(m_found, isFound);
    if (!isFound)
        return;
    const transfer::FoundPages &pages = *findings->progress.foundPages;
    m_foundRule = pages.rule;
    m_notice->say(Mark::Ended, asSentence(QString::fromStdString(pages.sentence)));
    m_notice->show();
}

} // namespace freshet::ui
