// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/text/chat.h>
#include <plimsoll/gguf/writer.h>

#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::engine;

Q_DECLARE_METATYPE(plimsoll::engine::ChatFormat)

class ChatTest : public QObject
{
    Q_OBJECT

private slots:
    void recognises_data();
    void recognises();
    void marksTurns_data();
    void marksTurns();
    void takesOddConversations();
};

void ChatTest::recognises_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<ChatFormat>("format");
    QTest::newRow("none") << QString() << ChatFormat::Plain;
    QTest::newRow("unknown") << u"{{ messages }}"_qs << ChatFormat::Plain;
    QTest::newRow("ChatML") << u"{{'<|im_start|>' + message.role}}"_qs << ChatFormat::ChatMl;
    QTest::newRow("Llama 3") << u"'<|start_header_id|>' + role + '<|end_header_id|>'"_qs << ChatFormat::Llama3;
    QTest::newRow("DeepSeek") << u"'<｜User｜>' + message['content']"_qs << ChatFormat::DeepSeek;
    QTest::newRow("Llama 2") << u"'[INST] <<SYS>>\\n' + system"_qs << ChatFormat::Llama2;
    QTest::newRow("Mistral") << u"'[INST] ' + message['content']"_qs << ChatFormat::Mistral;
    QTest::newRow("Gemma") << u"'<start_of_turn>' + role"_qs << ChatFormat::Gemma;
    QTest::newRow("Phi-3") << u"'<|user|>' + '<|end|>' + '<|assistant|>'"_qs << ChatFormat::Phi3;
}

void ChatTest::recognises()
{
    QFETCH(QString, text);
    gguf::Writer writer;
    if (!text.isNull())
        writer.set("tokenizer.chat_template", text.toStdString());
    const std::vector<std::byte> bytes = writer.header();
    const auto source = gguf::fromMemory("made", bytes);
    const auto header = gguf::readHeader(*source);
    QVERIFY(header.ok());
    QTEST(chatFormat(*header), "format");
}

void ChatTest::marksTurns_data()
{
    QTest::addColumn<ChatFormat>("format");
    QTest::addColumn<QString>("prompt");
    QTest::newRow("plain") << ChatFormat::Plain << u"system: S\nuser: A\nassistant: B\nuser: C\nassistant:"_qs;
    QTest::newRow("ChatML") << ChatFormat::ChatMl
                            << u"<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nA<|im_end|>\n<|im_start|>assistant\nB<|im_end|>\n"
                               "<|im_start|>user\nC<|im_end|>\n<|im_start|>assistant\n"_qs;
    QTest::newRow("Llama 3") << ChatFormat::Llama3
                             << u"<|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
                                "A<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nB<|eot_id|><|start_header_id|>user"
                                "<|end_header_id|>\n\nC<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"_qs;
    QTest::newRow("DeepSeek") << ChatFormat::DeepSeek
                              << u"S<｜User｜>A<｜Assistant｜>B<｜end▁of▁sentence｜><｜User｜>C<｜Assistant｜>"_qs;
    QTest::newRow("Llama 2") << ChatFormat::Llama2 << u"[INST] <<SYS>>\nS\n<</SYS>>\n\nA [/INST] B </s><s>[INST] C [/INST]"_qs;
    QTest::newRow("Mistral") << ChatFormat::Mistral << u"[INST] S\n\nA [/INST] B</s>[INST] C [/INST]"_qs;
    QTest::newRow("Gemma") << ChatFormat::Gemma
                           << u"<start_of_turn>user\nS\n\nA<end_of_turn>\n<start_of_turn>model\nB<end_of_turn>\n<start_of_turn>user\nC"
                              "<end_of_turn>\n<start_of_turn>model\n"_qs;
    QTest::newRow("Phi-3") << ChatFormat::Phi3 << u"<|system|>\nS<|end|>\n<|user|>\nA<|end|>\n<|assistant|>\nB<|end|>\n<|user|>\nC<|end|>\n"
                                                  "<|assistant|>\n"_qs;
}

void ChatTest::marksTurns()
{
    QFETCH(ChatFormat, format);
    QFETCH(QString, prompt);
    const std::vector<ChatMessage> messages = {{"system", "S"}, {"user", "A"}, {"assistant", "B"}, {"user", "C"}};
    QCOMPARE(QString::fromStdString(chatPrompt(format, messages)), prompt);
}

void ChatTest::takesOddConversations()
{
    for (int format = 0; format <= static_cast<int>(ChatFormat::Phi3); ++format) {
        const std::vector<ChatMessage> onlySystem = {{"system", "S"}};
        QVERIFY(chatPrompt(static_cast<ChatFormat>(format), onlySystem).find('S') != std::string::npos);
        const std::vector<ChatMessage> twice = {{"user", ""}, {"user", "  "}, {"assistant", ""}, {"assistant", "x"}};
        QVERIFY(chatPrompt(static_cast<ChatFormat>(format), twice).find('x') != std::string::npos);
        (void)chatPrompt(static_cast<ChatFormat>(format), {});
    }
}

QTEST_GUILESS_MAIN(ChatTest)
#include "tst_chat.moc"
