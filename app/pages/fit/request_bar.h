// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/fit/fit_state.h"

#include "shell/card.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace plimsoll::app {

/// The controls that make a FitRequest: model, quantization, context, parallel sequences, KV cache type, and the machine in words.
class RequestBar : public Card
{
    Q_OBJECT

public:
    RequestBar(ModelList *models, const std::vector<FileType> &quantizations, QWidget *parent = nullptr);

    void show(const FitState &state);

signals:
    /// Every part but the offload, which stays as it was given.
    void edited(const plimsoll::app::FitRequest &request);
    void openRequested();
    void machineRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Field
    {
        QLabel *label = nullptr;
        QWidget *control = nullptr;
    };

    void addField(Field &field, QWidget *control, int row, int column, int span);
    void build(const std::vector<FileType> &quantizations);
    void connectControls();
    void retranslateUi();
    void emitRequest();
    void showMachine(const Machine &machine);

    ModelList *m_models;
    FitRequest m_request;
    bool m_showing = false;
    class QGridLayout *m_grid;
    Field m_model, m_quantization, m_context, m_parallel, m_kvType, m_machine;
    QComboBox *m_modelBox;
    QComboBox *m_quantizationBox;
    QSpinBox *m_contextBox;
    QSpinBox *m_parallelBox;
    QComboBox *m_kvTypeBox;
    QPushButton *m_open;
    QPushButton *m_machineButton;
    Machine m_shownMachine;
};

} // namespace plimsoll::app
