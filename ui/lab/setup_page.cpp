// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/setup_page.h"

#include "lab/choice_row.h"
#include "theme/theme.h"
#include "widgets/login_in_url.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

constexpr int kDefaultRuns = 5;
constexpr qreal kFieldWidth = 560;

struct RecipeFiles
{
    std::vector<transfer::Recipe> recipes;
    std::optional<Error> error; ///< of the first that could not be read
};

RecipeFiles readRecipes(const std::filesystem::path &folder)
{
    RecipeFiles list;
    const auto files = transfer::recipesIn(folder);
    if (!files) {
        list.error = files.error();
        return list;
    }
    for (const auto &file : *files) {
        auto recipe = transfer::Recipe::load(file);
        if (recipe)
            list.recipes.push_back(std::move(*recipe));
        else if (!list.error)
            list.error = std::move(recipe).error();
    }
    return list;
}

transport::HttpVersion versionNamed(const std::string &name)
{
    return name == "2" ? transport::HttpVersion::Http2 : transport::HttpVersion::Http1;
}

} // namespace

SetupPage::SetupPage(const Theme &theme, QWidget *parent)
    : QScrollArea(parent),
      m_theme(theme),
      m_url(new QLineEdit),
      m_name(new QLineEdit),
      m_formats(new ChoiceRow(
          tr("Formats"), tr("Each is asked for by its Accept header. None: as the URL sends it."),
          theme)),
      m_encodings(new ChoiceRow(tr("Compression"),
                                tr("Accept-Encoding. None: whatever server and client agree on."),
                                theme)),
      m_versions(new ChoiceRow(
          tr("HTTP version"),
          tr("HTTP/2 is agreed on within TLS. None: the newest that both speak."), theme)),
      m_pagesRow(new ChoiceRow(
          tr("Pages"), tr("Rows of a page, separated by blanks; each size is one more way."),
          theme)),
      m_pages(new QLineEdit),
      m_recipesRow(new ChoiceRow(tr("Recipes"), QString(), theme)),
      m_runs(new QSpinBox),
      m_warmUp(new QCheckBox(tr("One warm-up run of each first, which does not count"))),
      m_connections(new QComboBox),
      m_rows(new QComboBox),
      m_summary(new QLabel)
{
    auto *page = new QWidget;
    page->setProperty("surface", QStringLiteral("panel"));
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(18));
    column->setSpacing(theme.px(18));
    column->addWidget(buildSource());
    column->addWidget(buildVariants());
    column->addWidget(buildRuns());
    m_summary->setWordWrap(true);
    m_summary->setObjectName(QStringLiteral("labSummary"));
    column->addWidget(m_summary);
    column->addStretch();
    connect(&theme, &Theme::changed, this, &SetupPage::updateFonts);
    // Before the labels come under the scroll area, which would take the fonts for its own.
    updateFonts();
    setWidget(page);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusProxy(m_url);
    tell();
}

QVBoxLayout *SetupPage::addPart(const QString &title)
{
    auto *column = new QVBoxLayout(new QWidget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(8));
    auto *label = new QLabel(title);
    m_titles += label;
    column->addWidget(label);
    return column;
}

QWidget *SetupPage::buildSource()
{
    QVBoxLayout *column = addPart(tr("What is measured"));
    m_url->setPlaceholderText(tr("https://… the dataset whose ways are compared"));
    m_url->setAccessibleName(tr("URL of the dataset"));
    m_url->setObjectName(QStringLiteral("labUrl"));
    m_url->setClearButtonEnabled(true);
    m_url->setMaximumWidth(m_theme.px(kFieldWidth));
    m_name->setPlaceholderText(tr("Made from the URL"));
    m_name->setAccessibleName(tr("Name of the session"));
    m_name->setMaximumWidth(m_theme.px(kFieldWidth));
    auto *form = new QFormLayout;
    form->setSpacing(m_theme.px(8));
    form->addRow(tr("URL"), m_url);
    form->addRow(tr("Name"), m_name);
    column->addLayout(form);
    connect(m_url, &QLineEdit::textChanged, this, &SetupPage::choose);
    connect(m_url, &QLineEdit::editingFinished, this, &SetupPage::hideLogin);
    connect(m_name, &QLineEdit::textChanged, this, &SetupPage::tell);
    connect(m_url, &QLineEdit::returnPressed, this, &SetupPage::startRequested);
    return column->parentWidget();
}

