"""Writes the tiny random decoders in decoders/ and what they answer: python3 decoders.py (Debian's python3-torch 1.13).

The forward pass is written out from the papers and from Hugging Face transformers' modelling code (Llama, Qwen2, Qwen3,
modeling_rope_utils), in fp64, so that the expected logits carry no rounding of their own. Weights are rounded to what the
file stores first.
"""
import json, math, os, struct
import torch

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "decoders")
LENGTH, HIDDEN, WIDE, LAYERS, HEADS, KEY_HEADS, VOCABULARY = 40, 32, 32, 2, 4, 2, 40
ATTENTION = ("q_proj", "k_proj", "v_proj")
TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def random_weights(head, tied=False, biased=(), norm=False, stored="F32"):
    def matrix(*shape, scale=0.3):
        return (torch.randn(*shape) * scale).to(TYPES[stored])

    weights = {"model.embed_tokens.weight": matrix(VOCABULARY, HIDDEN, scale=1.0), "model.norm.weight": 1 + matrix(HIDDEN)}
    if not tied:
        weights["lm_head.weight"] = matrix(VOCABULARY, HIDDEN)
    for layer in range(LAYERS):
        name = f"model.layers.{layer}."
        for part, rows, columns in (
            ("self_attn.q_proj", HEADS * head, HIDDEN), ("self_attn.k_proj", KEY_HEADS * head, HIDDEN),
            ("self_attn.v_proj", KEY_HEADS * head, HIDDEN), ("self_attn.o_proj", HIDDEN, HEADS * head),
            ("mlp.gate_proj", WIDE, HIDDEN), ("mlp.up_proj", WIDE, HIDDEN), ("mlp.down_proj", HIDDEN, WIDE),
        ):
            weights[name + part + ".weight"] = matrix(rows, columns)
            if part.split(".")[1] in biased:
                weights[name + part + ".bias"] = matrix(rows)
        for part in ("input_layernorm", "post_attention_layernorm"):
            weights[name + part + ".weight"] = 1 + matrix(HIDDEN)
        if norm:
            weights[name + "self_attn.q_norm.weight"] = 1 + matrix(head)
            weights[name + "self_attn.k_norm.weight"] = 1 + matrix(head)
    return weights


