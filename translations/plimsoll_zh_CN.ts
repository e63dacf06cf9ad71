<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>plimsoll::app::Account</name>
    <message>
        <source>In use by others</source>
        <translation>其他程序占用</translation>
    </message>
    <message>
        <source>total less what is free</source>
        <translation>总量减去空闲</translation>
    </message>
    <message>
        <source>as pretended</source>
        <translation>按假定</translation>
    </message>
    <message>
        <source>read from this computer</source>
        <translation>从这台电脑读取</translation>
    </message>
    <message>
        <source>the file’s table of tensors</source>
        <translation>文件的张量表</translation>
    </message>
    <message>
        <source>the rule of the quantization</source>
        <translation>量化规则</translation>
    </message>
    <message>
        <source>the model’s dimensions</source>
        <translation>模型的维度</translation>
    </message>
    <message>
        <source>the layout that the engine allocates</source>
        <translation>引擎实际分配的布局</translation>
    </message>
    <message>
        <source>the driver’s context and libraries</source>
        <translation>驱动上下文与库</translation>
    </message>
    <message>
        <source>an estimate</source>
        <translation>估计</translation>
    </message>
    <message>
        <source>measured on this computer</source>
        <translation>在这台电脑上测得</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s): %1 parameters × %2 bits</source>
        <extracomment>%1 is how many parameters these tensors have, as &quot;8.03 B&quot;; %2 the bits that one of them takes on average.</extracomment>
        <translation>
            <numerusform>%n 个张量：%1 参数 × %2 比特</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) × %1 tokens × %2 values × %3 bits</source>
        <extracomment>KV cache: %1 tokens, %2 values per token, %3 bits per value.</extracomment>
        <translation>
            <numerusform>%n 层 × %1 个 token × %2 个值 × %3 比特</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 × %n sequence(s)</source>
        <comment>%1 is a product</comment>
        <translation>
            <numerusform>%1 × %n 个序列</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) × %1 values × 32 bits × %2 sequences</source>
        <extracomment>Recurrent state: %1 values per sequence, %2 sequences.</extracomment>
        <translation>
            <numerusform>%n 层 × %1 个值 × 32 比特 × %2 个序列</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n buffer(s) for up to %1 tokens at a time, the largest %2</source>
        <extracomment>%1 is the most tokens that are computed together, %2 an amount of memory.</extracomment>
        <translation>
            <numerusform>%n 个缓冲区，每次最多 %1 个 token，最大的为 %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::AccountTable</name>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>How it comes about</source>
        <translation>计算方式</translation>
    </message>
    <message>
        <source>Taken from</source>
        <translation>来源</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Open GGUF file…</source>
        <translation>打开 GGUF 文件(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>能否放下</translation>
    </message>
    <message>
        <source>Does a model fit this computer?</source>
        <translation>这台电脑放得下某个模型吗？</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Talk to the model that is loaded</source>
        <translation>与已加载的模型对话</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>硬件</translation>
    </message>
    <message>
        <source>What this computer has, or pretends to have</source>
        <translation>这台电脑有哪些硬件，或假定有哪些硬件</translation>
    </message>
    <message>
        <source>&amp;Launch</source>
        <translation>启动(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Stop generating</source>
        <translation>停止生成(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Unload</source>
        <translation>卸载模型(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;About Plimsoll</source>
        <translation>关于 Plimsoll(&amp;A)</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Which quantization of the model?</source>
        <translation>选择模型的哪种量化？</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Open &amp;plan…</source>
        <translation>打开方案(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Save plan…</source>
        <translation>保存方案(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Recent plans</source>
        <translation>最近的方案(&amp;R)</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Which model? All that Plimsoll knows, and your files</source>
        <translation>选哪个模型？Plimsoll 已知的全部模型和您的文件</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Language, appearance, reserve and folders</source>
        <translation>语言、外观、余量与文件夹</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Find a model, a quantization, a machine, a page or an action (%1)</source>
        <comment>%1 is a key</comment>
        <translation>查找模型、量化、电脑、页面或操作（%1）</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::BudgetTable</name>
    <message>
        <source>Total</source>
        <translation>总量</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::CommandPalette</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>A model, a quantization, a machine, a page or an action</source>
        <translation>模型、量化、电脑、页面或操作</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>没有找到匹配项。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparePage</name>
    <message>
        <source>This computer is still being looked at.</source>
        <translation>正在检测这台电脑。</translation>
    </message>
    <message>
        <source>Working out the figures…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>No quantization of this model fits this machine.</source>
        <translation>这台电脑放不下该模型的任何一种量化。</translation>
    </message>
    <message>
        <source>Recommended: %1, the most precise one below 16 bits that lies on the GPU as a whole.</source>
        <translation>推荐 %1：低于 16 比特、能完整放入 GPU 的最精确的量化。</translation>
    </message>
    <message>
        <source>Recommended: %1, the most precise one that is nearly as fast as any of at least four bits per weight; none of these lies on a GPU as a whole.</source>
        <translation>推荐 %1：在每个权重不少于四比特、速度接近最快的量化中最精确的一种；它们都无法完整放入 GPU。</translation>
    </message>
    <message>
        <source>Only quantizations below four bits per weight run here, and they lose much; %1 loses least.</source>
        <translation>这里只能运行每个权重低于四比特的量化，质量损失较大；其中 %1 损失最小。</translation>
    </message>
    <message>
        <source>Quality is the growth of perplexity that was published for %1 (%2). Other models lose differently.</source>
        <translation>质量以针对 %1 公布的困惑度增量表示（%2）。其他模型的损失会有所不同。</translation>
    </message>
    <message>
        <source>No model is chosen</source>
        <translation>未选择模型</translation>
    </message>
    <message>
        <source>The opened file keeps the quantization it has; the others are what the same model would take.</source>
        <translation>已打开的文件保持其自身的量化；其余各行是同一模型在其他量化下的占用。</translation>
    </message>
    <message>
        <source>Circle: on the GPU. Diamond: tight. Triangle: with offload. Square: on the CPU. Cross: does not fit. Blue loses little, orange much, no fill: not published.</source>
        <translation>圆形：在 GPU 上。菱形：余量紧张。三角形：部分放入内存。方形：在 CPU 上。叉号：放不下。蓝色表示损失小，橙色表示损失大，空心表示没有公布的数据。</translation>
    </message>
    <message>
        <source>Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)</source>
        <translation>图片 (*.png);;矢量图 (*.svg);;文档 (*.pdf);;表格 (*.csv)</translation>
    </message>
    <message>
        <source>Size and speed</source>
        <translation>大小与速度</translation>
    </message>
    <message>
        <source>Prefill and decode</source>
        <translation>预填充与解码</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存占用</translation>
    </message>
    <message>
        <source>Speed over context</source>
        <translation>速度随上下文的变化</translation>
    </message>
    <message>
        <source>What the chart shows</source>
        <translation>图表显示的内容</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>As PNG, SVG, PDF or CSV</source>
        <translation>导出为 PNG、SVG、PDF 或 CSV</translation>
    </message>
    <message>
        <source>Show on the Fit page</source>
        <translation>在“能否放下”页显示</translation>
    </message>
    <message>
        <source>The same as a table</source>
        <translation>以表格显示</translation>
    </message>
    <message>
        <source>This model and others, each at %1, on the machine of the Fit page.</source>
        <comment>%1 is a quantization</comment>
        <translation>此模型与其他模型，均采用 %1，运行在“能否放下”页的电脑上。</translation>
    </message>
    <message>
        <source>This model at %1, on the machine of the Fit page and on others.</source>
        <comment>%1 is a quantization</comment>
        <translation>此模型采用 %1，运行在“能否放下”页的电脑及其他电脑上。</translation>
    </message>
    <message>
        <source>What is compared, as a table</source>
        <translation>以表格显示的比较</translation>
    </message>
    <message>
        <source>Weights at each precision</source>
        <translation>各精度下的权重</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparedSet</name>
    <message>
        <source>Pretended machine</source>
        <translation>假定的电脑</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>Add a GPU…</source>
        <translation>添加 GPU…</translation>
    </message>
    <message>
        <source>Add a model…</source>
        <translation>添加模型…</translation>
    </message>
    <message>
        <source>Compare:</source>
        <translation>比较：</translation>
    </message>
    <message>
        <source>Quantizations of this model</source>
        <translation>此模型的各种量化</translation>
    </message>
    <message>
        <source>Models on this machine</source>
        <translation>这台电脑上的各模型</translation>
    </message>
    <message>
        <source>Machines for this model</source>
        <translation>可运行此模型的电脑</translation>
    </message>
    <message>
        <source>What is compared</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Leaves the marked one out of the comparison.</source>
        <translation>将选中项移出比较。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparisonChart</name>
    <message>
        <source>Size, GB</source>
        <translation>大小（GB）</translation>
    </message>
    <message>
        <source>Decode, tokens/s (predicted)</source>
        <translation>解码 token/s（预测）</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>解码</translation>
    </message>
    <message>
        <source>Tokens/s (predicted)</source>
        <translation>token/s（预测）</translation>
    </message>
    <message>
        <source>%1: all there is</source>
        <comment>%1 is a device, the line is its whole memory</comment>
        <translation>%1：总容量</translation>
    </message>
    <message>
        <source>GiB</source>
        <translation>GiB</translation>
    </message>
    <message>
        <source>Tokens in the cache; a line ends where the context no longer fits</source>
        <translation>缓存中的 token 数；线条终止处即上下文放不下之处</translation>
    </message>
    <message>
        <source>All there is</source>
        <translation>总容量</translation>
    </message>
    <message>
        <source>Chart of the comparison</source>
        <translation>比较图表</translation>
    </message>
    <message>
        <source>The arrow keys walk through the points, Enter chooses one. The table has the same figures.</source>
        <translation>方向键在各点之间移动，Enter 选中。表格中有相同的数字。</translation>
    </message>
    <message>
        <source>%1: %2, %3, %4</source>
        <comment>what is compared, size, verdict, speed</comment>
        <translation>%1：%2，%3，%4</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ComparisonTable</name>
    <message>
        <source>%1 to %2</source>
        <comment>a range of numbers</comment>
        <translation>%1 至 %2</translation>
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
        <translation>量化</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Bits/
weight</source>
        <translation>比特/
权重</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>Decode,
tokens/s</source>
        <translation>解码
token/s</translation>
    </message>
    <message>
        <source>Prefill,
tokens/s</source>
        <translation>预填充
token/s</translation>
    </message>
    <message>
        <source>Largest
context</source>
        <translation>最大
上下文</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>困惑度</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>电脑</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextCard</name>
    <message>
        <source>Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)</source>
        <translation>图片 (*.png);;矢量图 (*.svg);;文档 (*.pdf);;表格 (*.csv)</translation>
    </message>
    <message>
        <source>Over the context</source>
        <translation>随上下文的变化</translation>
    </message>
    <message>
        <source>Show as a table</source>
        <translation>以表格显示</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>The chart of memory as PNG, SVG or PDF, or both as CSV</source>
        <translation>将内存图表存为 PNG、SVG 或 PDF，或将两者存为 CSV</translation>
    </message>
    <message>
        <source>Memory and speed over the context as a table</source>
        <translation>占用与速度随上下文变化的表格</translation>
    </message>
    <message>
        <source>Thick lines: what is needed. Thin lines: what is free. The band is the error of the prediction.</source>
        <translation>粗线为所需量，细线为空闲量。色带为预测误差。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextChart</name>
    <message>
        <source>Context, tokens</source>
        <translation>上下文，token</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>已选</translation>
    </message>
    <message>
        <source>fits up to %1</source>
        <translation>放得下 %1</translation>
    </message>
    <message>
        <source>Generation, tokens/s (predicted)</source>
        <translation>生成，token/s（预测）</translation>
    </message>
    <message>
        <source>Chart of memory over the context</source>
        <translation>显存与内存随上下文长度变化的图表</translation>
    </message>
    <message>
        <source>Chart of speed over the context</source>
        <translation>速度随上下文长度变化的图表</translation>
    </message>
    <message>
        <source>Fits up to %1 tokens. The table has the same figures.</source>
        <translation>最多放得下 %1 个 token。表格中有相同的数据。</translation>
    </message>
    <message>
        <source>No context fits. The table has the same figures.</source>
        <translation>任何上下文都放不下。表格中有相同的数据。</translation>
    </message>
    <message>
        <source>Needed, GiB</source>
        <translation>所需，GiB</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ContextTable</name>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>生成</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ConversationView</name>
    <message>
        <source>You</source>
        <extracomment>Heads what the user wrote in the conversation with a model.</extracomment>
        <translation>你</translation>
    </message>
    <message>
        <source>(The model gave no text.)</source>
        <translation>（模型没有给出文本。）</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Dialogs</name>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf);;All files (*)</source>
        <translation>GGUF 模型 (*.gguf);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Plimsoll %1

Shows how deep a language model loads a computer, and runs it.

The window is free software under the GNU General Public License, version 3 or later; the engine under the Apache License 2.0.</source>
        <translation>Plimsoll %1

显示语言模型会占用这台电脑多少资源，并运行它。

界面是自由软件，采用 GNU 通用公共许可证第 3 版或更高版本；引擎采用 Apache License 2.0。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::FitPage</name>
    <message>
        <source>Memory</source>
        <translation>内存与显存</translation>
    </message>
    <message>
        <source>These figures are for the pretended machine. Launching uses this computer.</source>
        <translation>以上数字针对假定的硬件。启动时使用的是这台电脑。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>The same as a table</source>
        <translation>以表格形式显示</translation>
    </message>
    <message>
        <source>Memory of each device as a table</source>
        <translation>各设备的内存（表格）</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>All quantizations of this model on this machine</source>
        <translation>该模型的所有量化在这台电脑上的表现</translation>
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
        <translation>%1 token/s</translation>
    </message>
    <message>
        <source>%1 to %2 tokens/s</source>
        <extracomment>A predicted range, as in &quot;31 to 36 tokens/s&quot;.</extracomment>
        <translation>%1–%2 token/s</translation>
    </message>
    <message>
        <source>%1%</source>
        <extracomment>The percent sign after a number, with the space that the language wants.</extracomment>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
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
        <translation>%1B</translation>
    </message>
    <message>
        <source>%1 M</source>
        <extracomment>Millions (10⁶) of parameters, abbreviated: &quot;596 M&quot;.</extracomment>
        <translation>%1M</translation>
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
        <translation>显存</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>可用 %1，共 %2</translation>
    </message>
    <message>
        <source>Memory bandwidth</source>
        <translation>显存带宽</translation>
    </message>
    <message>
        <source>Compute capability</source>
        <translation>计算能力</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>驱动程序</translation>
    </message>
    <message>
        <source>GPU temperature</source>
        <translation>GPU 温度</translation>
    </message>
    <message>
        <source>Power draw</source>
        <translation>功耗</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>频率</translation>
    </message>
    <message>
        <source>Utilization</source>
        <translation>利用率</translation>
    </message>
    <message>
        <source>In use by</source>
        <translation>占用者</translation>
    </message>
    <message>
        <source>%1 (process %2): %3</source>
        <extracomment>A process on the GPU: its name, its number, the VRAM it holds.</extracomment>
        <translation>%1（进程 %2）：%3</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>以及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Free VRAM:</source>
        <translation>空闲显存(&amp;F)：</translation>
    </message>
    <message>
        <source>Free VRAM</source>
        <translation>空闲显存</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Plan without this GPU.</source>
        <translation>规划时不使用此 GPU。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::HardwarePanel</name>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在检测这台电脑…</translation>
    </message>
    <message>
        <source>Without a GPU. The CPU does all the work.</source>
        <translation>没有 GPU，全部工作由 CPU 完成。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>型号</translation>
    </message>
    <message>
        <source>Cores</source>
        <extracomment>Cores of a CPU: physical ones, and the threads they offer to programs.</extracomment>
        <translation>核心</translation>
    </message>
    <message>
        <source>%1 physical, %2 logical</source>
        <translation>物理 %1，逻辑 %2</translation>
    </message>
    <message>
        <source>Instruction sets</source>
        <translation>指令集</translation>
    </message>
    <message>
        <source>Memory bandwidth</source>
        <translation>内存带宽</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>可用 %1，共 %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <extracomment>A GPU of the catalogue: its name and its VRAM.</extracomment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>硬件</translation>
    </message>
    <message>
        <source>&amp;Pretend other hardware</source>
        <translation>假定其他硬件(&amp;P)</translation>
    </message>
    <message>
        <source>Add or remove GPUs and change memory, to see what another computer could run.</source>
        <translation>增减 GPU、修改内存容量，看看换一台电脑能运行什么。</translation>
    </message>
    <message>
        <source>&amp;Detect again</source>
        <translation>重新检测(&amp;D)</translation>
    </message>
    <message>
        <source>Reads this computer anew: free memory, temperatures, processes.</source>
        <translation>重新读取这台电脑的空闲内存、温度和进程。</translation>
    </message>
    <message>
        <source>This is pretended hardware. Plans and predictions are for it, not for this computer.</source>
        <translation>这是假定的硬件。规划和预测针对它，而不是这台电脑。</translation>
    </message>
    <message>
        <source>&amp;Back to this computer</source>
        <translation>回到这台电脑(&amp;B)</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>&amp;GPU from the catalogue:</source>
        <translation>目录中的 GPU(&amp;G)：</translation>
    </message>
    <message>
        <source>GPU from the catalogue</source>
        <translation>目录中的 GPU</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <source>Add this GPU</source>
        <translation>添加此 GPU</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Disks</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>导入(&amp;I)…</translation>
    </message>
    <message>
        <source>Pretend a machine that was saved as a file.</source>
        <translation>假定一台已保存为文件的电脑。</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <source>Save this machine as a file, for another computer or for later.</source>
        <translation>将这台电脑保存为文件，供其他电脑或日后使用。</translation>
    </message>
    <message>
        <source>How many of this GPU</source>
        <translation>此 GPU 的数量</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::LayerStrip</name>
    <message>
        <source>on the GPU</source>
        <translation>在 GPU 上</translation>
    </message>
    <message>
        <source>on the GPU, experts in RAM</source>
        <translation>在 GPU 上，专家在内存中</translation>
    </message>
    <message>
        <source>in RAM, on the CPU</source>
        <translation>在内存中，由 CPU 计算</translation>
    </message>
    <message>
        <source>on %1, experts in RAM</source>
        <comment>%1 is a GPU</comment>
        <translation>在 %1 上，专家在内存中</translation>
    </message>
    <message>
        <source>on %1</source>
        <comment>%1 is a GPU</comment>
        <translation>在 %1 上</translation>
    </message>
    <message>
        <source>Layer %1: %2</source>
        <translation>第 %1 层：%2</translation>
    </message>
    <message>
        <source>Layers %1 to %2: %3</source>
        <translation>第 %1 至 %2 层：%3</translation>
    </message>
    <message>
        <source>Output</source>
        <comment>the last part of a model</comment>
        <translation>输出</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the GPU</source>
        <translation>
            <numerusform>%n 层在 GPU 上</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the GPU, their experts in RAM</source>
        <translation>
            <numerusform>%n 层在 GPU 上，专家在内存中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) in RAM, on the CPU</source>
        <translation>
            <numerusform>%n 层在内存中，由 CPU 计算</numerusform>
        </translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>; </source>
        <comment>between the runs of layers</comment>
        <translation>；</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::LiveCard</name>
    <message>
        <source>RAM in use</source>
        <translation>已用内存</translation>
    </message>
    <message>
        <source>GPU %1: VRAM in use</source>
        <translation>GPU %1：已用显存</translation>
    </message>
    <message>
        <source>GPU %1: load</source>
        <translation>GPU %1：负载</translation>
    </message>
    <message>
        <source>GPU %1: temperature</source>
        <translation>GPU %1：温度</translation>
    </message>
    <message>
        <source>GPU %1: power</source>
        <translation>GPU %1：功耗</translation>
    </message>
    <message>
        <source>GPU %1: clock</source>
        <translation>GPU %1：频率</translation>
    </message>
    <message>
        <source>Now, on this computer</source>
        <translation>这台电脑的当前状态</translation>
    </message>
    <message>
        <source>Processes that use VRAM</source>
        <translation>占用显存的进程</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MachineRow</name>
    <message>
        <source>Try on:</source>
        <comment>followed by buttons with names of machines</comment>
        <translation>试用：</translation>
    </message>
    <message numerus="yes">
        <source>Pretend %1 with %2 RAM and %n core(s)</source>
        <extracomment>A machine to pretend: its GPUs, its RAM, how many cores its processor has.</extracomment>
        <translation>
            <numerusform>假定为 %1，内存 %2，%n 个核心</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MainWindow</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Settings could not be read, and the defaults are used. The damaged file is kept as %1.</source>
        <translation>无法读取设置，已使用默认值。损坏的文件保存为 %1。</translation>
    </message>
    <message>
        <source>%1 is no plan that can be read. The file was left as it is, and so was the plan that is shown.</source>
        <translation>无法将 %1 读取为方案。该文件保持原样，当前显示的方案也未改变。</translation>
    </message>
    <message>
        <source>Plans (*.plimsoll)</source>
        <translation>方案 (*.plimsoll)</translation>
    </message>
    <message>
        <source>Machines (*.json)</source>
        <translation>电脑 (*.json)</translation>
    </message>
    <message>
        <source>%1 describes no machine that can be read. The file was left as it is.</source>
        <translation>无法从 %1 读取电脑描述。该文件保持原样。</translation>
    </message>
    <message>
        <source>Page</source>
        <comment>one of the window&apos;s</comment>
        <translation>页面</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>电脑</translation>
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
        <translation>，</translation>
    </message>
    <message>
        <source>%1 missing of %2</source>
        <translation>缺少 %1，共 %2</translation>
    </message>
    <message>
        <source>%1 free of %2</source>
        <translation>可用 %1，共 %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>summary of a bar, then its parts</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::MemoryTable</name>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Actual</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>Allocated</source>
        <extracomment>Memory that the engine allocated for itself: KV cache, compute buffers.</extracomment>
        <translation>已分配</translation>
    </message>
    <message>
        <source>KV cache, compute buffers and whatever else the engine allocated for itself.</source>
        <translation>KV 缓存、计算缓冲区以及引擎自行分配的其他内存。</translation>
    </message>
    <message>
        <source>From the file</source>
        <extracomment>Weights that lie in memory as part of the file; the system may drop and reread them.</extracomment>
        <translation>来自文件</translation>
    </message>
    <message>
        <source>Weights used where the file is mapped. The system may drop them and read them again.</source>
        <translation>直接使用文件映射中的权重。系统可以将其换出并重新读取。</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <extracomment>For screen readers: kind of memory, predicted or actual, amount.</extracomment>
        <translation>%1，%2：%3</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ModelList</name>
    <message>
        <source>%1 parameters</source>
        <comment>%1 is a number with its unit, as 8.0 B</comment>
        <translation>参数量 %1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Parameters that are read for each token</source>
        <translation>每个 token 需要读取的参数</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>激活参数</translation>
    </message>
    <message>
        <source>Of the weights at the best quantization</source>
        <translation>最佳量化下的权重大小</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>The longest that the model was trained on, in tokens</source>
        <translation>模型训练时的最大长度，单位 token</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>As far as the publisher names them</source>
        <translation>以发布者列出的为准</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>At the best quantization, with the context of the Fit page</source>
        <translation>采用最佳量化和“能否放下”页面的上下文</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>The most precise one that lies on the GPU as a whole, else the fastest</source>
        <translation>能完整放入 GPU 的最精确的一种，否则为最快的一种</translation>
    </message>
    <message>
        <source>Best quantization</source>
        <translation>最佳量化</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>生成</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ModelsPage</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>%1; working out how they do on this machine…</source>
        <comment>%1 is a number of models</comment>
        <translation>%1；正在计算它们在这台电脑上的表现…</translation>
    </message>
    <message>
        <source>Any language</source>
        <translation>任意语言</translation>
    </message>
    <message>
        <source>Good for anything</source>
        <translation>任意用途</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Calling tools</source>
        <translation>调用工具</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理思考</translation>
    </message>
    <message>
        <source>Reasoning on demand</source>
        <translation>按需思考</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Mathematics</source>
        <translation>数学</translation>
    </message>
    <message>
        <source>Search name, language, licence</source>
        <translation>搜索名称、语言、许可证</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Language of the models</source>
        <translation>模型的语言</translation>
    </message>
    <message>
        <source>What the models are good for</source>
        <translation>模型的用途</translation>
    </message>
    <message>
        <source>Only what runs here</source>
        <translation>只显示这里能运行的</translation>
    </message>
    <message>
        <source>Open GGUF file…</source>
        <translation>打开 GGUF 文件…</translation>
    </message>
    <message>
        <source>Show on the Fit page</source>
        <translation>在“能否放下”页显示</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::OffloadControl</name>
    <message>
        <source>of %1</source>
        <comment>the number of layers that can be on the GPU</comment>
        <translation>/ %1</translation>
    </message>
    <message>
        <source>There is no GPU to offload to.</source>
        <translation>没有可以放置层的 GPU。</translation>
    </message>
    <message>
        <source>Offload to GPU</source>
        <translation>放到 GPU</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Plimsoll chooses the fastest placement that fits.</source>
        <translation>Plimsoll 会在放得下的方案中选择最快的一种。</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>GPU 上的层数</translation>
    </message>
    <message>
        <source>Layers on the GPU, as a number</source>
        <translation>GPU 上的层数（数字）</translation>
    </message>
    <message>
        <source>Per layer</source>
        <translation>逐层</translation>
    </message>
    <message>
        <source>Click a layer above to move it to the next place.</source>
        <translation>点击上方的某一层，将它移到下一个位置。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::PlanReport</name>
    <message>
        <source>Asked</source>
        <translation>条件</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>上下文长度</translation>
    </message>
    <message>
        <source>Parallel sequences</source>
        <translation>并行序列</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>改动</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>Title of a report: %1 is a model, %2 the verdict.</extracomment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Predicted: generation %1, prompt processing %2.</source>
        <translation>预测：生成 %1，提示词处理 %2。</translation>
    </message>
    <message>
        <source>The machine is pretended.</source>
        <translation>这台电脑是假定的。</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存占用</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>What would change it</source>
        <translation>怎样可以改善</translation>
    </message>
    <message>
        <source>Made by Plimsoll %1 on %2.</source>
        <comment>version, date</comment>
        <translation>由 Plimsoll %1 于 %2 生成。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::PlanView</name>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
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
        <translation>服务器所需内存的惯用估算：权重，另加五分之二用于缓存和缓冲区</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
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
        <translation>进程</translation>
    </message>
    <message>
        <source>Number</source>
        <comment>of a process</comment>
        <translation>编号</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>VRAM in use</source>
        <translation>已用显存</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RamCard</name>
    <message>
        <source>Total</source>
        <translation>总量</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>&amp;Total RAM:</source>
        <translation>内存总量(&amp;T)：</translation>
    </message>
    <message>
        <source>Total RAM</source>
        <translation>内存总量</translation>
    </message>
    <message>
        <source>Free &amp;RAM:</source>
        <translation>空闲内存(&amp;R)：</translation>
    </message>
    <message>
        <source>Free RAM</source>
        <translation>空闲内存</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RequestBar</name>
    <message>
        <source>as in the file</source>
        <translation>与文件相同</translation>
    </message>
    <message>
        <source>no GPU, %1 RAM</source>
        <translation>无 GPU，内存 %1</translation>
    </message>
    <message>
        <source>%1, %2 RAM</source>
        <comment>GPU, amount</comment>
        <translation>%1，内存 %2</translation>
    </message>
    <message numerus="yes">
        <source>%n GPU(s), %1 RAM</source>
        <translation>
            <numerusform>%n 块 GPU，内存 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>being looked at…</source>
        <translation>正在检测…</translation>
    </message>
    <message>
        <source>Machine (pretended)</source>
        <translation>电脑（假定）</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Type to search</source>
        <translation>输入以搜索</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>上下文长度</translation>
    </message>
    <message>
        <source>Context length in tokens</source>
        <translation>上下文长度（token）</translation>
    </message>
    <message>
        <source>Tokens per sequence. The arrows halve and double.</source>
        <translation>每个序列的 token 数。箭头按二的倍数增减。</translation>
    </message>
    <message>
        <source>Parallel sequences</source>
        <translation>并行序列</translation>
    </message>
    <message>
        <source>Each sequence has a KV cache of its own; the weights are shared.</source>
        <translation>每个序列有自己的 KV 缓存；权重共用。</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Number format of the KV cache</source>
        <translation>KV 缓存的数值格式</translation>
    </message>
    <message>
        <source>Open GGUF file…</source>
        <translation>打开 GGUF 文件…</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>电脑</translation>
    </message>
    <message>
        <source>Show the hardware, or pretend another.</source>
        <translation>查看硬件，或假定其他硬件。</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPU 数量</translation>
    </message>
    <message>
        <source>Number of GPUs of the kind of the first</source>
        <translation>与第一块同型号的 GPU 数量</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>a GPU of the catalogue and its VRAM</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Show the hardware</source>
        <translation>查看硬件</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>预留显存</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU</source>
        <translation>每块 GPU 保留的显存</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU. A plan that leaves less is called tight.</source>
        <translation>每块 GPU 保留的显存。剩余更少的方案视为余量紧张。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::RunPage</name>
    <message>
        <source>Not loaded</source>
        <translation>未加载</translation>
    </message>
    <message>
        <source>Starting the engine…</source>
        <translation>正在启动引擎…</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在输出…</translation>
    </message>
    <message>
        <source>Unloading…</source>
        <translation>正在卸载…</translation>
    </message>
    <message>
        <source>Stopped by an error</source>
        <translation>因错误而停止</translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>未加载模型</translation>
    </message>
    <message>
        <source>Choose a model and see whether it fits, then launch it. It runs here, on this computer, and nothing leaves it.</source>
        <translation>选择一个模型，看看是否放得下，然后启动它。它就在这台电脑上运行，任何数据都不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Choose a &amp;model</source>
        <translation>选择模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation>新对话(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Load again</source>
        <translation>重新加载(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Unload</source>
        <translation>卸载模型(&amp;U)</translation>
    </message>
    <message>
        <source>Ends the engine and frees all of its memory.</source>
        <translation>结束引擎并释放其全部内存。</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>重试(&amp;A)</translation>
    </message>
    <message>
        <source>Choose another &amp;model</source>
        <translation>选择其他模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>关闭(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>发送(&amp;S)</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter starts a new line.</source>
        <translation>Enter 发送，Shift+Enter 换行。</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Ends the answer where it is.</source>
        <translation>在此处结束回答。</translation>
    </message>
    <message>
        <source>Write a message. Enter sends, Shift+Enter starts a new line.</source>
        <translation>输入消息。Enter 发送，Shift+Enter 换行。</translation>
    </message>
    <message>
        <source>Message to the model</source>
        <translation>给模型的消息</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Load progress</source>
        <translation>加载进度</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SamplingBox</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Sampling &amp;temperature</source>
        <extracomment>How freely the next token is chosen; not the temperature of a GPU.</extracomment>
        <translation>采样温度(&amp;T)</translation>
    </message>
    <message>
        <source>Sampling temperature</source>
        <translation>采样温度</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token; higher values make the answer more varied.</source>
        <translation>0 表示总是选择最可能的 token；数值越大，回答越多样。</translation>
    </message>
    <message>
        <source>Most t&amp;okens</source>
        <translation>最多 token 数(&amp;O)</translation>
    </message>
    <message>
        <source>Most tokens of an answer</source>
        <translation>一次回答的最多 token 数</translation>
    </message>
    <message>
        <source>An answer ends here at the latest.</source>
        <translation>回答最晚在此处结束。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SaveText</name>
    <message>
        <source>%1 could not be written. Choose another folder.</source>
        <translation>无法写入 %1。请选择其他文件夹。</translation>
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
        <translation>同时运行的模型</translation>
    </message>
    <message>
        <source>Add this plan</source>
        <translation>加入此方案</translation>
    </message>
    <message>
        <source>Runs it beside the others on the same machine; each takes what those before it left.</source>
        <translation>与其他模型在同一台电脑上并行运行；每个模型使用前面的模型剩下的资源。</translation>
    </message>
    <message>
        <source>To see whether several models fit at the same time, add the plan above, choose another model, and add that too.</source>
        <translation>要查看多个模型能否同时放下，请先加入上面的方案，再选择另一个模型并加入。</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) together: %1</source>
        <extracomment>The verdict on several models at once; %1 is the worst of theirs.</extracomment>
        <translation>
            <numerusform>%n 个模型同时运行：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>These models cannot be planned together on this machine.</source>
        <translation>无法在这台电脑上一起规划这些模型。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SegmentRole</name>
    <message>
        <source>In use by others</source>
        <translation>其他程序占用</translation>
    </message>
    <message>
        <source>Weights, mapped from the file</source>
        <translation>权重（由文件映射）</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Recurrent state</source>
        <translation>循环状态</translation>
    </message>
    <message>
        <source>Compute buffers</source>
        <translation>计算缓冲区</translation>
    </message>
    <message>
        <source>Driver overhead</source>
        <translation>驱动开销</translation>
    </message>
    <message>
        <source>Headroom</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺少</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Sentences</name>
    <message>
        <source>The file “%1” does not exist. Choose another one, or put it back.</source>
        <translation>文件“%1”不存在。请选择其他文件，或将它放回原处。</translation>
    </message>
    <message>
        <source>The file “%1” cannot be read (%2). Check its permissions and the disk.</source>
        <translation>无法读取文件“%1”（%2）。请检查其权限和磁盘。</translation>
    </message>
    <message>
        <source>The file “%1” cannot be written (%2). Choose another folder, or make room on the disk.</source>
        <translation>无法写入文件“%1”（%2）。请选择其他文件夹，或腾出磁盘空间。</translation>
    </message>
    <message>
        <source>“%1” is not valid JSON. Replace it with an intact copy, or install the program again.</source>
        <translation>“%1”不是有效的 JSON。请换成完好的副本，或重新安装程序。</translation>
    </message>
    <message>
        <source>“%1” has an unexpected value in its field “%2”. Replace it with an intact copy, or install the program again.</source>
        <translation>“%1”的字段“%2”含有意外的值。请换成完好的副本，或重新安装程序。</translation>
    </message>
    <message>
        <source>“%1” is not a GGUF file. Choose a model in the GGUF format.</source>
        <translation>“%1”不是 GGUF 文件。请选择 GGUF 格式的模型。</translation>
    </message>
    <message>
        <source>“%1” is a GGUF file of version %2; versions 2 and 3 can be read. Download a newer file of this model.</source>
        <translation>“%1”是版本 %2 的 GGUF 文件，只能读取版本 2 和 3。请下载该模型的较新文件。</translation>
    </message>
    <message>
        <source>“%1” was made for a big-endian computer. Download the usual, little-endian file.</source>
        <translation>“%1”是为大端序电脑制作的。请下载通常的小端序文件。</translation>
    </message>
    <message>
        <source>“%1” ends too early, while reading “%2”. The download is probably incomplete; download the file again.</source>
        <translation>读取“%2”时，“%1”过早结束。下载可能不完整，请重新下载该文件。</translation>
    </message>
    <message>
        <source>“%1” is damaged: the number given for “%2” (%3) is impossible. Download the file again.</source>
        <translation>“%1”已损坏：“%2”的数目（%3）不可能成立。请重新下载该文件。</translation>
    </message>
    <message>
        <source>“%1” is damaged: the entry “%2” has the unknown type %3. Download the file again.</source>
        <translation>“%1”已损坏：条目“%2”的类型 %3 未知。请重新下载该文件。</translation>
    </message>
    <message>
        <source>“%1” is damaged: the text of “%2” is too long (%3 bytes). Download the file again.</source>
        <translation>“%1”已损坏：“%2”的文本过长（%3 字节）。请重新下载该文件。</translation>
    </message>
    <message>
        <source>“%1” is damaged: the name “%2” occurs twice. Download the file again.</source>
        <translation>“%1”已损坏：名称“%2”出现了两次。请重新下载该文件。</translation>
    </message>
    <message>
        <source>“%1” is damaged: %2 is not a usable alignment. Download the file again.</source>
        <translation>“%1”已损坏：%2 不是可用的对齐值。请重新下载该文件。</translation>
    </message>
    <message>
        <source>The part “%1” of this split model is missing. Put all parts into the same folder.</source>
        <translation>此分片 GGUF 缺少“%1”。请把所有分片放在同一个文件夹中。</translation>
    </message>
    <message>
        <source>“%1” does not belong to the other parts of this split model (%2). Download all parts from the same place.</source>
        <translation>“%1”与此分片 GGUF 的其他部分不匹配（%2）。请从同一来源下载所有分片。</translation>
    </message>
    <message>
        <source>“%1” is one part of a split model. Open its first part, “%2”.</source>
        <translation>“%1”是分片 GGUF 的一部分。请打开第一个分片“%2”。</translation>
    </message>
    <message>
        <source>“%1” does not say what “%2” is. Download a complete file of this model.</source>
        <translation>“%1”没有给出“%2”。请下载该模型的完整文件。</translation>
    </message>
    <message>
        <source>“%1” is damaged: “%2” is of the wrong kind. Download the file again.</source>
        <translation>“%1”已损坏：“%2”的类型不对。请重新下载该文件。</translation>
    </message>
    <message>
        <source>“%1” is damaged: %3 is not a possible value of “%2”. Download the file again.</source>
        <translation>“%1”已损坏：%3 不是“%2”的可能取值。请重新下载该文件。</translation>
    </message>
    <message>
        <source>“%1” is damaged: the tensor “%2” has impossible dimensions. Download the file again.</source>
        <translation>“%1”已损坏：张量“%2”的维度不可能成立。请重新下载该文件。</translation>
    </message>
    <message>
        <source>The tensor “%2” of “%1” has a format that is not known (number %3). Choose another quantization of this model.</source>
        <translation>“%1”中张量“%2”的格式未知（编号 %3）。请选择该模型的其他量化规格。</translation>
    </message>
    <message>
        <source>“%1” is damaged: the tensor “%2” starts at an impossible place. Download the file again.</source>
        <translation>“%1”已损坏：张量“%2”的起始位置不可能成立。请重新下载该文件。</translation>
    </message>
    <message>
        <source>“%1” is incomplete: the tensor “%2” lies past its end. Download the file again.</source>
        <translation>“%1”不完整：张量“%2”超出了文件末尾。请重新下载该文件。</translation>
    </message>
    <message>
        <source>The model lacks the tensor “%1”. Download a complete file of this model.</source>
        <translation>模型缺少张量“%1”。请下载该模型的完整文件。</translation>
    </message>
    <message>
        <source>The tensor “%1” has the dimensions %3 where %2 are needed. Download another file of this model.</source>
        <translation>张量“%1”的维度为 %3，而需要的是 %2。请下载该模型的其他文件。</translation>
    </message>
    <message>
        <source>The tensor “%1” is in the format %2, which the engine cannot use. Choose a quantization made of: %3.</source>
        <translation>张量“%1”的格式为 %2，引擎无法使用。请选择由以下格式组成的量化规格：%3。</translation>
    </message>
    <message>
        <source>The architecture “%1” is not known. Choose a model of one of these: %2.</source>
        <translation>架构“%1”未知。请选择以下架构之一的模型：%2。</translation>
    </message>
    <message>
        <source>The engine cannot run “%1” yet. It supports: %2.</source>
        <translation>引擎尚不能运行“%1”。支持：%2。</translation>
    </message>
    <message>
        <source>There is no quantization named “%1”. Choose one of these: %2.</source>
        <translation>没有名为“%1”的量化规格。请选择以下之一：%2。</translation>
    </message>
    <message>
        <source>There is no model named “%1” in the catalogue. Similar names: %2.</source>
        <translation>目录中没有名为“%1”的模型。相近的名称：%2。</translation>
    </message>
    <message>
        <source>There is no GPU named “%1” in the catalogue. Similar names: %2.</source>
        <translation>目录中没有名为“%1”的 GPU。相近的名称：%2。</translation>
    </message>
    <message>
        <source>The tokenizer “%1” of this model is not known. Choose a model with one of these: %2.</source>
        <translation>此模型的分词器“%1”未知。请选择使用以下分词器之一的模型：%2。</translation>
    </message>
    <message>
        <source>“%1” has no tokenizer, so it cannot read or write text. Choose a file that has one.</source>
        <translation>“%1”没有分词器，因此无法读写文本。请选择带有分词器的文件。</translation>
    </message>
    <message>
        <source>The description of this model contradicts itself: %1 (%2). Download another file of this model.</source>
        <translation>此模型的描述自相矛盾：%1（%2）。请下载该模型的其他文件。</translation>
    </message>
    <message>
        <source>“%2” is not a possible value of “%1”. Possible is: %3.</source>
        <translation>“%2”不是“%1”的可能取值。可用的取值：%3。</translation>
    </message>
    <message>
        <source>This needs %1 tokens of context, and %2 are available. Start a new conversation, or load the model with a longer context.</source>
        <translation>这需要 %1 个 token 的上下文，而可用的只有 %2 个。请开始新对话，或用更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>The token %1 is outside the vocabulary of %2 tokens. The model file is probably damaged; download it again.</source>
        <translation>token %1 超出了 %2 个 token 的词表。模型文件可能已损坏，请重新下载。</translation>
    </message>
    <message>
        <source>There is not enough memory: %2 are needed in %1, and %3 are free. Close other programs, shorten the context, or choose a smaller quantization.</source>
        <translation>内存不足：%1 需要 %2，而空闲的只有 %3。请关闭其他程序、缩短上下文，或选择更小的量化规格。</translation>
    </message>
    <message>
        <source>The system refused %3 of memory in %1 for “%2”. Close other programs, shorten the context, or choose a smaller quantization.</source>
        <translation>系统拒绝在 %1 中为“%2”分配 %3。请关闭其他程序、缩短上下文，或选择更小的量化规格。</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>The engine could not open port %1 on this computer (%2). Try again, or end the program that uses the port.</source>
        <translation>引擎无法打开这台电脑的端口 %1（%2）。请重试，或结束占用该端口的程序。</translation>
    </message>
    <message>
        <source>This was cancelled. Start it again whenever you like.</source>
        <translation>已取消。可随时重新开始。</translation>
    </message>
    <message>
        <source>The engine is still loading the model. Wait until it is ready, then send again.</source>
        <translation>引擎仍在加载模型。请等它就绪后再发送。</translation>
    </message>
    <message>
        <source>The engine is busy with other requests. Wait a moment, then send again.</source>
        <translation>引擎正忙于处理其他请求。请稍候再发送。</translation>
    </message>
    <message>
        <source>The engine refused the request (%1, %2). Unload the model and load it again.</source>
        <translation>引擎拒绝了请求（%1，%2）。请卸载模型后重新加载。</translation>
    </message>
    <message>
        <source>The connection to %1 was lost (%2). Load the model again; if this happens often, restart the computer.</source>
        <translation>与 %1 的连接已断开（%2）。请重新加载模型；如果经常发生，请重启电脑。</translation>
    </message>
    <message>
        <source>The engine is of version %1 and speaks protocol %2; this window needs version %3 and protocol %4. Install both from the same package.</source>
        <translation>引擎版本为 %1，协议为 %2；此界面需要版本 %3 和协议 %4。请从同一个软件包安装两者。</translation>
    </message>
    <message>
        <source>The engine met a condition that it does not know (%1). Try again; if it happens again, please report it.</source>
        <translation>引擎遇到了未知的情况（%1）。请重试；如果再次发生，请报告给我们。</translation>
    </message>
    <message>
        <source>The program plimsoll-engine was not found. Install it, or put it beside this program, and try again.</source>
        <translation>找不到程序 plimsoll-engine。请安装它，或将它放在本程序旁边，然后重试。</translation>
    </message>
    <message>
        <source>The engine “%1” does not exist. Install the program again, then try again.</source>
        <translation>引擎“%1”不存在。请重新安装程序，然后重试。</translation>
    </message>
    <message>
        <source>The engine “%1” is not allowed to run. Make the file executable, then try again.</source>
        <translation>引擎“%1”没有执行权限。请将该文件设为可执行，然后重试。</translation>
    </message>
    <message>
        <source>The engine “%1” could not be started. Install the program again, then try again.</source>
        <translation>无法启动引擎“%1”。请重新安装程序，然后重试。</translation>
    </message>
    <message>
        <source>The engine was ended by force, probably because memory ran out. Close other programs, shorten the context, or choose a smaller quantization, and try again.</source>
        <translation>引擎被强制结束，可能是内存耗尽。请关闭其他程序、缩短上下文，或选择更小的量化规格，然后重试。</translation>
    </message>
    <message>
        <source>The engine crashed (signal %1). Its last message was: “%2”. Try again.</source>
        <translation>引擎崩溃了（信号 %1）。它的最后一条消息是：“%2”。请重试。</translation>
    </message>
    <message>
        <source>The engine crashed (signal %1). Try again; if it happens again, please report it.</source>
        <translation>引擎崩溃了（信号 %1）。请重试；如果再次发生，请报告给我们。</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code %1). Its last message was: “%2”. Try again.</source>
        <translation>引擎意外结束（退出码 %1）。它的最后一条消息是：“%2”。请重试。</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code %1). Try again; if it happens again, please report it.</source>
        <translation>引擎意外结束（退出码 %1）。请重试；如果再次发生，请报告给我们。</translation>
    </message>
    <message numerus="yes">
        <source>The engine did not answer within %n second(s). Try again.</source>
        <translation>
            <numerusform>引擎在 %n 秒内没有响应。请重试。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The engine has been silent for %n second(s) and was ended. Try again.</source>
        <translation>
            <numerusform>引擎已 %n 秒没有动静，被结束了。请重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>The connection to the engine broke (%1). Try again.</source>
        <translation>与引擎的连接中断（%1）。请重试。</translation>
    </message>
    <message>
        <source>The engine&apos;s answer could not be understood (“%1”). Install the program again if trying again does not help.</source>
        <translation>无法理解引擎的回答（“%1”）。如果重试无效，请重新安装程序。</translation>
    </message>
    <message>
        <source>The engine&apos;s answer could not be understood. Install the program again if trying again does not help.</source>
        <translation>无法理解引擎的回答。如果重试无效，请重新安装程序。</translation>
    </message>
    <message>
        <source>GPU support is not installed. Install the GPU package of Plimsoll to use an NVIDIA GPU.</source>
        <translation>未安装 GPU 支持。要使用 NVIDIA GPU，请安装 Plimsoll 的 GPU 软件包。</translation>
    </message>
    <message>
        <source>GPU support belongs to another version of Plimsoll. Install all of its packages in the same version.</source>
        <translation>GPU 支持属于另一个版本的 Plimsoll。请将所有软件包安装为同一版本。</translation>
    </message>
    <message>
        <source>No working NVIDIA driver was found. Install or update the driver to use an NVIDIA GPU.</source>
        <translation>未找到可用的 NVIDIA 驱动程序。要使用 NVIDIA GPU，请安装或更新驱动程序。</translation>
    </message>
    <message>
        <source>No NVIDIA GPU was found in this computer. Models run on the CPU.</source>
        <translation>这台电脑中没有找到 NVIDIA GPU。模型在 CPU 上运行。</translation>
    </message>
    <message>
        <source>A library that GPU support needs is missing (%1). Install the CUDA libraries to use the GPU.</source>
        <translation>缺少 GPU 支持所需的库（%1）。要使用 GPU，请安装 CUDA 库。</translation>
    </message>
    <message>
        <source>The GPU cannot be used (%1). Models run on the CPU.</source>
        <translation>无法使用 GPU（%1）。模型在 CPU 上运行。</translation>
    </message>
    <message>
        <source>No GPU was found in this computer. Models run on the CPU.</source>
        <translation>这台电脑中没有找到 GPU。模型在 CPU 上运行。</translation>
    </message>
    <message>
        <source>Fits on the GPU</source>
        <translation>GPU 放得下</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>勉强放得下</translation>
    </message>
    <message>
        <source>Fits with offload</source>
        <translation>部分放入内存后可运行</translation>
    </message>
    <message>
        <source>CPU only</source>
        <translation>仅 CPU</translation>
    </message>
    <message>
        <source>Does not fit</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>Runs from disk</source>
        <translation>从磁盘运行</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>The whole model fits on the GPU, with %1 of VRAM to spare.</source>
        <translation>整个模型都放得进 GPU，显存还余 %1。</translation>
    </message>
    <message>
        <source>The model fits, but only %1 of VRAM remain; another program may need them.</source>
        <translation>模型放得下，但显存只剩 %1，其他程序可能需要它。</translation>
    </message>
    <message numerus="yes">
        <source>The model fits: %n layer(s) go to the GPU, and %1 stay in RAM.</source>
        <translation>
            <numerusform>模型放得下：%n 层放到 GPU，%1 留在内存中。</numerusform>
        </translation>
    </message>
    <message>
        <source>The model runs on the CPU and takes %1 of RAM.</source>
        <translation>模型在 CPU 上运行，占用 %1 内存。</translation>
    </message>
    <message>
        <source>The model does not fit into the memory of this computer.</source>
        <translation>这台电脑的内存和显存放不下该模型。</translation>
    </message>
    <message>
        <source>The model runs, but reads its weights from disk again and again.</source>
        <translation>模型可以运行，但会反复从磁盘读取权重。</translation>
    </message>
    <message>
        <source>Whether the model fits is not known.</source>
        <translation>尚不清楚模型是否放得下。</translation>
    </message>
    <message>
        <source>%1 is %2 short of the reserve that should stay free.</source>
        <translation>%1 距离应当保留的空闲量还差 %2。</translation>
    </message>
    <message numerus="yes">
        <source>%n of %1 layers are in RAM.</source>
        <extracomment>The number before is how many layers are in RAM, %1 is how many the model has.</extracomment>
        <translation>
            <numerusform>%1 层中有 %n 层在内存中。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The experts of %n of %1 layers are in RAM.</source>
        <extracomment>The number before is in how many layers the experts are in RAM, %1 is how many layers have experts.</extracomment>
        <translation>
            <numerusform>%1 层中有 %n 层的专家在内存中。</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no GPU, so the CPU does all the work.</source>
        <translation>没有 GPU，因此全部工作由 CPU 完成。</translation>
    </message>
    <message>
        <source>%1 is too small: one layer with its buffers needs %2.</source>
        <translation>%1 太小：一层及其缓冲区需要 %2。</translation>
    </message>
    <message>
        <source>%1 lacks %2.</source>
        <translation>%1 缺少 %2。</translation>
    </message>
    <message>
        <source>All free memory taken together is %1 too small.</source>
        <translation>所有空闲内存和显存加起来还差 %1。</translation>
    </message>
    <message>
        <source>The largest part is “%1”: %2 in %3.</source>
        <translation>最大的部分是“%1”：%2，位于 %3。</translation>
    </message>
    <message>
        <source>The system could still read %1 of weights from disk again and again, which is very slow.</source>
        <translation>系统仍可反复从磁盘读取 %1 的权重，但会非常慢。</translation>
    </message>
    <message>
        <source>As chosen, %1 of weights stay on disk and are read again whenever they are used.</source>
        <translation>按所选设置，%1 的权重留在磁盘上，每次使用时重新读取。</translation>
    </message>
    <message numerus="yes">
        <source>From %n prompt token(s) at once, %1 computes with the weights in RAM as well; they pass through buffers of %2 there.</source>
        <extracomment>The number before is how many tokens of a prompt are computed at once, %1 is a GPU.</extracomment>
        <translation>
            <numerusform>提示词一次达到 %n 个 token 时，%1 也用内存中的权重计算；权重会经过其中 %2 的缓冲区。</numerusform>
        </translation>
    </message>
    <message>
        <source>This architecture is not known in full, so its KV cache is not counted.</source>
        <translation>尚未完全了解此架构，因此没有计入它的 KV 缓存。</translation>
    </message>
    <message>
        <source>The context of %1 tokens is longer than the %2 that the model was trained on.</source>
        <translation>%1 个 token 的上下文超过了模型训练时的 %2。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Recurrent state</source>
        <translation>循环状态</translation>
    </message>
    <message>
        <source>Compute buffers</source>
        <translation>计算缓冲区</translation>
    </message>
    <message>
        <source>Output buffers</source>
        <translation>输出缓冲区</translation>
    </message>
    <message>
        <source>Transfer buffers</source>
        <translation>传输缓冲区</translation>
    </message>
    <message>
        <source>Driver overhead</source>
        <translation>驱动开销</translation>
    </message>
    <message>
        <source>The model does not fit: it needs %1 in %2, where %3 are free.</source>
        <translation>模型放不下：%2 需要 %1，而可用的只有 %3。</translation>
    </message>
    <message>
        <source>All layers are on GPUs; %1 keeps %2 of headroom.</source>
        <translation>所有层都在 GPU 上；%1 的余量为 %2。</translation>
    </message>
    <message>
        <source>Store the KV cache as %1</source>
        <translation>以 %1 存储 KV 缓存</translation>
    </message>
    <message>
        <source>Shorten the context from %1 to %2 tokens</source>
        <translation>将上下文从 %1 缩短到 %2 个 token</translation>
    </message>
    <message numerus="yes">
        <source>Run %n parallel sequence(s) instead of %1</source>
        <extracomment>%1 is how many there are now.</extracomment>
        <translation>
            <numerusform>将并行序列从 %1 个减为 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Use the smaller quantization %1</source>
        <translation>改用更小的量化 %1</translation>
    </message>
    <message numerus="yes">
        <source>Keep the experts of %n layer(s) in RAM</source>
        <translation>
            <numerusform>将 %n 层的专家留在内存中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keep %n layer(s) in RAM</source>
        <translation>
            <numerusform>将 %n 层留在内存中</numerusform>
        </translation>
    </message>
    <message>
        <source>Use the smaller model %1</source>
        <translation>改用较小的模型 %1</translation>
    </message>
    <message>
        <source>Close what else uses %1: %2</source>
        <translation>关闭占用 %1 的其他程序：%2</translation>
    </message>
    <message>
        <source>Use a %1 in place of the first GPU</source>
        <translation>用 %1 替换第一块 GPU</translation>
    </message>
    <message>
        <source>Add a %1</source>
        <translation>增加一块 %1</translation>
    </message>
    <message>
        <source>Use a %1 as GPU</source>
        <translation>使用 %1 作为 GPU</translation>
    </message>
    <message>
        <source>Run anyway, the engine would refuse to load it for lack of memory.</source>
        <translation>如果仍要运行，引擎会因内存不足而拒绝加载。</translation>
    </message>
    <message>
        <source>Run anyway, it reads %1 of weights that RAM does not hold from disk for every token, which is very slow.</source>
        <translation>如仍要运行，内存放不下的 %1 权重会在每个 token 时从磁盘读取，速度非常慢。</translation>
    </message>
    <message>
        <source>Run anyway, it reads %1 of weights that RAM does not hold from disk for every token and reaches %2.</source>
        <translation>如仍要运行，内存放不下的 %1 权重会在每个 token 时从磁盘读取，速度为 %2。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SettingsPage</name>
    <message>
        <source>Programs (*)</source>
        <translation>程序 (*)</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>VRAM kept free</source>
        <translation>保留的显存</translation>
    </message>
    <message>
        <source>On each GPU. A plan that leaves less is called tight.</source>
        <translation>每块 GPU 上都保留。剩余更少的方案视为余量紧张。</translation>
    </message>
    <message>
        <source>VRAM kept free on each GPU</source>
        <translation>每块 GPU 保留的显存</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>The program plimsoll-engine. Empty: the one beside this program.</source>
        <translation>程序 plimsoll-engine。留空则使用本程序旁边的那个。</translation>
    </message>
    <message>
        <source>Path of the engine</source>
        <translation>引擎路径</translation>
    </message>
    <message>
        <source>Found automatically</source>
        <translation>自动查找</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose the engine</source>
        <translation>选择引擎</translation>
    </message>
    <message>
        <source>Folder of the models</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>Where “Open” begins. Empty: where the last file was opened.</source>
        <translation>“打开”的起始位置。留空则为上次打开文件的位置。</translation>
    </message>
    <message>
        <source>The last one used</source>
        <translation>上次使用的文件夹</translation>
    </message>
    <message>
        <source>Choose the folder of the models</source>
        <translation>选择模型文件夹</translation>
    </message>
    <message>
        <source>Settings are kept in %1.</source>
        <translation>设置保存在 %1。</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::ShareMenu</name>
    <message>
        <source>Web page (*.html);;Document (*.pdf);;Markdown (*.md);;Text (*.txt)</source>
        <translation>网页 (*.html);;文档 (*.pdf);;Markdown (*.md);;文本 (*.txt)</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>复制为</translation>
    </message>
    <message>
        <source>Copies the command that launches this plan, for Plimsoll or another program.</source>
        <translation>复制启动此方案的命令，可用于 Plimsoll 或其他程序。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>This plan with its figures and reasons, as text or as a file.</source>
        <translation>此方案及其数据与理由，可作为文本或文件。</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SpeedTable</name>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>首 token 延迟</translation>
    </message>
    <message>
        <source>Prompt processing</source>
        <translation>提示词处理</translation>
    </message>
    <message>
        <source>Prompt tokens</source>
        <translation>提示词 token 数</translation>
    </message>
    <message>
        <source>Answer tokens</source>
        <translation>回答 token 数</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>For screen readers: what is measured, and the figure.</extracomment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::StatusStrip</name>
    <message>
        <source>No model loaded</source>
        <translation>未加载模型</translation>
    </message>
    <message>
        <source>%1: starting the engine</source>
        <comment>%1 is a model</comment>
        <translation>%1：正在启动引擎</translation>
    </message>
    <message>
        <source>%1: loading, %2</source>
        <comment>%1 is a model, %2 a percentage</comment>
        <translation>%1：正在加载，%2</translation>
    </message>
    <message>
        <source>%1: ready</source>
        <comment>%1 is a model</comment>
        <translation>%1：就绪</translation>
    </message>
    <message>
        <source>%1: generating</source>
        <comment>%1 is a model</comment>
        <translation>%1：正在生成</translation>
    </message>
    <message>
        <source>%1: unloading</source>
        <comment>%1 is a model</comment>
        <translation>%1：正在卸载</translation>
    </message>
    <message>
        <source>%1: stopped by an error</source>
        <comment>%1 is a model</comment>
        <translation>%1：因错误而停止</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop generating; what was said stays.</source>
        <translation>停止生成；已有的内容会保留。</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载模型</translation>
    </message>
    <message>
        <source>End the engine and free its memory.</source>
        <translation>结束引擎并释放其内存。</translation>
    </message>
    <message>
        <source>GPU %1: %2 of %3</source>
        <comment>number, VRAM in use, all of its VRAM</comment>
        <translation>GPU %1：%2 / %3</translation>
    </message>
    <message>
        <source>RAM: %1 of %2</source>
        <comment>in use, all there is</comment>
        <translation>内存：%1 / %2</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::SuggestionList</name>
    <message>
        <source>What would change it</source>
        <translation>怎样可以改善</translation>
    </message>
    <message>
        <source>No single change would make it fit better or run a tenth faster.</source>
        <translation>没有哪一项单独的改动能让它放得更好，或快上一成。</translation>
    </message>
    <message>
        <source>Pretend</source>
        <translation>假定</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>name of a button, and the sentence it stands behind</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>With all else as it is: at most %1 tokens of context, or %2 parallel sequences.</source>
        <translation>其他条件不变时：上下文最多 %1 个 token，或并行序列最多 %2 个。</translation>
    </message>
    <message>
        <source>With all else as it is: at most %1 tokens of context, or %2 parallel sequences, or %3 as quantization.</source>
        <translation>其他条件不变时：上下文最多 %1 个 token，或并行序列最多 %2 个，或量化最高到 %3。</translation>
    </message>
    <message>
        <source>Divided over several %1, it fits on none of the numbers that are considered.</source>
        <translation>分布到多块 %1 上时，在所考虑的数量内都放不下。</translation>
    </message>
    <message>
        <source>Divided over several %1: at least %2 cards (%3 in parallel × %4 in a row).</source>
        <extracomment>%1 is a GPU, %2 how many of them; %3 cards share every layer, in %4 groups one behind the other.</extracomment>
        <translation>分布到多块 %1 上：至少 %2 块（%3 块并行 × %4 级串联）。</translation>
    </message>
    <message numerus="yes">
        <source>%1 In whole servers of %2 cards: %n server(s).</source>
        <extracomment>%1 is a sentence about the number of cards.</extracomment>
        <translation>
            <numerusform>%1 若按每台 %2 块的整机计：%n 台服务器。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>plimsoll::app::Theme</name>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
</context>
<context>
    <name>plimsoll::app::VerdictBanner</name>
    <message>
        <source>Predicted: generation %1, prompt processing %2.</source>
        <translation>预测：生成 %1，提示词处理 %2。</translation>
    </message>
    <message>
        <source>This cannot be planned</source>
        <translation>无法规划</translation>
    </message>
    <message>
        <source>No model chosen</source>
        <translation>未选择模型</translation>
    </message>
    <message>
        <source>Choose a model above, or open a GGUF file.</source>
        <translation>请在上方选择模型，或打开 GGUF 文件。</translation>
    </message>
    <message>
        <source>Launch</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Launch…</source>
        <translation>启动…</translation>
    </message>
    <message>
        <source>Load this file into memory and run it.</source>
        <translation>将此文件加载到内存并运行。</translation>
    </message>
    <message>
        <source>Asks for the GGUF file of this model, then loads and runs it.</source>
        <translation>先询问此模型的 GGUF 文件，然后加载并运行。</translation>
    </message>
    <message>
        <source>Predicted: generation %1.</source>
        <translation>预测：生成 %1。</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在检测这台电脑…</translation>
    </message>
    <message>
        <source>What it has is not known yet. You can pretend other hardware meanwhile.</source>
        <translation>尚不清楚它有哪些硬件。您也可以先假定其他硬件。</translation>
    </message>
    <message>
        <source>Run anyway</source>
        <translation>仍要运行</translation>
    </message>
    <message>
        <source>Run anyway…</source>
        <translation>仍要运行…</translation>
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
        <translation>原因</translation>
    </message>
    <message>
        <source>Show how each part comes about</source>
        <translation>显示各部分的计算方式</translation>
    </message>
    <message>
        <source>Every part of the memory with its formula</source>
        <translation>内存的每个部分及其算式</translation>
    </message>
</context>
</TS>
