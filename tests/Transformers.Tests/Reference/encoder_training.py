"""Writes what PyTorch's autograd and AdamW make of the tiny bert-encoder: python3 encoder_training.py (Debian's python3-torch 1.13).

bert-encoder/training.json: the losses of 20 steps in fp64. A step has two of the texts; their mean states tell one of three
classes by a fixed matrix sin(1 + i), with cross-entropy. All weights are trained.
"""
import json
import os
import struct

import torch
from encoders import HIDDEN, Bert, WordPieces

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bert-encoder")
TEXTS = [[2, 5, 9, 9, 3], [2, 20, 21, 22, 23, 24, 7, 8, 3], [2, 3], [2, 5, 3], [2, 29, 28, 5, 27, 3]]
STEPS, RATE, DECAY = 20, 2e-3, 0.05

model = Bert(len(WordPieces.pieces), WordPieces.types, WordPieces.first_position)
with open(os.path.join(FOLDER, "model.safetensors"), "rb") as file:
    data = file.read()
size = struct.unpack("<Q", data[:8])[0]
state = {}
for name, entry in json.loads(data[8 : 8 + size]).items():
    if name != "__metadata__":
        begin, end = entry["data_offsets"]
        state[name] = torch.tensor(struct.unpack(f"<{(end - begin) // 4}f", data[8 + size + begin : 8 + size + end])).view(entry["shape"])
model.load_state_dict(state)
model = model.double()

matrices = [p for name, p in model.named_parameters() if p.dim() > 1]
others = [p for name, p in model.named_parameters() if p.dim() == 1]
optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}], lr=RATE)
head = torch.sin(1 + torch.arange(3 * HIDDEN).double()).view(3, HIDDEN)
losses = []
for step in range(STEPS):
    chosen = [step % 5, (3 * step + 1) % 5]
    means = torch.stack([model(torch.tensor(TEXTS[i]), torch.zeros(len(TEXTS[i]), dtype=torch.long)).mean(0) for i in chosen])
    loss = torch.nn.functional.cross_entropy(means @ head.T, torch.tensor([i % 3 for i in chosen]))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(float(f"{loss.item():.9g}"))

with open(os.path.join(FOLDER, "training.json"), "w") as file:
    json.dump({"texts": TEXTS, "rate": RATE, "decay": DECAY, "losses": losses}, file, separators=(",", ":"))
    file.write("\n")