QWidget *SetupPage::buildVariants()
{
    QVBoxLayout *column = addPart(tr("Variants"));
    m_formats->setChoices(QStringLiteral("format"), {{tr("Batch JSON"), "json", {}},
                                                     {QStringLiteral("NDJSON"), "ndjson", {}},
                                                     {QStringLiteral("CSV"), "csv", {}},
                                                     {QStringLiteral("SSE"), "sse", {}},
                                                     {QStringLiteral("MessagePack"), "msgpack", {}},
                                                     {QStringLiteral("CBOR"), "cbor", {}}});
    m_encodings->setChoices(QStringLiteral("encoding"), {{tr("plain"), "identity", {}},
                                                         {QStringLiteral("gzip"), "gzip", {}},
                                                         {QStringLiteral("zstd"), "zstd", {}},
                                                         {QStringLiteral("br"), "br", {}}});
    m_versions->setChoices(QStringLiteral("http"), {{QStringLiteral("HTTP/1.1"), "1.1", {}},
                                                    {QStringLiteral("HTTP/2"), "2", {}}});
    m_pages->setPlaceholderText(QStringLiteral("500 5000"));
    m_pages->setAccessibleName(tr("Page sizes"));
    m_pages->setObjectName(QStringLiteral("labPages"));
    m_pages->setMinimumWidth(m_theme.px(220));
    m_pagesRow->addField(m_pages);
    connect(m_pages, &QLineEdit::textChanged, this, &SetupPage::choose);
    for (ChoiceRow *row : {m_formats, m_encodings, m_versions, m_pagesRow, m_recipesRow}) {
        column->addWidget(row);
        connect(row, &ChoiceRow::changed, this, &SetupPage::choose);
    }
    return column->parentWidget();
}

QWidget *SetupPage::buildRuns()
{
    QVBoxLayout *column = addPart(tr("Runs"));
    m_runs->setRange(1, lab::LabPlan::kMostRuns);
    m_runs->setValue(kDefaultRuns);
    m_runs->setObjectName(QStringLiteral("labRuns"));
    m_runs->setAccessibleName(tr("Runs of each variant"));
    m_warmUp->setChecked(true);
    m_warmUp->setObjectName(QStringLiteral("labWarmUp"));
    m_connections->addItem(tr("Cold: each run connects anew"),
                           static_cast<int>(lab::Connections::Cold));
    m_connections->addItem(tr("Warm: HTTP connections are kept"),
                           static_cast<int>(lab::Connections::Warm));
    m_connections->setAccessibleName(tr("Connections"));
    m_rows->addItem(tr("Into a store, as downloads do"), static_cast<int>(lab::RowsGo::IntoStore));
    m_rows->addItem(tr("Decoded and discarded"), static_cast<int>(lab::RowsGo::Nowhere));
    m_rows->setAccessibleName(tr("Rows go"));
    auto *form = new QFormLayout;
    form->setSpacing(m_theme.px(8));
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("Runs of each"), m_runs);
    form->addRow(tr("Connections"), m_connections);
    form->addRow(tr("Rows go"), m_rows);
    column->addLayout(form);
    column->addWidget(m_warmUp);
    connect(m_runs, &QSpinBox::valueChanged, this, &SetupPage::tell);
    connect(m_warmUp, &QCheckBox::toggled, this, &SetupPage::tell);
    connect(m_connections, &QComboBox::currentIndexChanged, this, &SetupPage::tell);
    connect(m_rows, &QComboBox::currentIndexChanged, this, &SetupPage::tell);
    return column->parentWidget();
}

void SetupPage::updateFonts()
{
    for (QLabel *title : std::as_const(m_titles))
        title->setFont(m_theme.figureFont());
}

void SetupPage::setBase(const transfer::DownloadRequest &request)
{
    m_base = request;
    m_url->setText(QString::fromStdString(request.bytes.url));
    choose();
}

