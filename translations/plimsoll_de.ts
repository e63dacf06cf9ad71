<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>plimsoll::app::Account</name>
    <message>
        <source>In use by others</source>
        <translation>Von anderen belegt</translation>
    </message>
    <message>
        <source>total less what is free</source>
        <translation>gesamt minus frei</translation>
    </message>
    <message>
        <source>as pretended</source>
        <translation>wie angenommen</translation>
    </message>
    <message>
        <source>read from this computer</source>
        <translation>von diesem Computer abgelesen</translation>
    </message>
    <message>
        <source>the file’s table of tensors</source>
        <translation>Tensortabelle der Datei</translation>
    </message>
    <message>
        <source>the rule of the quantization</source>
        <translation>Regel der Quantisierung</translation>
    </message>
    <message>
        <source>the model’s dimensions</source>
        <translation>Maße des Modells</translation>
    </message>
    <message>
        <source>the layout that the engine allocates</source>
        <translation>Aufteilung, die die Engine anlegt</translation>
    </message>
    <message>
        <source>the driver’s context and libraries</source>
        <translation>Kontext und Bibliotheken des Treibers</translation>
    </message>
    <message>
        <source>an estimate</source>
        <translation>eine Schätzung</translation>
    </message>
    <message>
        <source>measured on this computer</source>
        <translation>auf diesem Computer gemessen</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s): %1 parameters × %2 bits</source>
        <extracomment>%1 is how many parameters these tensors have, as &quot;8.03 B&quot;; %2 the bits that one of them takes on average.</extracomment>
        <translation>
            <numerusform>%n Tensor: %1 Parameter × %2 Bit</numerusform>
            <numerusform>%n Tensoren: %1 Parameter × %2 Bit</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) × %1 tokens × %2 values × %3 bits</source>
        <extracomment>KV cache: %1 tokens, %2 values per token, %3 bits per value.</extracomment>
        <translation>
            <numerusform>%n Schicht × %1 Token × %2 Werte × %3 Bit</numerusform>
            <numerusform>%n Schichten × %1 Token × %2 Werte × %3 Bit</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 × %n sequence(s)</source>
        <comment>%1 is a product</comment>
        <translation>
            <numerusform>%1 × %n Sequenz</numerusform>
            <numerusform>%1 × %n Sequenzen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) × %1 values × 32 bits × %2 sequences</source>
        <extracomment>Recurrent state: %1 values per sequence, %2 sequences.</extracomment>
        <translation>
            <numerusform>%n Schicht × %1 Werte × 32 Bit × %2 Sequenzen</numerusform>
            <numerusform>%n Schichten × %1 Werte × 32 Bit × %2 Sequenzen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n buffer(s) for up to %1 tokens at a time, the largest %2</source>
        <extracomment>%1 is the most tokens that are computed together, %2 an amount of memory.</extracomment>
        <translation>
            <numerusform>%n Puffer für bis zu %1 Token auf einmal, %2 groß</numerusform>
            <numerusform>%n Puffer für bis zu %1 Token auf einmal, der größte %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::AccountTable</name>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>How it comes about</source>
        <translation>Wie es zustande kommt</translation>
    </message>
    <message>
        <source>Taken from</source>
        <translation>Quelle</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Open GGUF file…</source>
        <translation>GGUF-Datei ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Passt es?</translation>
    </message>
    <message>
        <source>Does a model fit this computer?</source>
        <translation>Passt ein Modell auf diesen Computer?</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Talk to the model that is loaded</source>
        <translation>Mit dem geladenen Modell sprechen</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>Hardware</translation>
    </message>
    <message>
        <source>What this computer has, or pretends to have</source>
        <translation>Was dieser Computer hat oder zu haben vorgibt</translation>
    </message>
    <message>
        <source>&amp;Launch</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>&amp;Stop generating</source>
        <translation>Generierung a&amp;nhalten</translation>
    </message>
    <message>
        <source>&amp;Unload</source>
        <translation>&amp;Entladen</translation>
    </message>
    <message>
        <source>&amp;About Plimsoll</source>
        <translation>Ü&amp;ber Plimsoll</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Which quantization of the model?</source>
        <translation>Welche Quantisierung des Modells?</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Open &amp;plan…</source>
        <translation>&amp;Plan öffnen …</translation>
    </message>
    <message>
        <source>&amp;Save plan…</source>
        <translation>Plan &amp;speichern …</translation>
    </message>
    <message>
        <source>&amp;Recent plans</source>
        <translation>&amp;Zuletzt verwendete Pläne</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Which model? All that Plimsoll knows, and your files</source>
        <translation>Welches Modell? Alle, die Plimsoll kennt, und Ihre Dateien</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Language, appearance, reserve and folders</source>
        <translation>Sprache, Erscheinungsbild, Reserve und Ordner</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Find a model, a quantization, a machine, a page or an action (%1)</source>
        <comment>%1 is a key</comment>
        <translation>Modell, Quantisierung, Computer, Seite oder Aktion finden (%1)</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::BudgetTable</name>
    <message>
        <source>Total</source>
        <translation>Gesamt</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::CommandPalette</name>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>A model, a quantization, a machine, a page or an action</source>
        <translation>Modell, Quantisierung, Computer, Seite oder Aktion</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Gefundenes</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>Nichts heißt so.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparePage</name>
    <message>
        <source>This computer is still being looked at.</source>
        <translation>Dieser Computer wird noch untersucht.</translation>
    </message>
    <message>
        <source>Working out the figures…</source>
        <translation>Die Zahlen werden berechnet …</translation>
    </message>
    <message>
        <source>No quantization of this model fits this machine.</source>
        <translation>Keine Quantisierung dieses Modells passt auf diesen Computer.</translation>
    </message>
    <message>
        <source>Recommended: %1, the most precise one below 16 bits that lies on the GPU as a whole.</source>
        <translation>Empfohlen: %1, die genaueste Quantisierung unter 16 Bit, die ganz auf die GPU passt.</translation>
    </message>
    <message>
        <source>Recommended: %1, the most precise one that is nearly as fast as any of at least four bits per weight; none of these lies on a GPU as a whole.</source>
        <translation>Empfohlen: %1, die genaueste, die fast so schnell ist wie jede mit mindestens vier Bit je Gewicht; ganz auf eine GPU passt keine davon.</translation>
    </message>
    <message>
        <source>Only quantizations below four bits per weight run here, and they lose much; %1 loses least.</source>
        <translation>Hier laufen nur Quantisierungen mit weniger als vier Bit je Gewicht, und die verlieren viel; am wenigsten verliert %1.</translation>
    </message>
    <message>
        <source>Quality is the growth of perplexity that was published for %1 (%2). Other models lose differently.</source>
        <translation>Qualität ist der Zuwachs an Perplexität, der für %1 veröffentlicht wurde (%2). Andere Modelle verlieren anders.</translation>
    </message>
    <message>
        <source>No model is chosen</source>
        <translation>Kein Modell gewählt</translation>
    </message>
    <message>
        <source>The opened file keeps the quantization it has; the others are what the same model would take.</source>
        <translation>Die geöffnete Datei behält ihre Quantisierung; die übrigen Zeilen zeigen, was dasselbe Modell sonst bräuchte.</translation>
    </message>
    <message>
        <source>Circle: on the GPU. Diamond: tight. Triangle: with offload. Square: on the CPU. Cross: does not fit. Blue loses little, orange much, no fill: not published.</source>
        <translation>Kreis: auf der GPU. Raute: knapp. Dreieck: mit Auslagerung. Quadrat: auf der CPU. Kreuz: passt nicht. Blau verliert wenig, Orange viel, ohne Füllung: nicht veröffentlicht.</translation>
    </message>
    <message>
        <source>Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)</source>
        <translation>Bild (*.png);;Zeichnung (*.svg);;Dokument (*.pdf);;Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>Size and speed</source>
        <translation>Größe und Geschwindigkeit</translation>
    </message>
    <message>
        <source>Prefill and decode</source>
        <translation>Prompt-Verarbeitung und Generierung</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Speed over context</source>
        <translation>Geschwindigkeit über den Kontext</translation>
    </message>
    <message>
        <source>What the chart shows</source>
        <translation>Was das Diagramm zeigt</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>As PNG, SVG, PDF or CSV</source>
        <translation>Als PNG, SVG, PDF oder CSV</translation>
    </message>
    <message>
        <source>Show on the Fit page</source>
        <translation>Auf der Seite „Passt es?“ zeigen</translation>
    </message>
    <message>
        <source>The same as a table</source>
        <translation>Dasselbe als Tabelle</translation>
    </message>
    <message>
        <source>This model and others, each at %1, on the machine of the Fit page.</source>
        <comment>%1 is a quantization</comment>
        <translation>Dieses Modell und andere, jeweils mit %1, auf dem Computer der Seite „Passt es?“.</translation>
    </message>
    <message>
        <source>This model at %1, on the machine of the Fit page and on others.</source>
        <comment>%1 is a quantization</comment>
        <translation>Dieses Modell mit %1, auf dem Computer der Seite „Passt es?“ und auf anderen.</translation>
    </message>
    <message>
        <source>What is compared, as a table</source>
        <translation>Der Vergleich als Tabelle</translation>
    </message>
    <message>
        <source>Weights at each precision</source>
        <translation>Gewichte je Genauigkeit</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparedSet</name>
    <message>
        <source>Pretended machine</source>
        <translation>Angenommener Computer</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
    <message>
        <source>Add a GPU…</source>
        <translation>GPU hinzufügen …</translation>
    </message>
    <message>
        <source>Add a model…</source>
        <translation>Modell hinzufügen …</translation>
    </message>
    <message>
        <source>Compare:</source>
        <translation>Vergleichen:</translation>
    </message>
    <message>
        <source>Quantizations of this model</source>
        <translation>Quantisierungen dieses Modells</translation>
    </message>
    <message>
        <source>Models on this machine</source>
        <translation>Modelle auf diesem Computer</translation>
    </message>
    <message>
        <source>Machines for this model</source>
        <translation>Computer für dieses Modell</translation>
    </message>
    <message>
        <source>What is compared</source>
        <translation>Was verglichen wird</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Leaves the marked one out of the comparison.</source>
        <translation>Nimmt das Markierte aus dem Vergleich.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparisonChart</name>
    <message>
        <source>Size, GB</source>
        <translation>Größe, GB</translation>
    </message>
    <message>
        <source>Decode, tokens/s (predicted)</source>
        <translation>Generierung, Token/s (Vorhersage)</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>Prompt-Verarbeitung</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>Generierung</translation>
    </message>
    <message>
        <source>Tokens/s (predicted)</source>
        <translation>Token/s (Vorhersage)</translation>
    </message>
    <message>
        <source>%1: all there is</source>
        <comment>%1 is a device, the line is its whole memory</comment>
        <translation>%1: alles, was da ist</translation>
    </message>
    <message>
        <source>GiB</source>
        <translation>GiB</translation>
    </message>
    <message>
        <source>Tokens in the cache; a line ends where the context no longer fits</source>
        <translation>Token im Cache; eine Linie endet, wo der Kontext nicht mehr passt</translation>
    </message>
    <message>
        <source>All there is</source>
        <translation>Alles, was da ist</translation>
    </message>
    <message>
        <source>Chart of the comparison</source>
        <translation>Diagramm des Vergleichs</translation>
    </message>
    <message>
        <source>The arrow keys walk through the points, Enter chooses one. The table has the same figures.</source>
        <translation>Die Pfeiltasten gehen durch die Punkte, Enter wählt einen. Die Tabelle enthält dieselben Zahlen.</translation>
    </message>
    <message>
        <source>%1: %2, %3, %4</source>
        <comment>what is compared, size, verdict, speed</comment>
        <translation>%1: %2, %3, %4</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparisonTable</name>
    <message>
        <source>%1 to %2</source>
        <comment>a range of numbers</comment>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>★ %1</source>
        <comment>%1 is the recommended quantization</comment>
        <translation>★ %1</translation>
    </message>
    <message>
        <source>+%1</source>
        <translation>+%1</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Bits/
