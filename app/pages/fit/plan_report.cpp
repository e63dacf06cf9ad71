// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/plan_report.h"

#include "bridge/format.h"
#include "bridge/sentences.h"
#include "models/account.h"
#include "models/plan_view.h"
#include "pages/fit/fit_state.h"

#include <QDate>
#include <QLocale>

namespace plimsoll::app {

namespace {

using Kind = ReportBlock::Kind;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(plimsoll::app::PlanReport)
};

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

ReportBlock asked(const FitState &state)
{
    const FitRequest &request = state.request();
    const ModelEntry &model = state.model();
    ReportBlock block{Kind::Table, {}, {}, {{Words::tr("Asked"), Words::tr("Value")}}, {}};
    block.cells << QStringList{Words::tr("Model"), model.name};
    block.cells << QStringList{Words::tr("Parameters"), format::parameters(model.shape->parameters())};
    block.cells << QStringList{Words::tr("Quantization"), model.local() ? model.quantization : text(name(request.quantization))};
    block.cells << QStringList{Words::tr("Context length"), format::count(request.context)};
    block.cells << QStringList{Words::tr("Parallel sequences"), format::count(request.parallel)};
    block.cells << QStringList{Words::tr("KV cache"), text(name(request.kvType)).toLower()};
    return block;
}

ReportBlock accounts(const FitState &state)
{
    const PlanRequest request = state.planRequest();
    const AccountInput input{*state.model().shape, state.types(), state.machine(), request, *state.plan(), state.model().local()};
    ReportBlock block{Kind::Table, {}, {}, {}, {}};
    AccountTable table;
    table.setRows(accountOf(input));
    QStringList head;
    for (int column = 0; column < table.columnCount(); ++column)
        head << table.headerData(column, Qt::Horizontal).toString();
    block.cells << head;
    for (int row = 0; row < table.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < table.columnCount(); ++column)
            cells << table.index(row, column).data().toString();
        block.cells << cells;
    }
    return block;
}

ReportBlock changesOf(const std::vector<Change> &changes, const Plan &plan, const ModelList &models)
{
    ReportBlock block{Kind::Table, {}, {}, {{Words::tr("Change"), Words::tr("Then"), Words::tr("Generation")}}, {}};
    for (const Change &change : changes) {
        const ModelEntry *model = models.find(QString::fromStdString(change.value));
        const QString sentence = Sentences::of(change, plan, model ? model->name : QString::fromStdString(change.value));
        block.cells << QStringList{sentence, Sentences::title(change.verdict), format::tokenRate(change.decode)};
    }
    return block;
}

} // namespace

Report reportOf(const FitState &state, const std::vector<Change> &changes, const ModelList &models)
{
    if (!state.plan())
        return {};
    const Plan &plan = *state.plan();
    const auto block = [](Kind kind, const QString &words) { return ReportBlock{kind, words, {}, {}, {}}; };
    Report report;
    //: Title of a report: %1 is a model, %2 the verdict.
    report << block(Kind::Title, Words::tr("%1: %2").arg(state.model().name, Sentences::title(plan.verdict)));
    report << block(Kind::Paragraph, Sentences::of(plan));
    report << block(Kind::Paragraph,
        Words::tr("Predicted: generation %1, prompt processing %2.").arg(format::tokenRate(plan.decode), format::tokenRate(plan.prefill)));
    if (state.machine().pretended)
        report << block(Kind::Paragraph, Words::tr("The machine is pretended."));
    report << asked(state);
    report << block(Kind::Heading, Words::tr("Memory"));
    for (const BarData &bar : barsOf(plan)) {
        report << block(Kind::Bar, {});
        report.last().bar = bar;
    }
    report << block(Kind::Heading, Words::tr("Why"));
    report << block(Kind::List, {});
    for (const Reason &reason : plan.reasons)
        report.last().items << Sentences::of(reason, plan);
    report << accounts(state);
    if (!changes.empty()) {
        report << block(Kind::Heading, Words::tr("What would change it"));
        report << changesOf(changes, plan, models);
    }
    report << block(Kind::Paragraph,
        Words::tr("Made by Plimsoll %1 on %2.", "version, date")
            .arg(QStringLiteral(PLIMSOLL_VERSION), QLocale().toString(QDate::currentDate(), QLocale::ShortFormat)));
    return report;
}

} // namespace plimsoll::app
