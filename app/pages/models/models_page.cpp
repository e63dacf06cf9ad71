// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/models/models_page.h"

#include "bridge/format.h"
#include "models/model_filter.h"
#include "pages/fit/fit_state.h"
#include "shell/card.h"
#include "shell/icons.h"
#include "shell/plain_table.h"

#include <nlohmann/json.hpp>

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSet>
#include <QSignalBlocker>

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr int settleMilliseconds = 200;

QString question(const PlanRequest &request, const Machine &machine, int models)
{
    return QStringLiteral("%1|%2|%3|%4|%5")
        .arg(request.options.context)
        .arg(request.options.sequences)
        .arg(static_cast<int>(request.options.kvTypeK))
        .arg(models)
        .arg(QString::fromStdString(toJson(machine).dump()));
}

} // namespace

ModelsPage::ModelsPage(const Catalog &catalog, ModelList *models, const FitState &state, QWidget *parent)
    : QWidget(parent), m_catalog(catalog), m_models(models), m_state(state), m_outlooks(models), m_filter(new ModelFilter(this)),
      m_search(new QLineEdit(this)), m_language(new QComboBox(this)), m_capability(new QComboBox(this)),
      m_onlyRunning(new QCheckBox(this)), m_open(new QPushButton(this)), m_use(new QPushButton(this)), m_count(new QLabel(this)),
      m_card(new Card(this)), m_table(new PlainTable(this))
{
    m_later.setSingleShot(true);
    m_later.setInterval(settleMilliseconds);
    build();
    connectParts();
    retranslateUi();
}

void ModelsPage::build()
{
    m_search->setObjectName(QStringLiteral("modelSearch"));
    m_search->setClearButtonEnabled(true);
    m_search->setTextMargins(6, 0, 6, 0);
    m_language->setObjectName(QStringLiteral("modelLanguage"));
    m_capability->setObjectName(QStringLiteral("modelCapability"));
    m_onlyRunning->setObjectName(QStringLiteral("modelOnlyRunning"));
    m_open->setObjectName(QStringLiteral("modelOpenFile"));
    m_open->setIcon(icon(Glyph::Open));
    m_open->setIconSize(QSize(23, 18));
    m_use->setObjectName(QStringLiteral("modelUse"));
    m_use->setProperty("primary", true);
    m_count->setObjectName(QStringLiteral("modelCount"));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_table->setObjectName(QStringLiteral("modelTable"));
    for (QComboBox *box : {m_language, m_capability})
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);

    m_filter->setSourceModel(m_models);
    m_table->setModel(m_filter);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setWordWrap(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ModelList::Name, Qt::AscendingOrder);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    m_table->horizontalHeader()->setStretchLastSection(true);

    auto *filters = new QHBoxLayout;
    filters->setSpacing(12);
    filters->addWidget(m_search, 1);
    filters->addWidget(m_language);
    filters->addWidget(m_capability);
    filters->addWidget(m_onlyRunning);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_count, 1);
    foot->addWidget(m_open);
    foot->addWidget(m_use);
    m_card->body()->addLayout(filters);
    m_card->body()->addWidget(m_table, 1);
    m_card->body()->addLayout(foot);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->addWidget(m_card);
}

void ModelsPage::connectParts()
{
    connect(m_search, &QLineEdit::textChanged, m_filter, &ModelFilter::setWords);
    connect(m_language, &QComboBox::currentIndexChanged, this, [this] { m_filter->setLanguage(m_language->currentData().toString()); });
    connect(
        m_capability, &QComboBox::currentIndexChanged, this, [this] { m_filter->setCapability(m_capability->currentData().toString()); });
    connect(m_onlyRunning, &QCheckBox::toggled, m_filter, &ModelFilter::setOnlyRunning);
    connect(m_open, &QPushButton::clicked, this, &ModelsPage::openRequested);
    connect(m_use, &QPushButton::clicked, this, [this] { choose(m_table->currentIndex()); });
    connect(m_table, &QTableView::activated, this, &ModelsPage::choose);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ModelsPage::showCount);
    for (const auto &signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filter, signal, this, &ModelsPage::showCount);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &ModelsPage::showCount);
    connect(&m_later, &QTimer::timeout, this, &ModelsPage::find);
    connect(&m_outlooks, &ModelOutlooks::finished, this, [this] {
        m_table->resizeColumnsToContents();
        showCount();
    });
    connect(&m_state, &FitState::changed, this, &ModelsPage::stateChanged);
    connect(m_models, &QAbstractItemModel::rowsInserted, this, &ModelsPage::stateChanged);
}