weight</source>
        <translation>Bit/
Gewicht</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Decode,
tokens/s</source>
        <translation>Generierung,
Token/s</translation>
    </message>
    <message>
        <source>Prefill,
tokens/s</source>
        <translation>Prompt,
Token/s</translation>
    </message>
    <message>
        <source>Largest
context</source>
        <translation>Größter
Kontext</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Computer</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextCard</name>
    <message>
        <source>Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)</source>
        <translation>Bild (*.png);;Zeichnung (*.svg);;Dokument (*.pdf);;Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>Over the context</source>
        <translation>Abhängig vom Kontext</translation>
    </message>
    <message>
        <source>Show as a table</source>
        <translation>Als Tabelle zeigen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>The chart of memory as PNG, SVG or PDF, or both as CSV</source>
        <translation>Das Speicherdiagramm als PNG, SVG oder PDF, oder beide als CSV</translation>
    </message>
    <message>
        <source>Memory and speed over the context as a table</source>
        <translation>Speicher und Geschwindigkeit über der Kontextlänge als Tabelle</translation>
    </message>
    <message>
        <source>Thick lines: what is needed. Thin lines: what is free. The band is the error of the prediction.</source>
        <translation>Dicke Linien: Bedarf. Dünne Linien: frei. Das Band ist der Fehler der Vorhersage.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextChart</name>
    <message>
        <source>Context, tokens</source>
        <translation>Kontext, Token</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>gewählt</translation>
    </message>
    <message>
        <source>fits up to %1</source>
        <translation>passt bis %1</translation>
    </message>
    <message>
        <source>Generation, tokens/s (predicted)</source>
        <translation>Generierung, Token/s (Vorhersage)</translation>
    </message>
    <message>
        <source>Chart of memory over the context</source>
        <translation>Diagramm: Speicher über der Kontextlänge</translation>
    </message>
    <message>
        <source>Chart of speed over the context</source>
        <translation>Diagramm: Geschwindigkeit über der Kontextlänge</translation>
    </message>
    <message>
        <source>Fits up to %1 tokens. The table has the same figures.</source>
        <translation>Passt bis %1 Token. Die Tabelle hat dieselben Zahlen.</translation>
    </message>
    <message>
        <source>No context fits. The table has the same figures.</source>
        <translation>Kein Kontext passt. Die Tabelle hat dieselben Zahlen.</translation>
    </message>
    <message>
        <source>Needed, GiB</source>
        <translation>Bedarf, GiB</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextTable</name>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Generierung</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ConversationView</name>
    <message>
        <source>You</source>
        <extracomment>Heads what the user wrote in the conversation with a model.</extracomment>
        <translation>Sie</translation>
    </message>
    <message>
        <source>(The model gave no text.)</source>
        <translation>(Das Modell hat keinen Text geliefert.)</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Dialogs</name>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf);;All files (*)</source>
        <translation>GGUF-Modelle (*.gguf);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Plimsoll %1

Shows how deep a language model loads a computer, and runs it.

The window is free software under the GNU General Public License, version 3 or later; the engine under the Apache License 2.0.</source>
        <translation>Plimsoll %1

Zeigt, wie stark ein Sprachmodell einen Computer beansprucht, und führt es aus.

