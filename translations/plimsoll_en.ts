<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
</context>
</TS>
