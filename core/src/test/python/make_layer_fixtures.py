"""Writes PyTorch's numbers for every layer: output, gradients and running statistics, on tiny inputs.

    python core/src/test/python/make_layer_fixtures.py        # needs torch; tests need only the files

A fixture is one JSON object:
    inputs       list of {shape, values}; ids are whole numbers
    parameters   name -> {shape, values}, before the step; running statistics among them
    weights      list of {shape, values}: the loss is sum(output * weights) over all outputs
    train, eval  {outputs: list of {shape, values}}
    input_gradients, gradients, after    of the pass in training mode; after: running statistics
Padding that PyTorch cannot express ("same" with an uneven total or with a stride) is in make_same_padding_fixtures.py.
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "fixtures" / "layers"


class Layers(nn.Module):
    """Modules in a row under the name that Jumbo gives them."""

    def __init__(self, *modules, **named):
        super().__init__()
        self.layers = nn.Sequential(*modules)
        for name, module in named.items():
            self.add_module(name, module)

    def forward(self, x):
        return self.layers(x)


class Residual(Layers):
    def forward(self, x):
        return torch.relu(self.layers(x) + (self.projection(x) if hasattr(self, "projection") else x))


class Separable(nn.Module):
    def __init__(self):
        super().__init__()
        self.depthwise = nn.Conv2d(3, 6, 3, stride=2, groups=3, bias=False)
        self.pointwise = nn.Conv2d(6, 4, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class Merge(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *xs):
        return self.function(xs)


class TwoInTwoOut(nn.Module):
    """The graph of GraphTest: an image and a table, a label and a value."""

    def __init__(self):
        super().__init__()
        self.seen = nn.Conv2d(2, 4, 3)
        self.known = nn.Linear(3, 4)
        self.label = nn.Linear(8, 5)
        self.value = nn.Linear(4, 1)

    def forward(self, image, table):
        seen = F.relu(self.seen(image)).mean((2, 3))
        known = torch.tanh(self.known(table))
        return self.label(torch.cat([seen, known], 1)), self.value(seen + known)


def tensor(t):
    values = [float(f"{v:.9g}") if t.is_floating_point() else v for v in t.detach().flatten().tolist()]
    return {"shape": list(t.shape), "values": values}


def write(name, module, *inputs):
    torch.manual_seed(sum(map(ord, name)))
    for parameter_name, p in module.named_parameters():
        nn.init.normal_(p, 1.0 if p.dim() == 1 and parameter_name.endswith("weight") else 0.0, 0.5)
    for buffer_name, b in module.named_buffers():
        if buffer_name.endswith("running_mean"):
            nn.init.normal_(b)
        if buffer_name.endswith("running_var"):
            nn.init.uniform_(b, 0.5, 2.0)
    xs = [x if torch.is_tensor(x) else torch.randn(*x) for x in inputs]
    state = {k: tensor(v) for k, v in module.state_dict().items() if not k.endswith("num_batches_tracked")}
    listed = lambda ys: list(ys) if isinstance(ys, tuple) else [ys]
    module.eval()
    evaluated = listed(module(*xs))
    module.train()
    for x in xs:
        if x.is_floating_point():
            x.requires_grad_(True)
    outputs = listed(module(*xs))
    weights = [torch.randn_like(y) for y in outputs]
    sum((y * w).sum() for y, w in zip(outputs, weights)).backward()
    fixture = {
        "inputs": [tensor(x) for x in xs],
        "parameters": state,
        "weights": [tensor(w) for w in weights],
        "train": [tensor(y) for y in outputs],
        "eval": [tensor(y) for y in evaluated],
        "input_gradients": [tensor(x.grad) if x.grad is not None else None for x in xs],
        "gradients": {k: tensor(p.grad) for k, p in module.named_parameters()},
        "after": {k: tensor(b) for k, b in module.named_buffers() if not k.endswith("num_batches_tracked")},
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


def main():
    image, sequence = (2, 4, 7, 6), (2, 4, 9)
    write("dense", nn.Linear(5, 3), (4, 5))
    write("dense_wide", nn.Linear(24, 32), (3, 8, 24))  # the shape that runs as a 1x1 convolution

    write("conv2d", nn.Conv2d(4, 6, 3), image)
    write("conv2d_one_channel", nn.Conv2d(1, 6, 3), (2, 1, 7, 6))
    write("conv2d_stride_padding", nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2)), image)
    write("conv2d_dilation_groups", nn.Conv2d(4, 6, 2, dilation=2, groups=2, bias=False), image)
    write("conv1d", nn.Conv1d(4, 6, 3, stride=2, padding=1), sequence)
    write("depthwise_conv2d", nn.Conv2d(3, 6, 3, padding=1, groups=3), (2, 3, 5, 5))
    write("separable_conv2d", Separable(), (2, 3, 7, 7))
    transpose = nn.ConvTranspose2d
    write("conv2d_transpose", transpose(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), (2, 4, 3, 4))
    write("conv1d_transpose", nn.ConvTranspose1d(4, 3, 4, stride=2, padding=1), (2, 4, 5))

    write("max_pool2d", nn.MaxPool2d(2), image)
    write("max_pool2d_stride_padding", nn.MaxPool2d(3, stride=2, padding=1), image)
    write("max_pool1d", nn.MaxPool1d(3, stride=2, padding=1), sequence)
    write("avg_pool2d", nn.AvgPool2d(2), image)
    write("avg_pool2d_stride_padding", nn.AvgPool2d(3, stride=2, padding=1), image)
    write("avg_pool1d", nn.AvgPool1d(3, stride=2, padding=1), sequence)
    write("global_avg_pool", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), image)
    write("global_avg_pool_sequence", nn.Sequential(nn.AdaptiveAvgPool1d(1), nn.Flatten()), sequence)
    write("global_max_pool", nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), image)

    write("batch_norm_features", nn.BatchNorm1d(5), (6, 5))
    write("batch_norm_sequence", nn.BatchNorm1d(4, eps=1e-3, momentum=0.3), sequence)
    write("batch_norm_image", nn.BatchNorm2d(4), image)
    write("group_norm", nn.GroupNorm(2, 4), image)
    write("group_norm_sequence", nn.GroupNorm(4, 4, eps=1e-3), sequence)
    write("dropout_zero", nn.Dropout(0.0), (3, 4))
    write("embedding", nn.Embedding(7, 3), torch.tensor([[1, 2, 1], [6, 0, 2]]))
    write("embedding_padding", nn.Embedding(7, 3, padding_idx=2), torch.tensor([[1, 2, 1], [6, 0, 2]]))
    write("flatten", nn.Flatten(), (2, 3, 4, 2))
    write("reshape", nn.Unflatten(1, (2, 6)), (2, 12))
    write("permute", Merge(lambda xs: xs[0].permute(0, 3, 1, 2)), (2, 3, 4, 2))

    activations = {
        "linear": nn.Identity(), "relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(), "elu": nn.ELU(), "gelu": nn.GELU(),
        "gelu_tanh": nn.GELU("tanh"), "silu": nn.SiLU(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(),
        "softmax": nn.Softmax(-1),
    }
    for name, function in activations.items():
        write(f"activation_{name}", function, (3, 8))
    write("leaky_relu_steep", nn.LeakyReLU(0.3), (3, 8))
    write("elu_low", nn.ELU(0.5), (3, 8))
    write("softmax_channels", nn.Softmax(1), (2, 3, 4))

    write("residual", Residual(nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1)), image)
    write("residual_projection",
          Residual(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3), projection=nn.Linear(5, 3)), (4, 5))
    write("add", Merge(lambda xs: xs[0] + xs[1] + xs[2]), (2, 3), (2, 3), (2, 3))
    write("concatenate", Merge(lambda xs: torch.cat(xs, 1)), (2, 3, 2, 2), (2, 1, 2, 2))
    write("concatenate_last", Merge(lambda xs: torch.cat(xs, -1)), (2, 3, 2), (2, 3, 1))
    write("graph", TwoInTwoOut(), (2, 2, 5, 5), (2, 3))
    # The article's network in small: the columns behind Flatten are in another order in Jumbo's memory.
    write("cnn", Cnn(), (2, 1, 10, 15))


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict({
            "0": nn.Conv2d(1, 8, 3), "2": nn.BatchNorm2d(8), "6": nn.Linear(8 * 2 * 3, 16), "8": nn.Linear(16, 4)})

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.layers["0"](x)), 2)
        x = F.max_pool2d(F.relu(self.layers["2"](x)), 2)
        return self.layers["8"](F.relu(self.layers["6"](x.flatten(1))))


if __name__ == "__main__":
    main()
