// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/metadata_page.h"

#include "source/header_table.h"
#include "theme/theme.h"

#include <QDoubleSpinBox>

namespace freshet::ui {

namespace {

constexpr double kMostSeconds = 99'999'999;

} // namespace

MetadataPage::MetadataPage(const Theme &theme)
    : FormPage(theme), m_metadata(new HeaderTable(theme)), m_deadline(new QDoubleSpinBox)
{
    m_deadline->setRange(0, kMostSeconds);
    m_deadline->setDecimals(3);
    m_deadline->setSuffix(tr(" s"));
    m_deadline->setSpecialValueText(tr("none"));
    m_deadline->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_deadline->setMaximumWidth(theme.px(160));
    addField(tr("&Metadata"), m_metadata);
    addHint(tr("Values that are secret are shown as dots and kept nowhere: not in the library, not "
               "in a recipe."));
    addField(tr("&Deadline"), m_deadline);
    addHint(tr("After so long the call ends, on the server and here."));
    connect(m_metadata, &HeaderTable::edited, this, &SourcePage::edited);
    connect(m_deadline, &QDoubleSpinBox::valueChanged, this, &SourcePage::edited);
}

void MetadataPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    const transfer::GrpcCall call = request.grpc.value_or(transfer::GrpcCall());
    // A secret may have come as a header of the request, which is the same to the server.
    std::vector<std::string> missing;
    for (const auto &name : request.missingSecrets) {
        if (!findHeader(request.bytes.headers, name))
            missing.push_back(name);
    }
    m_metadata->setHeaders(call.metadata, missing);
    m_deadline->setValue(std::chrono::duration<double>(call.deadline).count());
}

void MetadataPage::store(transfer::DownloadRequest &request) const
{
    if (!request.grpc)
        request.grpc.emplace();
    request.grpc->metadata = m_metadata->headers();
    request.grpc->deadline = std::chrono::milliseconds(qRound64(m_deadline->value() * 1000));
}

} // namespace freshet::ui
