// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/course_page.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>

#include <algorithm>
#include <climits>

namespace freshet::ui {

namespace {

using transfer::OnBadRow;
using transfer::SinceRule;

constexpr int kMostRetries = 1000;

int shown(std::optional<RowCount> rows)
{
    return rows ? static_cast<int>(std::min<std::int64_t>(rows->value(), INT_MAX)) : 0;
}

std::optional<RowCount> wanted(const QSpinBox *box)
{
    return box->value() == 0 ? std::nullopt : std::optional(RowCount(box->value()));
}

} // namespace

CoursePage::CoursePage(Offers offered, const Theme &theme)
    : FormPage(theme),
      m_offered(offered),
      m_limit(number(0, INT_MAX)),
      m_ring(number(0, INT_MAX)),
      m_onBadRow(choice()),
      m_maxBadRows(number(0, INT_MAX)),
      m_retries(number(0, kMostRetries))
{
    m_limit->setSpecialValueText(tr("all rows"));
    m_ring->setSpecialValueText(tr("keep all"));
    m_limit->setObjectName(QStringLiteral("limit"));
    m_ring->setObjectName(QStringLiteral("ring"));
    m_retries->setObjectName(QStringLiteral("retries"));
    m_onBadRow->addItem(tr("set it aside and go on"), static_cast<int>(OnBadRow::Keep));
    m_onBadRow->addItem(tr("stop"), static_cast<int>(OnBadRow::Stop));
    addSection(tr("How much"));
    addField(tr("Stop &after rows"), m_limit);
    addField(tr("Keep only the &last"), m_ring);
    addHint(tr("For feeds that never end: older rows make room for new ones."));
    addSection(tr("When something goes wrong"));
    addField(tr("At a bad ro&w"), m_onBadRow);
    addField(tr("S&top after bad rows"), m_maxBadRows);
    addField(tr("Tr&y again, times"), m_retries);
    if (offered != Offers::Nothing)
        addSafety();
    if (offered == Offers::News)
        addSince();
    connect(m_onBadRow, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_maxBadRows->setEnabled(index == 0); });
}

void CoursePage::addSafety()
{
    m_isSafe = check(tr("Sending it twice does no harm, whatever its method"));
    addField(QString(), m_isSafe);
    m_isSafe->setAccessibleName(m_isSafe->text());
}

void CoursePage::addSince()
{
    m_since = codeEdit(QStringLiteral("param=since,from=updated_at,key=id,mode=upsert"));
    m_since->setObjectName(QStringLiteral("since"));
    addSection(tr("What is new"));
    addField(tr("Ask &since"), m_since);
    addHint(
        tr("Where the token goes (param=, header=, body=) and where it comes from (from=COLUMN, "
           "event-id, header:, body:); then also inclusive, overlap=10m, initial=, key=A+B, "
           "mode=insert or upsert."));
}

void CoursePage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    m_limit->setValue(shown(request.limit));
    m_ring->setValue(shown(request.ring));
    chooseData(m_onBadRow, static_cast<int>(request.onBadRow));
    m_maxBadRows->setValue(static_cast<int>(std::min<std::int64_t>(request.maxBadRows, INT_MAX)));
    m_maxBadRows->setEnabled(request.onBadRow == OnBadRow::Keep);
    m_retries->setValue(request.retry.maxRetries);
    if (m_isSafe != nullptr)
        m_isSafe->setChecked(request.retry.isSafe);
    if (m_since != nullptr)
        m_since->setText(request.since ? QString::fromStdString(request.since->text()) : QString());
}

void CoursePage::store(transfer::DownloadRequest &request) const
{
    request.limit = wanted(m_limit);
    request.ring = wanted(m_ring);
    request.onBadRow = static_cast<OnBadRow>(m_onBadRow->currentData().toInt());
    request.maxBadRows = m_maxBadRows->value();
    request.retry.maxRetries = m_retries->value();
    if (m_isSafe != nullptr)
        request.retry.isSafe = m_isSafe->isChecked();
    if (m_since == nullptr)
        return;
    request.since.reset();
    if (auto rule = SinceRule::parse(m_since->text().trimmed().toStdString()))
        request.since = std::move(*rule);
}

Status CoursePage::validate() const
{
    if (m_since == nullptr)
        return {};
    const auto text = m_since->text().trimmed().toStdString();
    if (text.empty())
        return {};
    auto rule = SinceRule::parse(text);
    return rule ? Status() : fail(std::move(rule).error());
}

} // namespace freshet::ui
