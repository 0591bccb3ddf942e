"""The encoder's training step in PyTorch, as the peer of bench/Engines' training. Needs torch alone.

One request a line on standard input, such as {"mode": "full", "dropout": 0.1, "rank": 8, "batch": 32, "tokens": 64, "steps": 3};
one answer a line on standard output: {"seconds": 1.2, "processorSeconds": 2.3}. All-MiniLM-L6-v2's shape with random weights; full and lora are a whole step:
forward, backward, AdamW with a learning rate and a decay, gradients cleared. Queries, keys and values are one product, as ours.
"""
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, WIDE, HEADS, LAYERS, WORDS, POSITIONS = 384, 1536, 12, 6, 30522, 512


class Linear(nn.Module):
    def __init__(self, inputs, outputs, parts, rank, dropout):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) * 0.02, requires_grad=rank == 0)
        self.bias = nn.Parameter(torch.zeros(outputs), requires_grad=rank == 0)
        self.dropout, self.scale = dropout, 2.0
        self.down = nn.Parameter(torch.randn(parts * rank, inputs) * 0.02) if rank else None
        self.ups = nn.ParameterList([nn.Parameter(torch.zeros(outputs // parts, rank)) for _ in range(parts)] if rank else [])

    def forward(self, x):
        y = F.linear(x, self.weight, self.bias)
        if self.down is not None:
            dropped = F.dropout(x, self.dropout, self.training) if self.dropout else x
            lowered = F.linear(dropped, self.down).chunk(len(self.ups), -1)
            y = y + self.scale * torch.cat([F.linear(part, up) for part, up in zip(lowered, self.ups)], -1)
        return y


class Layer(nn.Module):
    def __init__(self, rank, dropout):
        super().__init__()
        self.project = Linear(WIDTH, 3 * WIDTH, 3, rank, dropout)
        self.gather = Linear(WIDTH, WIDTH, 1, rank, dropout)
        self.widen = Linear(WIDTH, WIDE, 1, rank, dropout)
        self.narrow = Linear(WIDE, WIDTH, 1, rank, dropout)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        batch, tokens, _ = x.shape
        q, k, v = self.project(x).view(batch, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        weights = self.dropout((q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS)).softmax(-1))
        context = (weights @ v).transpose(1, 2).reshape(batch, tokens, WIDTH)
        x = self.norm1(x + self.dropout(self.gather(context)))
        return self.norm2(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))


class Encoder(nn.Module):
    def __init__(self, rank, dropout):
        super().__init__()
        self.words, self.positions = nn.Embedding(WORDS, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.norm, self.dropout = nn.LayerNorm(WIDTH), nn.Dropout(dropout)
        self.layers = nn.ModuleList([Layer(rank, dropout) for _ in range(LAYERS)])
        if rank:
            for name, parameter in self.named_parameters():
                parameter.requires_grad = ".down" in name or ".ups" in name

    def forward(self, ids):
        x = self.dropout(self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]]))
        for layer in self.layers:
            x = layer(x)
        return x


def runner(mode, dropout, rank):
    model = Encoder(rank if mode == "lora" else 0, dropout)
    if mode == "inference":
        model.eval()

        def infer(ids, target):
            with torch.inference_mode():
                model(ids)

        return infer
    model.train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-5, weight_decay=0.01)

    def step(ids, target):
        optimizer.zero_grad(set_to_none=True)
        (model(ids) * target).sum().backward()
        optimizer.step()

    return step


def main():
    torch.manual_seed(1)
    torch.set_num_threads(int(sys.argv[1]))
    runners = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = (request["mode"], request["dropout"], request["rank"])
        if key not in runners:
            runners[key] = runner(*key)
        ids = torch.randint(0, WORDS, (request["batch"], request["tokens"]))
        target = torch.randn(request["batch"], request["tokens"], WIDTH) * 1e-3
        begin, processor = time.perf_counter(), time.process_time()
        for _ in range(request["steps"]):
            runners[key](ids, target)
        print(json.dumps({"seconds": time.perf_counter() - begin, "processorSeconds": time.process_time() - processor}), flush=True)


main()
