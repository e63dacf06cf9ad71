// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/compare_page.h"

#include "bridge/format.h"
#include "bridge/save_text.h"
#include "charts/comparison_chart.h"
#include "models/elsewhere.h"
#include "models/model_list.h"
#include "models/precision_table.h"
#include "pages/compare/compared_set.h"
#include "pages/fit/fit_state.h"
#include "shell/card.h"
#include "shell/dialogs.h"
#include "shell/plain_table.h"

#include <plimsoll/machine/machine.h>

#include <nlohmann/json.hpp>

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QTableView>

namespace plimsoll::app {

namespace {

/// A drag or a row of key presses is one change.
constexpr int settleMilliseconds = 120;

/// Two inputs with the same text have the same answer.
QString questionOf(const ComparisonInput &input)
{
    const RunOptions &options = input.request.options;
    QString text = QStringLiteral("%1|%2|%3|%4")
                       .arg(static_cast<int>(input.by))
                       .arg(options.context)
                       .arg(options.sequences)
                       .arg(static_cast<int>(options.kvTypeK));
    std::string machine;
    for (const ComparedCase &one : input.cases) {
        std::string next = toJson(one.machine).dump();
        text += QStringLiteral("|%1|%2|%3").arg(one.name, one.key).arg(static_cast<int>(one.type));
        if (next != machine)
            text += QString::fromStdString(next);
        machine = std::move(next);
    }
    return text;
}

} // namespace

ComparePage::ComparePage(const Catalog &catalog, const ModelList &models, const FitState &state, Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_catalog(catalog), m_state(state), m_dialogs(dialogs), m_table(new ComparisonTable(this)),
      m_sorted(new QSortFilterProxyModel(this)), m_cancel(std::make_shared<std::atomic<bool>>(false)),
      m_set(new ComparedSet(catalog, models, state, this)), m_subject(new QLabel(this)),
      m_advice(new QLabel(this)), m_view(new QComboBox(this)), m_export(new QPushButton(this)), m_fit(new QPushButton(this)),
      m_chartCard(new Card(this)), m_chart(new ComparisonChart(this)), m_chartNote(new QLabel(this)), m_tableCard(new Card(this)),
      m_tableView(new QTableView(this)), m_precisionCard(new Card(this)), m_precisions(new PrecisionTable(this)),
      m_precisionView(new PlainTable(this))
{
    m_later.setSingleShot(true);
    m_later.setInterval(settleMilliseconds);
    build();
    connectParts();
    retranslateUi();
}

ComparePage::~ComparePage()
{
    *m_cancel = true;
}

void ComparePage::build()
{
    m_subject->setObjectName(QStringLiteral("compareSubject"));
    m_advice->setObjectName(QStringLiteral("compareAdvice"));
    m_view->setObjectName(QStringLiteral("compareView"));
    m_view->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_export->setObjectName(QStringLiteral("compareExport"));
    m_fit->setObjectName(QStringLiteral("compareFit"));
    m_chart->setObjectName(QStringLiteral("compareChart"));
    m_tableView->setObjectName(QStringLiteral("compareTable"));
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    large.setBold(true);
    m_subject->setFont(large);
    for (QLabel *label : {m_subject, m_advice, m_chartNote}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_chartNote->setForegroundRole(QPalette::PlaceholderText);

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_view);
    bar->addStretch(1);
    bar->addWidget(m_export);
    bar->addWidget(m_fit);
    m_chart->setMinimumHeight(330);
    m_chartCard->body()->addLayout(bar);
    m_chartCard->body()->addWidget(m_chart, 1);
    m_chartCard->body()->addWidget(m_chartNote);

    m_sorted->setSourceModel(m_table);
    m_sorted->setSortRole(ComparisonTable::SortRole);
    m_tableView->setModel(m_sorted);
    m_tableView->setSortingEnabled(true);
    m_tableView->sortByColumn(ComparisonTable::Size, Qt::AscendingOrder);
    m_tableView->setShowGrid(false);
    m_tableView->setFrameShape(QFrame::NoFrame);
    m_tableView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_tableView->setSelectionMode(QAbstractItemView::SingleSelection);
    m_tableView->setTabKeyNavigation(false);
    m_tableView->verticalHeader()->hide();
    m_tableView->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_tableView->horizontalHeader()->setHighlightSections(false);
    m_tableView->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_tableView->horizontalHeader()->setStretchLastSection(true);
    m_tableView->setMinimumHeight(240);
    m_tableCard->body()->addWidget(m_tableView, 1);

    m_precisionView->setObjectName(QStringLiteral("precisions"));
    m_precisionView->setModel(m_precisions);
    m_precisionView->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_precisionView->horizontalHeader()->setSectionResizeMode(PrecisionTable::Name, QHeaderView::Stretch);
    m_precisionCard->body()->addWidget(m_precisionView);
    m_precisionCard->hide();

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(14);
    column->addWidget(m_set);
    column->addWidget(m_subject);
    column->addWidget(m_advice);
    column->addWidget(m_chartCard, 3);
    column->addWidget(m_tableCard, 2);
    column->addWidget(m_precisionCard);
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->addWidget(scroll);
}

void ComparePage::connectParts()
{
    connect(&m_state, &FitState::changed, this, &ComparePage::stateChanged);
    connect(m_set, &ComparedSet::changed, this, &ComparePage::stateChanged);
    connect(&m_later, &QTimer::timeout, this, &ComparePage::compute);
    connect(m_view, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_chart->setView(static_cast<ComparisonView>(index));
        showWords();
    });
    connect(m_chart, &ComparisonChart::chosen, this, &ComparePage::choose);
    connect(m_tableView, &QTableView::activated, this, [this](const QModelIndex &index) {
        choose(m_sorted->mapToSource(index).row());
        if (comparison().input.by != ComparedBy::Quantization)
            use();
    });
    connect(m_tableView, &QTableView::clicked, this, [this](const QModelIndex &index) { choose(m_sorted->mapToSource(index).row()); });
    connect(m_export, &QPushButton::clicked, this, &ComparePage::exportFigures);
    connect(m_fit, &QPushButton::clicked, this, &ComparePage::use);
}

void ComparePage::stateChanged()
{
    m_stale = true;
    showUsed();
    if (isVisible())
        m_later.start();
}

void ComparePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        compute();
}