void ModelsPage::stateChanged()
{
    m_stale = true;
    if (isVisible())
        m_later.start();
}

void ModelsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        find();
}

void ModelsPage::find()
{
    m_stale = false;
    if (!m_state.machineKnown())
        return;
    const PlanRequest request = m_state.planRequest();
    const QString asked = question(request, m_state.machine(), m_models->rowCount());
    if (asked == m_question)
        return;
    m_question = asked;
    m_outlooks.find(m_state.machine(), request, m_catalog.quantizations);
    showCount();
}

void ModelsPage::choose(const QModelIndex &index)
{
    const int row = m_filter->mapToSource(index).row();
    const ModelEntry *model = index.isValid() ? m_models->entry(row) : nullptr;
    if (!model)
        return;
    const ModelOutlook outlook = m_models->outlook(row);
    emit chosen(model->key, outlook.runs() && !model->local() ? std::optional(outlook.best) : std::nullopt);
}

void ModelsPage::showCount()
{
    QString text = tr("%n model(s)", "", m_filter->rowCount());
    if (m_outlooks.busy())
        text = tr("%1; working out how they do on this machine…", "%1 is a number of models").arg(text);
    m_count->setText(text);
    m_use->setEnabled(m_table->currentIndex().isValid());
}

void ModelsPage::fillFilters()
{
    QSet<QString> languages;
    QSet<QString> capabilities;
    for (const ModelEntry &model : m_models->entries()) {
        languages.unite(QSet<QString>(model.languages.begin(), model.languages.end()));
        capabilities.unite(QSet<QString>(model.capabilities.begin(), model.capabilities.end()));
    }
    const auto fill = [](QComboBox *box, const QString &any, const QSet<QString> &codes, auto name) {
        const QSignalBlocker quiet(box);
        const QVariant chosen = box->currentData();
        box->clear();
        box->addItem(any, QString());
        QList<QString> sorted(codes.begin(), codes.end());
        std::sort(sorted.begin(), sorted.end());
        for (const QString &code : sorted)
            box->addItem(name(code), code);
        box->setCurrentIndex(std::max(0, box->findData(chosen)));
    };
    fill(m_language, tr("Any language"), languages, [](const QString &code) {
        const QString own = QLocale(code).nativeLanguageName();
        return own.isEmpty() ? code : own;
    });
    fill(m_capability, tr("Good for anything"), capabilities, [](const QString &code) { return capabilityName(code); });
}

QString ModelsPage::capabilityName(const QString &code)
{
    if (code == u"chat")
        return tr("Conversation");
    if (code == u"tools")
        return tr("Calling tools");
    if (code == u"reasoning")
        return tr("Reasoning");
    if (code == u"hybrid")
        return tr("Reasoning on demand");
    if (code == u"code")
        return tr("Code");
    if (code == u"vision")
        return tr("Pictures");
    if (code == u"math")
        return tr("Mathematics");
    return code;
}

void ModelsPage::retranslateUi()
{
    m_search->setPlaceholderText(tr("Search name, language, licence"));
    m_search->setAccessibleName(tr("Search models"));
    m_language->setAccessibleName(tr("Language of the models"));
    m_capability->setAccessibleName(tr("What the models are good for"));
    m_onlyRunning->setText(tr("Only what runs here"));
    m_open->setText(tr("Open GGUF file…"));
    m_use->setText(tr("Show on the Fit page"));
    m_table->setAccessibleName(tr("Models"));
    m_models->retranslate();
    fillFilters();
    m_table->resizeColumnsToContents();
    showCount();
}

void ModelsPage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