void SetupPage::setPlan(const lab::LabPlan &plan)
{
    {
        const QSignalBlocker name(m_name);
        m_name->setText(QString::fromStdString(plan.name));
    }
    m_runs->setValue(plan.runs);
    m_warmUp->setChecked(plan.warmUp);
    m_connections->setCurrentIndex(m_connections->findData(static_cast<int>(plan.connections)));
    m_rows->setCurrentIndex(m_rows->findData(static_cast<int>(plan.rows)));
    m_kept = plan.variants;
    tell();
}

void SetupPage::offerRecipes(const std::filesystem::path &folder)
{
    m_runner.runLatest(
        [folder] { return readRecipes(folder); },
        [this](RecipeFiles files) {
            m_recipes = std::move(files.recipes);
            QList<ChoiceRow::Choice> choices;
            for (const auto &recipe : m_recipes)
                choices += {QString::fromStdString(recipe.name), std::to_string(choices.size()),
                            QString::fromStdString(lab::describe(recipe.request))};
            m_recipesRow->setChoices(QStringLiteral("recipe"), choices);
            m_recipesRow->setHint(
                choices.isEmpty() ? tr("Saved sources to compare with, whatever their protocol. "
                                       "There are none yet.")
                                  : tr("Saved sources to compare with, whatever their protocol."));
            if (files.error)
                Q_EMIT failed(*files.error, tr("the recipes"));
        });
}

std::vector<std::int64_t> SetupPage::pageSizes() const
{
    static const QRegularExpression separators(QStringLiteral("[\\s;]+"));
    std::vector<std::int64_t> sizes;
    for (QString word : m_pages->text().split(separators, Qt::SkipEmptyParts)) {
        // A comma groups digits: "5,000". What is no number is 0, which no page can have.
        sizes.push_back(word.remove(QLatin1Char(',')).toLongLong());
    }
    return sizes;
}

lab::VariantChoices SetupPage::choices() const
{
    lab::VariantChoices choices{.formats = m_formats->chosen(),
                                .encodings = m_encodings->chosen(),
                                .pageSizes = pageSizes()};
    for (const auto &name : m_versions->chosen())
        choices.versions.push_back(versionNamed(name));
    return choices;
}

Result<lab::LabPlan> SetupPage::plan() const
{
    lab::LabPlan plan{.name = m_name->text().trimmed().toStdString(),
                      .variants = m_kept,
                      .runs = m_runs->value(),
                      .warmUp = m_warmUp->isChecked(),
                      .connections =
                          static_cast<lab::Connections>(m_connections->currentData().toInt()),
                      .rows = static_cast<lab::RowsGo>(m_rows->currentData().toInt())};
    if (m_kept.empty()) {
        transfer::DownloadRequest base = m_base;
        base.bytes.url = m_url->text().trimmed().toStdString();
        transfer::liftUrlLogin(base);
        if (m_login && m_login->isFor(base.bytes.url))
            transfer::giveLogin(base, *m_login);
        if (!base.bytes.url.empty()) {
            auto variants = lab::variantsOf(base, choices());
            if (!variants)
                return fail(std::move(variants).error());
            plan.variants = std::move(*variants);
        }
        for (const auto &number : m_recipesRow->chosen())
            plan.variants.push_back(lab::variantOf(m_recipes[std::stoul(number)]));
        lab::makeNamesUnique(plan.variants);
    }
    if (const auto valid = plan.validate(); !valid)
        return fail(valid.error());
    return plan;
}

void SetupPage::hideLogin()
{
    if (auto login = takeLoginFrom(*m_url))
        m_login = std::move(login);
}

void SetupPage::choose()
{
    // A choice makes new variants in place of those of an earlier plan.
    m_kept.clear();
    tell();
}

void SetupPage::tell()
{
    const auto now = plan();
    if (!now) {
        m_summary->setText(QString::fromStdString(now.error().detail));
    } else {
        const auto count = static_cast<int>(now->variants.size());
        const QString downloads = count == 1
                                      ? tr("1 variant × %1 runs").arg(now->runs)
                                      : tr("%1 variants × %2 runs").arg(count).arg(now->runs);
        const int all = count * (now->runs + (now->warmUp ? 1 : 0));
        m_summary->setText(
            tr("%1: %2 downloads, one at a time, in rotated order.").arg(downloads).arg(all));
    }
    Q_EMIT changed();
}

} // namespace freshet::ui
