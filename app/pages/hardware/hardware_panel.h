// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/machine/machine.h>
#include <plimsoll/result/error.h>

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLayout;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace plimsoll::app {

class Card;
class FactTable;
class GpuCard;
class LiveCard;
class NoticeStrip;
class RamCard;

/// This computer as it was found, or as the user pretends it to be: GPUs added from the catalogue or removed, free memory
/// changed. What is planned with is always machine().
class HardwarePanel : public QWidget
{
    Q_OBJECT

public:
    explicit HardwarePanel(QWidget *parent = nullptr);

    /// A new reading of this computer; what is pretended stays.
    void setDetected(const Machine &machine);
    /// This computer could not be read; shown until it is.
    void setFailure(const Error &error);
    /// `catalog` outlives the panel; null: no GPUs to add.
    void setCatalog(const Catalog *catalog);
    /// A machine saved earlier; shown as pretended.
    void setPretended(const Machine &machine);

    /// A live reading of this computer.
    void addReading(const Machine &reading);

    const Machine &machine() const { return m_machine; }
    bool pretending() const { return m_machine.pretended; }
    bool editing() const;
    void setEditing(bool editing);
    void resetToDetected();

signals:
    void machineChanged(const plimsoll::Machine &machine);
    void detectRequested();
    /// Live readings are wanted, or no more.
    void liveWanted(bool wanted);
    /// A machine is to be read from a file, or written to one.
    void importRequested();
    void exportRequested();

protected:
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QLayout *buildHeader();
    QWidget *buildContent();
    QWidget *buildAddRow();
    void connectParts();
    void retranslateUi();

    void showMachine();
    void showNotices();
    void showCpuAndDisks();
    void fitGpuCards();
    GpuCard *makeGpuCard(size_t index);
    void fillCatalog();
    void addGpu();
    void removeGpu(size_t index);
    void edited();

    Machine m_detected;
    Machine m_machine;
    Error m_failure;
    bool m_known = false;   // this computer has been read
    const Catalog *m_catalog = nullptr;

    QLabel *m_title;
    QCheckBox *m_edit;
    QPushButton *m_detect;
    QPushButton *m_import;
    QPushButton *m_export;
    LiveCard *m_live;
    NoticeStrip *m_banner;
    QPushButton *m_reset;
    NoticeStrip *m_trouble;
    Card *m_noGpu;
    QLabel *m_noGpuText;
    QVBoxLayout *m_gpuLayout;
    std::vector<GpuCard *> m_gpuCards;
    QWidget *m_addRow;
    QLabel *m_addLabel;
    QComboBox *m_choice;
    QSpinBox *m_count;
    QPushButton *m_add;
    RamCard *m_ram;
    Card *m_cpu;
    FactTable *m_cpuFacts;
    Card *m_disks;
    FactTable *m_diskFacts;
};

} // namespace plimsoll::app
