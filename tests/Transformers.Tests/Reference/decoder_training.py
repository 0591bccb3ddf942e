"""Writes what PyTorch's autograd and AdamW make of the tiny decoders in decoders/: python3 decoder_training.py (Debian's python3-torch 1.13).

For each of three decoders, for training all weights and for LoRA: the loss of two texts with some of their tokens wanted, its gradient
with every parameter, in decoder-training/CASE.gradients.f32 by the order of names, and the losses of 20 AdamW steps. In fp64.
"""
import json, math, os, struct
import torch
from decoders import forward, HERE as MODELS

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "decoder-training")
TYPES = {"F32": ("f", 4, torch.float32), "F16": ("h", 2, torch.float16), "BF16": ("h", 2, torch.bfloat16)}
TEXTS = [
    ([(5 * i * i + i + 3) % 40 for i in range(17)], [i % 3 != 0 for i in range(17)]),
    ([(3 * i * i + 7 * i + 11) % 40 for i in range(9)], [i > 4 for i in range(9)]),
]
STEPS, RANK, ALPHA = 20, 4, 12.0
TARGETS = ("q_proj", "v_proj", "o_proj", "up_proj", "down_proj")


def read_weights(name):
    with open(os.path.join(MODELS, f"{name}.safetensors"), "rb") as file:
        data = file.read()
    size = struct.unpack("<Q", data[:8])[0]
    weights = {}
    for tensor, entry in json.loads(data[8 : 8 + size]).items():
        code, width, kind = TYPES[entry["dtype"]]
        begin, end = entry["data_offsets"]
        raw = struct.unpack(f"<{(end - begin) // width}{'i' if code == 'f' else 'h'}", data[8 + size + begin : 8 + size + end])
        value = torch.tensor(raw, dtype=torch.int32 if code == "f" else torch.int16)
        weights[tensor] = value.view(kind).view(entry["shape"]).double()
    return weights


def pairs(weights):
    made = {}
    for name, value in weights.items():
        module = name[: -len(".weight")]
        if module.split(".")[-1] in TARGETS:
            def wave(rows, columns, size, phase):
                return torch.tensor([size * math.sin(phase + i) for i in range(rows * columns)]).float().double().view(rows, columns)

            made[module + ".lora_A.weight"] = wave(RANK, value.shape[1], 0.2, 1)
            made[module + ".lora_B.weight"] = wave(value.shape[0], RANK, 0.1, 2)
    return made


def loss_of(config, weights, made, texts, smoothing):
    merged = dict(weights)
    for name in made:
        if name.endswith(".lora_A.weight"):
            module = name[: -len(".lora_A.weight")]
            merged[module + ".weight"] = weights[module + ".weight"] + ALPHA / RANK * made[module + ".lora_B.weight"] @ made[name]
    logits, labels = [], []
    for ids, wanted in texts:
        result = forward(config, merged, ids)
        rows = [i for i in range(len(ids) - 1) if wanted[i + 1]]
        logits.append(result[rows])
        labels += [ids[i + 1] for i in rows]
    return torch.nn.functional.cross_entropy(torch.cat(logits), torch.tensor(labels), label_smoothing=smoothing)


def save(name, uses_pairs, rate, smoothing=0.0):
    with open(os.path.join(MODELS, f"{name}.json")) as file:
        case = json.load(file)
    weights = read_weights(case["weights"])
    made = pairs(weights) if uses_pairs else {}
    trained = made if uses_pairs else weights
    for value in trained.values():
        value.requires_grad_(True)
    loss = loss_of(case["config"], weights, made, TEXTS, smoothing)
    loss.backward()
    names = sorted(trained)
    gradients = torch.cat([trained[tensor].grad.flatten() for tensor in names]).tolist()
    decaying = [value for value in trained.values() if value.dim() > 1]
    others = [value for value in trained.values() if value.dim() == 1]
    groups = [{"params": decaying, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW([group for group in groups if group["params"]], lr=rate)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        step = loss_of(case["config"], weights, made, TEXTS, smoothing)
        step.backward()
        optimizer.step()
        losses.append(step.item())
    file_name = f"{name}-{'lora' if uses_pairs else 'full'}"
    with open(os.path.join(HERE, f"{file_name}.json"), "w") as file:
        json.dump({
            "decoder": name, "rank": RANK if uses_pairs else 0, "alpha": ALPHA, "targets": TARGETS, "smoothing": smoothing, "rate": rate,
            "texts": [{"ids": ids, "wanted": wanted} for ids, wanted in TEXTS], "names": names, "loss": loss.item(), "losses": losses}, file)
        file.write("\n")
    with open(os.path.join(HERE, f"{file_name}.gradients.f32"), "wb") as file:
        file.write(struct.pack(f"<{len(gradients)}f", *gradients))


os.makedirs(HERE, exist_ok=True)
for decoder in ("llama", "qwen2", "qwen3"):
    save(decoder, False, 1e-3, 0.1 if decoder == "qwen2" else 0.0)
    save(decoder, True, 1e-2)
