// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/since_dialog.h"

#include "text/dataset_text.h"
#include "theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

using transfer::SinceRule;

/// Columns that sources are commonly ordered by, the likeliest first.
constexpr const char *kOrdering[] = {"updated_at", "updatedAt",  "modified_at", "modified",
                                     "changed_at", "created_at", "createdAt",   "timestamp",
                                     "seq",        "sequence",   "version",     "id"};

QString guessedOrder(const columnar::Schema &schema)
{
    for (const char *name : kOrdering) {
        if (schema.indexOf(name))
            return QString::fromLatin1(name);
    }
    return {};
}

QWidget *sideBySide(QWidget *first, QWidget *second, const Theme &theme)
{
    auto *both = new QWidget;
    auto *layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(8));
    layout->addWidget(first);
    layout->addWidget(second, 1);
    return both;
}

} // namespace

SinceDialog::SinceDialog(const QString &dataset, const columnar::Schema &schema, const Theme &theme,
                         QWidget *parent)
    : QDialog(parent),
      m_place(new QComboBox),
      m_name(new QLineEdit(QStringLiteral("since"))),
      m_origin(new QComboBox),
      m_from(new QComboBox),
      m_isInclusive(new QCheckBox(tr("The source sends the row of that value again"))),
      m_key(new QComboBox),
      m_mode(new QComboBox),
      m_overlap(new QLineEdit),
      m_outcome(new QLabel)
{
    setObjectName(QStringLiteral("sinceDialog"));
    setWindowTitle(tr("Fetch what is new in %1").arg(dataset));
    setAttribute(Qt::WA_DeleteOnClose);
    fillChoices(schema);
    layOut(theme);
    for (QComboBox *box : {m_place, m_origin, m_from, m_key, m_mode})
        connect(box, &QComboBox::currentTextChanged, this, &SinceDialog::update);
    for (QLineEdit *field : {m_name, m_overlap})
        connect(field, &QLineEdit::textChanged, this, &SinceDialog::update);
    connect(m_isInclusive, &QCheckBox::toggled, this, &SinceDialog::update);
    update();
}

void SinceDialog::fillChoices(const columnar::Schema &schema)
{
    for (const auto &field : schema.fields)
        m_columns += QString::fromStdString(field.name);
    m_place->addItem(tr("parameter"), QString());
    m_place->addItem(tr("header"), QStringLiteral("header:"));
    m_place->addItem(tr("place in the body"), QStringLiteral("body:"));
    m_origin->addItem(tr("last value of column"), int(SinceRule::Origin::Column));
    m_origin->addItem(tr("header of the answer"), int(SinceRule::Origin::Header));
    m_origin->addItem(tr("member beside the rows"), int(SinceRule::Origin::Envelope));
    m_origin->addItem(tr("id of the last event"), int(SinceRule::Origin::EventId));
    m_mode->addItem(tr("the row that comes again is dropped"), int(SinceRule::Mode::Insert));
    m_mode->addItem(tr("the new row takes the older one's place"), int(SinceRule::Mode::Upsert));
    for (QComboBox *box : {m_from, m_key}) {
        box->setEditable(true);
        box->setInsertPolicy(QComboBox::NoInsert);
        box->addItems(m_columns);
    }
    m_from->setEditText(guessedOrder(schema));
    m_key->setEditText(schema.indexOf("id") ? QStringLiteral("id") : QString());
    m_key->lineEdit()->setPlaceholderText(tr("none: rows are only added"));
    m_mode->setCurrentIndex(m_mode->findData(int(SinceRule::Mode::Upsert)));
    m_overlap->setPlaceholderText(tr("nothing, or 100, 90s, 10m, 2h, 1d"));
    m_place->setAccessibleName(tr("Where the value is sent"));
    m_name->setAccessibleName(tr("Name under which it is sent"));
    m_origin->setAccessibleName(tr("Where the value comes from"));
    m_from->setAccessibleName(tr("Name of where it comes from"));
    m_place->setObjectName(QStringLiteral("sincePlace"));
    m_origin->setObjectName(QStringLiteral("sinceOrigin"));
    m_mode->setObjectName(QStringLiteral("sinceMode"));
    m_name->setObjectName(QStringLiteral("sinceName"));
    m_from->setObjectName(QStringLiteral("sinceFrom"));
    m_key->setObjectName(QStringLiteral("sinceKey"));
    m_overlap->setObjectName(QStringLiteral("sinceOverlap"));
    m_outcome->setObjectName(QStringLiteral("sinceOutcome"));
}

