"""The thoughts behind wrong answers: each with what to say, and where to read again.

Predictions and checks of exercises recognise a wrong answer and name its thought by its key here;
``docs/misconceptions.md`` is made from this list. A hint points at the place to look and never
holds the answer.

Source: no inventory of misconceptions about convolutional networks has been published, as far as
we know. These are ours: from the slips that the formulas allow, from mistakes in public questions
about PyTorch, and from errors that PyTorch's own documentation warns of.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "counting places",
    "padding",
    "stride and dilation",
    "pooling",
    "axes",
    "following a chain",
    "counting weights",
    "bias",
    "sum of products",
    "places and sharing",
    "fields of view",
    "flattening",
    "rounding",
    "batch",
    "the data",
    "units and shares",
    "softmax and loss",
    "activation",
    "weights at the start",
    "gradients and steps",
    "modes",
    "predicted class",
    "reading curves",
    "judging a change",
    "stopping in time",
    "measuring",
    "where time goes",
    "writing a function",
)


@dataclass(frozen=True)
class Misconception:
    """A plausible wrong thought.

    Args:
        thought: What was probably thought, as the end of "It looks as if ...".
        hint: What to look at or to try next; without the answer.
        notebook: The notebook that has it, by its number.
        section: The heading to read again, without its number.
        kind: What it is about, one of ``KINDS``: there are too many thoughts to read them all.
    """

    thought: str
    hint: str
    notebook: int
    section: str
    kind: str


MISCONCEPTIONS: dict[str, Misconception] = {
    # sizes
    "no plus one": Misconception(
        "the first place is not counted",
        "Put the kernel, or the window, at the left edge: that is one place already. Then count "
        "its steps.",
        1, "A kernel slides over a picture", "counting places",
    ),
    "padding forgotten": Misconception(
        "the padding is left out",
        "Draw the frame of zeros around the picture first, and slide over all of it.",
        1, "Padding: a frame of zeros", "padding",
    ),
    "padding once": Misconception(
        "the padding is added at one side only",
        "The frame runs around the picture. How many sides of an axis does it touch?",
        1, "Padding: a frame of zeros", "padding",
    ),
    "stride ignored": Misconception(
        "the kernel takes every place, one pixel after the other",
        "The stride says how far the kernel jumps from one place to the next.",
        1, "Stride: larger steps, and a floor", "stride and dilation",
    ),
    "ceil for floor": Misconception(
        "the division is rounded up",
        "Would the last place still lie inside the picture?",
        1, "Stride: larger steps, and a floor", "rounding",
    ),
    "nearest place": Misconception(
        "the division is rounded to the nearest whole number",
        "How much of a step must there be for one more place?",
        1, "Stride: larger steps, and a floor", "rounding",
    ),
    "part of a step": Misconception(
        "a part of a step is counted",
        "Can the kernel, or the window, stand at a part of a place? Count the whole steps.",
        1, "Stride: larger steps, and a floor", "rounding",
    ),
    "one axis for both": Misconception(
        "one axis is computed and written down for both",
        "Height and width have a sum each. Are the two sides of this picture equal?",
        1, "Stride: larger steps, and a floor", "axes",
    ),
    "axes swapped": Misconception(
        "the order of the axes is turned around",
        "PyTorch writes channels, height, width, in this order.",
        1, "Stride: larger steps, and a floor", "axes",
    ),
    "dilation adds taps": Misconception(
        "dilation is left out, or taken for more taps",
        "Mark the taps in the picture, with the gaps between them, and measure from the first "
        "to the last.",
        1, "Dilation: a kernel with gaps", "stride and dilation",
    ),
    "kernel for map": Misconception(
        "the size of the kernel, or of the window, is taken for the size of what comes out",
        "It is what slides. At how many places can it stand?",
        1, "A kernel slides over a picture", "counting places",
    ),
    "size kept": Misconception(
        "the size is thought to stay as it is",
        "Is there a place for the kernel, or the window, at every pixel, also at the edges?",
        1, "A kernel slides over a picture", "counting places",
    ),
    "kernel not taken off": Misconception(
        "the room that the kernel itself takes is not taken off",
        "Put the kernel at the right edge: where is its left edge then?",
        1, "A kernel slides over a picture", "counting places",
    ),
    "windows side by side": Misconception(
        "the kernel, or the window, is thought to move on by its own size, whatever the stride",
        "How far is it from one place to the next here? Read the stride.",
        1, "Stride: larger steps, and a floor", "stride and dilation",
    ),
    "area for side": Misconception(
        "all pixels are counted where one side is asked for",
        "Read the question again: one number along one axis.",
        1, "The whole formula", "counting places",
    ),
    "side for area": Misconception(
        "one side is given where all values are asked for",
        "Count the values of all rows and all channels.",
        1, "LeNet, layer by layer", "counting places",
    ),
    "pooling stride one": Misconception(
        "the pooling window moves by one pixel",
        "Where nothing is said, a pooling window moves by its own size.",
        1, "Pooling is the same arithmetic", "pooling",
    ),
    "stride without a value": Misconception(
        "s is used as it is, even where nobody has given it",
        "Without s the call has None in its place. What is the stride then? Say it in the first "
        "line.",
        1, "Pooling is the same arithmetic", "stride and dilation",
    ),
    "pooling merges channels": Misconception(
        "pooling is thought to change the number of channels",
        "The window lies in one channel. Does anything add channels up?",
        1, "Pooling is the same arithmetic", "pooling",
    ),
    "pooling divides twice": Misconception(
        "the side is divided by the number of pixels in the window",
        "Along one side, how many windows lie side by side?",
        1, "Pooling is the same arithmetic", "pooling",
    ),
    "stopped early": Misconception(
        "the chain is left one layer too early",
        "Go through the layers one by one, and count the pooling layers.",
        1, "LeNet, layer by layer", "following a chain",
    ),
    "went too far": Misconception(
        "the chain is followed one layer too far",
        "At which layer does the question stop?",
        1, "LeNet, layer by layer", "following a chain",
    ),
    "bias forgotten": Misconception(
        "the bias is left out",
        "Each output channel, and each dense unit, adds one number of its own.",
        1, "What a layer costs", "bias",
    ),
    "bias per weight": Misconception(
        "the bias is counted, or added, more than once for an output",
        "How many biases does one output channel have, or one dense unit?",
        1, "What a layer costs", "bias",
    ),
    "kernel of one channel": Misconception(
        "a kernel is thought to lie in one input channel only",
        "Each output channel looks at all input channels: its kernel is as deep as the input.",
        1, "What a layer costs", "counting weights",
    ),
    "parameters grow with picture": Misconception(
        "the parameters are multiplied by the number of places",
        "The same kernel is used at every place. What is stored?",
        1, "What a layer costs", "places and sharing",
    ),
    "part for whole": Misconception(
        "another number of the same sum is given",
        "Say the question again in your own words: of what is the number?",
        1, "What a layer costs", "units and shares",
    ),
    # building
    "kernel flipped": Misconception(
        "the kernel is turned around before it is used",
        "Deep learning slides the kernel as it is; the mathematician's convolution turns it.",
        2, "What one convolution computes", "sum of products",
    ),
    "sum of corners only": Misconception(
        "some of the products are left out",
        "Each number of the kernel meets one pixel. How many products are there?",
        2, "What one convolution computes", "sum of products",
    ),
    "weights left out": Misconception(
        "the pixels are added without the weights",
        "Each pixel is multiplied by the weight that lies on it, and then all is added.",
        2, "What one convolution computes", "sum of products",
    ),
    "weights live in convolutions": Misconception(
        "most parameters are thought to be where most of the work is",
        "Is there a weight for each pair of an input and an output, or one kernel for all places?",
        2, "Where are the parameters?", "counting weights",
    ),
    "last layers largest": Misconception(
        "the last layers are thought to be the large ones",
        "Multiply the two numbers of each layer, what comes in and what goes out, and compare.",
        2, "Where are the parameters?", "counting weights",
    ),
    "dense layer like a kernel": Misconception(
        "a dense layer is thought not to depend on the size of the maps",
        "A kernel is used at every place. Is a weight of a dense layer?",
        2, "Where are the parameters?", "places and sharing",
    ),
    "one weight per input": Misconception(
        "each number that reaches a dense layer is thought to have one weight",
        "With how many units is each of the numbers linked?",
        2, "Where are the parameters?", "counting weights",
    ),
    "softmax in the network": Misconception(
        "the network is thought to end with a softmax",
        "What does nn.CrossEntropyLoss do with the scores that it is given?",
        2, "Why is there no activation at the end?", "softmax and loss",
    ),
    # shapes
    "batch multiplied": Misconception(
        "the number of pictures in the batch is multiplied in",
        "The first axis counts pictures; a layer does the same to each of them.",
        3, "Layer by layer", "batch",
    ),
    "flatten keeps channels": Misconception(
        "the channels, or one side, are left out of the flattening",
        "Flattening puts all channels, rows and columns of one picture into one row.",
        2, "Two kinds of block", "flattening",
    ),
    "batch axis forgotten": Misconception(
        "the axis of the pictures is left out",
        "PyTorch keeps an axis for the pictures, even for a single one.",
        3, "Layer by layer", "axes",
    ),
    "channels kept": Misconception(
        "the channels of an earlier layer are kept",
        "Which layer changes the number of channels, and to what? Read its two numbers.",
        3, "Layer by layer", "following a chain",
    ),
    "padding added": Misconception(
        "a padding is counted that is not there",
        "Read the first convolution again: what was forgotten in it?",
        3, "First error: the wrong number after flattening", "padding",
    ),
    "work is where weights are": Misconception(
        "the layer with the most parameters is thought to compute most",
        "A shared weight is used at every place: multiply by the places.",
        3, "The same as one table", "places and sharing",
    ),
    "larger map, more work": Misconception(
        "the largest map is thought to cost most",
        "Places are one factor. How many products does each place need, over all channels?",
        3, "The same as one table", "places and sharing",
    ),
    "other numbering": Misconception(
        "the layers are numbered in another way than in the table",
        "The table counts every layer of the chain, also those without weights. Where does it "
        "begin?",
        3, "The same as one table", "following a chain",
    ),
    "batch for channels": Misconception(
        "an axis is taken for another one",
        "With three axes PyTorch takes the first of its four to be missing. Which one is that?",
        3, "Second error: no channel dimension", "axes",
    ),
    "flatten taken for granted": Misconception(
        "the maps are thought to be flattened by themselves",
        "Nothing is flattened here. On which axis does a dense layer work?",
        3, "Third error: nobody flattened", "flattening",
    ),
    "maps for rows": Misconception(
        "whole maps are counted where their rows are meant",
        "The last axis is one row of a map. How many such rows are there, over all maps?",
        3, "Third error: nobody flattened", "flattening",
    ),
    "maps for a matrix": Misconception(
        "the shape of the maps is given as it is",
        "A matrix has two sides. Which axis of the maps stays alone? What becomes of the others?",
        3, "First error: the wrong number after flattening", "flattening",
    ),
    "mat1 turned around": Misconception(
        "the two numbers of mat1 are exchanged",
        "The first number counts the rows, the second what stands in one row.",
        3, "First error: the wrong number after flattening", "axes",
    ),
    "mat2 for mat1": Misconception(
        "mat2 is given: the weights of the layer",
        "Which of the two matrices comes in, and which belongs to the layer?",
        3, "First error: the wrong number after flattening", "axes",
    ),
    "function taken for a layer": Misconception(
        "a step of forward is taken for a layer",
        "A hook is set on a module. Which steps of LeNet.forward are modules?",
        3, "Hooks: looking into any network", "following a chain",
    ),
    "containers counted": Misconception(
        "the chains around the layers are counted, or the network itself",
        "The hooks are set on the modules that have no modules inside.",
        3, "Hooks: looking into any network", "following a chain",
    ),
    "only weights are layers": Misconception(
        "layers without weights are not counted",
        "An activation and a pooling are modules too.",
        3, "Hooks: looking into any network", "following a chain",
    ),
    "field for jump": Misconception(
        "the size of the field is given where its jump is asked for",
        "How far does the field move to the next number? Neighbours overlap.",
        3, "The same as one table", "fields of view",
    ),
    # data
    "rounded down": Misconception(
        "the last, smaller batch is left out",
        "What happens to the pictures that do not fill a batch?",
        4, "Batches", "rounding",
    ),
    "not rounded": Misconception(
        "a part of a batch is counted",
        "A batch is there or it is not. What becomes of the pictures that are left?",
        4, "Batches", "rounding",
    ),
    "batches for pictures": Misconception(
        "batches and pictures are taken for each other",
        "Which of the two is asked for: batches, or pictures?",
        4, "Batches", "batch",
    ),
    "test set mixed in": Misconception(
        "training and test pictures are taken for each other, or added",
        "Which of the two sets does the question speak of?",
        4, "Load it", "the data",
    ),
    "test set left out": Misconception(
        "the test pictures are left out",
        "The question speaks of all pictures: how many are there?",
        4, "Load it", "the data",
    ),
    "background not counted": Misconception(
        "only the garment is thought of",
        "Look at the pixels around the garment, and at those between sleeves or legs.",
        4, "Look at it", "the data",
    ),
    "garment not counted": Misconception(
        "the garment is thought to be smaller than it is",
        "Look at a row of shirts: how much of each picture do they fill?",
        4, "Look at it", "the data",
    ),
    "unit mistaken": Misconception(
        "the number is right in another unit",
        "Read the unit that the question asks for.",
        4, "How much memory?", "units and shares",
    ),
    "bytes per float": Misconception(
        "a pixel is thought to take several bytes",
        "How are the pixels kept: as bytes, or as floating-point numbers?",
        4, "How much memory?", "units and shares",
    ),
    # training
    "per cent for share": Misconception(
        "a share is given in per cent",
        "A share lies between 0 and 1.",
        4, "The range of the pixels", "units and shares",
    ),
    "guessing loses nothing": Misconception(
        "the loss is taken for a probability, for the share of errors, or for nothing",
        "The loss is the negative logarithm of the probability of the right class.",
        5, "The loss of guessing", "softmax and loss",
    ),
    "minus forgotten": Misconception(
        "the minus sign of the loss is left out",
        "The logarithm of a number below 1 is negative. What does the formula do about it?",
        5, "The loss of guessing", "softmax and loss",
    ),
    "another logarithm": Misconception(
        "another logarithm is taken",
        "The formula has the natural logarithm: math.log in Python.",
        5, "The loss of guessing", "softmax and loss",
    ),
    "logarithm of another number": Misconception(
        "the logarithm of another number is taken",
        "Of which probability is it the logarithm? How many classes share the whole?",
        5, "The loss of guessing", "softmax and loss",
    ),
    "worse than guessing": Misconception(
        "the network is thought to begin worse than guessing",
        "Small random weights give nearly equal scores. What is the loss of equal scores?",
        5, "The loss of guessing", "softmax and loss",
    ),
    "class name misread": Misconception(
        "the second class name is taken for another one",
        "Look the name up: nn.ConstantPad2d. Has LeNet a layer of that class?",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "a wrong name stops it": Misconception(
        "a wrong class name is thought to stop the function",
        "isinstance only asks. What happens where the answer is no, and where it is yes?",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "applied to one layer": Misconception(
        "the function is thought to be called for one layer only",
        "net.apply goes through the whole network. For which layers is the answer yes?",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "mean of means": Misconception(
        "the batches are averaged although the last one is smaller",
        "Weigh each batch by its pictures: sum first, divide once.",
        5, "How good is it? Evaluation", "batch",
    ),
    "gradients pile up": Misconception(
        "the gradients of earlier batches are kept",
        "backward() adds to the gradients that are there.",
        5, "The training loop", "gradients and steps",
    ),
    "step before backward": Misconception(
        "the weights are moved before the gradients are there",
        "The order is: clear, forward, loss, backward, step.",
        5, "The training loop", "gradients and steps",
    ),
    "evaluation trains": Misconception(
        "the network is measured in training mode",
        "Dropout and batch normalisation do something else while training: net.eval().",
        5, "How good is it? Evaluation", "modes",
    ),
    "sigmoid learns at once": Misconception(
        "LeNet with sigmoids is thought to learn from the first batch on",
        "Its gradients are small at first: look at the loss of guessing.",
        5, "The training loop", "reading curves",
    ),
    "plateau for ever": Misconception(
        "the plateau is thought to last for ever",
        "The loss leaves the plateau after about an epoch. How many epochs are left?",
        5, "The training loop", "reading curves",
    ),
    "nearly perfect": Misconception(
        "the network is thought to be wrong almost never",
        "Shirts, pullovers and coats look alike at this size, for people too.",
        5, "Ten epochs with the helper", "reading curves",
    ),
    "going back is free": Misconception(
        "going backward is thought to cost less than going forward",
        "How many gradients does a convolution compute on the way back?",
        8, "Which operation takes most?", "where time goes",
    ),
    "activation costs most": Misconception(
        "the activation is thought to cost most",
        "An activation does one thing for each number. How many products does a convolution "
        "need?",
        8, "Which operation takes most?", "where time goes",
    ),
    "loading is free": Misconception(
        "fetching the pictures is thought to cost next to nothing",
        "Each picture goes through Python alone. Count the calls for one batch.",
        8, "Fetching the pictures", "where time goes",
    ),
    "arithmetic is free": Misconception(
        "the arithmetic is thought to cost next to nothing",
        "A step computes hundreds of thousands of products for each picture, and goes back "
        "through them.",
        8, "Fetching the pictures", "where time goes",
    ),
    "adaptive means careful": Misconception(
        "a step size for each weight is thought to mean smaller steps",
        "Adam divides by the size of the gradients. What does that do to a small one?",
        5, "Another optimiser: Adam", "gradients and steps",
    ),
    "same step for all": Misconception(
        "Adam is thought to take the steps of SGD",
        "Adam divides by the size of the gradients. What does that do to a small one?",
        5, "Another optimiser: Adam", "gradients and steps",
    ),
    "a shape of its own": Misconception(
        "a garment with a shape of its own is thought to be hard",
        "Which garments could be taken for each other, seen from three steps away?",
        5, "Look at the mistakes", "the data",
    ),
    # inside, and when it goes wrong
    "pooling forgotten": Misconception(
        "the pooling before the layer is left out",
        "One step in a pooled map is two pixels of the picture.",
        6, "One picture, every layer", "fields of view",
    ),
    "pooling window forgotten": Misconception(
        "the step of the pooling is counted, its window is not",
        "A pooled pixel is made of two pixels a side. What does the last one add?",
        6, "One picture, every layer", "fields of view",
    ),
    "field is the kernel": Misconception(
        "the kernel's own size is taken for what the unit sees",
        "The kernel lies on a map. What does each pixel of that map see of the picture?",
        6, "One picture, every layer", "fields of view",
    ),
    "fields multiplied": Misconception(
        "the sizes are multiplied",
        "Neighbours see nearly the same pixels: their fields overlap. Count the pixels once.",
        6, "One picture, every layer", "fields of view",
    ),
    "whole picture seen": Misconception(
        "a unit of a convolution is thought to see the whole picture",
        "Which layer is the first whose units are linked with all pixels?",
        6, "One picture, every layer", "fields of view",
    ),
    "pooling makes invariant": Misconception(
        "pooling is thought to make a network indifferent to moves",
        "A pooling window of two forgives less than two pixels. Measure it.",
        6, "What pooling promises", "places and sharing",
    ),
    "a map does not move": Misconception(
        "a convolution is thought not to notice a move",
        "When the picture moves, the map of a convolution moves along. Is that the same "
        "pattern?",
        6, "What pooling promises", "places and sharing",
    ),
    "one pooling is enough": Misconception(
        "the first pooling is thought to do all of the work",
        "What does a second pooling do to what the first has left?",
        6, "What pooling promises", "places and sharing",
    ),
    "fixed places only": Misconception(
        "each pixel is thought to count at its own place only",
        "Kernels find a pattern wherever it is. Only the dense layers know places.",
        6, "What pooling promises", "places and sharing",
    ),
    "any failure is the rate": Misconception(
        "the learning rate is thought to explain every curve",
        "Compare the level that the curve settles at with the loss of guessing, and with 0.",
        7, "Four mistakes, four curves", "reading curves",
    ),
    "a rise is a large step": Misconception(
        "a loss that rises is taken for one large step",
        "Where does it start? Does it jump in the first steps, or grow from epoch to epoch?",
        7, "Four mistakes, four curves", "reading curves",
    ),
    "start not looked at": Misconception(
        "only the end of the curve is looked at",
        "Look at the first points: are they above the loss of guessing, or at it?",
        7, "Four mistakes, four curves", "reading curves",
    ),
    "direction not looked at": Misconception(
        "the direction of the curve is not looked at",
        "Follow the loss from epoch to epoch: does it fall, stay, or rise?",
        7, "Four mistakes, four curves", "reading curves",
    ),
    "accuracy not looked at": Misconception(
        "the loss is not compared with the accuracy",
        "Look at the accuracy too: does it say the same as the loss?",
        7, "Four mistakes, four curves", "reading curves",
    ),
    "a wrong loss stops all learning": Misconception(
        "a loss that is not as meant is thought to stop all learning",
        "Does the order of the classes change when a softmax is put behind them?",
        7, "Twenty pictures by heart", "softmax and loss",
    ),
    "one softmax counted": Misconception(
        "the loss of guessing is given",
        "This network does not guess: it gives the true class the most that a softmax allows.",
        7, "Run B", "softmax and loss",
    ),
    "more than there are": Misconception(
        "the number is beyond what there is",
        "How many are there in all? The question says it.",
        7, "Twenty pictures by heart", "units and shares",
    ),
    # writing code
    "first pixel not counted": Misconception(
        "the steps from tap to tap are counted, and not the pixel of the first tap",
        "Count pixels and not steps: the first tap lies on a pixel too.",
        1, "Dilation: a kernel with gaps", "stride and dilation",
    ),
    "gap after the last tap": Misconception(
        "a gap is counted after the last tap too",
        "Draw the taps of one kernel. How many gaps lie between the first and the last?",
        1, "Dilation: a kernel with gaps", "stride and dilation",
    ),
    "brackets misplaced": Misconception(
        "the parts are right and the brackets are not",
        "Python divides before it adds. Which part is to be divided, and what is added after "
        "it?",
        1, "The whole formula", "counting places",
    ),
    "arguments swapped": Misconception(
        "two arguments are exchanged",
        "Read the first line again: which one comes first?",
        1, "The whole formula", "writing a function",
    ),
    "size never changes": Misconception(
        "the output is thought to be as large as the input",
        "Put the kernel at the last place. Does it still lie inside?",
        1, "A kernel slides over a picture", "counting places",
    ),
    "division with a rest": Misconception(
        "/ is written where // is meant",
        "/ keeps the fraction and gives 3.0 for 6 / 2; a size is a whole number.",
        1, "Stride: larger steps, and a floor", "rounding",
    ),
    "even kernel kept": Misconception(
        "the number of lost pixels is thought to be even always",
        "Add up what both ends get. Is that what was lost?",
        1, "Padding: a frame of zeros", "padding",
    ),
    "even kernel refused": Misconception(
        "every even kernel is refused",
        "What has to be even: the kernel, or the number of pixels that are lost? Try k=2 with "
        "d=2.",
        1, "Dilation: a kernel with gaps", "padding",
    ),
    "bias per layer": Misconception(
        "one bias is counted for the whole layer",
        "Which of the output channels would it belong to?",
        1, "What a layer costs", "bias",
    ),
    "bias per input": Misconception(
        "the biases are counted by the input channels",
        "A bias is added to an output. How many outputs are there?",
        1, "What a layer costs", "bias",
    ),
    "kernel has one side": Misconception(
        "the kernel's weights are counted along one side, or along two",
        "A kernel of 3 is a square. Draw it, and count.",
        1, "What a layer costs", "counting weights",
    ),
    "one output channel": Misconception(
        "the kernel of one output channel is counted, not those of all",
        "Each output channel has weights of its own.",
        1, "What a layer costs", "counting weights",
    ),
    "channels added": Misconception(
        "the input and the output channels are added",
        "Is there a kernel for each channel, or for each pair of channels?",
        1, "What a layer costs", "counting weights",
    ),
    "nothing returned": Misconception(
        "the result is computed and not handed back",
        "The last line of a function that gives something is return.",
        1, "The whole formula", "writing a function",
    ),
    "way without return": Misconception(
        "one way through the function ends without a return",
        "Follow your lines with this input. Where the answer of an if is no: which line "
        "comes next?",
        1, "The whole formula", "writing a function",
    ),
    "print for return": Misconception(
        "the result is printed in place of being returned",
        "What is printed is for people; only return hands a value on.",
        1, "The whole formula", "writing a function",
    ),
    "loop without end": Misconception(
        "a loop goes round without an end, or far too often",
        "In a while, which line changes what its condition asks? In a for, how often does it go "
        "round?",
        1, "The whole formula", "writing a function",
    ),
    "None on the way": Misconception(
        "a value has become None on the way",
        "append(), sort() and print() give None. Does one of them stand behind a = or a return?",
        1, "The whole formula", "writing a function",
    ),
    "error returned": Misconception(
        "the error is returned like a value",
        "return hands a value on. Which word stops a function with an error?",
        1, "The whole formula", "writing a function",
    ),
    "text for number": Misconception(
        "a text is made of the number",
        "What would 1 be added to? Leave out the quotation marks and str().",
        1, "The whole formula", "writing a function",
    ),
    "argument changed": Misconception(
        "the function may write into what it was given",
        "Whoever called it needs it as it was: write into a new tensor, or into a .clone().",
        2, "What one convolution computes", "writing a function",
    ),
    "rows for columns": Misconception(
        "rows and columns are exchanged",
        "Try a picture that is not square. The first index is the row.",
        2, "What one convolution computes", "axes",
    ),
    "mean for sum": Misconception(
        "the products are averaged",
        "At each place the products are added up, and not divided.",
        2, "What one convolution computes", "sum of products",
    ),
    "no sum": Misconception(
        "the products are left as they are",
        "How many numbers does one place of the kernel give?",
        2, "What one convolution computes", "sum of products",
    ),
    "kernel does not slide": Misconception(
        "the kernel is laid on the picture once, and does not slide",
        "At how many places can it stand, down and across? What goes through them?",
        2, "What one convolution computes", "counting places",
    ),
    "kernel not used": Misconception(
        "the pixels are added up without their weights",
        "Where does the kernel come in?",
        2, "What one convolution computes", "sum of products",
    ),
    "sum for product": Misconception(
        "pixel and weight are added",
        "Each weight is multiplied with the pixel under it; then the products are added up.",
        2, "What one convolution computes", "sum of products",
    ),
    "overwritten sum": Misconception(
        "each product overwrites the one before it",
        "= replaces, += adds.",
        2, "What one convolution computes", "sum of products",
    ),
    "sum carried over": Misconception(
        "the sum goes on from place to place",
        "Where must the sum be set back to 0?",
        2, "What one convolution computes", "sum of products",
    ),
    "kernel taken for square": Misconception(
        "the kernel is taken for a square",
        "It has a height and a width. Try a kernel of 1×2.",
        2, "What one convolution computes", "axes",
    ),
    "last place left out": Misconception(
        "the last row and the last column of places are left out",
        "range(n) ends before n already. What is the last place of the kernel?",
        2, "What one convolution computes", "counting places",
    ),
    "maximum for average": Misconception(
        "the largest value is taken for the average",
        "The two poolings differ: which one is asked for?",
        1, "Pooling is the same arithmetic", "pooling",
    ),
    "sum for mean": Misconception(
        "the window is added up and not divided",
        "The mean lies between the least and the greatest value.",
        1, "Pooling is the same arithmetic", "pooling",
    ),
    "number written in": Misconception(
        "a number that holds for one example is written into the function",
        "Which of the arguments does that number come from?",
        1, "Pooling is the same arithmetic", "writing a function",
    ),
    "^ for a power": Misconception(
        "^ is taken for a power",
        "In Python ^ compares the bits of two whole numbers. A power is written with two stars.",
        1, "The whole formula", "writing a function",
    ),
    "divided by the side": Misconception(
        "the sum is divided by one side of the window",
        "How many pixels has the whole window?",
        1, "Pooling is the same arithmetic", "pooling",
    ),
    "one pixel for the window": Misconception(
        "one pixel is taken for the whole window",
        "Every pixel of a window counts.",
        1, "Pooling is the same arithmetic", "pooling",
    ),
    "rounded mean": Misconception(
        "the mean is rounded",
        "Is there a // or an int() that takes the fraction away?",
        1, "Pooling is the same arithmetic", "rounding",
    ),
    "activation at the end": Misconception(
        "the last layer is followed by an activation",
        "What would it do to a score that is large, or below 0?",
        2, "Why is there no activation at the end?", "activation",
    ),
    "other activation": Misconception(
        "another activation is used",
        "Read which one is asked for: it is in the first line.",
        2, "Two kinds of block", "activation",
    ),
    "no activation": Misconception(
        "layer follows on layer without an activation",
        "Without one, two layers are no more than one.",
        2, "Two kinds of block", "activation",
    ),
    "pooling before activation": Misconception(
        "the pooling comes before the activation",
        "In which order stand the three parts of a convolution block?",
        2, "Two kinds of block", "pooling",
    ),
    "batch flattened": Misconception(
        "the pictures of a batch are flattened together",
        "Each picture is flattened for itself. Which axis must stay?",
        2, "LeNet as a class", "flattening",
    ),
    "input counted as a layer": Misconception(
        "the input's own shape stands in the list",
        "The list begins with what the first layer gives.",
        3, "Layer by layer", "following a chain",
    ),
    "only the last": Misconception(
        "one layer is looked at, and not all of them",
        "Go through the layers one by one.",
        3, "Layer by layer", "following a chain",
    ),
    "layers not chained": Misconception(
        "each layer is given the same input",
        "What one layer gives is what the next one takes.",
        3, "Layer by layer", "following a chain",
    ),
    "batch left out": Misconception(
        "the first axis is left out",
        "The first number counts the pictures, and belongs to the shape.",
        3, "Layer by layer", "axes",
    ),
    "number for shape": Misconception(
        "one number is given for a whole shape",
        "A shape has a number for each axis: tuple(x.shape).",
        3, "Layer by layer", "counting places",
    ),
    "one name for all": Misconception(
        "every entry of the list is the last one",
        "Append to the list inside the loop, once a layer.",
        3, "Layer by layer", "writing a function",
    ),
    "other channels": Misconception(
        "the channels of another layer are counted",
        "How many maps are there after the last convolution?",
        3, "First error: the wrong number after flattening", "following a chain",
    ),
    "padding for both sides": Misconception(
        "the padding of both sides together is given",
        "nn.Conv2d takes the padding of one side, and adds it at both.",
        3, "First error: the wrong number after flattening", "padding",
    ),
    "padding is the kernel": Misconception(
        "the padding is made as large as the kernel",
        "How many pixels must hang over, so that every pixel is a centre once?",
        3, "First error: the wrong number after flattening", "padding",
    ),
    "another layer changed": Misconception(
        "a layer is changed that was right",
        "Which layers are right as they are? Leave those.",
        3, "First error: the wrong number after flattening", "following a chain",
    ),
    "nothing changed": Misconception(
        "the network is handed back as it was",
        "Which layer is missing, and where?",
        3, "Third error: nobody flattened", "following a chain",
    ),
    "flatten misplaced": Misconception(
        "the flatten stands at another place",
        "Which layer is the last to give maps, and which is the first that wants rows?",
        3, "Third error: nobody flattened", "flattening",
    ),
    "one batch too many": Misconception(
        "a batch is added even where all batches are full",
        "Try 4 pictures in batches of 2.",
        4, "Batches", "rounding",
    ),
    "rounded to the nearest": Misconception(
        "the number of batches is rounded to the nearest",
        "One picture more than fits needs a batch of its own. Try 7 pictures in batches of 3.",
        4, "Batches", "rounding",
    ),
    "rest for number": Misconception(
        "what is left over is taken for the number of batches",
        "% gives the pictures that are left, // the batches that are full.",
        4, "Batches", "batch",
    ),
    "rest counted as batches": Misconception(
        "each picture that is left is counted as a batch",
        "The pictures that are left do not fill a batch. Into how many batches do they "
        "go?",
        4, "Batches", "batch",
    ),
    "at least one": Misconception(
        "a started batch is counted only where it is the first",
        "Try 5 pictures in batches of 2.",
        4, "Batches", "rounding",
    ),
    "range kept": Misconception(
        "the pixels stay between 0 and 255",
        "A network wants small numbers. What is the greatest value of a byte?",
        4, "The range of the pixels", "the data",
    ),
    "number of greys for the largest": Misconception(
        "the number of grey values is taken for the greatest of them",
        "A byte has 256 values. Which is the greatest?",
        4, "The range of the pixels", "the data",
    ),
    "whole division": Misconception(
        "a division that rounds down is used for pixels",
        "What is 200 // 255?",
        4, "The range of the pixels", "rounding",
    ),
    "divided by the brightest": Misconception(
        "each batch is divided by its own brightest pixel",
        "The same grey must give the same number in every batch.",
        4, "The range of the pixels", "the data",
    ),
    "channel axis left out": Misconception(
        "the axis of the channels is left out",
        "A grey picture has one channel, and LeNet wants to see it.",
        4, "Batches", "axes",
    ),
    "channel axis misplaced": Misconception(
        "the axis of the channels is put at another place",
        "The order is pictures, channels, height, width.",
        4, "Batches", "axes",
    ),
    "picture flattened": Misconception(
        "the rows of a picture are put into one",
        "A convolution needs the height and the width.",
        4, "Batches", "flattening",
    ),
    "other range": Misconception(
        "the pixels are brought to another range",
        "Black is to be 0 and white 1.",
        4, "The range of the pixels", "the data",
    ),
    "empty class left out": Misconception(
        "a class without a picture is left out",
        "How long must the list be, whatever the labels are?",
        4, "Is it balanced?", "the data",
    ),
    "labels added up": Misconception(
        "the class numbers are added up and not counted",
        "Two labels of class 9 are two, not 18.",
        4, "Is it balanced?", "the data",
    ),
    "classes counted from one": Misconception(
        "the first class is taken for number 1",
        "With which number do the labels begin?",
        4, "Is it balanced?", "the data",
    ),
    "present for count": Misconception(
        "it is noted whether a class is there, not how often",
        "any() asks whether there is one. What counts them?",
        4, "Is it balanced?", "units and shares",
    ),
    "labels for counts": Misconception(
        "the labels themselves are given",
        "How often does each class come? One number a class.",
        4, "Is it balanced?", "the data",
    ),
    "others counted": Misconception(
        "other pixels than the black ones are counted",
        "Which value has a black pixel?",
        4, "The range of the pixels", "the data",
    ),
    "brightness for share": Misconception(
        "the mean brightness is given",
        "How bright the pixels are is not asked: ask each whether it is black.",
        4, "The range of the pixels", "the data",
    ),
    "dark for black": Misconception(
        "dark greys are counted as black",
        "Black is one value only. Which?",
        4, "The range of the pixels", "the data",
    ),
    "zeros added up": Misconception(
        "the values of the black pixels are added up, and not the pixels counted",
        "Which value has a black pixel? And the sum of a hundred of them?",
        4, "The range of the pixels", "the data",
    ),
    "divided by part": Misconception(
        "the count is divided by a part of the pixels only",
        "How many pixels are there in all? images.numel() knows.",
        4, "The range of the pixels", "units and shares",
    ),
    "first picture only": Misconception(
        "one picture stands for all",
        "Are all pictures looked at?",
        4, "The range of the pixels", "batch",
    ),
    "kind of layer forgotten": Misconception(
        "one kind of layer keeps the weights that it was made with",
        "LeNet has two kinds of layer with weights. Does the if ask for each? Print "
        "nn.Linear or nn.Conv2d: what is left of the two?",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "normal for uniform": Misconception(
        "the normal distribution is taken for the uniform one",
        "Xavier has two rules. Look at the end of the function's name.",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "other start": Misconception(
        "the weights are drawn by another rule",
        "Xavier's range follows from the inputs and the outputs of the layer.",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "equal weights": Misconception(
        "all weights begin with one value",
        "Units that begin alike learn alike.",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "bias set too": Misconception(
        "the biases are set as well",
        "Only the weights are asked for.",
        5, "The start: Xavier initialisation", "bias",
    ),
    "other layers too": Misconception(
        "layers of every kind are given new weights",
        "Ask what kind of layer it is before you touch it.",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "layer never recognised": Misconception(
        "no layer is recognised",
        "A name in quotation marks is a text and no class, and no layer is of two classes "
        "at once.",
        5, "The start: Xavier initialisation", "weights at the start",
    ),
    "share for count": Misconception(
        "a share is given where a count is asked for",
        "A count is a whole number: how many are there? Divide later.",
        4, "Is it balanced?", "units and shares",
    ),
    "count for share": Misconception(
        "a count is given where a share is asked for",
        "A share lies between 0 and 1: what is to be divided, and by what?",
        4, "The range of the pixels", "units and shares",
    ),
    "axis of the batch": Misconception(
        "the largest score is looked for among the pictures",
        "Each row is a picture. Along which axis do its scores lie?",
        5, "How good is it? Evaluation", "axes",
    ),
    "largest of all": Misconception(
        "the largest score of the whole batch is taken",
        "Each picture has a prediction of its own: argmax needs a dim.",
        5, "How good is it? Evaluation", "predicted class",
    ),
    "least for largest": Misconception(
        "the least score is taken for the prediction",
        "The prediction is the class with the largest score.",
        5, "How good is it? Evaluation", "predicted class",
    ),
    "errors counted": Misconception(
        "the wrong predictions are counted",
        "Which are asked for, the right ones or the others?",
        5, "How good is it? Evaluation", "predicted class",
    ),
    "score for label": Misconception(
        "the score itself is compared with the label",
        "The label is a place among the scores: argmax gives the place, max the value.",
        5, "How good is it? Evaluation", "predicted class",
    ),
    "all counted": Misconception(
        "all are counted, also those where the comparison is False",
        "A comparison is as long as what is compared. Which of its entries are to be "
        "counted?",
        4, "Is it balanced?", "units and shares",
    ),
    "comparison for count": Misconception(
        "the comparison is returned as it is",
        "It has True or False for each picture. What makes a count of them?",
        5, "How good is it? Evaluation", "units and shares",
    ),
    "last batch only": Misconception(
        "each batch replaces what was counted before",
        "Add up over all batches; divide after the loop.",
        5, "How good is it? Evaluation", "batch",
    ),
    "first batch only": Misconception(
        "only the first batch is looked at",
        "How many batches does data_iter give? Where there is a loop: is the return "
        "inside it?",
        5, "How good is it? Evaluation", "batch",
    ),
    "returned too early": Misconception(
        "the function returns inside its loop",
        "How far is the return to the right? What is in line with the loop comes after it.",
        2, "What one convolution computes", "writing a function",
    ),
    "gradients not needed": Misconception(
        "gradients are prepared that nobody uses",
        "torch.no_grad() saves the memory and the time for them.",
        5, "How good is it? Evaluation", "modes",
    ),
    "left in evaluation mode": Misconception(
        "the network stays in evaluation mode",
        "Whoever trains next would train in the wrong mode.",
        5, "How good is it? Evaluation", "modes",
    ),
    "weights never move": Misconception(
        "the step finds no gradients, or is not taken",
        "The order is: clear, forward, loss, backward, step. Is each there, once?",
        5, "The training loop", "gradients and steps",
    ),
    "two steps for one": Misconception(
        "the weights are moved twice",
        "How often is step() called?",
        5, "The training loop", "gradients and steps",
    ),
    "loss after the step": Misconception(
        "the loss is measured after the weights have moved",
        "Keep the loss that the gradients came from.",
        5, "The training loop", "gradients and steps",
    ),
    "softmax before the loss": Misconception(
        "a softmax is put before the loss",
        "Read again what this loss does first with the scores that it is given.",
        5, "The loss of guessing", "softmax and loss",
    ),
    "classes for scores": Misconception(
        "the loss is given the predicted classes",
        "argmax gives whole numbers. Does the result change when a weight changes a "
        "little?",
        5, "The loss of guessing", "softmax and loss",
    ),
    "loss of the whole batch": Misconception(
        "the loss is multiplied by the number of pictures",
        "This loss is a mean over the batch already. Which number is asked for?",
        5, "The loss of guessing", "units and shares",
    ),
    "one copy for all": Misconception(
        "all places share one copy of the picture",
        "Make the copy inside the loops, once a place.",
        6, "Where does it look when it takes a shirt for a coat?", "writing a function",
    ),
    "inside out": Misconception(
        "what lies outside the square is covered",
        "Which part is to be 0?",
        6, "Where does it look when it takes a shirt for a coat?", "writing a function",
    ),
    "window hangs over": Misconception(
        "the square may hang over the edge",
        "At how many places does the whole square fit?",
        6, "Where does it look when it takes a shirt for a coat?", "counting places",
    ),
    "one pixel for the square": Misconception(
        "one pixel is covered, and not a square",
        "How many rows does the square have, and how many columns?",
        6, "Where does it look when it takes a shirt for a coat?", "fields of view",
    ),
    "length for end": Misconception(
        "the number behind the colon is taken for a length",
        "a[3:5] ends before place 5. Where does a square end that begins at row 3?",
        6, "Where does it look when it takes a shirt for a coat?", "writing a function",
    ),
    "rows cut twice": Misconception(
        "the columns are given in brackets of their own",
        "copy[a:b] has rows, and a second [c:d] cuts these rows again. One pair of "
        "brackets takes both, with a comma.",
        6, "Where does it look when it takes a shirt for a coat?", "axes",
    ),
    "cat for stack": Misconception(
        "the copies are joined along an axis that they have already",
        "How many axes has one copy, and how many shall the result have?",
        6, "Where does it look when it takes a shirt for a coat?", "axes",
    ),
    "line outside the loop": Misconception(
        "a line of the inner loop stands outside of it",
        "How far is each line to the right? What is further left runs once a row of "
        "places.",
        6, "Where does it look when it takes a shirt for a coat?", "writing a function",
    ),
    "last copy only": Misconception(
        "only the last copy is returned",
        "Each turn of the loops makes a copy. What becomes of the one before?",
        6, "Where does it look when it takes a shirt for a coat?", "writing a function",
    ),
    "other filling": Misconception(
        "the square is filled with another value",
        "Covered is black: 0.",
        6, "Where does it look when it takes a shirt for a coat?", "writing a function",
    ),
    "places kept as a table": Misconception(
        "rows and columns of places have an axis each",
        "All places are to lie along one axis, as the pictures of a batch do.",
        6, "Where does it look when it takes a shirt for a coat?", "counting places",
    ),
    "strides forgotten": Misconception(
        "the strides are left out",
        "After a stride of 2, a step is two pixels of the picture.",
        3, "The same as one table", "stride and dilation",
    ),
    "own stride counted": Misconception(
        "a layer's stride is counted for its own kernel",
        "The taps of a kernel lie in its input, where its own stride has not happened yet.",
        6, "One picture, every layer", "stride and dilation",
    ),
    "only the stride before": Misconception(
        "only the stride of the layer before is counted",
        "Every stride so far makes the steps longer.",
        3, "The same as one table", "stride and dilation",
    ),
    "wrong end first": Misconception(
        "a rule that goes from the last layer to the first is used from the first on",
        "Which layer does your loop take first, and with which does your rule begin?",
        6, "One picture, every layer", "fields of view",
    ),
    "strides added": Misconception(
        "the strides are added",
        "Two steps of two pixels, each twice as long: add, or multiply?",
        6, "One picture, every layer", "stride and dilation",
    ),
    "kernels do not overlap": Misconception(
        "the kernels are laid end to end",
        "The first tap sees what is seen already: what does each further tap add?",
        6, "One picture, every layer", "fields of view",
    ),
    "kernels multiplied": Misconception(
        "the kernels are multiplied",
        "Neighbours see much of the same. What does one more tap add?",
        3, "The same as one table", "fields of view",
    ),
    "results swapped": Misconception(
        "the two results are exchanged",
        "The gradient for the kernel comes first; it has the kernel's shape.",
        2, "What one convolution computes", "gradients and steps",
    ),
    "incoming gradient left out": Misconception(
        "the gradient that comes in is left out",
        "Each number of the output counts as much as its gradient says.",
        2, "What one convolution computes", "gradients and steps",
    ),
    "step for gradient": Misconception(
        "a step is taken where the gradient is asked for",
        "Return the gradient itself; the optimiser subtracts.",
        5, "The training loop", "gradients and steps",
    ),
    "only one of two": Misconception(
        "one result is returned where two are asked for",
        "return a, b hands back both.",
        2, "What one convolution computes", "gradients and steps",
    ),
    "loss of guessing": Misconception(
        "the loss of guessing is given",
        "That is the loss when all classes are equally likely. Here the right class has 1, the "
        "others 0. What does softmax make of these numbers?",
        7, "Run B", "softmax and loss",
    ),
    "one class too many": Misconception(
        "the right class is counted among the others too",
        "How many classes are there besides the right one?",
        7, "Run B", "softmax and loss",
    ),
    "right class not counted": Misconception(
        "the right class is left out of the sum below the fraction bar",
        "Softmax divides by the sum over all classes. Is the right one among them?",
        7, "Run B", "softmax and loss",
    ),
    "e to the power of 0 is 0": Misconception(
        "e to the power of 0 is taken for 0",
        "What is any number to the power of 0?",
        7, "Run B", "softmax and loss",
    ),
    "minus sign forgotten": Misconception(
        "the minus sign of the logarithm is left out",
        "A probability is below 1. Which sign has its logarithm, and which sign has a loss?",
        7, "Run B", "softmax and loss",
    ),
    "logarithm forgotten": Misconception(
        "the probability is given in place of its loss",
        "How does a loss come from a probability?",
        7, "Run B", "softmax and loss",
    ),
    "alive for dead": Misconception(
        "the maps that do give something are counted",
        "Read the question again: which maps are asked for?",
        7, "Run A", "activation",
    ),
    "numbers for maps": Misconception(
        "single numbers are counted in place of maps",
        "A map is dead only as a whole. How many maps are there at most?",
        7, "Run A", "activation",
    ),
    "each picture by itself": Misconception(
        "a map is counted for each picture in which it is 0",
        "One picture in which it gives something is enough: the map is alive.",
        7, "Run A", "batch",
    ),
    "only one picture": Misconception(
        "one picture is looked at, not all",
        "What if a later picture wakes the map up?",
        7, "Run A", "batch",
    ),
    "places for maps": Misconception(
        "places are counted, over all pictures, in place of maps",
        "Which axis counts the maps? All others belong together.",
        7, "Run A", "activation",
    ),
    "axes mistaken": Misconception(
        "the pictures are counted in place of the channels",
        "The axes are pictures, channels, height, width. Which one is to be kept?",
        7, "Run A", "axes",
    ),
    "only whether": Misconception(
        "it is only said whether there is one",
        "How many are asked for.",
        7, "Run A", "activation",
    ),
    "truth values not counted": Misconception(
        "it is said for each map whether it is dead",
        "One number is asked for. True counts as 1 in a sum.",
        7, "Run A", "writing a function",
    ),
    # where the time goes
    "gain of the part": Misconception(
        "the gain of one part is taken for the gain of the whole",
        "The rest takes as long as before. Add up both times.",
        8, "When one part becomes faster", "where time goes",
    ),
    "gain times share": Misconception(
        "the gain is multiplied by the share",
        "Take a step of 100 ms. How many milliseconds are left of each part?",
        8, "When one part becomes faster", "where time goes",
    ),
    "part costs nothing": Misconception(
        "the faster part is thought to cost nothing any more",
        "It is faster, but not free. How long does it take now?",
        8, "When one part becomes faster", "where time goes",
    ),
    "time for gain": Misconception(
        "the time that is left is given where a gain is asked for",
        "How many times as fast: divide the old time by the new one.",
        8, "When one part becomes faster", "where time goes",
    ),
    "other part faster": Misconception(
        "the rest is made faster, and not the part",
        "Which of the two times changes, and which stays?",
        8, "When one part becomes faster", "where time goes",
    ),
    "slower for faster": Misconception(
        "the time of the part is multiplied where it should be divided",
        "Ten times as fast: is the time ten times as long, or a tenth?",
        8, "When one part becomes faster", "where time goes",
    ),
    "rest left out": Misconception(
        "the rest of the time is left out",
        "The whole is the part and the rest. What does the rest take?",
        8, "When one part becomes faster", "where time goes",
    ),
    "share as per cent": Misconception(
        "the share is used as a percentage",
        "A share of 1 is the whole. What is the rest then?",
        8, "When one part becomes faster", "units and shares",
    ),
    "everything is divided": Misconception(
        "all of a step is thought to be divided among the threads",
        "Who starts the operations, one after the other?",
        8, "More threads", "where time goes",
    ),
    "threads do nothing": Misconception(
        "threads are thought not to help at all",
        "A convolution does the same sum at many places. Must one thread do them all?",
        8, "More threads", "where time goes",
    ),
    "programs do not meet": Misconception(
        "two programs are thought not to disturb each other",
        "How many threads are there now, and how many cores?",
        8, "Two trainings at once", "where time goes",
    ),
    "speed for time": Misconception(
        "it is said how fast a step is, and not how long it takes",
        "Half as fast: is the time half as long, or twice as long?",
        8, "Two trainings at once", "where time goes",
    ),
    "cores are only shared": Misconception(
        "two programs are thought to share the cores and nothing more",
        "The threads of a program meet after each operation. What if one of them has no core?",
        8, "Two trainings at once", "where time goes",
    ),
    "only pictures cost time": Misconception(
        "the time is thought to be in proportion to the pictures",
        "What does a step do that it would also do for a single picture?",
        8, "Small batches, and a GPU", "where time goes",
    ),
    "a batch costs the same": Misconception(
        "a batch is thought to cost the same whatever its size",
        "Each picture needs its own sums. Can the device do them all at once?",
        8, "Small batches, and a GPU", "where time goes",
    ),
    "first call counted": Misconception(
        "the first call is counted too",
        "Call work() once before you look at the clock.",
        8, "How to measure", "measuring",
    ),
    "mean for least": Misconception(
        "the mean is taken",
        "What disturbs a measurement makes it longer, never shorter. Which time is disturbed "
        "least?",
        8, "How to measure", "measuring",
    ),
    "sum for least": Misconception(
        "the times are added up",
        "One call is asked for, not all of them.",
        8, "How to measure", "measuring",
    ),
    "largest for least": Misconception(
        "the longest time is taken",
        "Which of the calls was disturbed least?",
        8, "How to measure", "measuring",
    ),
    "last time only": Misconception(
        "only the last call is looked at",
        "Keep all times in a list, and choose at the end.",
        8, "How to measure", "measuring",
    ),
    "clock started once": Misconception(
        "the clock is started once for all calls",
        "Each call has a start of its own.",
        8, "How to measure", "measuring",
    ),
    "difference turned around": Misconception(
        "the later time is subtracted from the earlier one",
        "Can a time be negative? Which of the two times is the larger?",
        8, "How to measure", "measuring",
    ),
    "least starts at zero": Misconception(
        "the search for the least starts with 0",
        "Which time could be less than 0? Start with a time that was measured.",
        8, "How to measure", "measuring",
    ),
    "milliseconds for seconds": Misconception(
        "milliseconds are given where seconds are asked for",
        "The clock gives seconds, and seconds are asked for.",
        8, "How to measure", "units and shares",
    ),
    "work never called": Misconception(
        "work is never called",
        "work alone is a function; work() calls it.",
        8, "How to measure", "measuring",
    ),
    # why convolution; then and now
    "more parameters, better": Misconception(
        "parameters alone make a network good",
        "Both have as many parameters. What do they know about a picture before training?",
        9, "As many parameters, another shape", "judging a change",
    ),
    "dense sees nothing": Misconception(
        "a dense network cannot see pictures",
        "Every pixel reaches every unit of its first layer. Is something missing there?",
        9, "As many parameters, another shape", "places and sharing",
    ),
    "order matters to all": Misconception(
        "every network needs to know where a pixel is",
        "A unit of a dense layer has a weight for each pixel. Does it know which pixels are "
        "neighbours?",
        9, "The same pixels in another order", "places and sharing",
    ),
    "order matters to none": Misconception(
        "the order of the pixels is nothing to a convolution",
        "Which pixels does a kernel of 5×5 see together, before and after?",
        9, "The same pixels in another order", "places and sharing",
    ),
    "permuted is noise": Misconception(
        "nothing can be learned from pixels in another order",
        "All numbers are still there, and each place always has the same pixel.",
        9, "The same pixels in another order", "places and sharing",
    ),
    "order read backwards": Misconception(
        "a pixel is put where its number says, and not taken from there",
        "Pixel 0 of the result: from which pixel of the picture does it come?",
        9, "The same pixels in another order", "axes",
    ),
    "pictures reordered": Misconception(
        "the pictures are put in another order, not their pixels",
        "Which axis has the pixels of one picture?",
        9, "The same pixels in another order", "axes",
    ),
    "columns before rows": Misconception(
        "the pixels are counted column by column",
        "After the last pixel of the first row comes the first one of the second row.",
        9, "The same pixels in another order", "axes",
    ),
    "each row alike": Misconception(
        "each row is put in order alone",
        "A pixel may come from another row.",
        9, "The same pixels in another order", "axes",
    ),
    "one picture for all": Misconception(
        "only one picture is treated",
        "How many pictures go in, and how many must come out?",
        9, "The same pixels in another order", "batch",
    ),
    "convolution ignores moves": Misconception(
        "a convolution does not notice a move",
        "Its maps move along with the picture. What do the dense layers after them see?",
        9, "Pictures that move", "places and sharing",
    ),
    "untrained is guessing": Misconception(
        "what is not trained is worth no more than guessing",
        "A random kernel still adds up neighbours. The layers behind it are trained.",
        9, "Kernels that nobody trains", "judging a change",
    ),
    "untrained is as good": Misconception(
        "training the kernels changes nothing",
        "What does a trained kernel look for that a random one finds only by chance?",
        9, "Kernels that nobody trains", "judging a change",
    ),
    "one place counted": Misconception(
        "a bias is thought to be used once in each picture",
        "At how many places of its map is it added?",
        9, "Backward, by hand", "bias",
    ),
    "one picture counted": Misconception(
        "the places are counted in one picture only",
        "In how many pictures is the same bias added?",
        9, "Backward, by hand", "bias",
    ),
    "map has one side": Misconception(
        "the places of a map are counted along one side",
        "A map has rows and columns. Draw it, and count its places.",
        9, "Backward, by hand", "bias",
    ),
    "own number multiplied": Misconception(
        "the gradient of a number is computed from the number itself",
        "In the product a·b, by how much does the product grow if a grows by 1?",
        9, "Backward, by hand", "gradients and steps",
    ),
    "rounding is nothing": Misconception(
        "two ways of adding give the same digits",
        "A float32 keeps about seven digits, and rounds after each addition.",
        9, "Backward, by hand", "rounding",
    ),
    "rounding is a mistake": Misconception(
        "what differs in the last digit is wrong",
        "How large is the difference, compared with the number itself?",
        9, "Backward, by hand", "rounding",
    ),
    "zeros weaken all": Misconception(
        "the zeros of a ReLU are thought to make all its gradients small",
        "By how much does a ReLU multiply a gradient where its sum is above 0?",
        9, "Where the plateau comes from", "activation",
    ),
    "tanh is the sigmoid": Misconception(
        "tanh and sigmoid slow learning alike",
        "How steep is each of them at 0?",
        9, "Where the plateau comes from", "activation",
    ),
    "every link counted": Misconception(
        "every output map is taken to see every input map",
        "How many links are there in all? Each is one kernel.",
        10, "LeNet-5 as it was", "counting weights",
    ),
    "links share a kernel": Misconception(
        "a map uses one kernel for all that it sees",
        "A map that sees three others has a kernel for each.",
        10, "LeNet-5 as it was", "counting weights",
    ),
    "numbers for links": Misconception(
        "the numbers of the maps are added up, not the links",
        "[2, 5] are two links. How many links are [0, 1]?",
        10, "LeNet-5 as it was", "counting weights",
    ),
    "distance for score": Misconception(
        "the distance is given, so the farthest has the highest score",
        "The highest score wins. Which code is to win?",
        10, "Its output: codes", "sum of products",
    ),
    "root taken": Misconception(
        "the root of the sum is taken",
        "Is the distance asked for, or its square? Read the first line again.",
        10, "Its output: codes", "sum of products",
    ),
    "absolute for squared": Misconception(
        "the differences are added without squaring them",
        "How much does a difference of 3 add to a squared distance?",
        10, "Its output: codes", "sum of products",
    ),
    "mean of the squares": Misconception(
        "the squares are averaged",
        "The second score of the example is -25. Which numbers make 25?",
        10, "Its output: codes", "sum of products",
    ),
    "product for distance": Misconception(
        "features and codes are multiplied, as in a dense layer",
        "A distance begins with a difference.",
        10, "Its output: codes", "sum of products",
    ),
    "sum before the square": Misconception(
        "the sums are compared, not the numbers",
        "In the example: by how much does each unit differ from the second code?",
        10, "Its output: codes", "sum of products",
    ),
    "squares not added": Misconception(
        "the squares are not added up",
        "How many scores has one picture? Which axis is one too many?",
        10, "Its output: codes", "sum of products",
    ),
    "one code for each picture": Misconception(
        "each picture is compared with one code only",
        "Every picture gets a score for every class. How many scores are that in all?",
        10, "Its output: codes", "axes",
    ),
    "old is useless": Misconception(
        "a network of 1998 is hardly better than guessing",
        "It read the cheques of banks. How far are clothes from digits?",
        10, "How good is it?", "judging a change",
    ),
    "old is as good": Misconception(
        "a network of 1998 is taken to be as good as one of today",
        "Compare with the textbook's LeNet in notebook 5. What does that of 1998 have that could "
        "help it so much?",
        10, "How good is it?", "judging a change",
    ),
    "newest helps most": Misconception(
        "what came last helps most",
        "Which steps change how the network learns in its ten epochs?",
        10, "One change at a time", "judging a change",
    ),
    "every step helps": Misconception(
        "every invention is thought to help every network",
        "Against what were the last steps of the list invented? Is it the trouble of this network?",
        10, "One change at a time", "judging a change",
    ),
    "no step helps": Misconception(
        "hardly any invention is thought to help",
        "Why would people still use ReLU, AdamW or batch norm?",
        10, "One change at a time", "judging a change",
    ),
    "small change, large gain": Misconception(
        "a small change of the network is taken for a large gain",
        "How many of the 60,000 numbers does it touch?",
        10, "One change at a time", "judging a change",
    ),
    "longer is better": Misconception(
        "more epochs always make the network better on new pictures",
        "Which of the two losses goes on falling?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "learned at once": Misconception(
        "a few epochs are taken to be enough to learn by heart",
        "2,000 pictures are 16 batches an epoch. How many steps is that?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "counted from zero": Misconception(
        "the epochs are counted from 0",
        "Which number has the first epoch?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "accuracy for epoch": Misconception(
        "the best accuracy is given, not its epoch",
        "Is it asked how good the best one is, or when it comes?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "compared with the one before": Misconception(
        "each epoch is compared with the one before it",
        "0.7, 0.5, 0.6: is the last one better than the best one before it?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "worse ones counted in all": Misconception(
        "all epochs that were not better are counted",
        "0.5, 0.4, 0.6, 0.5: how many epochs in a row were not better, at the end?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "stopped one late": Misconception(
        "it goes on for one epoch too many",
        "With a patience of 1, after which epoch does [0.6, 0.5, 0.4] end?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "equal taken for better": Misconception(
        "an equal accuracy counts as better",
        "In the example 0.7 comes twice. Which of the two epochs is the best?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "later epochs known": Misconception(
        "epochs after the end are looked at",
        "When it stops, nobody knows what would have come.",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "never stopped": Misconception(
        "it goes on to the end of the list",
        "After each epoch: is it time to stop?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "best for last": Misconception(
        "the best epoch is given twice",
        "After the best epoch the run goes on. For how long?",
        10, "Two thousand pictures by heart", "stopping in time",
    ),
    "LeNet's sizes are too small": Misconception(
        "so small a network must stay far below 0.9",
        "It has 61,706 numbers to learn. What did notebook 5 reach with sigmoids and plain SGD?",
        10, "How far it goes", "judging a change",
    ),
}  # fmt: skip
