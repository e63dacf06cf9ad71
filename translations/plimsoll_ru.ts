<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>plimsoll::app::Account</name>
    <message>
        <source>In use by others</source>
        <translation>Занято другими</translation>
    </message>
    <message>
        <source>total less what is free</source>
        <translation>всего минус свободно</translation>
    </message>
    <message>
        <source>as pretended</source>
        <translation>как задано условно</translation>
    </message>
    <message>
        <source>read from this computer</source>
        <translation>считано с этого компьютера</translation>
    </message>
    <message>
        <source>the file’s table of tensors</source>
        <translation>таблица тензоров файла</translation>
    </message>
    <message>
        <source>the rule of the quantization</source>
        <translation>правило квантования</translation>
    </message>
    <message>
        <source>the model’s dimensions</source>
        <translation>размерности модели</translation>
    </message>
    <message>
        <source>the layout that the engine allocates</source>
        <translation>раскладка, которую выделяет движок</translation>
    </message>
    <message>
        <source>the driver’s context and libraries</source>
        <translation>контекст драйвера и библиотеки</translation>
    </message>
    <message>
        <source>an estimate</source>
        <translation>оценка</translation>
    </message>
    <message>
        <source>measured on this computer</source>
        <translation>измерено на этом компьютере</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s): %1 parameters × %2 bits</source>
        <extracomment>%1 is how many parameters these tensors have, as &quot;8.03 B&quot;; %2 the bits that one of them takes on average.</extracomment>
        <translation>
            <numerusform>%n тензор: %1 параметров × %2 бита</numerusform>
            <numerusform>%n тензора: %1 параметров × %2 бита</numerusform>
            <numerusform>%n тензоров: %1 параметров × %2 бита</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) × %1 tokens × %2 values × %3 bits</source>
        <extracomment>KV cache: %1 tokens, %2 values per token, %3 bits per value.</extracomment>
        <translation>
            <numerusform>%n слой × %1 токенов × %2 значений × %3 бит</numerusform>
            <numerusform>%n слоя × %1 токенов × %2 значений × %3 бит</numerusform>
            <numerusform>%n слоёв × %1 токенов × %2 значений × %3 бит</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 × %n sequence(s)</source>
        <comment>%1 is a product</comment>
        <translation>
            <numerusform>%1 × %n последовательность</numerusform>
            <numerusform>%1 × %n последовательности</numerusform>
            <numerusform>%1 × %n последовательностей</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) × %1 values × 32 bits × %2 sequences</source>
        <extracomment>Recurrent state: %1 values per sequence, %2 sequences.</extracomment>
        <translation>
            <numerusform>%n слой × %1 значений × 32 бита × %2 последовательностей</numerusform>
            <numerusform>%n слоя × %1 значений × 32 бита × %2 последовательностей</numerusform>
            <numerusform>%n слоёв × %1 значений × 32 бита × %2 последовательностей</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n buffer(s) for up to %1 tokens at a time, the largest %2</source>
        <extracomment>%1 is the most tokens that are computed together, %2 an amount of memory.</extracomment>
        <translation>
            <numerusform>%n буфер, до %1 токенов за раз, наибольший — %2</numerusform>
            <numerusform>%n буфера, до %1 токенов за раз, наибольший — %2</numerusform>
            <numerusform>%n буферов, до %1 токенов за раз, наибольший — %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::AccountTable</name>
    <message>
        <source>Device</source>
        <translation>Устройство</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Часть</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Размер</translation>
    </message>
    <message>
        <source>How it comes about</source>
        <translation>Как получается</translation>
    </message>
    <message>
        <source>Taken from</source>
        <translation>Источник</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Файл</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Вид</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Модель</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Справка</translation>
    </message>
    <message>
        <source>&amp;Open GGUF file…</source>
        <translation>&amp;Открыть файл GGUF…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Выход</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Поместится?</translation>
    </message>
    <message>
        <source>Does a model fit this computer?</source>
        <translation>Поместится ли модель в память этого компьютера?</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Запуск</translation>
    </message>
    <message>
        <source>Talk to the model that is loaded</source>
        <translation>Разговор с загруженной моделью</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>Оборудование</translation>
    </message>
    <message>
        <source>What this computer has, or pretends to have</source>
        <translation>Что есть в этом компьютере или условно в нём есть</translation>
    </message>
    <message>
        <source>&amp;Launch</source>
        <translation>&amp;Запустить</translation>
    </message>
    <message>
        <source>&amp;Stop generating</source>
        <translation>&amp;Остановить генерацию</translation>
    </message>
    <message>
        <source>&amp;Unload</source>
        <translation>&amp;Выгрузить из памяти</translation>
    </message>
    <message>
        <source>&amp;About Plimsoll</source>
        <translation>&amp;О программе Plimsoll</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Оформление</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Сравнение</translation>
    </message>
    <message>
        <source>Which quantization of the model?</source>
        <translation>Какое квантование модели выбрать?</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Правка</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Отменить</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Повторить</translation>
    </message>
    <message>
        <source>Open &amp;plan…</source>
        <translation>Открыть &amp;план…</translation>
    </message>
    <message>
        <source>&amp;Save plan…</source>
        <translation>&amp;Сохранить план…</translation>
    </message>
    <message>
        <source>&amp;Recent plans</source>
        <translation>&amp;Недавние планы</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Модели</translation>
    </message>
    <message>
        <source>Which model? All that Plimsoll knows, and your files</source>
        <translation>Какая модель? Все, что знает Plimsoll, и ваши файлы</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Language, appearance, reserve and folders</source>
        <translation>Язык, вид, запас и папки</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Поиск</translation>
    </message>
    <message>
        <source>Find a model, a quantization, a machine, a page or an action (%1)</source>
        <comment>%1 is a key</comment>
        <translation>Найти модель, квантование, компьютер, страницу или действие (%1)</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::BudgetTable</name>
    <message>
        <source>Total</source>
        <translation>Всего</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Часть</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::CommandPalette</name>
    <message>
        <source>Search</source>
        <translation>Поиск</translation>
    </message>
    <message>
        <source>A model, a quantization, a machine, a page or an action</source>
        <translation>Модель, квантование, компьютер, страница или действие</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Найденное</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>Ничего не найдено.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparePage</name>
    <message>
        <source>This computer is still being looked at.</source>
        <translation>Оборудование этого компьютера ещё определяется.</translation>
    </message>
    <message>
        <source>Working out the figures…</source>
        <translation>Идёт расчёт…</translation>
    </message>
    <message>
        <source>No quantization of this model fits this machine.</source>
        <translation>Ни один вариант квантования этой модели не помещается на этом компьютере.</translation>
    </message>
    <message>
        <source>Recommended: %1, the most precise one below 16 bits that lies on the GPU as a whole.</source>
        <translation>Рекомендуется %1: самый точный вариант ниже 16 бит, который целиком помещается на GPU.</translation>
    </message>
    <message>
        <source>Recommended: %1, the most precise one that is nearly as fast as any of at least four bits per weight; none of these lies on a GPU as a whole.</source>
        <translation>Рекомендуется %1: самый точный из почти столь же быстрых, как любой вариант не менее четырёх бит на вес; целиком на GPU не помещается ни один из них.</translation>
    </message>
    <message>
        <source>Only quantizations below four bits per weight run here, and they lose much; %1 loses least.</source>
        <translation>Здесь работают только варианты менее четырёх бит на вес, а они заметно теряют в качестве; меньше всех теряет %1.</translation>
    </message>
    <message>
        <source>Quality is the growth of perplexity that was published for %1 (%2). Other models lose differently.</source>
        <translation>Качество — это рост перплексии, опубликованный для %1 (%2). Другие модели теряют иначе.</translation>
    </message>
    <message>
        <source>No model is chosen</source>
        <translation>Модель не выбрана</translation>
    </message>
    <message>
        <source>The opened file keeps the quantization it has; the others are what the same model would take.</source>
        <translation>У открытого файла квантование уже задано; остальные строки показывают, сколько заняла бы та же модель.</translation>
    </message>
    <message>
        <source>Circle: on the GPU. Diamond: tight. Triangle: with offload. Square: on the CPU. Cross: does not fit. Blue loses little, orange much, no fill: not published.</source>
        <translation>Круг: на GPU. Ромб: впритык. Треугольник: с выносом в ОЗУ. Квадрат: на CPU. Крест: не помещается. Синий цвет — потери малы, оранжевый — велики, без заливки — данные не опубликованы.</translation>
    </message>
    <message>
        <source>Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)</source>
        <translation>Изображение (*.png);;Векторный рисунок (*.svg);;Документ (*.pdf);;Таблица (*.csv)</translation>
    </message>
    <message>
        <source>Size and speed</source>
        <translation>Размер и скорость</translation>
    </message>
    <message>
        <source>Prefill and decode</source>
        <translation>Обработка промпта и генерация</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Память</translation>
    </message>
    <message>
        <source>Speed over context</source>
        <translation>Скорость в зависимости от контекста</translation>
    </message>
    <message>
        <source>What the chart shows</source>
        <translation>Что показывает диаграмма</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Экспорт…</translation>
    </message>
    <message>
        <source>As PNG, SVG, PDF or CSV</source>
        <translation>В формате PNG, SVG, PDF или CSV</translation>
    </message>
    <message>
        <source>Show on the Fit page</source>
        <translation>Показать на странице «Поместится?»</translation>
    </message>
    <message>
        <source>The same as a table</source>
        <translation>То же в виде таблицы</translation>
    </message>
    <message>
        <source>This model and others, each at %1, on the machine of the Fit page.</source>
        <comment>%1 is a quantization</comment>
        <translation>Эта модель и другие, каждая с квантованием %1, на компьютере со страницы «Поместится?».</translation>
    </message>
    <message>
        <source>This model at %1, on the machine of the Fit page and on others.</source>
        <comment>%1 is a quantization</comment>
        <translation>Эта модель с квантованием %1 на компьютере со страницы «Поместится?» и на других.</translation>
    </message>
    <message>
        <source>What is compared, as a table</source>
        <translation>Сравнение в виде таблицы</translation>
    </message>
    <message>
        <source>Weights at each precision</source>
        <translation>Веса при разной точности</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparedSet</name>
    <message>
        <source>Pretended machine</source>
        <translation>Условный компьютер</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Этот компьютер</translation>
    </message>
    <message>
        <source>Add a GPU…</source>
        <translation>Добавить GPU…</translation>
    </message>
    <message>
        <source>Add a model…</source>
        <translation>Добавить модель…</translation>
    </message>
    <message>
        <source>Compare:</source>
        <translation>Сравнить:</translation>
    </message>
    <message>
        <source>Quantizations of this model</source>
        <translation>Квантования этой модели</translation>
    </message>
    <message>
        <source>Models on this machine</source>
        <translation>Модели на этом компьютере</translation>
    </message>
    <message>
        <source>Machines for this model</source>
        <translation>Компьютеры для этой модели</translation>
    </message>
    <message>
        <source>What is compared</source>
        <translation>Что сравнивается</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Убрать</translation>
    </message>
    <message>
        <source>Leaves the marked one out of the comparison.</source>
        <translation>Исключает отмеченное из сравнения.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparisonChart</name>
    <message>
        <source>Size, GB</source>
        <translation>Размер, ГБ</translation>
    </message>
    <message>
        <source>Decode, tokens/s (predicted)</source>
        <translation>Генерация, токенов/с (прогноз)</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>Обработка промпта</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>Генерация</translation>
    </message>
    <message>
        <source>Tokens/s (predicted)</source>
        <translation>Токенов/с (прогноз)</translation>
    </message>
    <message>
        <source>%1: all there is</source>
        <comment>%1 is a device, the line is its whole memory</comment>
        <translation>%1: весь объём</translation>
    </message>
    <message>
        <source>GiB</source>
        <translation>ГиБ</translation>
    </message>
    <message>
        <source>Tokens in the cache; a line ends where the context no longer fits</source>
        <translation>Токенов в кэше; линия кончается там, где контекст больше не помещается</translation>
    </message>
    <message>
        <source>All there is</source>
        <translation>Весь объём</translation>
    </message>
    <message>
        <source>Chart of the comparison</source>
        <translation>Диаграмма сравнения</translation>
    </message>
    <message>
        <source>The arrow keys walk through the points, Enter chooses one. The table has the same figures.</source>
        <translation>Стрелки переходят от точки к точке, Enter выбирает. В таблице те же цифры.</translation>
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
        <translation>%1–%2</translation>
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
        <translation>Квантование</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Размер</translation>
    </message>
    <message>
        <source>Bits/
