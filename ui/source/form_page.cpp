// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/form_page.h"

#include "theme/theme.h"
#include "widgets/field_height.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>

namespace freshet::ui {

namespace {

/// A text that takes no more room than its lines: a label would ask for as many as it had if it
/// were narrow.
class HintLabel : public QLabel
{
public:
    using QLabel::QLabel;

    [[nodiscard]] QSize minimumSizeHint() const override { return {0, fontMetrics().height()}; }
    [[nodiscard]] QSize sizeHint() const override { return minimumSizeHint(); }
};

/// From so many lines on, a text takes the room that a page has left.
constexpr int kGrowsFrom = 4;

void setLinesHeight(QWidget *field, int height)
{
    if (field->property("lines").toInt() >= kGrowsFrom) {
        field->setMinimumHeight(height);
        return;
    }
    field->setFixedHeight(height);
    field->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

} // namespace

FormPage::FormPage(const Theme &theme) : m_theme(theme), m_form(new QFormLayout(this))
{
    setProperty("surface", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_form->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    m_form->setHorizontalSpacing(theme.px(14));
    m_form->setVerticalSpacing(theme.px(8));
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(&theme, &Theme::changed, this, &FormPage::updateFonts);
}

void FormPage::addSection(const QString &title)
{
    auto *label = new QLabel(title);
    label->setProperty("role", QStringLiteral("section"));
    if (m_form->rowCount() > 0)
        label->setContentsMargins(0, m_theme.px(8), 0, 0);
    m_form->addRow(label);
}

void FormPage::addField(const QString &label, QWidget *field)
{
    m_form->addRow(label, field);
    QString name = label;
    field->setAccessibleName(name.remove(QLatin1Char('&')));
}

void FormPage::addWide(const QString &name, QWidget *field)
{
    field->setAccessibleName(name);
    m_form->addRow(field);
}

void FormPage::addLayout(const QString &label, QLayout *layout)
{
    m_form->addRow(label, layout);
}

QLabel *FormPage::addHint(const QString &text)
{
    auto *label = new HintLabel(text);
    label->setProperty("role", QStringLiteral("small"));
    label->setFont(m_theme.smallFont());
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_hints += label;
    m_form->addRow(QString(), label);
    return label;
}

void FormPage::setFieldVisible(QWidget *field, bool isVisible)
{
    m_form->setRowVisible(field, isVisible);
}

QLineEdit *FormPage::lineEdit(const QString &placeholder)
{
    auto *field = new QLineEdit;
    field->setPlaceholderText(placeholder);
    connect(field, &QLineEdit::textEdited, this, &SourcePage::edited);
    return field;
}

QLineEdit *FormPage::codeEdit(const QString &placeholder)
{
    QLineEdit *field = lineEdit(placeholder);
    field->setFont(m_theme.monospaceFont());
    field->setMinimumHeight(fieldHeight());
    m_code += field;
    return field;
}

QPlainTextEdit *FormPage::textEdit(const QString &placeholder, int lines)
{
    auto *field = new QPlainTextEdit;
    adopt(field, placeholder, lines);
    return field;
}

void FormPage::adopt(QPlainTextEdit *field, const QString &placeholder, int lines)
{
    field->setPlaceholderText(placeholder);
    field->setFont(m_theme.monospaceFont());
    field->setTabChangesFocus(true);
    field->setProperty("lines", lines);
    setLinesHeight(field, heightOf(lines));
    m_code += field;
    connect(field, &QPlainTextEdit::textChanged, this, &SourcePage::edited);
}

int FormPage::heightOf(int lines) const
{
    return QFontMetrics(m_theme.monospaceFont()).lineSpacing() * lines + m_theme.px(20);
}

QComboBox *FormPage::choice()
{
    auto *box = new QComboBox;
    connect(box, &QComboBox::activated, this, &SourcePage::edited);
    return box;
}

QSpinBox *FormPage::number(int least, int most)
{
    auto *box = new QSpinBox;
    box->setRange(least, most);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setGroupSeparatorShown(true);
    box->setMaximumWidth(m_theme.px(160));
    connect(box, &QSpinBox::valueChanged, this, &SourcePage::edited);
    return box;
}

QAbstractButton *FormPage::check(const QString &text)
{
    auto *box = new QCheckBox(text);
    connect(box, &QCheckBox::clicked, this, &SourcePage::edited);
    return box;
}

QWidget *FormPage::filePicker(QLineEdit *field, const QString &title)
{
    auto *both = new QWidget;
    auto *button = new QPushButton(tr("Browse…"));
    auto *layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(m_theme.px(8));
    layout->addWidget(field, 1);
    layout->addWidget(button);
    both->setFocusProxy(field);
    field->setAccessibleName(title);
    connect(button, &QPushButton::clicked, this, [this, field, title] {
        auto *dialog = new QFileDialog(this, title);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, [this, field](const QString &file) {
            field->setText(file);
            Q_EMIT edited();
        });
        dialog->show();
    });
    return both;
}

void FormPage::updateFonts()
{
    for (QWidget *field : m_code) {
        field->setFont(m_theme.monospaceFont());
        if (const int lines = field->property("lines").toInt(); lines > 0)
            setLinesHeight(field, heightOf(lines));
        else
            field->setMinimumHeight(fieldHeight());
    }
    for (QLabel *hint : m_hints)
        hint->setFont(m_theme.smallFont());
}

void chooseData(QComboBox *box, const QVariant &data)
{
    const int index = box->findData(data);
    box->setCurrentIndex(index < 0 ? 0 : index);
}

} // namespace freshet::ui