void SinceDialog::layOut(const Theme &theme)
{
    m_place->setMinimumWidth(m_origin->sizeHint().width());
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(theme.px(14));
    form->setVerticalSpacing(theme.px(8));
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Ask with"), sideBySide(m_place, m_name, theme));
    form->addRow(tr("&Value"), sideBySide(m_origin, m_from, theme));
    form->addRow(QString(), m_isInclusive);
    form->addRow(tr("&Key columns"), m_key);
    form->addRow(tr("If a key is k&nown"), m_mode);
    form->addRow(tr("Start &earlier by"), m_overlap);
    qobject_cast<QLabel *>(form->labelForField(m_place->parentWidget()))->setBuddy(m_name);
    qobject_cast<QLabel *>(form->labelForField(m_origin->parentWidget()))->setBuddy(m_from);
    m_outcome->setWordWrap(true);
    m_outcome->setProperty("role", QStringLiteral("small"));
    m_outcome->setTextFormat(Qt::PlainText);
    m_outcome->setMinimumHeight(3 * m_outcome->fontMetrics().lineSpacing());
    m_outcome->setAlignment(Qt::AlignLeft | Qt::AlignTop);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    m_fetch = buttons->button(QDialogButtonBox::Ok);
    m_fetch->setObjectName(QStringLiteral("fetchNew"));
    m_fetch->setText(tr("Fetch what is new"));
    m_fetch->setProperty("primary", true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    layout->setSpacing(theme.px(14));
    layout->addLayout(form);
    layout->addWidget(m_outcome);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setMinimumWidth(theme.px(520));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QStringList SinceDialog::keyColumns() const
{
    QStringList columns;
    for (const QString &column : m_key->currentText().split(u',', Qt::SkipEmptyParts))
        columns += column.trimmed();
    return columns;
}

QString SinceDialog::whatIsMissing() const
{
    if (m_name->text().trimmed().isEmpty())
        return tr("Say under which name the value is sent.");
    const auto origin = static_cast<SinceRule::Origin>(m_origin->currentData().toInt());
    const QString from = m_from->currentText().trimmed();
    if (origin != SinceRule::Origin::EventId && from.isEmpty())
        return tr("Say where the value comes from.");
    if (origin == SinceRule::Origin::Column && !m_columns.contains(from))
        return tr("There is no column %1.").arg(from);
    for (const QString &column : keyColumns()) {
        if (!m_columns.contains(column))
            return tr("There is no column %1.").arg(column);
    }
    return {};
}

Result<SinceRule> SinceDialog::rule() const
{
    if (const QString missing = whatIsMissing(); !missing.isEmpty())
        return fail(ErrorCode::InvalidArgument, missing.toStdString());
    SinceRule rule;
    rule.sendAs =
        QString(m_place->currentData().toString() + m_name->text().trimmed()).toStdString();
    rule.origin = static_cast<SinceRule::Origin>(m_origin->currentData().toInt());
    if (rule.origin != SinceRule::Origin::EventId)
        rule.from = m_from->currentText().trimmed().toStdString();
    rule.isInclusive = m_isInclusive->isChecked();
    for (const QString &column : keyColumns())
        rule.key.push_back(column.toStdString());
    if (rule.key.empty())
        return rule.validate().map([&rule] { return rule; });
    rule.mode = static_cast<SinceRule::Mode>(m_mode->currentData().toInt());
    if (const QString overlap = m_overlap->text().trimmed(); !overlap.isEmpty()) {
        auto parsed = transfer::parseOverlap(overlap.toStdString());
        if (!parsed)
            return fail(std::move(parsed).error());
        rule.overlap = *parsed;
    }
    return rule.validate().map([&rule] { return rule; });
}

QString SinceDialog::inWords(const SinceRule &rule) const
{
    const QString name = m_name->text().trimmed();
    const QString from = rule.origin == SinceRule::Origin::Column
                             ? tr("the last value of %1").arg(QString::fromStdString(rule.from))
                             : m_origin->currentText();
    QString words = tr("Sends %1 as %2 %3 and adds the rows that come.")
                        .arg(from, m_place->currentText(), name);
    if (rule.key.empty())
        words += u' ' + tr("Without a key a changed row is not told from a new one.");
    else if (rule.mode == SinceRule::Mode::Upsert)
        words += u' ' + tr("A row whose key is here takes the older one's place.");
    else
        words += u' ' + tr("A row whose key is here already is dropped.");
    return words + u' ' + tr("The dataset remembers this.");
}

void SinceDialog::update()
{
    const bool hasName = m_origin->currentData().toInt() != int(SinceRule::Origin::EventId);
    const bool hasKey = !m_key->currentText().trimmed().isEmpty();
    m_from->setEnabled(hasName);
    m_mode->setEnabled(hasKey);
    m_overlap->setEnabled(hasKey);
    const auto made = rule();
    m_fetch->setEnabled(made.has_value());
    m_outcome->setText(made ? inWords(*made)
                            : asSentence(QString::fromStdString(made.error().detail)));
}

} // namespace freshet::ui
