// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "family_cases.h"
#include "session_calls.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

struct Broken
{
    QString name;
    std::string family;
    FamilyFault fault;
    ErrorCode code;
    std::string names;   // first argument of the error
};

/// One number of a kind of model set anew.
FamilyFault withCount(const std::string &key, uint32_t value)
{
    return {[=](gguf::Writer &writer) { writer.set(key, value); }, {}, {}};
}

FamilyFault withoutTensor(const std::string &name)
{
    return {{}, [=](const gguf::OutTensor &tensor) { return tensor.name != name; }, {}};
}

FamilyFault withDims(const std::string &name, const std::vector<uint64_t> &dims)
{
    return {{},
        [=](gguf::OutTensor &tensor) {
            tensor.dims = tensor.name == name ? dims : tensor.dims;
            return true;
        },
        {}};
}

FamilyFault withType(const std::string &name, GgmlType type)
{
    return {{},
        [=](gguf::OutTensor &tensor) {
            tensor.type = tensor.name == name ? type : tensor.type;
            return true;
        },
        {}};
}

std::vector<Broken> brokenModels()
{
    using enum ErrorCode;
    return {
        {"more experts used than there are", "qwen3moe", withCount("qwen3moe.expert_used_count", 6), ModelInvalid, "expert_used_count"},
        {"no expert used", "qwen3moe", withCount("qwen3moe.expert_used_count", 0), GgufKeyRange, ""},
        {"heads that do not divide", "qwen3", withCount("qwen3.attention.head_count_kv", 4), ModelInvalid, "attention.head_count_kv"},
        {"groups that do not divide", "deepseek2/groups", withCount("deepseek2.expert_group_count", 4), ModelInvalid, "expert_group_count"},
        {"too few experts in a stack", "qwen3moe", withDims("blk.1.ffn_up_exps.weight", {96, 56, 4}), TensorWrongShape,
            "blk.1.ffn_up_exps.weight"},
        {"router for other experts", "qwen3moe", withDims("blk.2.ffn_gate_inp.weight", {96, 4}), TensorWrongShape,
            "blk.2.ffn_gate_inp.weight"},
        {"no router", "qwen3moe", withoutTensor("blk.0.ffn_gate_inp.weight"), TensorMissing, "blk.0.ffn_gate_inp.weight"},
        {"no norm of queries", "qwen3", withoutTensor("blk.1.attn_q_norm.weight"), TensorMissing, "blk.1.attn_q_norm.weight"},
        {"half a norm", "qwen3", withType("blk.1.attn_q_norm.weight", GgmlType::F16), TensorWrongType, "blk.1.attn_q_norm.weight"},
        {"a format only for activations", "qwen3", withType("blk.1.ffn_gate.weight", GgmlType::Q8_1), TensorWrongType,
            "blk.1.ffn_gate.weight"},
        {"rotation of more than a head", "qwen3", withCount("qwen3.rope.dimension_count", 50), ModelInvalid, "rope.dimension_count"},
        {"all layers share a cache", "gemma4", withCount("gemma4.attention.shared_kv_layers", 7), ModelInvalid,
            "attention.shared_kv_layers"},
        {"a cache of another kind of layer", "gemma4", withCount("gemma4.attention.shared_kv_layers", 4), ModelInvalid,
            "attention.shared_kv_layers"},
        {"layer inputs wider than the embedding", "gemma4", withCount("gemma4.embedding_length_per_layer_input", 97), GgufKeyRange, ""},
        {"no scale of the router", "gemma4/experts", withoutTensor("blk.3.ffn_gate_inp.scale"), TensorMissing, "blk.3.ffn_gate_inp.scale"},
        {"no values and no keys that could be them", "gemma4/experts", withCount("gemma4.attention.value_length", 40), ModelInvalid,
            "attention.value_length"},
    };
}

} // namespace

/// Models with one thing wrong are refused by name, and those whose weights are no numbers end with an error too.
class TestBrokenModels : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void refused_data();
    void refused();
    void noNumbers_data();
    void noNumbers();

private:
    std::string path() const { return m_folder.filePath(QStringLiteral("broken")).toStdString(); }

    QTemporaryDir m_folder;
    std::vector<Broken> m_models = brokenModels();
};

void TestBrokenModels::refused_data()
{
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < m_models.size(); ++i)
        QTest::newRow(qPrintable(m_models[i].name)) << int(i);
}

void TestBrokenModels::refused()
{
    QFETCH(int, index);
    const Broken &each = m_models[size_t(index)];
    const Status written = writeFamily(familyModel(each.family), path(), each.fault);
    QVERIFY2(written, written ? "" : describe(written.error()).c_str());
    const auto session = Session::load(path(), exactOptions(4));
    QVERIFY(!session);
    QVERIFY2(session.error().code == each.code, describe(session.error()).c_str());
    if (!each.names.empty())
        QCOMPARE(session.error().arguments.front(), each.names);
}

void TestBrokenModels::noNumbers_data()
{
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QString>("tensor");
    const auto row = [](const char *name, const nlohmann::json &entry, const char *tensor) {
        QTest::newRow(name) << QByteArray::fromStdString(entry.dump()) << QString::fromUtf8(tensor);
    };
    row("embedding", familyModel("qwen3"), "token_embd.weight");
    row("norm", familyModel("qwen3"), "blk.0.attn_norm.weight");
    row("queries", familyModel("qwen3"), "blk.1.attn_q.weight");
    row("values", familyModel("qwen3"), "blk.1.attn_v.weight");
    row("down", familyModel("qwen3"), "blk.2.ffn_down.weight");
    row("output", familyModel("qwen3"), "output.weight");
    row("router", familyModel("qwen3moe"), "blk.0.ffn_gate_inp.weight");
    row("experts", familyModel("qwen3moe"), "blk.0.ffn_up_exps.weight");
    row("latent", familyModel("deepseek2"), "blk.0.attn_kv_a_mqa.weight");
    row("delta net", tinyHybrid("qwen35"), "blk.0.ssm_conv1d.weight");
    row("decay", tinyHybrid("nemotron_h"), "blk.0.ssm_a");
}

void TestBrokenModels::noNumbers()
{
    QFETCH(QByteArray, entry);
    QFETCH(QString, tensor);
    FamilyFault fault;
    fault.values = [&](const TensorSpec &spec, std::vector<float> &values) {
        if (tensorName(spec) == tensor.toStdString())
            std::fill(values.begin(), values.end(), NAN);
    };
    const Status written = writeFamily(nlohmann::json::parse(entry.toStdString()), path(), fault);
    QVERIFY2(written, written ? "" : describe(written.error()).c_str());
    const auto session = loadCounted(path(), exactOptions(8));
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    const auto logits = logitsOf(**session, someTokens(5, 259), 5);
    QVERIFY(!logits);
    QVERIFY2(logits.error().code == ErrorCode::ModelInvalid, describe(logits.error()).c_str());
    Session::GenerateOptions options;
    options.maxTokens = 4;
    const auto generation = (*session)->generate(someTokens(3, 259), options);
    QVERIFY(!generation);
    QVERIFY2(generation.error().code == ErrorCode::ModelInvalid, describe(generation.error()).c_str());
}

QTEST_GUILESS_MAIN(TestBrokenModels)
#include "tst_broken_models.moc"