Die Oberfläche ist freie Software unter der GNU General Public License, Version 3 oder neuer, die Engine unter der Apache License 2.0.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::FitPage</name>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>These figures are for the pretended machine. Launching uses this computer.</source>
        <translation>Diese Zahlen gelten für die angenommene Hardware. Gestartet wird auf diesem Computer.</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>The same as a table</source>
        <translation>Dasselbe als Tabelle</translation>
    </message>
    <message>
        <source>Memory of each device as a table</source>
        <translation>Speicher jedes Geräts als Tabelle</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>All quantizations of this model on this machine</source>
        <translation>Alle Quantisierungen dieses Modells auf diesem Computer</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Format</name>
    <message>
        <source>%1 GiB</source>
        <translation>%1 GiB</translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation>%1 MiB</translation>
    </message>
    <message>
        <source>%1 KiB</source>
        <translation>%1 KiB</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 kB</source>
        <translation>%1 kB</translation>
    </message>
    <message>
        <source>%1 GB/s</source>
        <translation>%1 GB/s</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>%1 to %2 tokens/s</source>
        <extracomment>A predicted range, as in &quot;31 to 36 tokens/s&quot;.</extracomment>
        <translation>%1 bis %2 Token/s</translation>
    </message>
    <message>
        <source>%1%</source>
        <extracomment>The percent sign after a number, with the space that the language wants.</extracomment>
        <translation>%1&#xa0;%</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 °C</source>
        <translation>%1 °C</translation>
    </message>
    <message>
        <source>%1 W</source>
        <extracomment>Power draw in watts.</extracomment>
        <translation>%1 W</translation>
    </message>
    <message>
        <source>%1 MHz</source>
        <translation>%1 MHz</translation>
    </message>
    <message>
        <source>%1 B</source>
        <extracomment>Billions (10⁹) of parameters, abbreviated: &quot;8.03 B&quot;.</extracomment>
        <translation>%1 Mrd.</translation>
    </message>
    <message>
        <source>%1 M</source>
        <extracomment>Millions (10⁶) of parameters, abbreviated: &quot;596 M&quot;.</extracomment>
        <translation>%1 Mio.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::GibBox</name>
    <message>
        <source> GiB</source>
        <extracomment>Follows a number in an input field; begins with a space.</extracomment>
        <translation> GiB</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::GpuCard</name>
    <message>
        <source>VRAM</source>
        <translation>VRAM (Grafikspeicher)</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>%1 frei von %2</translation>
    </message>
    <message>
        <source>Memory bandwidth</source>
        <translation>Speicherbandbreite</translation>
    </message>
    <message>
        <source>Compute capability</source>
        <translation>Compute Capability</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>Treiber</translation>
    </message>
    <message>
        <source>GPU temperature</source>
        <translation>GPU-Temperatur</translation>
    </message>
    <message>
        <source>Power draw</source>
        <translation>Leistungsaufnahme</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Takt</translation>
    </message>
    <message>
        <source>Utilization</source>
        <translation>Auslastung</translation>
    </message>
    <message>
        <source>In use by</source>
        <translation>Belegt von</translation>
    </message>
    <message>
        <source>%1 (process %2): %3</source>
        <extracomment>A process on the GPU: its name, its number, the VRAM it holds.</extracomment>
        <translation>%1 (Prozess %2): %3</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weiterer</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Free VRAM:</source>
        <translation>&amp;Freier VRAM:</translation>
    </message>
    <message>
        <source>Free VRAM</source>
        <translation>Freier VRAM</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Plan without this GPU.</source>
        <translation>Ohne diese GPU planen.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::HardwarePanel</name>
    <message>
        <source>Looking at this computer…</source>
        <translation>Dieser Computer wird untersucht …</translation>
    </message>
    <message>
        <source>Without a GPU. The CPU does all the work.</source>
        <translation>Ohne GPU. Die CPU macht die ganze Arbeit.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Cores</source>
        <extracomment>Cores of a CPU: physical ones, and the threads they offer to programs.</extracomment>
        <translation>Kerne</translation>
    </message>
    <message>
        <source>%1 physical, %2 logical</source>
        <translation>%1 physisch, %2 logisch</translation>
    </message>
    <message>
        <source>Instruction sets</source>
        <translation>Befehlssätze</translation>
    </message>
    <message>
        <source>Memory bandwidth</source>
        <translation>Speicherbandbreite</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>%1 frei von %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <extracomment>A GPU of the catalogue: its name and its VRAM.</extracomment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>Hardware</translation>
    </message>
    <message>
        <source>&amp;Pretend other hardware</source>
        <translation>Andere Hardware &amp;annehmen</translation>
    </message>
    <message>
        <source>Add or remove GPUs and change memory, to see what another computer could run.</source>
        <translation>GPUs hinzufügen oder entfernen und Speicher ändern, um zu sehen, was ein anderer Computer ausführen könnte.</translation>
    </message>
    <message>
        <source>&amp;Detect again</source>
        <translation>Neu &amp;erkennen</translation>
    </message>
    <message>
        <source>Reads this computer anew: free memory, temperatures, processes.</source>
        <translation>Liest diesen Computer neu aus: freien Speicher, Temperaturen, Prozesse.</translation>
    </message>
    <message>
        <source>This is pretended hardware. Plans and predictions are for it, not for this computer.</source>
        <translation>Das ist angenommene Hardware. Pläne und Vorhersagen gelten für sie, nicht für diesen Computer.</translation>
    </message>
    <message>
        <source>&amp;Back to this computer</source>
        <translation>&amp;Zurück zu diesem Computer</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>&amp;GPU from the catalogue:</source>
        <translation>&amp;GPU aus dem Katalog:</translation>
    </message>
    <message>
        <source>GPU from the catalogue</source>
        <translation>GPU aus dem Katalog</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Add this GPU</source>
        <translation>Diese GPU hinzufügen</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Disks</source>
        <translation>Laufwerke</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren …</translation>
    </message>
    <message>
        <source>Pretend a machine that was saved as a file.</source>
        <translation>Einen als Datei gespeicherten Computer annehmen.</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren …</translation>
    </message>
    <message>
        <source>Save this machine as a file, for another computer or for later.</source>
        <translation>Diesen Computer als Datei speichern, für einen anderen oder für später.</translation>
    </message>
    <message>
        <source>How many of this GPU</source>
        <translation>Wie viele von dieser GPU</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::LayerStrip</name>
    <message>
        <source>on the GPU</source>
        <translation>auf der GPU</translation>
    </message>
    <message>
        <source>on the GPU, experts in RAM</source>
        <translation>auf der GPU, Experten im RAM</translation>
    </message>
    <message>
        <source>in RAM, on the CPU</source>
        <translation>im RAM, auf der CPU</translation>
    </message>
    <message>
        <source>on %1, experts in RAM</source>
        <comment>%1 is a GPU</comment>
        <translation>auf %1, Experten im RAM</translation>
    </message>
    <message>
        <source>on %1</source>
        <comment>%1 is a GPU</comment>
        <translation>auf %1</translation>
    </message>
    <message>
        <source>Layer %1: %2</source>
        <translation>Schicht %1: %2</translation>
    </message>
    <message>
        <source>Layers %1 to %2: %3</source>
        <translation>Schichten %1 bis %2: %3</translation>
    </message>
    <message>
        <source>Output</source>
        <comment>the last part of a model</comment>
        <translation>Ausgabe</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the GPU</source>
        <translation>
            <numerusform>%n Schicht auf der GPU</numerusform>
            <numerusform>%n Schichten auf der GPU</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the GPU, their experts in RAM</source>
        <translation>
            <numerusform>%n Schicht auf der GPU, ihre Experten im RAM</numerusform>
            <numerusform>%n Schichten auf der GPU, ihre Experten im RAM</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) in RAM, on the CPU</source>
        <translation>
            <numerusform>%n Schicht im RAM, auf der CPU</numerusform>
            <numerusform>%n Schichten im RAM, auf der CPU</numerusform>
        </translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>; </source>
        <comment>between the runs of layers</comment>
        <translation>; </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::LiveCard</name>
    <message>
        <source>RAM in use</source>
        <translation>Belegter RAM</translation>
    </message>
    <message>
        <source>GPU %1: VRAM in use</source>
        <translation>GPU %1: belegter VRAM</translation>
    </message>
    <message>
        <source>GPU %1: load</source>
        <translation>GPU %1: Auslastung</translation>
    </message>
    <message>
        <source>GPU %1: temperature</source>
        <translation>GPU %1: Temperatur</translation>
    </message>
    <message>
        <source>GPU %1: power</source>
        <translation>GPU %1: Leistung</translation>
    </message>
    <message>
        <source>GPU %1: clock</source>
        <translation>GPU %1: Takt</translation>
    </message>
    <message>
        <source>Now, on this computer</source>
        <translation>Jetzt, auf diesem Computer</translation>
    </message>
    <message>
        <source>Processes that use VRAM</source>
        <translation>Prozesse, die VRAM belegen</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MachineRow</name>
    <message>
        <source>Try on:</source>
        <comment>followed by buttons with names of machines</comment>
        <translation>Ausprobieren:</translation>
    </message>
    <message numerus="yes">
        <source>Pretend %1 with %2 RAM and %n core(s)</source>
        <extracomment>A machine to pretend: its GPUs, its RAM, how many cores its processor has.</extracomment>
        <translation>
            <numerusform>%1 mit %2 RAM und %n Kern annehmen</numerusform>
            <numerusform>%1 mit %2 RAM und %n Kernen annehmen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MainWindow</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Settings could not be read, and the defaults are used. The damaged file is kept as %1.</source>
        <translation>Die Einstellungen waren nicht lesbar, es gelten die Vorgaben. Die beschädigte Datei liegt jetzt unter %1.</translation>
    </message>
    <message>
        <source>%1 is no plan that can be read. The file was left as it is, and so was the plan that is shown.</source>
        <translation>%1 ist kein lesbarer Plan. Die Datei blieb unverändert, ebenso der angezeigte Plan.</translation>
    </message>
    <message>
        <source>Plans (*.plimsoll)</source>
        <translation>Pläne (*.plimsoll)</translation>
    </message>
    <message>
        <source>Machines (*.json)</source>
        <translation>Computer (*.json)</translation>
    </message>
    <message>
        <source>%1 describes no machine that can be read. The file was left as it is.</source>
        <translation>%1 beschreibt keinen lesbaren Computer. Die Datei blieb unverändert.</translation>
    </message>
    <message>
        <source>Page</source>
        <comment>one of the window&apos;s</comment>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Computer</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MemoryBar</name>
    <message>
        <source>≈ %1</source>
        <comment>an estimated amount of memory</comment>
        <translation>≈ %1</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>part of memory and its size</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the parts of a bar</comment>
        <translation>, </translation>
    </message>
    <message>
        <source>%1 missing of %2</source>
        <translation>es fehlen %1 von %2</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>%1 frei von %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>summary of a bar, then its parts</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MemoryTable</name>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Actual</source>
        <translation>Tatsächlich</translation>
    </message>
    <message>
        <source>Allocated</source>
        <extracomment>Memory that the engine allocated for itself: KV cache, compute buffers.</extracomment>
        <translation>Zugewiesen</translation>
    </message>
    <message>
        <source>KV cache, compute buffers and whatever else the engine allocated for itself.</source>
        <translation>KV-Cache, Rechenpuffer und was die Engine sonst für sich zugewiesen hat.</translation>
    </message>
    <message>
        <source>From the file</source>
        <extracomment>Weights that lie in memory as part of the file; the system may drop and reread them.</extracomment>
        <translation>Aus der Datei</translation>
    </message>
    <message>
        <source>Weights used where the file is mapped. The system may drop them and read them again.</source>
        <translation>Gewichte, die dort benutzt werden, wo die Datei eingeblendet ist. Das System kann sie verwerfen und neu lesen.</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <extracomment>For screen readers: kind of memory, predicted or actual, amount.</extracomment>
        <translation>%1, %2: %3</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ModelList</name>
    <message>
        <source>%1 parameters</source>
        <comment>%1 is a number with its unit, as 8.0 B</comment>
        <translation>%1 Parameter</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Parameters that are read for each token</source>
        <translation>Parameter, die je Token gelesen werden</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>Aktiv</translation>
    </message>
    <message>
        <source>Of the weights at the best quantization</source>
        <translation>Der Gewichte in der besten Quantisierung</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>The longest that the model was trained on, in tokens</source>
        <translation>Der längste, auf dem das Modell trainiert wurde, in Token</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>As far as the publisher names them</source>
        <translation>Soweit der Herausgeber sie nennt</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Sprachen</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>At the best quantization, with the context of the Fit page</source>
        <translation>Mit der besten Quantisierung und dem Kontext der Seite „Passt es?“</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>The most precise one that lies on the GPU as a whole, else the fastest</source>
        <translation>Die genaueste, die ganz auf die GPU passt, sonst die schnellste</translation>
    </message>
    <message>
        <source>Best quantization</source>
        <translation>Beste Quantisierung</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Generierung</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ModelsPage</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n Modell</numerusform>
            <numerusform>%n Modelle</numerusform>
        </translation>
    </message>
    <message>
        <source>%1; working out how they do on this machine…</source>
        <comment>%1 is a number of models</comment>
        <translation>%1; es wird ermittelt, wie sie auf diesem Computer laufen …</translation>
    </message>
    <message>
        <source>Any language</source>
        <translation>Jede Sprache</translation>
    </message>
    <message>
        <source>Good for anything</source>
        <translation>Für alles</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>Calling tools</source>
        <translation>Werkzeuge aufrufen</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>Schlussfolgern</translation>
    </message>
    <message>
        <source>Reasoning on demand</source>
        <translation>Schlussfolgern auf Wunsch</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Mathematics</source>
        <translation>Mathematik</translation>
    </message>
    <message>
        <source>Search name, language, licence</source>
        <translation>Name, Sprache, Lizenz suchen</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>Modelle suchen</translation>
    </message>
    <message>
        <source>Language of the models</source>
        <translation>Sprache der Modelle</translation>
    </message>
    <message>
        <source>What the models are good for</source>
        <translation>Wofür die Modelle gut sind</translation>
    </message>
    <message>
        <source>Only what runs here</source>
        <translation>Nur was hier läuft</translation>
    </message>
    <message>
        <source>Open GGUF file…</source>
        <translation>GGUF-Datei öffnen …</translation>
    </message>
    <message>
        <source>Show on the Fit page</source>
        <translation>Auf der Seite „Passt es?“ zeigen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::OffloadControl</name>
    <message>
        <source>of %1</source>
        <comment>the number of layers that can be on the GPU</comment>
        <translation>von %1</translation>
    </message>
    <message>
        <source>There is no GPU to offload to.</source>
        <translation>Es gibt keine GPU, auf die ausgelagert werden kann.</translation>
    </message>
    <message>
        <source>Offload to GPU</source>
        <translation>Auf die GPU auslagern</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Plimsoll chooses the fastest placement that fits.</source>
        <translation>Plimsoll wählt die schnellste Verteilung, die passt.</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Von Hand</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>Schichten auf der GPU</translation>
    </message>
    <message>
        <source>Layers on the GPU, as a number</source>
        <translation>Schichten auf der GPU, als Zahl</translation>
    </message>
    <message>
        <source>Per layer</source>
        <translation>Je Schicht</translation>
    </message>
    <message>
        <source>Click a layer above to move it to the next place.</source>
        <translation>Klicken Sie oben auf eine Schicht, um sie an den nächsten Ort zu verschieben.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::PlanReport</name>
    <message>
        <source>Asked</source>
        <translation>Gefragt</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Kontextlänge</translation>
    </message>
    <message>
        <source>Parallel sequences</source>
        <translation>Parallele Sequenzen</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>Dann</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Generierung</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>Title of a report: %1 is a model, %2 the verdict.</extracomment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Predicted: generation %1, prompt processing %2.</source>
        <translation>Vorhersage: Generierung %1, Prompt-Verarbeitung %2.</translation>
    </message>
    <message>
        <source>The machine is pretended.</source>
        <translation>Der Computer ist angenommen.</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>What would change it</source>
        <translation>Was es ändern würde</translation>
    </message>
    <message>
        <source>Made by Plimsoll %1 on %2.</source>
        <comment>version, date</comment>
        <translation>Erstellt von Plimsoll %1 am %2.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::PlanView</name>
    <message>
        <source>RAM</source>
        <translation>RAM</translation>
    </message>
    <message>
        <source>GPU %1 · %2</source>
        <comment>number and name</comment>
        <translation>GPU %1 · %2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::PrecisionTable</name>
    <message>
        <source>The customary estimate of what a server needs: weights, and two fifths on top for cache and buffers</source>
        <translation>Die übliche Schätzung, was ein Server braucht: Gewichte und zwei Fünftel dazu für Cache und Puffer</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <extracomment>A precision such as FP16, and what its weights are multiplied by.</extracomment>
        <translation>%1 × %2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ProcessTable</name>
    <message>
        <source>GPU %1</source>
        <translation>GPU %1</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>Prozess</translation>
    </message>
    <message>
        <source>Number</source>
        <comment>of a process</comment>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>VRAM in use</source>
        <translation>Belegter VRAM</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RamCard</name>
    <message>
        <source>Total</source>
        <translation>Gesamt</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>RAM</translation>
    </message>
    <message>
        <source>&amp;Total RAM:</source>
        <translation>RAM &amp;gesamt:</translation>
    </message>
    <message>
        <source>Total RAM</source>
        <translation>RAM gesamt</translation>
    </message>
    <message>
        <source>Free &amp;RAM:</source>
        <translation>F&amp;reier RAM:</translation>
    </message>
    <message>
        <source>Free RAM</source>
        <translation>Freier RAM</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RequestBar</name>
    <message>
        <source>as in the file</source>
        <translation>wie in der Datei</translation>
    </message>
    <message>
        <source>no GPU, %1 RAM</source>
        <translation>keine GPU, %1 RAM</translation>
    </message>
    <message>
        <source>%1, %2 RAM</source>
        <comment>GPU, amount</comment>
        <translation>%1, %2 RAM</translation>
    </message>
    <message numerus="yes">
        <source>%n GPU(s), %1 RAM</source>
        <translation>
            <numerusform>%n GPU, %1 RAM</numerusform>
            <numerusform>%n GPUs, %1 RAM</numerusform>
        </translation>
    </message>
    <message>
        <source>being looked at…</source>
        <translation>wird untersucht …</translation>
    </message>
    <message>
        <source>Machine (pretended)</source>
        <translation>Computer (angenommen)</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Type to search</source>
        <translation>Zum Suchen tippen</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Kontextlänge</translation>
    </message>
    <message>
        <source>Context length in tokens</source>
        <translation>Kontextlänge in Token</translation>
    </message>
    <message>
        <source>Tokens per sequence. The arrows halve and double.</source>
        <translation>Token je Sequenz. Die Pfeile halbieren und verdoppeln.</translation>
    </message>
    <message>
        <source>Parallel sequences</source>
        <translation>Parallele Sequenzen</translation>
    </message>
    <message>
        <source>Each sequence has a KV cache of its own; the weights are shared.</source>
        <translation>Jede Sequenz hat ihren eigenen KV-Cache; die Gewichte werden geteilt.</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>Number format of the KV cache</source>
        <translation>Zahlenformat des KV-Caches</translation>
    </message>
    <message>
        <source>Open GGUF file…</source>
        <translation>GGUF-Datei öffnen …</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Computer</translation>
    </message>
    <message>
        <source>Show the hardware, or pretend another.</source>
        <translation>Die Hardware zeigen oder andere annehmen.</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPUs</translation>
    </message>
    <message>
        <source>Number of GPUs of the kind of the first</source>
        <translation>Anzahl der GPUs von der Art der ersten</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>a GPU of the catalogue and its VRAM</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Show the hardware</source>
        <translation>Hardware zeigen</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Freihalten</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU</source>
        <translation>Freizuhaltender VRAM je GPU</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU. A plan that leaves less is called tight.</source>
        <translation>Freizuhaltender VRAM je GPU. Ein Plan, der weniger übrig lässt, gilt als knapp.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RunPage</name>
    <message>
        <source>Not loaded</source>
        <translation>Nicht geladen</translation>
    </message>
    <message>
        <source>Starting the engine…</source>
        <translation>Engine wird gestartet …</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Schreibt …</translation>
    </message>
    <message>
        <source>Unloading…</source>
        <translation>Wird entladen …</translation>
    </message>
    <message>
        <source>Stopped by an error</source>
        <translation>Durch einen Fehler beendet</translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>Kein Modell geladen</translation>
    </message>
    <message>
        <source>Choose a model and see whether it fits, then launch it. It runs here, on this computer, and nothing leaves it.</source>
        <translation>Wählen Sie ein Modell, sehen Sie, ob es passt, und starten Sie es. Es läuft hier, auf diesem Computer, und nichts verlässt ihn.</translation>
    </message>
    <message>
        <source>Choose a &amp;model</source>
        <translation>&amp;Modell auswählen</translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation>&amp;Neue Unterhaltung</translation>
    </message>
    <message>
        <source>&amp;Load again</source>
        <translation>Erneut &amp;laden</translation>
    </message>
    <message>
        <source>&amp;Unload</source>
        <translation>&amp;Entladen</translation>
    </message>
    <message>
        <source>Ends the engine and frees all of its memory.</source>
        <translation>Beendet die Engine und gibt ihren gesamten Speicher frei.</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>&amp;Erneut versuchen</translation>
    </message>
    <message>
        <source>Choose another &amp;model</source>
        <translation>Anderes &amp;Modell auswählen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Senden</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter starts a new line.</source>
        <translation>Enter sendet, Umschalt+Enter beginnt eine neue Zeile.</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>Ends the answer where it is.</source>
        <translation>Beendet die Antwort an dieser Stelle.</translation>
    </message>
    <message>
        <source>Write a message. Enter sends, Shift+Enter starts a new line.</source>
        <translation>Nachricht schreiben. Enter sendet, Umschalt+Enter beginnt eine neue Zeile.</translation>
    </message>
    <message>
        <source>Message to the model</source>
        <translation>Nachricht an das Modell</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>Load progress</source>
        <translation>Ladefortschritt</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SamplingBox</name>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Sampling &amp;temperature</source>
        <extracomment>How freely the next token is chosen; not the temperature of a GPU.</extracomment>
        <translation>Sampling-&amp;Temperatur</translation>
    </message>
    <message>
        <source>Sampling temperature</source>
        <translation>Sampling-Temperatur</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token; higher values make the answer more varied.</source>
        <translation>0 nimmt immer das wahrscheinlichste Token; höhere Werte machen die Antwort abwechslungsreicher.</translation>
    </message>
    <message>
        <source>Most t&amp;okens</source>
        <translation>Höchstens T&amp;oken</translation>
    </message>
    <message>
        <source>Most tokens of an answer</source>
        <translation>Höchstzahl der Token einer Antwort</translation>
    </message>
    <message>
        <source>An answer ends here at the latest.</source>
        <translation>Spätestens hier endet eine Antwort.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SaveText</name>
    <message>
        <source>%1 could not be written. Choose another folder.</source>
        <translation>%1 konnte nicht geschrieben werden. Wählen Sie einen anderen Ordner.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ScenarioCard</name>
    <message>
        <source>%1 · %2 · %3</source>
        <extracomment>One of several models: its name, its quantization, its context in tokens.</extracomment>
        <translation>%1 · %2 · %3</translation>
    </message>
    <message>
        <source>Models together</source>
        <translation>Modelle zusammen</translation>
    </message>
    <message>
        <source>Add this plan</source>
        <translation>Diesen Plan hinzufügen</translation>
    </message>
    <message>
        <source>Runs it beside the others on the same machine; each takes what those before it left.</source>
        <translation>Läuft neben den anderen auf demselben Computer; jedes nimmt, was die vor ihm übrig lassen.</translation>
    </message>
    <message>
        <source>To see whether several models fit at the same time, add the plan above, choose another model, and add that too.</source>
        <translation>Um zu sehen, ob mehrere Modelle gleichzeitig passen, fügen Sie den Plan oben hinzu, wählen Sie ein anderes Modell und fügen Sie auch dieses hinzu.</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) together: %1</source>
        <extracomment>The verdict on several models at once; %1 is the worst of theirs.</extracomment>
        <translation>
            <numerusform>%n Modell zusammen: %1</numerusform>
            <numerusform>%n Modelle zusammen: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>These models cannot be planned together on this machine.</source>
        <translation>Diese Modelle lassen sich auf diesem Computer nicht zusammen planen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SegmentRole</name>
    <message>
        <source>In use by others</source>
        <translation>Von anderen belegt</translation>
    </message>
    <message>
        <source>Weights, mapped from the file</source>
        <translation>Gewichte, aus der Datei eingeblendet</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>Recurrent state</source>
        <translation>Rekurrenter Zustand</translation>
    </message>
    <message>
        <source>Compute buffers</source>
        <translation>Rechenpuffer</translation>
    </message>
    <message>
        <source>Driver overhead</source>
        <translation>Treiberbedarf</translation>
    </message>
    <message>
        <source>Headroom</source>
        <translation>Reserve</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Es fehlen</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Sentences</name>
    <message>
        <source>The file “%1” does not exist. Choose another one, or put it back.</source>
        <translation>Die Datei „%1“ gibt es nicht. Wählen Sie eine andere, oder legen Sie sie zurück.</translation>
    </message>
    <message>
        <source>The file “%1” cannot be read (%2). Check its permissions and the disk.</source>
        <translation>Die Datei „%1“ kann nicht gelesen werden (%2). Prüfen Sie ihre Zugriffsrechte und das Laufwerk.</translation>
    </message>
    <message>
        <source>The file “%1” cannot be written (%2). Choose another folder, or make room on the disk.</source>
        <translation>Die Datei „%1“ kann nicht geschrieben werden (%2). Wählen Sie einen anderen Ordner, oder schaffen Sie Platz auf dem Laufwerk.</translation>
    </message>
    <message>
        <source>“%1” is not valid JSON. Replace it with an intact copy, or install the program again.</source>
        <translation>„%1“ ist kein gültiges JSON. Ersetzen Sie die Datei durch eine unbeschädigte Kopie, oder installieren Sie das Programm neu.</translation>
    </message>
    <message>
        <source>“%1” has an unexpected value in its field “%2”. Replace it with an intact copy, or install the program again.</source>
        <translation>In „%1“ hat das Feld „%2“ einen unerwarteten Wert. Ersetzen Sie die Datei durch eine unbeschädigte Kopie, oder installieren Sie das Programm neu.</translation>
    </message>
    <message>
        <source>“%1” is not a GGUF file. Choose a model in the GGUF format.</source>
        <translation>„%1“ ist keine GGUF-Datei. Wählen Sie ein Modell im GGUF-Format.</translation>
    </message>
    <message>
        <source>“%1” is a GGUF file of version %2; versions 2 and 3 can be read. Download a newer file of this model.</source>
        <translation>„%1“ ist eine GGUF-Datei der Version %2; gelesen werden die Versionen 2 und 3. Laden Sie eine neuere Datei dieses Modells herunter.</translation>
    </message>
    <message>
        <source>“%1” was made for a big-endian computer. Download the usual, little-endian file.</source>
        <translation>„%1“ wurde für einen Big-Endian-Computer erstellt. Laden Sie die übliche Little-Endian-Datei herunter.</translation>
    </message>
    <message>
        <source>“%1” ends too early, while reading “%2”. The download is probably incomplete; download the file again.</source>
        <translation>„%1“ endet zu früh, beim Lesen von „%2“. Der Download ist vermutlich unvollständig; laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the number given for “%2” (%3) is impossible. Download the file again.</source>
        <translation>„%1“ ist beschädigt: Die Anzahl für „%2“ (%3) ist unmöglich. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the entry “%2” has the unknown type %3. Download the file again.</source>
        <translation>„%1“ ist beschädigt: Der Eintrag „%2“ hat den unbekannten Typ %3. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the text of “%2” is too long (%3 bytes). Download the file again.</source>
        <translation>„%1“ ist beschädigt: Der Text von „%2“ ist zu lang (%3 Bytes). Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the name “%2” occurs twice. Download the file again.</source>
        <translation>„%1“ ist beschädigt: Der Name „%2“ kommt zweimal vor. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>“%1” is damaged: %2 is not a usable alignment. Download the file again.</source>
        <translation>„%1“ ist beschädigt: %2 ist keine brauchbare Ausrichtung. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>The part “%1” of this split model is missing. Put all parts into the same folder.</source>
        <translation>Der Teil „%1“ dieser aufgeteilten GGUF-Datei fehlt. Legen Sie alle Teile in denselben Ordner.</translation>
    </message>
    <message>
        <source>“%1” does not belong to the other parts of this split model (%2). Download all parts from the same place.</source>
        <translation>„%1“ gehört nicht zu den anderen Teilen dieser aufgeteilten GGUF-Datei (%2). Laden Sie alle Teile von derselben Stelle herunter.</translation>
    </message>
    <message>
        <source>“%1” is one part of a split model. Open its first part, “%2”.</source>
        <translation>„%1“ ist ein Teil einer aufgeteilten GGUF-Datei. Öffnen Sie den ersten Teil, „%2“.</translation>
    </message>
    <message>
        <source>“%1” does not say what “%2” is. Download a complete file of this model.</source>
        <translation>„%1“ sagt nicht, was „%2“ ist. Laden Sie eine vollständige Datei dieses Modells herunter.</translation>
    </message>
    <message>
        <source>“%1” is damaged: “%2” is of the wrong kind. Download the file again.</source>
        <translation>„%1“ ist beschädigt: „%2“ ist von der falschen Art. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>“%1” is damaged: %3 is not a possible value of “%2”. Download the file again.</source>
        <translation>„%1“ ist beschädigt: %3 ist kein möglicher Wert von „%2“. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the tensor “%2” has impossible dimensions. Download the file again.</source>
        <translation>„%1“ ist beschädigt: Der Tensor „%2“ hat unmögliche Abmessungen. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>The tensor “%2” of “%1” has a format that is not known (number %3). Choose another quantization of this model.</source>
        <translation>Der Tensor „%2“ von „%1“ hat ein unbekanntes Format (Nummer %3). Wählen Sie eine andere Quantisierungsvariante dieses Modells.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the tensor “%2” starts at an impossible place. Download the file again.</source>
        <translation>„%1“ ist beschädigt: Der Tensor „%2“ beginnt an einer unmöglichen Stelle. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>“%1” is incomplete: the tensor “%2” lies past its end. Download the file again.</source>
        <translation>„%1“ ist unvollständig: Der Tensor „%2“ liegt hinter dem Dateiende. Laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>The model lacks the tensor “%1”. Download a complete file of this model.</source>
        <translation>Dem Modell fehlt der Tensor „%1“. Laden Sie eine vollständige Datei dieses Modells herunter.</translation>
    </message>
    <message>
        <source>The tensor “%1” has the dimensions %3 where %2 are needed. Download another file of this model.</source>
        <translation>Der Tensor „%1“ hat die Abmessungen %3, nötig sind %2. Laden Sie eine andere Datei dieses Modells herunter.</translation>
    </message>
    <message>
        <source>The tensor “%1” is in the format %2, which the engine cannot use. Choose a quantization made of: %3.</source>
        <translation>Der Tensor „%1“ liegt im Format %2 vor, das die Engine nicht verwenden kann. Wählen Sie eine Quantisierung aus: %3.</translation>
    </message>
    <message>
        <source>The architecture “%1” is not known. Choose a model of one of these: %2.</source>
        <translation>Die Architektur „%1“ ist nicht bekannt. Wählen Sie ein Modell einer dieser Architekturen: %2.</translation>
    </message>
    <message>
        <source>The engine cannot run “%1” yet. It supports: %2.</source>
        <translation>Die Engine kann „%1“ noch nicht ausführen. Sie unterstützt: %2.</translation>
    </message>
    <message>
        <source>There is no quantization named “%1”. Choose one of these: %2.</source>
        <translation>Es gibt keine Quantisierung namens „%1“. Wählen Sie eine von diesen: %2.</translation>
    </message>
    <message>
        <source>There is no model named “%1” in the catalogue. Similar names: %2.</source>
        <translation>Im Katalog gibt es kein Modell namens „%1“. Ähnliche Namen: %2.</translation>
    </message>
    <message>
        <source>There is no GPU named “%1” in the catalogue. Similar names: %2.</source>
        <translation>Im Katalog gibt es keine GPU namens „%1“. Ähnliche Namen: %2.</translation>
    </message>
    <message>
        <source>The tokenizer “%1” of this model is not known. Choose a model with one of these: %2.</source>
        <translation>Der Tokenizer „%1“ dieses Modells ist nicht bekannt. Wählen Sie ein Modell mit einem von diesen: %2.</translation>
    </message>
    <message>
        <source>“%1” has no tokenizer, so it cannot read or write text. Choose a file that has one.</source>
        <translation>„%1“ hat keinen Tokenizer und kann daher weder Text lesen noch schreiben. Wählen Sie eine Datei, die einen hat.</translation>
    </message>
    <message>
        <source>The description of this model contradicts itself: %1 (%2). Download another file of this model.</source>
        <translation>Die Beschreibung dieses Modells widerspricht sich: %1 (%2). Laden Sie eine andere Datei dieses Modells herunter.</translation>
    </message>
    <message>
        <source>“%2” is not a possible value of “%1”. Possible is: %3.</source>
        <translation>„%2“ ist kein möglicher Wert von „%1“. Möglich ist: %3.</translation>
    </message>
    <message>
        <source>This needs %1 tokens of context, and %2 are available. Start a new conversation, or load the model with a longer context.</source>
        <translation>Dafür sind %1 Token Kontext nötig, verfügbar sind %2. Beginnen Sie eine neue Unterhaltung, oder laden Sie das Modell mit längerem Kontext.</translation>
    </message>
    <message>
        <source>The token %1 is outside the vocabulary of %2 tokens. The model file is probably damaged; download it again.</source>
        <translation>Das Token %1 liegt außerhalb des Vokabulars von %2 Token. Die Modelldatei ist vermutlich beschädigt; laden Sie sie erneut herunter.</translation>
    </message>
    <message>
        <source>There is not enough memory: %2 are needed in %1, and %3 are free. Close other programs, shorten the context, or choose a smaller quantization.</source>
        <translation>Der Speicher reicht nicht: In %1 werden %2 gebraucht, frei sind %3. Schließen Sie andere Programme, verkürzen Sie den Kontext, oder wählen Sie eine kleinere Quantisierung.</translation>
    </message>
    <message>
        <source>The system refused %3 of memory in %1 for “%2”. Close other programs, shorten the context, or choose a smaller quantization.</source>
        <translation>Das System hat %3 Speicher in %1 für „%2“ verweigert. Schließen Sie andere Programme, verkürzen Sie den Kontext, oder wählen Sie eine kleinere Quantisierung.</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>RAM</translation>
    </message>
    <message>
        <source>The engine could not open port %1 on this computer (%2). Try again, or end the program that uses the port.</source>
        <translation>Die Engine konnte den Port %1 auf diesem Computer nicht öffnen (%2). Versuchen Sie es erneut, oder beenden Sie das Programm, das den Port benutzt.</translation>
    </message>
    <message>
        <source>This was cancelled. Start it again whenever you like.</source>
        <translation>Das wurde abgebrochen. Sie können es jederzeit neu beginnen.</translation>
    </message>
    <message>
        <source>The engine is still loading the model. Wait until it is ready, then send again.</source>
        <translation>Die Engine lädt das Modell noch. Warten Sie, bis sie bereit ist, und senden Sie dann erneut.</translation>
    </message>
    <message>
        <source>The engine is busy with other requests. Wait a moment, then send again.</source>
        <translation>Die Engine ist mit anderen Anfragen beschäftigt. Warten Sie einen Moment, und senden Sie dann erneut.</translation>
    </message>
    <message>
        <source>The engine refused the request (%1, %2). Unload the model and load it again.</source>
        <translation>Die Engine hat die Anfrage abgelehnt (%1, %2). Entladen Sie das Modell, und laden Sie es erneut.</translation>
    </message>
    <message>
        <source>The connection to %1 was lost (%2). Load the model again; if this happens often, restart the computer.</source>
        <translation>Die Verbindung zu %1 ist abgebrochen (%2). Laden Sie das Modell erneut; geschieht das oft, starten Sie den Computer neu.</translation>
    </message>
    <message>
        <source>The engine is of version %1 and speaks protocol %2; this window needs version %3 and protocol %4. Install both from the same package.</source>
        <translation>Die Engine hat die Version %1 und spricht Protokoll %2; diese Oberfläche braucht Version %3 und Protokoll %4. Installieren Sie beide aus demselben Paket.</translation>
    </message>
    <message>
        <source>The engine met a condition that it does not know (%1). Try again; if it happens again, please report it.</source>
        <translation>Die Engine ist auf etwas Unbekanntes gestoßen (%1). Versuchen Sie es erneut; geschieht es wieder, melden Sie es bitte.</translation>
    </message>
    <message>
        <source>The program plimsoll-engine was not found. Install it, or put it beside this program, and try again.</source>
        <translation>Das Programm plimsoll-engine wurde nicht gefunden. Installieren Sie es, oder legen Sie es neben dieses Programm, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The engine “%1” does not exist. Install the program again, then try again.</source>
        <translation>Die Engine „%1“ gibt es nicht. Installieren Sie das Programm neu, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The engine “%1” is not allowed to run. Make the file executable, then try again.</source>
        <translation>Die Engine „%1“ darf nicht ausgeführt werden. Machen Sie die Datei ausführbar, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The engine “%1” could not be started. Install the program again, then try again.</source>
        <translation>Die Engine „%1“ konnte nicht gestartet werden. Installieren Sie das Programm neu, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The engine was ended by force, probably because memory ran out. Close other programs, shorten the context, or choose a smaller quantization, and try again.</source>
        <translation>Die Engine wurde gewaltsam beendet, vermutlich weil der Speicher ausging. Schließen Sie andere Programme, verkürzen Sie den Kontext, oder wählen Sie eine kleinere Quantisierung, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The engine crashed (signal %1). Its last message was: “%2”. Try again.</source>
        <translation>Die Engine ist abgestürzt (Signal %1). Ihre letzte Meldung war: „%2“. Versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The engine crashed (signal %1). Try again; if it happens again, please report it.</source>
        <translation>Die Engine ist abgestürzt (Signal %1). Versuchen Sie es erneut; geschieht es wieder, melden Sie es bitte.</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code %1). Its last message was: “%2”. Try again.</source>
        <translation>Die Engine hat sich unerwartet beendet (Exit-Code %1). Ihre letzte Meldung war: „%2“. Versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code %1). Try again; if it happens again, please report it.</source>
        <translation>Die Engine hat sich unerwartet beendet (Exit-Code %1). Versuchen Sie es erneut; geschieht es wieder, melden Sie es bitte.</translation>
    </message>
    <message numerus="yes">
        <source>The engine did not answer within %n second(s). Try again.</source>
        <translation>
            <numerusform>Die Engine hat innerhalb von %n Sekunde nicht geantwortet. Versuchen Sie es erneut.</numerusform>
            <numerusform>Die Engine hat innerhalb von %n Sekunden nicht geantwortet. Versuchen Sie es erneut.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The engine has been silent for %n second(s) and was ended. Try again.</source>
        <translation>
            <numerusform>Die Engine hat %n Sekunde lang nichts von sich hören lassen und wurde beendet. Versuchen Sie es erneut.</numerusform>
            <numerusform>Die Engine hat %n Sekunden lang nichts von sich hören lassen und wurde beendet. Versuchen Sie es erneut.</numerusform>
        </translation>
    </message>
    <message>
        <source>The connection to the engine broke (%1). Try again.</source>
        <translation>Die Verbindung zur Engine ist abgebrochen (%1). Versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The engine&apos;s answer could not be understood (“%1”). Install the program again if trying again does not help.</source>
        <translation>Die Antwort der Engine war nicht zu verstehen („%1“). Installieren Sie das Programm neu, wenn ein neuer Versuch nicht hilft.</translation>
    </message>
    <message>
        <source>The engine&apos;s answer could not be understood. Install the program again if trying again does not help.</source>
        <translation>Die Antwort der Engine war nicht zu verstehen. Installieren Sie das Programm neu, wenn ein neuer Versuch nicht hilft.</translation>
    </message>
    <message>
        <source>GPU support is not installed. Install the GPU package of Plimsoll to use an NVIDIA GPU.</source>
        <translation>Die GPU-Unterstützung ist nicht installiert. Installieren Sie das GPU-Paket von Plimsoll, um eine NVIDIA-GPU zu benutzen.</translation>
    </message>
    <message>
        <source>GPU support belongs to another version of Plimsoll. Install all of its packages in the same version.</source>
        <translation>Die GPU-Unterstützung gehört zu einer anderen Version von Plimsoll. Installieren Sie alle Pakete in derselben Version.</translation>
    </message>
    <message>
        <source>No working NVIDIA driver was found. Install or update the driver to use an NVIDIA GPU.</source>
        <translation>Kein funktionierender NVIDIA-Treiber gefunden. Installieren oder aktualisieren Sie den Treiber, um eine NVIDIA-GPU zu benutzen.</translation>
    </message>
    <message>
        <source>No NVIDIA GPU was found in this computer. Models run on the CPU.</source>
        <translation>In diesem Computer wurde keine NVIDIA-GPU gefunden. Modelle laufen auf der CPU.</translation>
    </message>
    <message>
        <source>A library that GPU support needs is missing (%1). Install the CUDA libraries to use the GPU.</source>
        <translation>Eine Bibliothek fehlt, die die GPU-Unterstützung braucht (%1). Installieren Sie die CUDA-Bibliotheken, um die GPU zu benutzen.</translation>
    </message>
    <message>
        <source>The GPU cannot be used (%1). Models run on the CPU.</source>
        <translation>Die GPU kann nicht benutzt werden (%1). Modelle laufen auf der CPU.</translation>
    </message>
    <message>
        <source>No GPU was found in this computer. Models run on the CPU.</source>
        <translation>In diesem Computer wurde keine GPU gefunden. Modelle laufen auf der CPU.</translation>
    </message>
    <message>
        <source>Fits on the GPU</source>
        <translation>Passt auf die GPU</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>Knapp</translation>
    </message>
    <message>
        <source>Fits with offload</source>
        <translation>Passt mit Auslagerung</translation>
    </message>
    <message>
        <source>CPU only</source>
        <translation>Nur CPU</translation>
    </message>
    <message>
        <source>Does not fit</source>
        <translation>Passt nicht</translation>
    </message>
    <message>
        <source>Runs from disk</source>
        <translation>Läuft von der Platte</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Nicht bekannt</translation>
    </message>
    <message>
        <source>The whole model fits on the GPU, with %1 of VRAM to spare.</source>
        <translation>Das ganze Modell passt auf die GPU, und %1 VRAM bleiben in Reserve.</translation>
    </message>
    <message>
        <source>The model fits, but only %1 of VRAM remain; another program may need them.</source>
        <translation>Das Modell passt, aber nur %1 VRAM bleiben übrig; ein anderes Programm könnte sie brauchen.</translation>
    </message>
    <message numerus="yes">
        <source>The model fits: %n layer(s) go to the GPU, and %1 stay in RAM.</source>
        <translation>
            <numerusform>Das Modell passt: %n Schicht kommt auf die GPU, und %1 bleiben im RAM.</numerusform>
            <numerusform>Das Modell passt: %n Schichten kommen auf die GPU, und %1 bleiben im RAM.</numerusform>
        </translation>
    </message>
    <message>
        <source>The model runs on the CPU and takes %1 of RAM.</source>
        <translation>Das Modell läuft auf der CPU und belegt %1 RAM.</translation>
    </message>
    <message>
        <source>The model does not fit into the memory of this computer.</source>
        <translation>Das Modell passt nicht in den Speicher dieses Computers.</translation>
    </message>
    <message>
        <source>The model runs, but reads its weights from disk again and again.</source>
        <translation>Das Modell läuft, liest seine Gewichte aber immer wieder von der Platte.</translation>
    </message>
    <message>
        <source>Whether the model fits is not known.</source>
        <translation>Ob das Modell passt, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>%1 is %2 short of the reserve that should stay free.</source>
        <translation>Auf %1 fehlen %2 zu dem Mindestrest, der frei bleiben soll.</translation>
    </message>
    <message numerus="yes">
        <source>%n of %1 layers are in RAM.</source>
        <extracomment>The number before is how many layers are in RAM, %1 is how many the model has.</extracomment>
        <translation>
            <numerusform>%n von %1 Schichten ist im RAM.</numerusform>
            <numerusform>%n von %1 Schichten sind im RAM.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The experts of %n of %1 layers are in RAM.</source>
        <extracomment>The number before is in how many layers the experts are in RAM, %1 is how many layers have experts.</extracomment>
        <translation>
            <numerusform>Die Experten von %n der %1 Schichten sind im RAM.</numerusform>
            <numerusform>Die Experten von %n der %1 Schichten sind im RAM.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no GPU, so the CPU does all the work.</source>
        <translation>Es gibt keine GPU, also macht die CPU die ganze Arbeit.</translation>
    </message>
    <message>
        <source>%1 is too small: one layer with its buffers needs %2.</source>
        <translation>%1 ist zu klein: Eine Schicht mit ihren Puffern braucht %2.</translation>
    </message>
    <message>
        <source>%1 lacks %2.</source>
        <translation>%1 fehlen %2.</translation>
    </message>
    <message>
        <source>All free memory taken together is %1 too small.</source>
        <translation>Aller freie Speicher zusammen ist um %1 zu klein.</translation>
    </message>
    <message>
        <source>The largest part is “%1”: %2 in %3.</source>
        <translation>Der größte Teil ist „%1“: %2 in %3.</translation>
    </message>
    <message>
        <source>The system could still read %1 of weights from disk again and again, which is very slow.</source>
        <translation>Das System könnte %1 Gewichte immer wieder von der Platte lesen, das ist aber sehr langsam.</translation>
    </message>
    <message>
        <source>As chosen, %1 of weights stay on disk and are read again whenever they are used.</source>
        <translation>Wie gewählt, bleiben %1 Gewichte auf der Platte und werden bei jeder Verwendung neu gelesen.</translation>
    </message>
    <message numerus="yes">
        <source>From %n prompt token(s) at once, %1 computes with the weights in RAM as well; they pass through buffers of %2 there.</source>
        <extracomment>The number before is how many tokens of a prompt are computed at once, %1 is a GPU.</extracomment>
        <translation>
            <numerusform>Ab %n Prompt-Token auf einmal rechnet %1 auch mit den Gewichten im RAM; sie laufen dort durch Puffer von %2.</numerusform>
            <numerusform>Ab %n Prompt-Token auf einmal rechnet %1 auch mit den Gewichten im RAM; sie laufen dort durch Puffer von %2.</numerusform>
        </translation>
    </message>
    <message>
        <source>This architecture is not known in full, so its KV cache is not counted.</source>
        <translation>Diese Architektur ist nicht vollständig bekannt, daher ist ihr KV-Cache nicht mitgezählt.</translation>
    </message>
    <message>
        <source>The context of %1 tokens is longer than the %2 that the model was trained on.</source>
        <translation>Der Kontext von %1 Token ist länger als die %2, mit denen das Modell trainiert wurde.</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>Recurrent state</source>
        <translation>Rekurrenter Zustand</translation>
    </message>
    <message>
        <source>Compute buffers</source>
        <translation>Rechenpuffer</translation>
    </message>
    <message>
        <source>Output buffers</source>
        <translation>Ausgabepuffer</translation>
    </message>
    <message>
        <source>Transfer buffers</source>
        <translation>Übertragungspuffer</translation>
    </message>
    <message>
        <source>Driver overhead</source>
        <translation>Treiberbedarf</translation>
    </message>
    <message>
        <source>The model does not fit: it needs %1 in %2, where %3 are free.</source>
        <translation>Das Modell passt nicht: Es braucht %1 in %2, frei sind dort %3.</translation>
    </message>
    <message>
        <source>All layers are on GPUs; %1 keeps %2 of headroom.</source>
        <translation>Alle Schichten sind auf GPUs; auf %1 bleiben %2 Reserve.</translation>
    </message>
    <message>
        <source>Store the KV cache as %1</source>
        <translation>Den KV-Cache als %1 speichern</translation>
    </message>
    <message>
        <source>Shorten the context from %1 to %2 tokens</source>
        <translation>Den Kontext von %1 auf %2 Token verkürzen</translation>
    </message>
    <message numerus="yes">
        <source>Run %n parallel sequence(s) instead of %1</source>
        <extracomment>%1 is how many there are now.</extracomment>
        <translation>
            <numerusform>%n parallele Sequenz statt %1</numerusform>
            <numerusform>%n parallele Sequenzen statt %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Use the smaller quantization %1</source>
        <translation>Die kleinere Quantisierung %1 verwenden</translation>
    </message>
    <message numerus="yes">
        <source>Keep the experts of %n layer(s) in RAM</source>
        <translation>
            <numerusform>Die Experten von %n Schicht im RAM lassen</numerusform>
            <numerusform>Die Experten von %n Schichten im RAM lassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keep %n layer(s) in RAM</source>
        <translation>
            <numerusform>%n Schicht im RAM lassen</numerusform>
            <numerusform>%n Schichten im RAM lassen</numerusform>
        </translation>
    </message>
    <message>
        <source>Use the smaller model %1</source>
        <translation>Das kleinere Modell %1 verwenden</translation>
    </message>
    <message>
        <source>Close what else uses %1: %2</source>
        <translation>Schließen, was sonst %1 belegt: %2</translation>
    </message>
    <message>
        <source>Use a %1 in place of the first GPU</source>
        <translation>Eine %1 anstelle der ersten GPU verwenden</translation>
    </message>
    <message>
        <source>Add a %1</source>
        <translation>Eine %1 hinzufügen</translation>
    </message>
    <message>
        <source>Use a %1 as GPU</source>
        <translation>Eine %1 als GPU verwenden</translation>
    </message>
    <message>
        <source>Run anyway, the engine would refuse to load it for lack of memory.</source>
        <translation>Trotzdem gestartet, würde die Engine das Laden aus Speichermangel ablehnen.</translation>
    </message>
    <message>
        <source>Run anyway, it reads %1 of weights that RAM does not hold from disk for every token, which is very slow.</source>
        <translation>Trotzdem gestartet, liest die Engine %1 an Gewichten, die nicht in den RAM passen, für jedes Token von der Platte, was sehr langsam ist.</translation>
    </message>
    <message>
        <source>Run anyway, it reads %1 of weights that RAM does not hold from disk for every token and reaches %2.</source>
        <translation>Trotzdem gestartet, liest die Engine %1 an Gewichten, die nicht in den RAM passen, für jedes Token von der Platte und erreicht %2.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SettingsPage</name>
    <message>
        <source>Programs (*)</source>
        <translation>Programme (*)</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>VRAM kept free</source>
        <translation>Freizuhaltender VRAM</translation>
    </message>
    <message>
        <source>On each GPU. A plan that leaves less is called tight.</source>
        <translation>Auf jeder GPU. Ein Plan, der weniger übrig lässt, gilt als knapp.</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU</source>
        <translation>Freizuhaltender VRAM je GPU</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>The program plimsoll-engine. Empty: the one beside this program.</source>
        <translation>Das Programm plimsoll-engine. Leer: das neben diesem Programm.</translation>
    </message>
    <message>
        <source>Path of the engine</source>
        <translation>Pfad der Engine</translation>
    </message>
    <message>
        <source>Found automatically</source>
        <translation>Wird automatisch gefunden</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Choose the engine</source>
        <translation>Engine wählen</translation>
    </message>
    <message>
        <source>Folder of the models</source>
        <translation>Ordner der Modelle</translation>
    </message>
    <message>
        <source>Where “Open” begins. Empty: where the last file was opened.</source>
        <translation>Wo „Öffnen“ beginnt. Leer: wo zuletzt eine Datei geöffnet wurde.</translation>
    </message>
    <message>
        <source>The last one used</source>
        <translation>Der zuletzt benutzte</translation>
    </message>
    <message>
        <source>Choose the folder of the models</source>
        <translation>Ordner der Modelle wählen</translation>
    </message>
    <message>
        <source>Settings are kept in %1.</source>
        <translation>Die Einstellungen liegen in %1.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ShareMenu</name>
    <message>
        <source>Web page (*.html);;Document (*.pdf);;Markdown (*.md);;Text (*.txt)</source>
        <translation>Webseite (*.html);;Dokument (*.pdf);;Markdown (*.md);;Text (*.txt)</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Kopieren für</translation>
    </message>
    <message>
        <source>Copies the command that launches this plan, for Plimsoll or another program.</source>
        <translation>Kopiert den Befehl, der diesen Plan startet, für Plimsoll oder ein anderes Programm.</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>This plan with its figures and reasons, as text or as a file.</source>
        <translation>Dieser Plan mit seinen Zahlen und Gründen, als Text oder als Datei.</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Als Text kopieren</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern …</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SpeedTable</name>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Generierung</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>Zeit bis zum ersten Token</translation>
    </message>
    <message>
        <source>Prompt processing</source>
        <translation>Prompt-Verarbeitung</translation>
    </message>
    <message>
        <source>Prompt tokens</source>
        <translation>Prompt-Token</translation>
    </message>
    <message>
        <source>Answer tokens</source>
        <translation>Antwort-Token</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>For screen readers: what is measured, and the figure.</extracomment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::StatusStrip</name>
    <message>
        <source>No model loaded</source>
        <translation>Kein Modell geladen</translation>
    </message>
    <message>
        <source>%1: starting the engine</source>
        <comment>%1 is a model</comment>
        <translation>%1: Engine wird gestartet</translation>
    </message>
    <message>
        <source>%1: loading, %2</source>
        <comment>%1 is a model, %2 a percentage</comment>
        <translation>%1: wird geladen, %2</translation>
    </message>
    <message>
        <source>%1: ready</source>
        <comment>%1 is a model</comment>
        <translation>%1: bereit</translation>
    </message>
    <message>
        <source>%1: generating</source>
        <comment>%1 is a model</comment>
        <translation>%1: generiert</translation>
    </message>
    <message>
        <source>%1: unloading</source>
        <comment>%1 is a model</comment>
        <translation>%1: wird entladen</translation>
    </message>
    <message>
        <source>%1: stopped by an error</source>
        <comment>%1 is a model</comment>
        <translation>%1: durch einen Fehler beendet</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop generating; what was said stays.</source>
        <translation>Die Generierung anhalten; das Gesagte bleibt.</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>Entladen</translation>
    </message>
    <message>
        <source>End the engine and free its memory.</source>
        <translation>Die Engine beenden und ihren Speicher freigeben.</translation>
    </message>
    <message>
        <source>GPU %1: %2 of %3</source>
        <comment>number, VRAM in use, all of its VRAM</comment>
        <translation>GPU %1: %2 von %3</translation>
    </message>
    <message>
        <source>RAM: %1 of %2</source>
        <comment>in use, all there is</comment>
        <translation>RAM: %1 von %2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SuggestionList</name>
    <message>
        <source>What would change it</source>
        <translation>Was es ändern würde</translation>
    </message>
    <message>
        <source>No single change would make it fit better or run a tenth faster.</source>
        <translation>Keine einzelne Änderung ließe es besser passen oder um ein Zehntel schneller laufen.</translation>
    </message>
    <message>
        <source>Pretend</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>name of a button, and the sentence it stands behind</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>With all else as it is: at most %1 tokens of context, or %2 parallel sequences.</source>
        <translation>Wenn sonst alles bleibt: höchstens %1 Token Kontext oder %2 parallele Sequenzen.</translation>
    </message>
    <message>
        <source>With all else as it is: at most %1 tokens of context, or %2 parallel sequences, or %3 as quantization.</source>
        <translation>Wenn sonst alles bleibt: höchstens %1 Token Kontext oder %2 parallele Sequenzen oder %3 als Quantisierung.</translation>
    </message>
    <message>
        <source>Divided over several %1, it fits on none of the numbers that are considered.</source>
        <translation>Auf mehrere %1 verteilt, passt es mit keiner der betrachteten Anzahlen.</translation>
    </message>
    <message>
        <source>Divided over several %1: at least %2 cards (%3 in parallel × %4 in a row).</source>
        <extracomment>%1 is a GPU, %2 how many of them; %3 cards share every layer, in %4 groups one behind the other.</extracomment>
        <translation>Auf mehrere %1 verteilt: mindestens %2 Karten (%3 parallel × %4 hintereinander).</translation>
    </message>
    <message numerus="yes">
        <source>%1 In whole servers of %2 cards: %n server(s).</source>
        <extracomment>%1 is a sentence about the number of cards.</extracomment>
        <translation>
            <numerusform>%1 In ganzen Servern mit %2 Karten: %n Server.</numerusform>
            <numerusform>%1 In ganzen Servern mit %2 Karten: %n Server.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Theme</name>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::VerdictBanner</name>
    <message>
        <source>Predicted: generation %1, prompt processing %2.</source>
        <translation>Vorhersage: Generierung %1, Prompt-Verarbeitung %2.</translation>
    </message>
    <message>
        <source>This cannot be planned</source>
        <translation>Das lässt sich nicht planen</translation>
    </message>
    <message>
        <source>No model chosen</source>
        <translation>Kein Modell ausgewählt</translation>
    </message>
    <message>
        <source>Choose a model above, or open a GGUF file.</source>
        <translation>Wählen Sie oben ein Modell, oder öffnen Sie eine GGUF-Datei.</translation>
    </message>
    <message>
        <source>Launch</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Launch…</source>
        <translation>Starten …</translation>
    </message>
    <message>
        <source>Load this file into memory and run it.</source>
        <translation>Diese Datei in den Speicher laden und ausführen.</translation>
    </message>
    <message>
        <source>Asks for the GGUF file of this model, then loads and runs it.</source>
        <translation>Fragt nach der GGUF-Datei dieses Modells, lädt sie und führt sie aus.</translation>
    </message>
    <message>
        <source>Predicted: generation %1.</source>
        <translation>Vorhersage: Generierung %1.</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>Dieser Computer wird untersucht …</translation>
    </message>
    <message>
        <source>What it has is not known yet. You can pretend other hardware meanwhile.</source>
        <translation>Was er hat, ist noch nicht bekannt. Sie können solange andere Hardware annehmen.</translation>
    </message>
    <message>
        <source>Run anyway</source>
        <translation>Trotzdem starten</translation>
    </message>
    <message>
        <source>Run anyway…</source>
        <translation>Trotzdem starten …</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::WhyCard</name>
    <message>
        <source>• %1</source>
        <comment>one line of a list</comment>
        <translation>• %1</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Show how each part comes about</source>
        <translation>Zeigen, wie jeder Teil zustande kommt</translation>
    </message>
    <message>
        <source>Every part of the memory with its formula</source>
        <translation>Jeder Teil des Speichers mit seiner Formel</translation>
    </message>
</context>
</TS>
