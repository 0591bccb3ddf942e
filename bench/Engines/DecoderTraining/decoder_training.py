"""The peer of decoder-training: LoRA steps of a Llama-family decoder in plain PyTorch 1.13. Reads MODEL and ADAPTER (safetensors), then
for every line on standard input does a step and prints its seconds and loss: decoder_training.py FOLDER THREADS RATE."""
import json, math, os, struct, sys, time
import torch
import torch.nn.functional as F

folder, threads, rate = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
torch.set_num_threads(threads)


def read(name):
    with open(os.path.join(folder, name), "rb") as file:
        data = bytearray(file.read())
    size = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for tensor, entry in json.loads(data[8 : 8 + size]).items():
        if tensor != "__metadata__":
            begin, end = entry["data_offsets"]
            tensors[tensor] = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=8 + size + begin).view(entry["shape"])
    return tensors


config = json.load(open(os.path.join(folder, "config.json")))
adapter = json.load(open(os.path.join(folder, "adapter_config.json")))
batch = json.load(open(os.path.join(folder, "batch.json")))
w = read("model.safetensors")
lora = {name[len("base_model.model.") :]: value.clone().requires_grad_(True) for name, value in read("adapter_model.safetensors").items()}
heads, key_heads, hidden = config["num_attention_heads"], config["num_key_value_heads"], config["hidden_size"]
head, scale = hidden // heads, adapter["lora_alpha"] / adapter["r"]
ids = torch.tensor(batch["ids"])
texts, length = ids.shape
frequency = 1.0 / config["rope_theta"] ** (torch.arange(0, head, 2).float() / head)
angles = torch.outer(torch.arange(length).float(), frequency)
cosine, sine = torch.cat((angles, angles), -1).cos(), torch.cat((angles, angles), -1).sin()
mask = torch.full((length, length), float("-inf")).triu(1)
optimizer = torch.optim.AdamW(lora.values(), lr=rate, weight_decay=0.0)


def norm(x, gain):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + config["rms_norm_eps"]) * gain


def linear(x, name):
    y = F.linear(x, w[name + ".weight"])
    a = lora.get(name + ".lora_A.weight")
    return y if a is None else y + scale * F.linear(F.linear(x, a), lora[name + ".lora_B.weight"])


def rotate(x):
    first, second = x.chunk(2, -1)
    return x * cosine + torch.cat((-second, first), -1) * sine


def loss_of():
    x = w["model.embed_tokens.weight"][ids]
    for layer in range(config["num_hidden_layers"]):
        name = f"model.layers.{layer}."
        y = norm(x, w[name + "input_layernorm.weight"])
        q = rotate(linear(y, name + "self_attn.q_proj").view(texts, length, heads, head).transpose(1, 2))
        k = rotate(linear(y, name + "self_attn.k_proj").view(texts, length, key_heads, head).transpose(1, 2))
        v = linear(y, name + "self_attn.v_proj").view(texts, length, key_heads, head).transpose(1, 2)
        k, v = k.repeat_interleave(heads // key_heads, 1), v.repeat_interleave(heads // key_heads, 1)
        attention = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(head) + mask, -1) @ v
        x = x + linear(attention.transpose(1, 2).reshape(texts, length, hidden), name + "self_attn.o_proj")
        y = norm(x, w[name + "post_attention_layernorm.weight"])
        x = x + linear(F.silu(linear(y, name + "mlp.gate_proj")) * linear(y, name + "mlp.up_proj"), name + "mlp.down_proj")
    logits = F.linear(norm(x, w["model.norm.weight"])[:, :-1], w["model.embed_tokens.weight"])
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1))


# One thread is measured by processor time, so that other work on the machine counts little.
clock = time.process_time if threads == 1 else time.perf_counter
print("ready", flush=True)
for _ in sys.stdin:
    begin = clock()
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of()
    loss.backward()
    optimizer.step()
    print(clock() - begin, loss.item(), flush=True)
