// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/fit/fit_state.h"

#include "shell/card.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace plimsoll::app {

class GibBox;
class MachineRow;

/// The controls that make a FitRequest: model, quantization, context, parallel sequences, KV cache type; and the machine: this computer, or
/// this computer with so many GPUs of the catalogue, or a typical one; and what is kept free on each GPU.
class RequestBar : public Card
{
    Q_OBJECT

public:
    /// Both outlive the bar.
    RequestBar(ModelList *models, const Catalog &catalog, QWidget *parent = nullptr);

    void show(const FitState &state);

signals:
    /// Every part but the offload, which stays as it was given.
    void edited(const plimsoll::app::FitRequest &request);
    void openRequested();
    /// The page of the machine is to be shown.
    void machineRequested();
    /// This computer with `count` of that GPU in place of its own.
    void gpusChosen(const plimsoll::Gpu &gpu, int count);
    void thisComputerChosen();
    void machineChosen(const plimsoll::Machine &machine);
    void reserveChosen(plimsoll::Bytes reserve);

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Field
    {
        QLabel *label = nullptr;
        QWidget *control = nullptr;
    };

    void addField(Field &field, QWidget *control, int row, int column, int span);
    void build();
    void buildMachine();
    void connectControls();
    void retranslateUi();
    void emitRequest();
    void emitMachine();
    void showMachine(const Machine &machine);
    QString inWords(const Machine &machine) const;

    ModelList *m_models;
    const Catalog &m_catalog;
    FitRequest m_request;
    bool m_showing = false;
    class QGridLayout *m_grid;
    Field m_model, m_quantization, m_context, m_parallel, m_kvType, m_machine, m_gpuCount, m_reserve;
    QComboBox *m_modelBox;
    QComboBox *m_quantizationBox;
    QSpinBox *m_contextBox;
    QSpinBox *m_parallelBox;
    QComboBox *m_kvTypeBox;
    QPushButton *m_open;
    QComboBox *m_machineBox;
    QComboBox *m_gpuCountBox;
    QPushButton *m_machineButton;
    GibBox *m_reserveBox;
    MachineRow *m_typical;
    Machine m_shownMachine;
};

} // namespace plimsoll::app