def frequencies(config, head):
    scaling = config.get("rope_parameters") or config.get("rope_scaling") or {}
    base = scaling.get("rope_theta", config.get("rope_theta", 10000.0))
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    factor, positions = scaling.get("factor", 1.0), config["max_position_embeddings"]
    if kind == "dynamic":
        base *= (factor * LENGTH / positions - (factor - 1)) ** (head / (head - 2))
    plain = 1.0 / base ** (torch.arange(0, head, 2).double() / head)
    if kind in ("default", "dynamic"):
        return plain, 1.0
    if kind == "linear":
        return plain / factor, 1.0
    original = scaling["original_max_position_embeddings"]
    if kind == "llama3":
        low, high = original / scaling["low_freq_factor"], original / scaling["high_freq_factor"]
        wavelength = 2 * math.pi / plain
        smooth = (original / wavelength - scaling["low_freq_factor"]) / (scaling["high_freq_factor"] - scaling["low_freq_factor"])
        scaled = torch.where(wavelength > low, plain / factor, plain)
        between = ~(wavelength < high) * ~(wavelength > low)
        return torch.where(between, (1 - smooth) * scaled / factor + smooth * scaled, scaled), 1.0
    assert kind == "yarn"

    def component(turns):
        return head * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(base))

    low, high = max(math.floor(component(32)), 0), min(math.ceil(component(1)), head - 1)
    kept = 1 - torch.clamp((torch.arange(head // 2).double() - low) / (high - low), 0, 1)
    return plain / factor * (1 - kept) + plain * kept, 0.1 * math.log(factor) + 1


def norm(x, gain, epsilon):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + epsilon) * gain


def rotate(x, angles, factor):
    cosine, sine = torch.cos(torch.cat((angles, angles), -1)) * factor, torch.sin(torch.cat((angles, angles), -1)) * factor
    first, second = x.chunk(2, -1)
    return x * cosine + torch.cat((-second, first), -1) * sine


def forward(config, weights, ids):
    w = {name: value.double() for name, value in weights.items()}
    head = config.get("head_dim", HIDDEN // HEADS)
    epsilon = config["rms_norm_eps"]
    frequency, factor = frequencies(config, head)
    angles = torch.outer(torch.arange(len(ids)).double(), frequency)
    mask = torch.full((len(ids), len(ids)), float("-inf")).double().triu(1)
    x = w["model.embed_tokens.weight"][ids]
    for layer in range(LAYERS):
        name = f"model.layers.{layer}."

        def linear(y, part):
            return y @ w[name + part + ".weight"].T + w.get(name + part + ".bias", 0)

        y = norm(x, w[name + "input_layernorm.weight"], epsilon)
        q = linear(y, "self_attn.q_proj").view(len(ids), HEADS, head).transpose(0, 1)
        k = linear(y, "self_attn.k_proj").view(len(ids), KEY_HEADS, head).transpose(0, 1)
        v = linear(y, "self_attn.v_proj").view(len(ids), KEY_HEADS, head).transpose(0, 1)
        if name + "self_attn.q_norm.weight" in w:
            q = norm(q, w[name + "self_attn.q_norm.weight"], epsilon)
            k = norm(k, w[name + "self_attn.k_norm.weight"], epsilon)
        q, k = rotate(q, angles, factor), rotate(k, angles, factor)
        k, v = k.repeat_interleave(HEADS // KEY_HEADS, 0), v.repeat_interleave(HEADS // KEY_HEADS, 0)
        attention = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(head) + mask, -1) @ v
        x = x + linear(attention.transpose(0, 1).reshape(len(ids), HEADS * head), "self_attn.o_proj")
        y = norm(x, w[name + "post_attention_layernorm.weight"], epsilon)
        x = x + linear(torch.nn.functional.silu(linear(y, "mlp.gate_proj")) * linear(y, "mlp.up_proj"), "mlp.down_proj")
    x = norm(x, w["model.norm.weight"], epsilon)
    return x @ w.get("lm_head.weight", w["model.embed_tokens.weight"]).T


def save_weights(name, weights, stored):
    header, data = {}, b""
    for tensor, value in weights.items():
        value = value.to(TYPES[stored])
        raw = value.view(torch.int32 if stored == "F32" else torch.int16).flatten().tolist()
        part = struct.pack(f"<{len(raw)}{'i' if stored == 'F32' else 'h'}", *raw)
        header[tensor] = {"dtype": stored, "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(HERE, f"{name}.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def save_case(case, weights_name, weights, **fields):
    config = {
        "model_type": "llama", "hidden_act": "silu", "hidden_size": HIDDEN, "intermediate_size": WIDE, "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS, "num_key_value_heads": KEY_HEADS, "vocab_size": VOCABULARY, "max_position_embeddings": 64,
        "rms_norm_eps": 1e-5, "bos_token_id": 1, "eos_token_id": [2, 3], "tie_word_embeddings": "lm_head.weight" not in weights, **fields,
    }
    ids = [(7 * i * i + 3 * i + 1) % VOCABULARY for i in range(LENGTH)]
    logits = forward(config, weights, ids).flatten().tolist()
    with open(os.path.join(HERE, f"{case}.json"), "w") as file:
        json.dump({"weights": weights_name, "config": config, "ids": ids}, file, indent=1)
        file.write("\n")
    with open(os.path.join(HERE, f"{case}.logits.f32"), "wb") as file:
        file.write(struct.pack(f"<{len(logits)}f", *logits))


def main():
    torch.manual_seed(20261120)
    llama = random_weights(head=8, tied=True)
    save_weights("llama", llama, "F32")
    save_case("llama", "llama", llama, rope_scaling=None)
    save_case("linear", "llama", llama, rope_scaling={"type": "linear", "factor": 4.0})
    save_case("dynamic", "llama", llama, rope_scaling={"rope_type": "dynamic", "factor": 2.0}, max_position_embeddings=20)
    long = random_weights(head=16, biased=ATTENTION + ("o_proj", "gate_proj", "up_proj", "down_proj"), stored="BF16")
    save_weights("long", long, "BF16")
    save_case("llama3", "long", long, head_dim=16, attention_bias=True, mlp_bias=True, rope_theta=100.0, rope_scaling={
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32})
    save_case("yarn", "long", long, head_dim=16, attention_bias=True, mlp_bias=True, rope_theta=100.0, max_position_embeddings=128, rope_scaling={
        "type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32})
    qwen2 = random_weights(head=8, biased=ATTENTION, stored="F16")
    save_weights("qwen2", qwen2, "F16")
    save_case("qwen2", "qwen2", qwen2, model_type="qwen2", use_sliding_window=False, sliding_window=32, rope_theta=1000000.0)
    qwen3 = random_weights(head=16, norm=True, stored="BF16")
    save_weights("qwen3", qwen3, "BF16")
    save_case("qwen3", "qwen3", qwen3, model_type="qwen3", head_dim=16, attention_bias=False,
              rope_parameters={"rope_type": "default", "rope_theta": 1000000.0})


if __name__ == "__main__":
    main()
