// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/machine/machine.h>

#include <nlohmann/json.hpp>

#include <QTest>

using namespace plimsoll;
using nlohmann::json;

namespace {

Machine sample()
{
    Machine machine;
    machine.name = "desk";
    machine.pretended = true;
    machine.ram.total = gib(64);
    machine.ram.available = gib(50);
    machine.cpu.model = "Ryzen";
    machine.cpu.physicalCores = 8;
    machine.cpu.logicalCores = 16;
    machine.cpu.instructionSets = {"AVX2", "FMA"};
    machine.cpu.readBandwidth = Bandwidth::gbPerSecond(50);
    Gpu gpu;
    gpu.name = "GeForce RTX 4090";
    gpu.total = mib(24564);
    gpu.free = mib(23000);
    gpu.bandwidth = Bandwidth::gbPerSecond(1008);
    gpu.temperatureC = 41;
    gpu.clockMHz = 1590;
    gpu.processes = {{123, "compositor", mib(700)}};
    machine.gpus = {gpu, gpu};
    machine.disks = {{"/", gib(1000), gib(400), Bandwidth::gbPerSecond(3)}};
    return machine;
}

std::string fieldOf(const json &document)
{
    const auto machine = machineFromJson(document, "test");
    if (machine.ok())
        return "accepted";
    if (machine.error().code != ErrorCode::JsonField)
        return "another error";
    return machine.error().arguments.at(1) + " " + machine.error().arguments.at(2);
}

} // namespace

class TestMachine : public QObject
{
    Q_OBJECT

private slots:
    void roundTrip()
    {
        const json document = toJson(sample());
        const auto read = machineFromJson(document, "test");
        QVERIFY(read.ok());
        QVERIFY(toJson(*read) == document);
        QCOMPARE(read->gpus.size(), size_t{2});
        QCOMPARE(read->gpus[0].usedByOthers(), mib(1564));
        QCOMPARE(*read->gpus[0].temperatureC, 41.0);
        QCOMPARE(*read->gpus[0].clockMHz, 1590.0);
        QVERIFY(!read->gpus[0].powerW);
    }

    void defaultsWhereNothingIsSaid()
    {
        const auto read = machineFromJson(json::parse(R"({"ram":{"total":1000,"available":900}})"), "test");
        QVERIFY(read.ok());
        QCOMPARE(read->ram.reserve, Ram{}.reserve);
        QCOMPARE(read->cpu.physicalCores, 1u);
        QVERIFY(read->gpus.empty());
    }

    void hostileFields_data()
    {
        QTest::addColumn<QString>("patch");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *patch, const char *field) { QTest::newRow(patch) << patch << field; };
        row(R"([{"op":"remove","path":"/ram"}])", "ram missing");
        row(R"([{"op":"replace","path":"/ram","value":7}])", "ram type");
        row(R"([{"op":"replace","path":"/ram/total","value":-1}])", "ram.total range");
        row(R"([{"op":"replace","path":"/ram/total","value":0}])", "ram.total range");
        row(R"([{"op":"replace","path":"/ram/total","value":1.5}])", "ram.total range");
        row(R"([{"op":"replace","path":"/ram/total","value":18446744073709551615}])", "ram.total range");
        row(R"([{"op":"replace","path":"/ram/available","value":99999999999999}])", "ram.available range");
        row(R"([{"op":"replace","path":"/gpus","value":{}}])", "gpus type");
        row(R"([{"op":"replace","path":"/gpus/1/free","value":99999999999999}])", "gpus[1].free range");
        row(R"([{"op":"remove","path":"/gpus/0/name"}])", "gpus[0].name missing");
        row(R"([{"op":"replace","path":"/gpus/0/name","value":[]}])", "gpus[0].name type");
        row(R"([{"op":"replace","path":"/gpus/0","value":null}])", "gpus[0] type");
        row(R"([{"op":"replace","path":"/gpus/0/bandwidth","value":-3}])", "gpus[0].bandwidth range");
        row(R"([{"op":"replace","path":"/gpus/0/bandwidth","value":1e300}])", "gpus[0].bandwidth range");
        row(R"([{"op":"replace","path":"/gpus/0/temperatureC","value":"hot"}])", "gpus[0].temperatureC type");
        row(R"([{"op":"add","path":"/gpus/0/utilization","value":7}])", "gpus[0].utilization range");
        row(R"([{"op":"replace","path":"/gpus/0/processes/0/used","value":-7}])", "gpus[0].processes[0].used range");
        row(R"([{"op":"replace","path":"/cpu/physicalCores","value":4000000000}])", "cpu.physicalCores range");
        row(R"([{"op":"replace","path":"/cpu/instructionSets","value":[1]}])", "cpu.instructionSets type");
        row(R"([{"op":"replace","path":"/pretended","value":"yes"}])", "pretended type");
        row(R"([{"op":"replace","path":"/disks/0/mount","value":{}}])", "disks[0].mount type");
    }

    void hostileFields()
    {
        QFETCH(QString, patch);
        QFETCH(QString, field);
        const json document = toJson(sample()).patch(json::parse(patch.toStdString()));
        QCOMPARE(QString::fromStdString(fieldOf(document)), field);
    }

    void hostileDocuments()
    {
        QCOMPARE(fieldOf(json::array()), std::string(" type"));
        QCOMPARE(fieldOf(json(nullptr)), std::string(" type"));
        json many = toJson(sample());
        for (int i = 0; i < 100; ++i)
            many["gpus"].push_back(many["gpus"][0]);
        QCOMPARE(fieldOf(many), std::string("gpus range"));
        json longName = toJson(sample());
        longName["name"] = std::string(100000, 'x');
        QCOMPARE(fieldOf(longName), std::string("name range"));
    }
};

QTEST_GUILESS_MAIN(TestMachine)
#include "tst_machine.moc"
