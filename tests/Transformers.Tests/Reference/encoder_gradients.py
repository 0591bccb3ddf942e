"""Trains the tiny encoders that encoders.py wrote, all of them and with LoRA, and writes what PyTorch computes on the way.

Run beside this file:  python3 encoder_gradients.py   (Debian's python3-torch 1.13 made the committed values)

Each folder gets expected.json: token ids and types, and the loss, the mean of (hidden - target)^2, at 20 steps of AdamW;
and expected.safetensors: the target, every parameter's gradient at the first step, and LoRA's matrices as they began.
"""
import json
import os
import struct

import torch
from torch.nn import functional as F

HEADS, LAYERS, EPSILON, RANK, SCALE = 3, 2, 1e-5, 3, 2.0
RATE, DECAY, STEPS = 2e-3, 0.05, 20
TEXTS = [([2, 4, 3], 3), ([2, 9, 17, 9, 30 - 1, 3], 4), ([2, 3], 2), ([2] + list(range(4, 26)) + [3], 24)]
MODULES = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense"]
HERE = os.path.dirname(os.path.abspath(__file__))


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    tensors = {}
    for name, entry in json.loads(content[8 : 8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            tensors[name] = torch.frombuffer(bytearray(content[begin:end]), dtype=torch.float32).reshape(entry["shape"]).clone()
    return tensors


def write(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, value in tensors.items():
        values = value.detach().flatten().tolist()
        content = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def hidden_states(p, ids, second, first_position):
    def linear(name, x):
        y = F.linear(x, p[name + ".weight"], p[name + ".bias"])
        if name + ".lora_A.weight" in p:
            y = y + SCALE * F.linear(F.linear(x, p[name + ".lora_A.weight"]), p[name + ".lora_B.weight"])
        return y

    def norm(name, x):
        return F.layer_norm(x, x.shape[-1:], p[name + ".weight"], p[name + ".bias"], EPSILON)

    def split(x):
        return x.view(len(ids), HEADS, -1).transpose(0, 1)

    types = torch.tensor([0 if i < second or first_position > 0 else 1 for i in range(len(ids))])
    positions = torch.arange(len(ids)) + first_position
    x = p["embeddings.word_embeddings.weight"][torch.tensor(ids)] + p["embeddings.position_embeddings.weight"][positions]
    x = norm("embeddings.LayerNorm", x + p["embeddings.token_type_embeddings.weight"][types])
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        q, k, v = (split(linear(f"{at}attention.self.{name}", x)) for name in ["query", "key", "value"])
        weights = (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).softmax(-1)
        context = (weights @ v).transpose(0, 1).reshape(x.shape)
        x = norm(at + "attention.output.LayerNorm", linear(at + "attention.output.dense", context) + x)
        x = norm(at + "output.LayerNorm", linear(at + "output.dense", F.gelu(linear(at + "intermediate.dense", x))) + x)
    return x


def train(p, trained, first_position, target):
    for name in trained:
        p[name].requires_grad_(True)
    decays = [p[n] for n in trained if not n.endswith("bias") and "LayerNorm" not in n]
    others = [p[n] for n in trained if n.endswith("bias") or "LayerNorm" in n]
    optimizer = torch.optim.AdamW([{"params": decays, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}], lr=RATE)
    losses, gradients = [], {}
    for step in range(STEPS):
        optimizer.zero_grad()
        states = torch.cat([hidden_states(p, ids, second, first_position) for ids, second in TEXTS])
        loss = ((states - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {name: p[name].grad.clone() for name in trained}
        optimizer.step()
    return losses, gradients


def main():
    for source, first_position in [("bert-encoder", 0), ("xlm-roberta-encoder", 2)]:
        torch.manual_seed(7)
        base = read(os.path.join(HERE, source, "model.safetensors"))
        width = base["embeddings.LayerNorm.bias"].shape[0]
        target = torch.randn(sum(len(ids) for ids, _ in TEXTS), width)
        full = {name: value.clone() for name, value in base.items()}
        full_losses, full_gradients = train(full, list(base), first_position, target)
        pairs = {}
        for layer in range(LAYERS):
            for module in MODULES:
                name = f"encoder.layer.{layer}.{module}"
                outputs, inputs = base[name + ".weight"].shape
                pairs[name + ".lora_A.weight"] = torch.randn(RANK, inputs) * 0.2
                pairs[name + ".lora_B.weight"] = torch.randn(outputs, RANK) * 0.2
        lora = {**{name: value.clone() for name, value in base.items()}, **{name: value.clone() for name, value in pairs.items()}}
        lora_losses, lora_gradients = train(lora, list(pairs), first_position, target)
        folder = os.path.join(HERE, source.replace("-encoder", "-training"))
        os.makedirs(folder, exist_ok=True)
        write(os.path.join(folder, "expected.safetensors"), {
            "target": target, **{"gradient." + n: v for n, v in {**full_gradients, **lora_gradients}.items()}, **{"start." + n: v for n, v in pairs.items()}})
        with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
            json.dump({
                "rank": RANK, "alpha": RANK * SCALE, "rate": RATE, "decay": DECAY, "texts": [{"ids": ids, "secondStart": second} for ids, second in TEXTS],
                "fullLosses": full_losses, "loraLosses": lora_losses}, file, separators=(",", ":"))
            file.write("\n")


main()
