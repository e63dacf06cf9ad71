<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>plimsoll::app::Account</name>
    <message numerus="yes">
        <source>%n tensor(s): %1 parameters × %2 bits</source>
        <extracomment>%1 is how many parameters these tensors have, as &quot;8.03 B&quot;; %2 the bits that one of them takes on average.</extracomment>
        <translation>
            <numerusform>%n tensor: %1 parameters × %2 bits</numerusform>
            <numerusform>%n tensors: %1 parameters × %2 bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) × %1 tokens × %2 values × %3 bits</source>
        <extracomment>KV cache: %1 tokens, %2 values per token, %3 bits per value.</extracomment>
        <translation>
            <numerusform>%n layer × %1 tokens × %2 values × %3 bits</numerusform>
            <numerusform>%n layers × %1 tokens × %2 values × %3 bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 × %n sequence(s)</source>
        <comment>%1 is a product</comment>
        <translation>
            <numerusform>%1 × %n sequence</numerusform>
            <numerusform>%1 × %n sequences</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) × %1 values × 32 bits × %2 sequences</source>
        <extracomment>Recurrent state: %1 values per sequence, %2 sequences.</extracomment>
        <translation>
            <numerusform>%n layer × %1 values × 32 bits × %2 sequences</numerusform>
            <numerusform>%n layers × %1 values × 32 bits × %2 sequences</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n buffer(s) for up to %1 tokens at a time, the largest %2</source>
        <extracomment>%1 is the most tokens that are computed together, %2 an amount of memory.</extracomment>
        <translation>
            <numerusform>%n buffer for up to %1 tokens at a time, %2 large</numerusform>
            <numerusform>%n buffers for up to %1 tokens at a time, the largest %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::GpuCard</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::LayerStrip</name>
    <message numerus="yes">
        <source>%n layer(s) on the GPU</source>
        <translation>
            <numerusform>%n layer on the GPU</numerusform>
            <numerusform>%n layers on the GPU</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the GPU, their experts in RAM</source>
        <translation>
            <numerusform>%n layer on the GPU, its experts in RAM</numerusform>
            <numerusform>%n layers on the GPU, their experts in RAM</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) in RAM, on the CPU</source>
        <translation>
            <numerusform>%n layer in RAM, on the CPU</numerusform>
            <numerusform>%n layers in RAM, on the CPU</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MachineRow</name>
    <message numerus="yes">
        <source>Pretend %1 with %2 RAM and %n core(s)</source>
        <extracomment>A machine to pretend: its GPUs, its RAM, how many cores its processor has.</extracomment>
        <translation>
            <numerusform>Pretend %1 with %2 RAM and %n core</numerusform>
            <numerusform>Pretend %1 with %2 RAM and %n cores</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ModelsPage</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RequestBar</name>
    <message numerus="yes">
        <source>%n GPU(s), %1 RAM</source>
        <translation>
            <numerusform>%n GPU, %1 RAM</numerusform>
            <numerusform>%n GPUs, %1 RAM</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ScenarioCard</name>
    <message numerus="yes">
        <source>%n model(s) together: %1</source>
        <extracomment>The verdict on several models at once; %1 is the worst of theirs.</extracomment>
        <translation>
            <numerusform>%n model together: %1</numerusform>
            <numerusform>%n models together: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Sentences</name>
    <message numerus="yes">
        <source>The engine did not answer within %n second(s). Try again.</source>
        <translation>
            <numerusform>The engine did not answer within %n second. Try again.</numerusform>
            <numerusform>The engine did not answer within %n seconds. Try again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The engine has been silent for %n second(s) and was ended. Try again.</source>
        <translation>
            <numerusform>The engine has been silent for %n second and was ended. Try again.</numerusform>
            <numerusform>The engine has been silent for %n seconds and was ended. Try again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The model fits: %n layer(s) go to the GPU, and %1 stay in RAM.</source>
        <translation>
            <numerusform>The model fits: %n layer goes to the GPU, and %1 stay in RAM.</numerusform>
            <numerusform>The model fits: %n layers go to the GPU, and %1 stay in RAM.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of %1 layers are in RAM.</source>
        <extracomment>The number before is how many layers are in RAM, %1 is how many the model has.</extracomment>
        <translation>
            <numerusform>%n of %1 layers is in RAM.</numerusform>
            <numerusform>%n of %1 layers are in RAM.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The experts of %n of %1 layers are in RAM.</source>
        <extracomment>The number before is in how many layers the experts are in RAM, %1 is how many layers have experts.</extracomment>
        <translation>
            <numerusform>The experts of %n of %1 layers are in RAM.</numerusform>
            <numerusform>The experts of %n of %1 layers are in RAM.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>From %n prompt token(s) at once, %1 computes with the weights in RAM as well; they pass through buffers of %2 there.</source>
        <extracomment>The number before is how many tokens of a prompt are computed at once, %1 is a GPU.</extracomment>
        <translation>
            <numerusform>From %n prompt token at once, %1 computes with the weights in RAM as well; they pass through buffers of %2 there.</numerusform>
            <numerusform>From %n prompt tokens at once, %1 computes with the weights in RAM as well; they pass through buffers of %2 there.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Run %n parallel sequence(s) instead of %1</source>
        <extracomment>%1 is how many there are now.</extracomment>
        <translation>
            <numerusform>Run %n parallel sequence instead of %1</numerusform>
            <numerusform>Run %n parallel sequences instead of %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keep the experts of %n layer(s) in RAM</source>
        <translation>
            <numerusform>Keep the experts of %n layer in RAM</numerusform>
            <numerusform>Keep the experts of %n layers in RAM</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keep %n layer(s) in RAM</source>
        <translation>
            <numerusform>Keep %n layer in RAM</numerusform>
            <numerusform>Keep %n layers in RAM</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SuggestionList</name>
    <message numerus="yes">
        <source>%1 In whole servers of %2 cards: %n server(s).</source>
        <extracomment>%1 is a sentence about the number of cards.</extracomment>
        <translation>
            <numerusform>%1 In whole servers of %2 cards: %n server.</numerusform>
            <numerusform>%1 In whole servers of %2 cards: %n servers.</numerusform>
        </translation>
    </message>
</context>
</TS>