weight</source>
        <translation>Бит на
вес</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>На этом компьютере</translation>
    </message>
    <message>
        <source>Decode,
tokens/s</source>
        <translation>Генерация,
токенов/с</translation>
    </message>
    <message>
        <source>Prefill,
tokens/s</source>
        <translation>Промпт,
токенов/с</translation>
    </message>
    <message>
        <source>Largest
context</source>
        <translation>Макс.
контекст</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Перплексия</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Компьютер</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextCard</name>
    <message>
        <source>Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)</source>
        <translation>Изображение (*.png);;Векторный рисунок (*.svg);;Документ (*.pdf);;Таблица (*.csv)</translation>
    </message>
    <message>
        <source>Over the context</source>
        <translation>В зависимости от контекста</translation>
    </message>
    <message>
        <source>Show as a table</source>
        <translation>Показать таблицей</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Экспорт…</translation>
    </message>
    <message>
        <source>The chart of memory as PNG, SVG or PDF, or both as CSV</source>
        <translation>График памяти в PNG, SVG или PDF либо оба в CSV</translation>
    </message>
    <message>
        <source>Memory and speed over the context as a table</source>
        <translation>Память и скорость в зависимости от контекста в виде таблицы</translation>
    </message>
    <message>
        <source>Thick lines: what is needed. Thin lines: what is free. The band is the error of the prediction.</source>
        <translation>Толстые линии — сколько нужно, тонкие — сколько свободно. Полоса — погрешность прогноза.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextChart</name>
    <message>
        <source>Context, tokens</source>
        <translation>Контекст, токенов</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>выбрано</translation>
    </message>
    <message>
        <source>fits up to %1</source>
        <translation>до %1 помещается</translation>
    </message>
    <message>
        <source>Generation, tokens/s (predicted)</source>
        <translation>Генерация, токенов/с (прогноз)</translation>
    </message>
    <message>
        <source>Chart of memory over the context</source>
        <translation>График памяти в зависимости от длины контекста</translation>
    </message>
    <message>
        <source>Chart of speed over the context</source>
        <translation>График скорости в зависимости от длины контекста</translation>
    </message>
    <message>
        <source>Fits up to %1 tokens. The table has the same figures.</source>
        <translation>Помещается до %1 токенов. В таблице те же данные.</translation>
    </message>
    <message>
        <source>No context fits. The table has the same figures.</source>
        <translation>Не помещается ни один контекст. В таблице те же данные.</translation>
    </message>
    <message>
        <source>Needed, GiB</source>
        <translation>Нужно, ГиБ</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextTable</name>
    <message>
        <source>Context</source>
        <translation>Контекст</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>На этом компьютере</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Генерация</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ConversationView</name>
    <message>
        <source>You</source>
        <extracomment>Heads what the user wrote in the conversation with a model.</extracomment>
        <translation>Вы</translation>
    </message>
    <message>
        <source>(The model gave no text.)</source>
        <translation>(Модель не выдала текста.)</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Dialogs</name>
    <message>
        <source>Open a model</source>
        <translation>Открыть модель</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf);;All files (*)</source>
        <translation>Модели GGUF (*.gguf);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Plimsoll %1

Shows how deep a language model loads a computer, and runs it.

The window is free software under the GNU General Public License, version 3 or later; the engine under the Apache License 2.0.</source>
        <translation>Plimsoll %1

Показывает, насколько языковая модель нагружает компьютер, и запускает её.