void ComparePage::compute()
{
    m_stale = false;
    ComparisonInput input;
    if (!m_state.model().shape || !m_state.machineKnown()) {
        showWords();
        return;
    }
    input.by = m_set->by();
    input.cases = m_set->cases();
    input.request = m_state.planRequest();
    input.request.offload = OffloadMode::Auto;
    input.quality = m_catalog.quality;
    const QString question = questionOf(input);
    if (question == m_question)
        return;
    m_question = question;
    *m_cancel = true;   // whatever still runs answers an older question
    m_cancel = std::make_shared<std::atomic<bool>>(false);
    ++m_running;
    elsewhere([input = std::move(input), cancel = m_cancel] { return plimsoll::app::compare(input, *cancel); })
        .then(this, [this, cancel = m_cancel](const std::shared_ptr<const Comparison> &result) {
            --m_running;
            if (!*cancel)
                show(*result);
        });
}

void ComparePage::show(const Comparison &comparison)
{
    m_table->setComparison(comparison);
    m_chart->setComparison(comparison);
    showPrecisions();
    showUsed();
    showWords();
}

/// What checkpoints of the models weigh; of one model the quantizations say it.
void ComparePage::showPrecisions()
{
    QVector<PrecisionTable::Model> models;
    if (comparison().input.by == ComparedBy::Model)
        for (const ComparedRow &row : comparison().rows)
            models << PrecisionTable::Model{row.name, comparison().input.cases[row.index].shape};
    m_precisions->setModels(models);
    m_precisionView->fitHeight();
    m_precisionCard->setVisible(!models.isEmpty());
}

/// What the plan has.
bool ComparePage::isUsed(const ComparedRow &row) const
{
    switch (comparison().input.by) {
    case ComparedBy::Model: return comparison().input.cases[row.index].key == m_state.model().key;
    case ComparedBy::Machine: return row.index == 0;
    case ComparedBy::Quantization: break;
    }
    return !m_state.model().local() && row.type == m_state.request().quantization;
}

/// The row that the plan has, marked in chart and table.
void ComparePage::showUsed()
{
    const auto &rows = comparison().rows;
    int used = -1;
    for (int i = 0; i < rows.size(); ++i)
        if (isUsed(rows[i]))
            used = i;
    m_chart->setCurrent(used);
    if (used >= 0)
        m_tableView->setCurrentIndex(m_sorted->mapFromSource(m_table->index(used, ComparisonTable::Name)));
    else
        m_tableView->clearSelection();
}

void ComparePage::choose(int row)
{
    if (row < 0 || row >= comparison().rows.size())
        return;
    const ComparedRow &chosen = comparison().rows[row];
    if (comparison().input.by == ComparedBy::Quantization) {
        if (!m_state.model().local())
            emit quantizationChosen(chosen.type);
        return;
    }
    m_set->setRemovable(isUsed(chosen) ? QString() : chosen.name);
    m_chart->setCurrent(row);
    m_tableView->setCurrentIndex(m_sorted->mapFromSource(m_table->index(row, ComparisonTable::Name)));
}