Окно — свободная программа на условиях GNU General Public License версии 3 или более поздней; движок — на условиях Apache License 2.0.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Экспорт</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Открыть</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Выбор папки</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::FitPage</name>
    <message>
        <source>Memory</source>
        <translation>Память</translation>
    </message>
    <message>
        <source>These figures are for the pretended machine. Launching uses this computer.</source>
        <translation>Эти цифры относятся к условному оборудованию. Запуск использует этот компьютер.</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Слои</translation>
    </message>
    <message>
        <source>The same as a table</source>
        <translation>То же в виде таблицы</translation>
    </message>
    <message>
        <source>Memory of each device as a table</source>
        <translation>Память каждого устройства в виде таблицы</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Сравнение</translation>
    </message>
    <message>
        <source>All quantizations of this model on this machine</source>
        <translation>Все варианты квантования этой модели на этом компьютере</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Format</name>
    <message>
        <source>%1 GiB</source>
        <translation>%1 ГиБ</translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation>%1 МиБ</translation>
    </message>
    <message>
        <source>%1 KiB</source>
        <translation>%1 КиБ</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 ГБ</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 МБ</translation>
    </message>
    <message>
        <source>%1 kB</source>
        <translation>%1 кБ</translation>
    </message>
    <message>
        <source>%1 GB/s</source>
        <translation>%1 ГБ/с</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 токенов/с</translation>
    </message>
    <message>
        <source>%1 to %2 tokens/s</source>
        <extracomment>A predicted range, as in &quot;31 to 36 tokens/s&quot;.</extracomment>
        <translation>%1–%2 токенов/с</translation>
    </message>
    <message>
        <source>%1%</source>
        <extracomment>The percent sign after a number, with the space that the language wants.</extracomment>
        <translation>%1&#xa0;%</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 мс</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 с</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 мин %2 с</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 ч %2 мин</translation>
    </message>
    <message>
        <source>%1 °C</source>
        <translation>%1 °C</translation>
    </message>
    <message>
        <source>%1 W</source>
        <extracomment>Power draw in watts.</extracomment>
        <translation>%1 Вт</translation>
    </message>
    <message>
        <source>%1 MHz</source>
        <translation>%1 МГц</translation>
    </message>
    <message>
        <source>%1 B</source>
        <extracomment>Billions (10⁹) of parameters, abbreviated: &quot;8.03 B&quot;.</extracomment>
        <translation>%1 млрд</translation>
    </message>
    <message>
        <source>%1 M</source>
        <extracomment>Millions (10⁶) of parameters, abbreviated: &quot;596 M&quot;.</extracomment>
        <translation>%1 млн</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::GibBox</name>
    <message>
        <source> GiB</source>
        <extracomment>Follows a number in an input field; begins with a space.</extracomment>
        <translation> ГиБ</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::GpuCard</name>
    <message>
        <source>VRAM</source>
        <translation>Видеопамять (VRAM)</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>свободно %1 из %2</translation>
    </message>
    <message>
        <source>Memory bandwidth</source>
        <translation>Пропускная способность памяти</translation>
    </message>
    <message>
        <source>Compute capability</source>
        <translation>Compute Capability</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>Драйвер</translation>
    </message>
    <message>
        <source>GPU temperature</source>
        <translation>Температура GPU</translation>
    </message>
    <message>
        <source>Power draw</source>
        <translation>Энергопотребление</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Тактовая частота</translation>
    </message>
    <message>
        <source>Utilization</source>
        <translation>Загрузка</translation>
    </message>
    <message>
        <source>In use by</source>
        <translation>Используют</translation>
    </message>
    <message>
        <source>%1 (process %2): %3</source>
        <extracomment>A process on the GPU: its name, its number, the VRAM it holds.</extracomment>
        <translation>%1 (процесс %2): %3</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>и ещё %n</numerusform>
            <numerusform>и ещё %n</numerusform>
            <numerusform>и ещё %n</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Free VRAM:</source>
        <translation>Свободная &amp;видеопамять:</translation>
    </message>
    <message>
        <source>Free VRAM</source>
        <translation>Свободная видеопамять</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Убрать</translation>
    </message>
    <message>
        <source>Plan without this GPU.</source>
        <translation>Планировать без этого GPU.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::HardwarePanel</name>
    <message>
        <source>Looking at this computer…</source>
        <translation>Определяем, что есть в этом компьютере…</translation>
    </message>
    <message>
        <source>Without a GPU. The CPU does all the work.</source>
        <translation>Без GPU. Всю работу выполняет CPU.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>Cores</source>
        <extracomment>Cores of a CPU: physical ones, and the threads they offer to programs.</extracomment>
        <translation>Ядра</translation>
    </message>
    <message>
        <source>%1 physical, %2 logical</source>
        <translation>физических: %1, логических: %2</translation>
    </message>
    <message>
        <source>Instruction sets</source>
        <translation>Наборы инструкций</translation>
    </message>
    <message>
        <source>Memory bandwidth</source>
        <translation>Пропускная способность памяти</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>свободно %1 из %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <extracomment>A GPU of the catalogue: its name and its VRAM.</extracomment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>Оборудование</translation>
    </message>
    <message>
        <source>&amp;Pretend other hardware</source>
        <translation>&amp;Представить другое оборудование</translation>
    </message>
    <message>
        <source>Add or remove GPUs and change memory, to see what another computer could run.</source>
        <translation>Добавляйте и убирайте GPU, меняйте объём памяти, чтобы узнать, что потянул бы другой компьютер.</translation>
    </message>
    <message>
        <source>&amp;Detect again</source>
        <translation>&amp;Определить заново</translation>
    </message>
    <message>
        <source>Reads this computer anew: free memory, temperatures, processes.</source>
        <translation>Заново считывает данные этого компьютера: свободную память, температуры, процессы.</translation>
    </message>
    <message>
        <source>This is pretended hardware. Plans and predictions are for it, not for this computer.</source>
        <translation>Это условное оборудование. Планы и прогнозы относятся к нему, а не к этому компьютеру.</translation>
    </message>
    <message>
        <source>&amp;Back to this computer</source>
        <translation>&amp;Вернуться к этому компьютеру</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>&amp;GPU from the catalogue:</source>
        <translation>&amp;GPU из каталога:</translation>
    </message>
    <message>
        <source>GPU from the catalogue</source>
        <translation>GPU из каталога</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Добавить</translation>
    </message>
    <message>
        <source>Add this GPU</source>
        <translation>Добавить этот GPU</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Disks</source>
        <translation>Диски</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Импорт…</translation>
    </message>
    <message>
        <source>Pretend a machine that was saved as a file.</source>
        <translation>Представить компьютер, описание которого сохранено в файле.</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>&amp;Экспорт…</translation>
    </message>
    <message>
        <source>Save this machine as a file, for another computer or for later.</source>
        <translation>Сохранить описание компьютера в файл — для другого компьютера или на потом.</translation>
    </message>
    <message>
        <source>How many of this GPU</source>
        <translation>Сколько таких GPU</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::LayerStrip</name>
    <message>
        <source>on the GPU</source>
        <translation>на GPU</translation>
    </message>
    <message>
        <source>on the GPU, experts in RAM</source>
        <translation>на GPU, эксперты в ОЗУ</translation>
    </message>
    <message>
        <source>in RAM, on the CPU</source>
        <translation>в ОЗУ, на CPU</translation>
    </message>
    <message>
        <source>on %1, experts in RAM</source>
        <comment>%1 is a GPU</comment>
        <translation>на %1, эксперты в ОЗУ</translation>
    </message>
    <message>
        <source>on %1</source>
        <comment>%1 is a GPU</comment>
        <translation>на %1</translation>
    </message>
    <message>
        <source>Layer %1: %2</source>
        <translation>Слой %1: %2</translation>
    </message>
    <message>
        <source>Layers %1 to %2: %3</source>
        <translation>Слои с %1 по %2: %3</translation>
    </message>
    <message>
        <source>Output</source>
        <comment>the last part of a model</comment>
        <translation>Выход</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the GPU</source>
        <translation>
            <numerusform>%n слой на GPU</numerusform>
            <numerusform>%n слоя на GPU</numerusform>
            <numerusform>%n слоёв на GPU</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the GPU, their experts in RAM</source>
        <translation>
            <numerusform>%n слой на GPU, его эксперты в ОЗУ</numerusform>
            <numerusform>%n слоя на GPU, их эксперты в ОЗУ</numerusform>
            <numerusform>%n слоёв на GPU, их эксперты в ОЗУ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) in RAM, on the CPU</source>
        <translation>
            <numerusform>%n слой в ОЗУ, на CPU</numerusform>
            <numerusform>%n слоя в ОЗУ, на CPU</numerusform>
            <numerusform>%n слоёв в ОЗУ, на CPU</numerusform>
        </translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Слои</translation>
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
        <translation>Занято ОЗУ</translation>
    </message>
    <message>
        <source>GPU %1: VRAM in use</source>
        <translation>GPU %1: занято видеопамяти</translation>
    </message>
    <message>
        <source>GPU %1: load</source>
        <translation>GPU %1: загрузка</translation>
    </message>
    <message>
        <source>GPU %1: temperature</source>
        <translation>GPU %1: температура</translation>
    </message>
    <message>
        <source>GPU %1: power</source>
        <translation>GPU %1: мощность</translation>
    </message>
    <message>
        <source>GPU %1: clock</source>
        <translation>GPU %1: частота</translation>
    </message>
    <message>
        <source>Now, on this computer</source>
        <translation>Сейчас на этом компьютере</translation>
    </message>
    <message>
        <source>Processes that use VRAM</source>
        <translation>Процессы, использующие видеопамять</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MachineRow</name>
    <message>
        <source>Try on:</source>
        <comment>followed by buttons with names of machines</comment>
        <translation>Примерить:</translation>
    </message>
    <message numerus="yes">
        <source>Pretend %1 with %2 RAM and %n core(s)</source>
        <extracomment>A machine to pretend: its GPUs, its RAM, how many cores its processor has.</extracomment>
        <translation>
            <numerusform>Представить %1, %2 ОЗУ и %n ядро</numerusform>
            <numerusform>Представить %1, %2 ОЗУ и %n ядра</numerusform>
            <numerusform>Представить %1, %2 ОЗУ и %n ядер</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MainWindow</name>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Settings could not be read, and the defaults are used. The damaged file is kept as %1.</source>
        <translation>Настройки прочитать не удалось, используются значения по умолчанию. Повреждённый файл сохранён как %1.</translation>
    </message>
    <message>
        <source>%1 is no plan that can be read. The file was left as it is, and so was the plan that is shown.</source>
        <translation>%1 — не план, который можно прочитать. Файл оставлен как есть, показанный план тоже не изменён.</translation>
    </message>
    <message>
        <source>Plans (*.plimsoll)</source>
        <translation>Планы (*.plimsoll)</translation>
    </message>
    <message>
        <source>Machines (*.json)</source>
        <translation>Компьютеры (*.json)</translation>
    </message>
    <message>
        <source>%1 describes no machine that can be read. The file was left as it is.</source>
        <translation>%1 не содержит описания компьютера, которое можно прочитать. Файл оставлен как есть.</translation>
    </message>
    <message>
        <source>Page</source>
        <comment>one of the window&apos;s</comment>
        <translation>Страница</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Действие</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>План</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Квантование</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Компьютер</translation>
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
        <translation>не хватает %1 из %2</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>свободно %1 из %2</translation>
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
        <translation>Память</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>Прогноз</translation>
    </message>
    <message>
        <source>Actual</source>
        <translation>Факт</translation>
    </message>
    <message>
        <source>Allocated</source>
        <extracomment>Memory that the engine allocated for itself: KV cache, compute buffers.</extracomment>
        <translation>Выделено</translation>
    </message>
    <message>
        <source>KV cache, compute buffers and whatever else the engine allocated for itself.</source>
        <translation>KV-кэш, буферы вычислений и всё остальное, что движок выделил для себя.</translation>
    </message>
    <message>
        <source>From the file</source>
        <extracomment>Weights that lie in memory as part of the file; the system may drop and reread them.</extracomment>
        <translation>Из файла</translation>
    </message>
    <message>
        <source>Weights used where the file is mapped. The system may drop them and read them again.</source>
        <translation>Веса, используемые прямо из отображённого в память файла. Система может вытеснить их и прочитать снова.</translation>
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
        <translation>параметров: %1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Параметры</translation>
    </message>
    <message>
        <source>Parameters that are read for each token</source>
        <translation>Параметры, которые читаются на каждый токен</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>Активных</translation>
    </message>
    <message>
        <source>Of the weights at the best quantization</source>
        <translation>Весов при лучшем квантовании</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Размер</translation>
    </message>
    <message>
        <source>The longest that the model was trained on, in tokens</source>
        <translation>Наибольший при обучении модели, в токенах</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Контекст</translation>
    </message>
    <message>
        <source>As far as the publisher names them</source>
        <translation>Насколько их называет издатель</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Языки</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Лицензия</translation>
    </message>
    <message>
        <source>At the best quantization, with the context of the Fit page</source>
        <translation>С лучшим квантованием и контекстом со страницы «Поместится?»</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>На этом компьютере</translation>
    </message>
    <message>
        <source>The most precise one that lies on the GPU as a whole, else the fastest</source>
        <translation>Самое точное из тех, что целиком помещаются на GPU, иначе самое быстрое</translation>
    </message>
    <message>
        <source>Best quantization</source>
        <translation>Лучшее квантование</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>Прогноз</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Генерация</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ModelsPage</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n модель</numerusform>
            <numerusform>%n модели</numerusform>
            <numerusform>%n моделей</numerusform>
        </translation>
    </message>
    <message>
        <source>%1; working out how they do on this machine…</source>
        <comment>%1 is a number of models</comment>
        <translation>%1; выясняем, как они работают на этом компьютере…</translation>
    </message>
    <message>
        <source>Any language</source>
        <translation>Любой язык</translation>
    </message>
    <message>
        <source>Good for anything</source>
        <translation>Для любых задач</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Разговор</translation>
    </message>
    <message>
        <source>Calling tools</source>
        <translation>Вызов инструментов</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>Рассуждения</translation>
    </message>
    <message>
        <source>Reasoning on demand</source>
        <translation>Рассуждения по требованию</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Код</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Изображения</translation>
    </message>
    <message>
        <source>Mathematics</source>
        <translation>Математика</translation>
    </message>
    <message>
        <source>Search name, language, licence</source>
        <translation>Поиск: название, язык, лицензия</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>Поиск моделей</translation>
    </message>
    <message>
        <source>Language of the models</source>
        <translation>Язык моделей</translation>
    </message>
    <message>
        <source>What the models are good for</source>
        <translation>Для чего годятся модели</translation>
    </message>
    <message>
        <source>Only what runs here</source>
        <translation>Только то, что здесь работает</translation>
    </message>
    <message>
        <source>Open GGUF file…</source>
        <translation>Открыть файл GGUF…</translation>
    </message>
    <message>
        <source>Show on the Fit page</source>
        <translation>Показать на странице «Поместится?»</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Модели</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::OffloadControl</name>
    <message>
        <source>of %1</source>
        <comment>the number of layers that can be on the GPU</comment>
        <translation>из %1</translation>
    </message>
    <message>
        <source>There is no GPU to offload to.</source>
        <translation>Нет GPU, на который можно перенести слои.</translation>
    </message>
    <message>
        <source>Offload to GPU</source>
        <translation>Перенести на GPU</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Автоматически</translation>
    </message>
    <message>
        <source>Plimsoll chooses the fastest placement that fits.</source>
        <translation>Plimsoll выбирает самое быстрое размещение из тех, что помещаются.</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Вручную</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>Слои на GPU</translation>
    </message>
    <message>
        <source>Layers on the GPU, as a number</source>
        <translation>Число слоёв на GPU</translation>
    </message>
    <message>
        <source>Per layer</source>
        <translation>По слоям</translation>
    </message>
    <message>
        <source>Click a layer above to move it to the next place.</source>
        <translation>Щёлкните слой выше, чтобы переместить его на следующее место.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::PlanReport</name>
    <message>
        <source>Asked</source>
        <translation>Запрос</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Значение</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Параметры</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Квантование</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Длина контекста</translation>
    </message>
    <message>
        <source>Parallel sequences</source>
        <translation>Параллельно</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-кэш</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Изменение</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>Тогда</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Генерация</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>Title of a report: %1 is a model, %2 the verdict.</extracomment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Predicted: generation %1, prompt processing %2.</source>
        <translation>Прогноз: генерация %1, обработка промпта %2.</translation>
    </message>
    <message>
        <source>The machine is pretended.</source>
        <translation>Компьютер условный.</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Память</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Почему</translation>
    </message>
    <message>
        <source>What would change it</source>
        <translation>Что можно изменить</translation>
    </message>
    <message>
        <source>Made by Plimsoll %1 on %2.</source>
        <comment>version, date</comment>
        <translation>Создано в Plimsoll %1, %2.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::PlanView</name>
    <message>
        <source>RAM</source>
        <translation>ОЗУ</translation>
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
        <translation>Принятая оценка потребностей сервера: веса и ещё две пятых на кэш и буферы</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Параметры</translation>
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
        <translation>Процесс</translation>
    </message>
    <message>
        <source>Number</source>
        <comment>of a process</comment>
        <translation>Номер</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>VRAM in use</source>
        <translation>Занято видеопамяти</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RamCard</name>
    <message>
        <source>Total</source>
        <translation>Всего</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Свободно</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>ОЗУ</translation>
    </message>
    <message>
        <source>&amp;Total RAM:</source>
        <translation>&amp;Всего ОЗУ:</translation>
    </message>
    <message>
        <source>Total RAM</source>
        <translation>Всего ОЗУ</translation>
    </message>
    <message>
        <source>Free &amp;RAM:</source>
        <translation>Свободно &amp;ОЗУ:</translation>
    </message>
    <message>
        <source>Free RAM</source>
        <translation>Свободно ОЗУ</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RequestBar</name>
    <message>
        <source>as in the file</source>
        <translation>как в файле</translation>
    </message>
    <message>
        <source>no GPU, %1 RAM</source>
        <translation>без GPU, ОЗУ %1</translation>
    </message>
    <message>
        <source>%1, %2 RAM</source>
        <comment>GPU, amount</comment>
        <translation>%1, ОЗУ %2</translation>
    </message>
    <message numerus="yes">
        <source>%n GPU(s), %1 RAM</source>
        <translation>
            <numerusform>%n GPU, ОЗУ %1</numerusform>
            <numerusform>%n GPU, ОЗУ %1</numerusform>
            <numerusform>%n GPU, ОЗУ %1</numerusform>
        </translation>
    </message>
    <message>
        <source>being looked at…</source>
        <translation>определяется…</translation>
    </message>
    <message>
        <source>Machine (pretended)</source>
        <translation>Компьютер (условный)</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Этот компьютер</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>Type to search</source>
        <translation>Введите для поиска</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Квантование</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Длина контекста</translation>
    </message>
    <message>
        <source>Context length in tokens</source>
        <translation>Длина контекста в токенах</translation>
    </message>
    <message>
        <source>Tokens per sequence. The arrows halve and double.</source>
        <translation>Токенов на последовательность. Стрелки уменьшают и увеличивают вдвое.</translation>
    </message>
    <message>
        <source>Parallel sequences</source>
        <translation>Параллельно</translation>
    </message>
    <message>
        <source>Each sequence has a KV cache of its own; the weights are shared.</source>
        <translation>У каждой последовательности свой KV-кэш; веса общие.</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-кэш</translation>
    </message>
    <message>
        <source>Number format of the KV cache</source>
        <translation>Числовой формат KV-кэша</translation>
    </message>
    <message>
        <source>Open GGUF file…</source>
        <translation>Открыть файл GGUF…</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Компьютер</translation>
    </message>
    <message>
        <source>Show the hardware, or pretend another.</source>
        <translation>Показать оборудование или представить другое.</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>Число GPU</translation>
    </message>
    <message>
        <source>Number of GPUs of the kind of the first</source>
        <translation>Число GPU того же вида, что и первый</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>a GPU of the catalogue and its VRAM</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Show the hardware</source>
        <translation>Показать оборудование</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Резерв</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU</source>
        <translation>Резерв видеопамяти на каждом GPU</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU. A plan that leaves less is called tight.</source>
        <translation>Резерв видеопамяти на каждом GPU. План, который оставляет меньше, считается впритык.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RunPage</name>
    <message>
        <source>Not loaded</source>
        <translation>Не загружена</translation>
    </message>
    <message>
        <source>Starting the engine…</source>
        <translation>Запуск движка…</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Загрузка в память…</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Готова</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Пишет…</translation>
    </message>
    <message>
        <source>Unloading…</source>
        <translation>Выгрузка из памяти…</translation>
    </message>
    <message>
        <source>Stopped by an error</source>
        <translation>Остановлено из-за ошибки</translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>Модель не загружена</translation>
    </message>
    <message>
        <source>Choose a model and see whether it fits, then launch it. It runs here, on this computer, and nothing leaves it.</source>
        <translation>Выберите модель, проверьте, помещается ли она, и запустите её. Она работает здесь, на этом компьютере, и никакие данные его не покидают.</translation>
    </message>
    <message>
        <source>Choose a &amp;model</source>
        <translation>Выбрать &amp;модель</translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation>&amp;Новый разговор</translation>
    </message>
    <message>
        <source>&amp;Load again</source>
        <translation>&amp;Загрузить в память снова</translation>
    </message>
    <message>
        <source>&amp;Unload</source>
        <translation>&amp;Выгрузить из памяти</translation>
    </message>
    <message>
        <source>Ends the engine and frees all of its memory.</source>
        <translation>Завершает движок и освобождает всю его память.</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>&amp;Попробовать снова</translation>
    </message>
    <message>
        <source>Choose another &amp;model</source>
        <translation>Выбрать другую &amp;модель</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Закрыть</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Отправить</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter starts a new line.</source>
        <translation>Enter отправляет, Shift+Enter начинает новую строку.</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>Ос&amp;тановить</translation>
    </message>
    <message>
        <source>Ends the answer where it is.</source>
        <translation>Обрывает ответ на этом месте.</translation>
    </message>
    <message>
        <source>Write a message. Enter sends, Shift+Enter starts a new line.</source>
        <translation>Напишите сообщение. Enter отправляет, Shift+Enter начинает новую строку.</translation>
    </message>
    <message>
        <source>Message to the model</source>
        <translation>Сообщение модели</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Разговор</translation>
    </message>
    <message>
        <source>Load progress</source>
        <translation>Ход загрузки в память</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SamplingBox</name>
    <message>
        <source>Answer</source>
        <translation>Ответ</translation>
    </message>
    <message>
        <source>Sampling &amp;temperature</source>
        <extracomment>How freely the next token is chosen; not the temperature of a GPU.</extracomment>
        <translation>&amp;Температура сэмплирования</translation>
    </message>
    <message>
        <source>Sampling temperature</source>
        <translation>Температура сэмплирования</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token; higher values make the answer more varied.</source>
        <translation>0 всегда выбирает самый вероятный токен; чем больше значение, тем разнообразнее ответ.</translation>
    </message>
    <message>
        <source>Most t&amp;okens</source>
        <translation>Токенов не &amp;более</translation>
    </message>
    <message>
        <source>Most tokens of an answer</source>
        <translation>Наибольшее число токенов в ответе</translation>
    </message>
    <message>
        <source>An answer ends here at the latest.</source>
        <translation>Самое позднее здесь ответ заканчивается.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SaveText</name>
    <message>
        <source>%1 could not be written. Choose another folder.</source>
        <translation>Не удалось записать %1. Выберите другую папку.</translation>
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
        <translation>Модели вместе</translation>
    </message>
    <message>
        <source>Add this plan</source>
        <translation>Добавить этот план</translation>
    </message>
    <message>
        <source>Runs it beside the others on the same machine; each takes what those before it left.</source>
        <translation>Работает рядом с другими на том же компьютере; каждая занимает то, что оставили предыдущие.</translation>
    </message>
    <message>
        <source>To see whether several models fit at the same time, add the plan above, choose another model, and add that too.</source>
        <translation>Чтобы узнать, поместятся ли несколько моделей одновременно, добавьте план выше, выберите другую модель и добавьте её тоже.</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) together: %1</source>
        <extracomment>The verdict on several models at once; %1 is the worst of theirs.</extracomment>
        <translation>
            <numerusform>%n модель вместе: %1</numerusform>
            <numerusform>%n модели вместе: %1</numerusform>
            <numerusform>%n моделей вместе: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>These models cannot be planned together on this machine.</source>
        <translation>Эти модели нельзя спланировать вместе на этом компьютере.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Убрать</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>Убрать %1</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SegmentRole</name>
    <message>
        <source>In use by others</source>
        <translation>Занято другими</translation>
    </message>
    <message>
        <source>Weights, mapped from the file</source>
        <translation>Веса, отображённые из файла</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Веса</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-кэш</translation>
    </message>
    <message>
        <source>Recurrent state</source>
        <translation>Рекуррентное состояние</translation>
    </message>
    <message>
        <source>Compute buffers</source>
        <translation>Буферы вычислений</translation>
    </message>
    <message>
        <source>Driver overhead</source>
        <translation>Расход драйвера</translation>
    </message>
    <message>
        <source>Headroom</source>
        <translation>Запас</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Не хватает</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Sentences</name>
    <message>
        <source>The file “%1” does not exist. Choose another one, or put it back.</source>
        <translation>Файл «%1» не существует. Выберите другой или верните его на место.</translation>
    </message>
    <message>
        <source>The file “%1” cannot be read (%2). Check its permissions and the disk.</source>
        <translation>Файл «%1» не удаётся прочитать (%2). Проверьте права доступа и диск.</translation>
    </message>
    <message>
        <source>The file “%1” cannot be written (%2). Choose another folder, or make room on the disk.</source>
        <translation>Файл «%1» не удаётся записать (%2). Выберите другую папку или освободите место на диске.</translation>
    </message>
    <message>
        <source>“%1” is not valid JSON. Replace it with an intact copy, or install the program again.</source>
        <translation>«%1» не является правильным JSON. Замените его неповреждённой копией или переустановите программу.</translation>
    </message>
    <message>
        <source>“%1” has an unexpected value in its field “%2”. Replace it with an intact copy, or install the program again.</source>
        <translation>В «%1» поле «%2» имеет неожиданное значение. Замените файл неповреждённой копией или переустановите программу.</translation>
    </message>
    <message>
        <source>“%1” is not a GGUF file. Choose a model in the GGUF format.</source>
        <translation>«%1» не является файлом GGUF. Выберите модель в формате GGUF.</translation>
    </message>
    <message>
        <source>“%1” is a GGUF file of version %2; versions 2 and 3 can be read. Download a newer file of this model.</source>
        <translation>«%1» — файл GGUF версии %2, а читаются версии 2 и 3. Скачайте более новый файл этой модели.</translation>
    </message>
    <message>
        <source>“%1” was made for a big-endian computer. Download the usual, little-endian file.</source>
        <translation>«%1» создан для компьютера с порядком байтов big-endian. Скачайте обычный файл, little-endian.</translation>
    </message>
    <message>
        <source>“%1” ends too early, while reading “%2”. The download is probably incomplete; download the file again.</source>
        <translation>«%1» обрывается при чтении «%2». Вероятно, файл скачан не полностью; скачайте его заново.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the number given for “%2” (%3) is impossible. Download the file again.</source>
        <translation>«%1» повреждён: число для «%2» (%3) невозможно. Скачайте файл заново.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the entry “%2” has the unknown type %3. Download the file again.</source>
        <translation>«%1» повреждён: запись «%2» имеет неизвестный тип %3. Скачайте файл заново.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the text of “%2” is too long (%3 bytes). Download the file again.</source>
        <translation>«%1» повреждён: текст «%2» слишком длинный (байтов: %3). Скачайте файл заново.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the name “%2” occurs twice. Download the file again.</source>
        <translation>«%1» повреждён: имя «%2» встречается дважды. Скачайте файл заново.</translation>
    </message>
    <message>
        <source>“%1” is damaged: %2 is not a usable alignment. Download the file again.</source>
        <translation>«%1» повреждён: %2 не годится как выравнивание. Скачайте файл заново.</translation>
    </message>
    <message>
        <source>The part “%1” of this split model is missing. Put all parts into the same folder.</source>
        <translation>Не хватает части «%1» этого разбитого файла GGUF. Положите все части в одну папку.</translation>
    </message>
    <message>
        <source>“%1” does not belong to the other parts of this split model (%2). Download all parts from the same place.</source>
        <translation>«%1» не подходит к остальным частям этого разбитого файла GGUF (%2). Скачайте все части из одного места.</translation>
    </message>
    <message>
        <source>“%1” is one part of a split model. Open its first part, “%2”.</source>
        <translation>«%1» — одна из частей разбитого файла GGUF. Откройте первую часть, «%2».</translation>
    </message>
    <message>
        <source>“%1” does not say what “%2” is. Download a complete file of this model.</source>
        <translation>В «%1» не указано значение «%2». Скачайте полный файл этой модели.</translation>
    </message>
    <message>
        <source>“%1” is damaged: “%2” is of the wrong kind. Download the file again.</source>
        <translation>«%1» повреждён: «%2» не того вида. Скачайте файл заново.</translation>
    </message>
    <message>
        <source>“%1” is damaged: %3 is not a possible value of “%2”. Download the file again.</source>
        <translation>«%1» повреждён: %3 не может быть значением «%2». Скачайте файл заново.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the tensor “%2” has impossible dimensions. Download the file again.</source>
        <translation>«%1» повреждён: у тензора «%2» невозможные размеры. Скачайте файл заново.</translation>
    </message>
    <message>
        <source>The tensor “%2” of “%1” has a format that is not known (number %3). Choose another quantization of this model.</source>
        <translation>Формат тензора «%2» из «%1» неизвестен (номер %3). Выберите другой вариант квантования этой модели.</translation>
    </message>
    <message>
        <source>“%1” is damaged: the tensor “%2” starts at an impossible place. Download the file again.</source>
        <translation>«%1» повреждён: тензор «%2» начинается в невозможном месте. Скачайте файл заново.</translation>
    </message>
    <message>
        <source>“%1” is incomplete: the tensor “%2” lies past its end. Download the file again.</source>
        <translation>«%1» неполон: тензор «%2» лежит за концом файла. Скачайте файл заново.</translation>
    </message>
    <message>
        <source>The model lacks the tensor “%1”. Download a complete file of this model.</source>
        <translation>В модели нет тензора «%1». Скачайте полный файл этой модели.</translation>
    </message>
    <message>
        <source>The tensor “%1” has the dimensions %3 where %2 are needed. Download another file of this model.</source>
        <translation>Тензор «%1» имеет размеры %3 вместо нужных %2. Скачайте другой файл этой модели.</translation>
    </message>
    <message>
        <source>The tensor “%1” is in the format %2, which the engine cannot use. Choose a quantization made of: %3.</source>
        <translation>Тензор «%1» имеет формат %2, с которым движок не работает. Выберите квантование из этих форматов: %3.</translation>
    </message>
    <message>
        <source>The architecture “%1” is not known. Choose a model of one of these: %2.</source>
        <translation>Архитектура «%1» неизвестна. Выберите модель одной из этих архитектур: %2.</translation>
    </message>
    <message>
        <source>The engine cannot run “%1” yet. It supports: %2.</source>
        <translation>Движок пока не умеет выполнять «%1». Он поддерживает: %2.</translation>
    </message>
    <message>
        <source>There is no quantization named “%1”. Choose one of these: %2.</source>
        <translation>Квантования «%1» не существует. Выберите одно из этих: %2.</translation>
    </message>
    <message>
        <source>There is no model named “%1” in the catalogue. Similar names: %2.</source>
        <translation>В каталоге нет модели «%1». Похожие названия: %2.</translation>
    </message>
    <message>
        <source>There is no GPU named “%1” in the catalogue. Similar names: %2.</source>
        <translation>В каталоге нет GPU «%1». Похожие названия: %2.</translation>
    </message>
    <message>
        <source>The tokenizer “%1” of this model is not known. Choose a model with one of these: %2.</source>
        <translation>Токенизатор «%1» этой модели неизвестен. Выберите модель с одним из этих: %2.</translation>
    </message>
    <message>
        <source>“%1” has no tokenizer, so it cannot read or write text. Choose a file that has one.</source>
        <translation>В «%1» нет токенизатора, поэтому модель не может ни читать, ни писать текст. Выберите файл с токенизатором.</translation>
    </message>
    <message>
        <source>The description of this model contradicts itself: %1 (%2). Download another file of this model.</source>
        <translation>Описание этой модели противоречит само себе: %1 (%2). Скачайте другой файл этой модели.</translation>
    </message>
    <message>
        <source>“%2” is not a possible value of “%1”. Possible is: %3.</source>
        <translation>«%2» не может быть значением «%1». Возможно: %3.</translation>
    </message>
    <message>
        <source>This needs %1 tokens of context, and %2 are available. Start a new conversation, or load the model with a longer context.</source>
        <translation>Для этого нужно токенов контекста: %1, а доступно: %2. Начните новый разговор или загрузите модель в память с более длинным контекстом.</translation>
    </message>
    <message>
        <source>The token %1 is outside the vocabulary of %2 tokens. The model file is probably damaged; download it again.</source>
        <translation>Токен %1 выходит за пределы словаря (токенов в нём: %2). Вероятно, файл модели повреждён; скачайте его заново.</translation>
    </message>
    <message>
        <source>There is not enough memory: %2 are needed in %1, and %3 are free. Close other programs, shorten the context, or choose a smaller quantization.</source>
        <translation>Памяти не хватает (%1): нужно %2, а свободно %3. Закройте другие программы, сократите контекст или выберите меньший вариант квантования.</translation>
    </message>
    <message>
        <source>The system refused %3 of memory in %1 for “%2”. Close other programs, shorten the context, or choose a smaller quantization.</source>
        <translation>Система не выделила %3 памяти (%1) для «%2». Закройте другие программы, сократите контекст или выберите меньший вариант квантования.</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>ОЗУ</translation>
    </message>
    <message>
        <source>The engine could not open port %1 on this computer (%2). Try again, or end the program that uses the port.</source>
        <translation>Движку не удалось открыть порт %1 на этом компьютере (%2). Попробуйте снова или завершите программу, занимающую этот порт.</translation>
    </message>
    <message>
        <source>This was cancelled. Start it again whenever you like.</source>
        <translation>Отменено. Можно начать снова в любой момент.</translation>
    </message>
    <message>
        <source>The engine is still loading the model. Wait until it is ready, then send again.</source>
        <translation>Движок ещё загружает модель в память. Дождитесь готовности и отправьте снова.</translation>
    </message>
    <message>
        <source>The engine is busy with other requests. Wait a moment, then send again.</source>
        <translation>Движок занят другими запросами. Немного подождите и отправьте снова.</translation>
    </message>
    <message>
        <source>The engine refused the request (%1, %2). Unload the model and load it again.</source>
        <translation>Движок отклонил запрос (%1, %2). Выгрузите модель из памяти и загрузите её снова.</translation>
    </message>
    <message>
        <source>The connection to %1 was lost (%2). Load the model again; if this happens often, restart the computer.</source>
        <translation>Связь с %1 потеряна (%2). Загрузите модель в память снова; если это повторяется часто, перезагрузите компьютер.</translation>
    </message>
    <message>
        <source>The engine is of version %1 and speaks protocol %2; this window needs version %3 and protocol %4. Install both from the same package.</source>
        <translation>Движок имеет версию %1 и протокол %2, а этому окну нужны версия %3 и протокол %4. Установите оба из одного пакета.</translation>
    </message>
    <message>
        <source>The engine met a condition that it does not know (%1). Try again; if it happens again, please report it.</source>
        <translation>Движок столкнулся с неизвестным ему состоянием (%1). Попробуйте снова; если это повторится, сообщите нам.</translation>
    </message>
    <message>
        <source>The program plimsoll-engine was not found. Install it, or put it beside this program, and try again.</source>
        <translation>Программа plimsoll-engine не найдена. Установите её или положите рядом с этой программой и попробуйте снова.</translation>
    </message>
    <message>
        <source>The engine “%1” does not exist. Install the program again, then try again.</source>
        <translation>Движок «%1» не существует. Переустановите программу и попробуйте снова.</translation>
    </message>
    <message>
        <source>The engine “%1” is not allowed to run. Make the file executable, then try again.</source>
        <translation>Запуск движка «%1» не разрешён. Сделайте файл исполняемым и попробуйте снова.</translation>
    </message>
    <message>
        <source>The engine “%1” could not be started. Install the program again, then try again.</source>
        <translation>Не удалось запустить движок «%1». Переустановите программу и попробуйте снова.</translation>
    </message>
    <message>
        <source>The engine was ended by force, probably because memory ran out. Close other programs, shorten the context, or choose a smaller quantization, and try again.</source>
        <translation>Движок был завершён принудительно, вероятно, из-за нехватки памяти. Закройте другие программы, сократите контекст или выберите меньший вариант квантования и попробуйте снова.</translation>
    </message>
    <message>
        <source>The engine crashed (signal %1). Its last message was: “%2”. Try again.</source>
        <translation>В движке произошёл сбой (сигнал %1). Его последнее сообщение: «%2». Попробуйте снова.</translation>
    </message>
    <message>
        <source>The engine crashed (signal %1). Try again; if it happens again, please report it.</source>
        <translation>В движке произошёл сбой (сигнал %1). Попробуйте снова; если это повторится, сообщите нам.</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code %1). Its last message was: “%2”. Try again.</source>
        <translation>Движок неожиданно завершился (код %1). Его последнее сообщение: «%2». Попробуйте снова.</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code %1). Try again; if it happens again, please report it.</source>
        <translation>Движок неожиданно завершился (код %1). Попробуйте снова; если это повторится, сообщите нам.</translation>
    </message>
    <message numerus="yes">
        <source>The engine did not answer within %n second(s). Try again.</source>
        <translation>
            <numerusform>Движок не ответил за %n секунду. Попробуйте снова.</numerusform>
            <numerusform>Движок не ответил за %n секунды. Попробуйте снова.</numerusform>
            <numerusform>Движок не ответил за %n секунд. Попробуйте снова.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The engine has been silent for %n second(s) and was ended. Try again.</source>
        <translation>
            <numerusform>Движок молчал %n секунду и был завершён. Попробуйте снова.</numerusform>
            <numerusform>Движок молчал %n секунды и был завершён. Попробуйте снова.</numerusform>
            <numerusform>Движок молчал %n секунд и был завершён. Попробуйте снова.</numerusform>
        </translation>
    </message>
    <message>
        <source>The connection to the engine broke (%1). Try again.</source>
        <translation>Связь с движком прервалась (%1). Попробуйте снова.</translation>
    </message>
    <message>
        <source>The engine&apos;s answer could not be understood (“%1”). Install the program again if trying again does not help.</source>
        <translation>Не удалось понять ответ движка («%1»). Переустановите программу, если повторная попытка не поможет.</translation>
    </message>
    <message>
        <source>The engine&apos;s answer could not be understood. Install the program again if trying again does not help.</source>
        <translation>Не удалось понять ответ движка. Переустановите программу, если повторная попытка не поможет.</translation>
    </message>
    <message>
        <source>GPU support is not installed. Install the GPU package of Plimsoll to use an NVIDIA GPU.</source>
        <translation>Поддержка GPU не установлена. Чтобы использовать GPU NVIDIA, установите пакет Plimsoll для GPU.</translation>
    </message>
    <message>
        <source>GPU support belongs to another version of Plimsoll. Install all of its packages in the same version.</source>
        <translation>Поддержка GPU относится к другой версии Plimsoll. Установите все пакеты одной версии.</translation>
    </message>
    <message>
        <source>No working NVIDIA driver was found. Install or update the driver to use an NVIDIA GPU.</source>
        <translation>Работающий драйвер NVIDIA не найден. Чтобы использовать GPU NVIDIA, установите или обновите драйвер.</translation>
    </message>
    <message>
        <source>No NVIDIA GPU was found in this computer. Models run on the CPU.</source>
        <translation>В этом компьютере не найден GPU NVIDIA. Модели выполняются на CPU.</translation>
    </message>
    <message>
        <source>A library that GPU support needs is missing (%1). Install the CUDA libraries to use the GPU.</source>
        <translation>Не хватает библиотеки, нужной для работы с GPU (%1). Чтобы использовать GPU, установите библиотеки CUDA.</translation>
    </message>
    <message>
        <source>The GPU cannot be used (%1). Models run on the CPU.</source>
        <translation>GPU использовать нельзя (%1). Модели выполняются на CPU.</translation>
    </message>
    <message>
        <source>No GPU was found in this computer. Models run on the CPU.</source>
        <translation>В этом компьютере не найден GPU. Модели выполняются на CPU.</translation>
    </message>
    <message>
        <source>Fits on the GPU</source>
        <translation>Помещается на GPU</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>Впритык</translation>
    </message>
    <message>
        <source>Fits with offload</source>
        <translation>Помещается с выносом в ОЗУ</translation>
    </message>
    <message>
        <source>CPU only</source>
        <translation>Только на CPU</translation>
    </message>
    <message>
        <source>Does not fit</source>
        <translation>Не помещается</translation>
    </message>
    <message>
        <source>Runs from disk</source>
        <translation>Работает с диска</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Неизвестно</translation>
    </message>
    <message>
        <source>The whole model fits on the GPU, with %1 of VRAM to spare.</source>
        <translation>Вся модель помещается на GPU, и в запасе остаётся %1 видеопамяти.</translation>
    </message>
    <message>
        <source>The model fits, but only %1 of VRAM remain; another program may need them.</source>
        <translation>Модель помещается, но остаётся лишь %1 видеопамяти; она может понадобиться другой программе.</translation>
    </message>
    <message numerus="yes">
        <source>The model fits: %n layer(s) go to the GPU, and %1 stay in RAM.</source>
        <translation>
            <numerusform>Модель помещается: %n слой переносится на GPU, а %1 остаётся в ОЗУ.</numerusform>
            <numerusform>Модель помещается: %n слоя переносятся на GPU, а %1 остаётся в ОЗУ.</numerusform>
            <numerusform>Модель помещается: %n слоёв переносятся на GPU, а %1 остаётся в ОЗУ.</numerusform>
        </translation>
    </message>
    <message>
        <source>The model runs on the CPU and takes %1 of RAM.</source>
        <translation>Модель работает на CPU и занимает %1 ОЗУ.</translation>
    </message>
    <message>
        <source>The model does not fit into the memory of this computer.</source>
        <translation>Модель не помещается в память этого компьютера.</translation>
    </message>
    <message>
        <source>The model runs, but reads its weights from disk again and again.</source>
        <translation>Модель работает, но снова и снова читает веса с диска.</translation>
    </message>
    <message>
        <source>Whether the model fits is not known.</source>
        <translation>Неизвестно, помещается ли модель.</translation>
    </message>
    <message>
        <source>%1 is %2 short of the reserve that should stay free.</source>
        <translation>На %1 не хватает %2 до объёма, который должен оставаться свободным.</translation>
    </message>
    <message numerus="yes">
        <source>%n of %1 layers are in RAM.</source>
        <extracomment>The number before is how many layers are in RAM, %1 is how many the model has.</extracomment>
        <translation>
            <numerusform>В ОЗУ находится %n слой из %1.</numerusform>
            <numerusform>В ОЗУ находятся %n слоя из %1.</numerusform>
            <numerusform>В ОЗУ находятся %n слоёв из %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The experts of %n of %1 layers are in RAM.</source>
        <extracomment>The number before is in how many layers the experts are in RAM, %1 is how many layers have experts.</extracomment>
        <translation>
            <numerusform>Эксперты %n слоя из %1 находятся в ОЗУ.</numerusform>
            <numerusform>Эксперты %n слоёв из %1 находятся в ОЗУ.</numerusform>
            <numerusform>Эксперты %n слоёв из %1 находятся в ОЗУ.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no GPU, so the CPU does all the work.</source>
        <translation>GPU нет, поэтому всю работу выполняет CPU.</translation>
    </message>
    <message>
        <source>%1 is too small: one layer with its buffers needs %2.</source>
        <translation>%1: слишком мало памяти, один слой с буферами требует %2.</translation>
    </message>
    <message>
        <source>%1 lacks %2.</source>
        <translation>%1: не хватает %2.</translation>
    </message>
    <message>
        <source>All free memory taken together is %1 too small.</source>
        <translation>Всей свободной памяти вместе не хватает на %1.</translation>
    </message>
    <message>
        <source>The largest part is “%1”: %2 in %3.</source>
        <translation>Самая большая часть — «%1»: %2 (%3).</translation>
    </message>
    <message>
        <source>The system could still read %1 of weights from disk again and again, which is very slow.</source>
        <translation>Система могла бы снова и снова читать %1 весов с диска, но это очень медленно.</translation>
    </message>
    <message>
        <source>As chosen, %1 of weights stay on disk and are read again whenever they are used.</source>
        <translation>По вашему выбору %1 весов остаются на диске и читаются заново при каждом использовании.</translation>
    </message>
    <message numerus="yes">
        <source>From %n prompt token(s) at once, %1 computes with the weights in RAM as well; they pass through buffers of %2 there.</source>
        <extracomment>The number before is how many tokens of a prompt are computed at once, %1 is a GPU.</extracomment>
        <translation>
            <numerusform>Начиная с %n токена промпта за раз %1 считает и с весами из ОЗУ; они проходят там через буферы объёмом %2.</numerusform>
            <numerusform>Начиная с %n токенов промпта за раз %1 считает и с весами из ОЗУ; они проходят там через буферы объёмом %2.</numerusform>
            <numerusform>Начиная с %n токенов промпта за раз %1 считает и с весами из ОЗУ; они проходят там через буферы объёмом %2.</numerusform>
        </translation>
    </message>
    <message>
        <source>This architecture is not known in full, so its KV cache is not counted.</source>
        <translation>Эта архитектура известна не полностью, поэтому её KV-кэш не учтён.</translation>
    </message>
    <message>
        <source>The context of %1 tokens is longer than the %2 that the model was trained on.</source>
        <translation>Длина контекста в токенах (%1) больше той, на которой обучена модель (%2).</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Веса</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-кэш</translation>
    </message>
    <message>
        <source>Recurrent state</source>
        <translation>Рекуррентное состояние</translation>
    </message>
    <message>
        <source>Compute buffers</source>
        <translation>Буферы вычислений</translation>
    </message>
    <message>
        <source>Output buffers</source>
        <translation>Буферы вывода</translation>
    </message>
    <message>
        <source>Transfer buffers</source>
        <translation>Буферы передачи</translation>
    </message>
    <message>
        <source>Driver overhead</source>
        <translation>Расход драйвера</translation>
    </message>
    <message>
        <source>The model does not fit: it needs %1 in %2, where %3 are free.</source>
        <translation>Модель не помещается: нужно %1 (%2), а свободно %3.</translation>
    </message>
    <message>
        <source>All layers are on GPUs; %1 keeps %2 of headroom.</source>
        <translation>Все слои на GPU; запас на %1 — %2.</translation>
    </message>
    <message>
        <source>Store the KV cache as %1</source>
        <translation>Хранить KV-кэш в формате %1</translation>
    </message>
    <message>
        <source>Shorten the context from %1 to %2 tokens</source>
        <translation>Сократить контекст с %1 до %2 токенов</translation>
    </message>
    <message numerus="yes">
        <source>Run %n parallel sequence(s) instead of %1</source>
        <extracomment>%1 is how many there are now.</extracomment>
        <translation>
            <numerusform>%n параллельный диалог вместо %1</numerusform>
            <numerusform>%n параллельных диалога вместо %1</numerusform>
            <numerusform>%n параллельных диалогов вместо %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Use the smaller quantization %1</source>
        <translation>Взять вариант квантования меньше: %1</translation>
    </message>
    <message numerus="yes">
        <source>Keep the experts of %n layer(s) in RAM</source>
        <translation>
            <numerusform>Оставить экспертов %n слоя в ОЗУ</numerusform>
            <numerusform>Оставить экспертов %n слоёв в ОЗУ</numerusform>
            <numerusform>Оставить экспертов %n слоёв в ОЗУ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keep %n layer(s) in RAM</source>
        <translation>
            <numerusform>Оставить %n слой в ОЗУ</numerusform>
            <numerusform>Оставить %n слоя в ОЗУ</numerusform>
            <numerusform>Оставить %n слоёв в ОЗУ</numerusform>
        </translation>
    </message>
    <message>
        <source>Use the smaller model %1</source>
        <translation>Взять модель меньше: %1</translation>
    </message>
    <message>
        <source>Close what else uses %1: %2</source>
        <translation>Закрыть то, что ещё занимает %1: %2</translation>
    </message>
    <message>
        <source>Use a %1 in place of the first GPU</source>
        <translation>Использовать %1 вместо первого GPU</translation>
    </message>
    <message>
        <source>Add a %1</source>
        <translation>Добавить %1</translation>
    </message>
    <message>
        <source>Use a %1 as GPU</source>
        <translation>Использовать %1 в качестве GPU</translation>
    </message>
    <message>
        <source>Run anyway, the engine would refuse to load it for lack of memory.</source>
        <translation>Если всё же запустить, движок откажется загружать модель из-за нехватки памяти.</translation>
    </message>
    <message>
        <source>Run anyway, it reads %1 of weights that RAM does not hold from disk for every token, which is very slow.</source>
        <translation>Если всё же запустить, %1 весов, не поместившихся в ОЗУ, будут читаться с диска для каждого токена, а это очень медленно.</translation>
    </message>
    <message>
        <source>Run anyway, it reads %1 of weights that RAM does not hold from disk for every token and reaches %2.</source>
        <translation>Если всё же запустить, %1 весов, не поместившихся в ОЗУ, будут читаться с диска для каждого токена; скорость составит %2.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SettingsPage</name>
    <message>
        <source>Programs (*)</source>
        <translation>Программы (*)</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Оформление</translation>
    </message>
    <message>
        <source>VRAM kept free</source>
        <translation>Резерв видеопамяти</translation>
    </message>
    <message>
        <source>On each GPU. A plan that leaves less is called tight.</source>
        <translation>На каждом GPU. План, который оставляет меньше, считается впритык.</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU</source>
        <translation>Резерв видеопамяти на каждом GPU</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Движок</translation>
    </message>
    <message>
        <source>The program plimsoll-engine. Empty: the one beside this program.</source>
        <translation>Программа plimsoll-engine. Пусто: та, что рядом с этой программой.</translation>
    </message>
    <message>
        <source>Path of the engine</source>
        <translation>Путь к движку</translation>
    </message>
    <message>
        <source>Found automatically</source>
        <translation>Находится автоматически</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
    <message>
        <source>Choose the engine</source>
        <translation>Выбрать движок</translation>
    </message>
    <message>
        <source>Folder of the models</source>
        <translation>Папка моделей</translation>
    </message>
    <message>
        <source>Where “Open” begins. Empty: where the last file was opened.</source>
        <translation>Откуда начинается «Открыть». Пусто: там, где открывали последний файл.</translation>
    </message>
    <message>
        <source>The last one used</source>
        <translation>Последняя использованная</translation>
    </message>
    <message>
        <source>Choose the folder of the models</source>
        <translation>Выбрать папку моделей</translation>
    </message>
    <message>
        <source>Settings are kept in %1.</source>
        <translation>Настройки хранятся в %1.</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ShareMenu</name>
    <message>
        <source>Web page (*.html);;Document (*.pdf);;Markdown (*.md);;Text (*.txt)</source>
        <translation>Веб-страница (*.html);;Документ (*.pdf);;Markdown (*.md);;Текст (*.txt)</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Копировать для</translation>
    </message>
    <message>
        <source>Copies the command that launches this plan, for Plimsoll or another program.</source>
        <translation>Копирует команду, которая запускает этот план в Plimsoll или в другой программе.</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Отчёт</translation>
    </message>
    <message>
        <source>This plan with its figures and reasons, as text or as a file.</source>
        <translation>Этот план с цифрами и причинами, как текст или файл.</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Копировать как текст</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Сохранить…</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SpeedTable</name>
    <message>
        <source>Speed</source>
        <translation>Скорость</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Генерация</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>Время до первого токена</translation>
    </message>
    <message>
        <source>Prompt processing</source>
        <translation>Обработка промпта</translation>
    </message>
    <message>
        <source>Prompt tokens</source>
        <translation>Токенов промпта</translation>
    </message>
    <message>
        <source>Answer tokens</source>
        <translation>Токенов ответа</translation>
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
        <translation>Модель не загружена</translation>
    </message>
    <message>
        <source>%1: starting the engine</source>
        <comment>%1 is a model</comment>
        <translation>%1: запуск движка</translation>
    </message>
    <message>
        <source>%1: loading, %2</source>
        <comment>%1 is a model, %2 a percentage</comment>
        <translation>%1: загрузка в память, %2</translation>
    </message>
    <message>
        <source>%1: ready</source>
        <comment>%1 is a model</comment>
        <translation>%1: готова</translation>
    </message>
    <message>
        <source>%1: generating</source>
        <comment>%1 is a model</comment>
        <translation>%1: генерация</translation>
    </message>
    <message>
        <source>%1: unloading</source>
        <comment>%1 is a model</comment>
        <translation>%1: выгрузка из памяти</translation>
    </message>
    <message>
        <source>%1: stopped by an error</source>
        <comment>%1 is a model</comment>
        <translation>%1: остановлена из-за ошибки</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Stop generating; what was said stays.</source>
        <translation>Остановить генерацию; сказанное останется.</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>Выгрузить из памяти</translation>
    </message>
    <message>
        <source>End the engine and free its memory.</source>
        <translation>Завершить движок и освободить его память.</translation>
    </message>
    <message>
        <source>GPU %1: %2 of %3</source>
        <comment>number, VRAM in use, all of its VRAM</comment>
        <translation>GPU %1: %2 из %3</translation>
    </message>
    <message>
        <source>RAM: %1 of %2</source>
        <comment>in use, all there is</comment>
        <translation>ОЗУ: %1 из %2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SuggestionList</name>
    <message>
        <source>What would change it</source>
        <translation>Что можно изменить</translation>
    </message>
    <message>
        <source>No single change would make it fit better or run a tenth faster.</source>
        <translation>Ни одно отдельное изменение не улучшит размещение и не ускорит работу хотя бы на десятую часть.</translation>
    </message>
    <message>
        <source>Pretend</source>
        <translation>Представить</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Применить</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>name of a button, and the sentence it stands behind</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>With all else as it is: at most %1 tokens of context, or %2 parallel sequences.</source>
        <translation>При прочих равных: не более %1 токенов контекста или %2 параллельных диалогов.</translation>
    </message>
    <message>
        <source>With all else as it is: at most %1 tokens of context, or %2 parallel sequences, or %3 as quantization.</source>
        <translation>При прочих равных: не более %1 токенов контекста, или %2 параллельных диалогов, или %3 в качестве квантования.</translation>
    </message>
    <message>
        <source>Divided over several %1, it fits on none of the numbers that are considered.</source>
        <translation>При разделении на несколько %1 не помещается ни при одном из рассмотренных количеств.</translation>
    </message>
    <message>
        <source>Divided over several %1: at least %2 cards (%3 in parallel × %4 in a row).</source>
        <extracomment>%1 is a GPU, %2 how many of them; %3 cards share every layer, in %4 groups one behind the other.</extracomment>
        <translation>При разделении на несколько %1: не меньше %2 карт (%3 параллельно × %4 последовательно).</translation>
    </message>
    <message numerus="yes">
        <source>%1 In whole servers of %2 cards: %n server(s).</source>
        <extracomment>%1 is a sentence about the number of cards.</extracomment>
        <translation>
            <numerusform>%1 Целыми серверами по %2 карт: %n сервер.</numerusform>
            <numerusform>%1 Целыми серверами по %2 карт: %n сервера.</numerusform>
            <numerusform>%1 Целыми серверами по %2 карт: %n серверов.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Theme</name>
    <message>
        <source>Light</source>
        <translation>Светлое</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Тёмное</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Контрастное</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Как в системе</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::VerdictBanner</name>
    <message>
        <source>Predicted: generation %1, prompt processing %2.</source>
        <translation>Прогноз: генерация %1, обработка промпта %2.</translation>
    </message>
    <message>
        <source>This cannot be planned</source>
        <translation>Это спланировать нельзя</translation>
    </message>
    <message>
        <source>No model chosen</source>
        <translation>Модель не выбрана</translation>
    </message>
    <message>
        <source>Choose a model above, or open a GGUF file.</source>
        <translation>Выберите модель выше или откройте файл GGUF.</translation>
    </message>
    <message>
        <source>Launch</source>
        <translation>Запустить</translation>
    </message>
    <message>
        <source>Launch…</source>
        <translation>Запустить…</translation>
    </message>
    <message>
        <source>Load this file into memory and run it.</source>
        <translation>Загрузить этот файл в память и запустить.</translation>
    </message>
    <message>
        <source>Asks for the GGUF file of this model, then loads and runs it.</source>
        <translation>Спросит файл GGUF этой модели, затем загрузит его в память и запустит.</translation>
    </message>
    <message>
        <source>Predicted: generation %1.</source>
        <translation>Прогноз: генерация %1.</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>Определяем, что есть в этом компьютере…</translation>
    </message>
    <message>
        <source>What it has is not known yet. You can pretend other hardware meanwhile.</source>
        <translation>Что в нём есть, пока неизвестно. Тем временем можно представить другое оборудование.</translation>
    </message>
    <message>
        <source>Run anyway</source>
        <translation>Всё равно запустить</translation>
    </message>
    <message>
        <source>Run anyway…</source>
        <translation>Всё равно запустить…</translation>
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
        <translation>Почему</translation>
    </message>
    <message>
        <source>Show how each part comes about</source>
        <translation>Показать, как получается каждая часть</translation>
    </message>
    <message>
        <source>Every part of the memory with its formula</source>
        <translation>Все части памяти с формулами</translation>
    </message>
</context>
</TS>