/// Brings the marked row to the Fit page. A quantization is there already.
void ComparePage::use()
{
    const int row = m_chart->current();
    if (row >= 0 && !isUsed(comparison().rows[row])) {
        const ComparedCase one = comparison().input.cases[comparison().rows[row].index];
        if (comparison().input.by == ComparedBy::Model)
            emit modelChosen(one.key);
        else if (comparison().input.by == ComparedBy::Machine)
            emit machineChosen(one.machine);
    }
    emit fitRequested();
}

/// Of models and machines, which differ in more than what can be weighed here, nothing is recommended.
QString ComparePage::explanation() const
{
    const std::string_view words = name(m_state.request().quantization);
    const QString type = m_state.model().local() ? m_state.model().quantization
                                                 : QString::fromLatin1(words.data(), static_cast<qsizetype>(words.size()));
    return comparison().input.by == ComparedBy::Model
        ? tr("This model and others, each at %1, on the machine of the Fit page.", "%1 is a quantization").arg(type)
        : tr("This model at %1, on the machine of the Fit page and on others.", "%1 is a quantization").arg(type);
}

QString ComparePage::recommendation() const
{
    const Comparison &all = comparison();
    if (!m_state.machineKnown())
        return tr("This computer is still being looked at.");
    if (all.rows.isEmpty())
        return tr("Working out the figures…");
    if (all.input.by != ComparedBy::Quantization)
        return explanation();
    if (all.recommended < 0)
        return tr("No quantization of this model fits this machine.");
    const ComparedRow &best = all.rows[all.recommended];
    if (all.why == RecommendationReason::PreciseOnGpu)
        return tr("Recommended: %1, the most precise one below 16 bits that lies on the GPU as a whole.").arg(best.name);
    if (all.why == RecommendationReason::FastEnough)
        return tr("Recommended: %1, the most precise one that is nearly as fast as any of at least four bits per weight; none of these "
                  "lies on a GPU as a whole.")
            .arg(best.name);
    return tr("Only quantizations below four bits per weight run here, and they lose much; %1 loses least.").arg(best.name);
}

QString ComparePage::qualitySource() const
{
    for (const ComparedRow &row : comparison().rows)
        if (row.quality)
            return tr("Quality is the growth of perplexity that was published for %1 (%2). Other models lose differently.")
                .arg(QString::fromStdString(row.quality->model), QString::fromStdString(row.quality->source));
    return {};
}

void ComparePage::showWords()
{
    const ModelEntry &model = m_state.model();
    m_subject->setText(model.shape ? model.name : tr("No model is chosen"));
    QStringList advice{recommendation()};
    if (model.local() && m_set->by() == ComparedBy::Quantization)
        advice << tr("The opened file keeps the quantization it has; the others are what the same model would take.");
    m_advice->setText(advice.join(QLatin1Char(' ')));
    QString note;
    if (m_chart->view() == ComparisonView::SizeAndSpeed)
        note = tr("Circle: on the GPU. Diamond: tight. Triangle: with offload. Square: on the CPU. Cross: does not fit. "
                  "Blue loses little, orange much, no fill: not published.")
            + QLatin1Char(' ') + qualitySource();
    m_chartNote->setText(note);
    m_chartNote->setVisible(!note.isEmpty());
    m_export->setEnabled(!comparison().rows.isEmpty());
}

void ComparePage::exportFigures()
{
    const QString filters = tr("Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)");
    const QString suggested = comparison().input.by == ComparedBy::Model ? QStringLiteral("models")
                                                                        : m_state.model().key.section(QLatin1Char('/'), -1);
    const QString path = m_dialogs.saveAs(this, suggested + QStringLiteral(".png"), filters);
    if (path.isEmpty())
        return;
    const bool written = path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive) ? saveText(path, m_table->csv()) : m_chart->save(path);
    if (!written)
        emit failed(couldNotWrite(path));
}

void ComparePage::retranslateUi()
{
    const QStringList views{tr("Size and speed"), tr("Prefill and decode"), tr("Memory"), tr("Speed over context")};
    for (int i = 0; i < views.size(); ++i) {
        if (m_view->count() <= i)
            m_view->addItem(views[i]);
        else
            m_view->setItemText(i, views[i]);
    }
    m_view->setAccessibleName(tr("What the chart shows"));
    m_export->setText(tr("Export…"));
    m_export->setToolTip(tr("As PNG, SVG, PDF or CSV"));
    m_fit->setText(tr("Show on the Fit page"));
    m_tableCard->setTitle(tr("The same as a table"));
    m_tableView->setAccessibleName(tr("What is compared, as a table"));
    m_precisionCard->setTitle(tr("Weights at each precision"));
    m_precisionView->setAccessibleName(tr("Weights at each precision"));
    m_precisions->retranslate();
    m_table->retranslate();
    showWords();
}

void ComparePage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
