"""Writes tiny random encoders and rerankers in Hugging Face layout, and what PyTorch computes with them.

Run beside this file:  python3 encoders.py   (Debian's python3-torch 1.13 made the committed values)

The networks are transformers' BertModel, XLMRobertaModel and their ...ForSequenceClassification, written out: positions
of XLM-R begin after the padding's, its classifier has a dense layer of its own, BERT's goes through the pooler.
Each folder gets expected.json: token ids, token types, sentence vectors (mean and cls, unit length) or logits.
"""
import json
import os
import struct

import torch
from torch import nn

HIDDEN, HEADS, LAYERS, WIDE, POSITIONS, EPSILON = 24, 3, 2, 40, 34, 1e-5
LETTERS = [chr(ord("a") + i) for i in range(26)]
TEXTS = ["", "a", "b c", "the quick", "a b c d e f g h i j", " ".join(LETTERS), " ".join(LETTERS * 2)]
PAIRS = [("a b", "c d e"), ("a", ""), ("", "x y z"), ("a b c", " ".join(LETTERS * 2)), (" ".join(LETTERS), " ".join(LETTERS)), (" ".join(LETTERS * 2), "q r")]


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))

    def forward(self, x):
        def split(y):
            return y.view(len(x), HEADS, HIDDEN // HEADS).transpose(0, 1)

        scores = split(self.query(x)) @ split(self.key(x)).transpose(1, 2) / (HIDDEN // HEADS) ** 0.5
        return (scores.softmax(-1) @ split(self.value(x))).transpose(0, 1).reshape(len(x), HIDDEN)


class Residual(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.dense, self.LayerNorm = nn.Linear(inputs, HIDDEN), nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, y, x):
        return self.LayerNorm(self.dense(y) + x)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.ModuleDict({"self": Attention(), "output": Residual(HIDDEN)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(HIDDEN, WIDE)})
        self.output = Residual(WIDE)

    def forward(self, x):
        x = self.attention["output"](self.attention["self"](x), x)
        return self.output(nn.functional.gelu(self.intermediate["dense"](x)), x)


class Bert(nn.Module):
    def __init__(self, words, types, first_position):
        super().__init__()
        self.first_position = first_position
        self.embeddings = nn.ModuleDict({
            "word_embeddings": nn.Embedding(words, HIDDEN),
            "position_embeddings": nn.Embedding(POSITIONS, HIDDEN),
            "token_type_embeddings": nn.Embedding(types, HIDDEN),
            "LayerNorm": nn.LayerNorm(HIDDEN, EPSILON),
        })
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer() for _ in range(LAYERS))})

    def forward(self, ids, types):
        positions = torch.arange(len(ids)) + self.first_position
        e = self.embeddings
        x = e["LayerNorm"](e["word_embeddings"](ids) + e["position_embeddings"](positions) + e["token_type_embeddings"](types))
        for layer in self.encoder["layer"]:
            x = layer(x)
        return x


class BertReranker(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.bert = Bert(words, 2, 0)
        self.bert.pooler = nn.ModuleDict({"dense": nn.Linear(HIDDEN, HIDDEN)})
        self.classifier = nn.Linear(HIDDEN, 1)

    def forward(self, ids, types):
        return self.classifier(torch.tanh(self.bert.pooler["dense"](self.bert(ids, types)[0])))


class RobertaReranker(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.roberta = Bert(words, 1, 2)
        self.classifier = nn.ModuleDict({"dense": nn.Linear(HIDDEN, HIDDEN), "out_proj": nn.Linear(HIDDEN, 1)})

    def forward(self, ids, types):
        return self.classifier["out_proj"](torch.tanh(self.classifier["dense"](self.roberta(ids, types)[0])))


def randomise(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.uniform_(-0.5, 0.5)
            if name.endswith("LayerNorm.weight"):
                parameter.add_(1)
    return model.eval()


def save(model, path):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, value in model.state_dict().items():
        content = value.contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write_json(folder, name, value):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


class WordPieces:
    """[CLS] and [SEP] around words that are letters; other words are [UNK]."""
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *LETTERS]
    first_position, types = 0, 2

    def ids(self, text):
        return [self.pieces.index(word) if word in self.pieces else 1 for word in text.split()]

    def input(self, *texts):
        ids, types = [2], [0]
        for i, text in enumerate(texts):
            ids += text + [3]
            types += [i] * (len(text) + 1)
        return ids, types

    def write(self, folder):
        with open(os.path.join(folder, "vocab.txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(self.pieces) + "\n")


class Pieces:
    """XLM-R's: <s> and </s> around SentencePiece pieces, two </s> between texts; letters with and without a space before."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *("\u2581" + letter for letter in LETTERS), *LETTERS, "\u2581"]
    first_position, types = 2, 1

    def ids(self, text):
        return [self.pieces.index(piece) for word in text.split() for piece in ["\u2581" + word[0], *word[1:]]]

    def input(self, *texts):
        ids = [0] + texts[0] + [2]
        for text in texts[1:]:
            ids += [2] + text + [2]
        return ids, [0] * len(ids)

    def write(self, folder):
        special = [
            {"id": i, "content": self.pieces[i], "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for i in range(4)]
        whole = "\u2581"
        write_json(folder, "tokenizer.json", {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "normalizer": None,
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": whole, "add_prefix_space": True, "prepend_scheme": "always"}]},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "pair": [
                    {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}},
                    {"SpecialToken": {"id": "</s>", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}},
            },
            "decoder": {"type": "Metaspace", "replacement": whole, "add_prefix_space": True, "prepend_scheme": "always"},
            "model": {"type": "Unigram", "unk_id": 3, "vocab": [[piece, 0.0 if i < 4 else -4.0] for i, piece in enumerate(self.pieces)]},
        })


def longest_first(first, second, room):
    """Hugging Face tokenizers' truncation LongestFirst (truncate_encodings in utils/truncation.rs)."""
    less, more = len(first), len(second)
    swap = less > more
    if swap:
        less, more = more, less
    more = less if less > room else max(less, room - less)
    if less + more > room:
        less = room // 2
        more = less + room % 2
    if swap:
        less, more = more, less
    return (first, second) if len(first) + len(second) <= room else (first[:less], second[:more])


def write_model(name, model_type, architecture, tokenizer, model, expected):
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    os.makedirs(folder, exist_ok=True)
    write_json(folder, "config.json", {
        "architectures": [architecture], "model_type": model_type, "hidden_act": "gelu", "hidden_size": HIDDEN, "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS, "intermediate_size": WIDE, "vocab_size": len(tokenizer.pieces), "max_position_embeddings": POSITIONS,
        "type_vocab_size": tokenizer.types, "layer_norm_eps": EPSILON, "pad_token_id": 1 if model_type == "xlm-roberta" else 0})
    write_json(folder, "expected.json", expected)
    tokenizer.write(folder)
    save(model, os.path.join(folder, "model.safetensors"))


def rounded(values):
    return [float(f"{value:.9g}") for value in values.flatten().tolist()]


def write_encoder(name, model_type, architecture, tokenizer):
    model = randomise(Bert(len(tokenizer.pieces), tokenizer.types, tokenizer.first_position))
    room = POSITIONS - tokenizer.first_position - 2
    expected = []
    for text in TEXTS:
        tokens = tokenizer.ids(text)
        ids, types = tokenizer.input(tokens[:room])
        hidden = model(torch.tensor(ids), torch.tensor(types))
        unit = nn.functional.normalize
        expected.append({
            "text": text, "ids": ids, "unseen": max(0, len(tokens) - room),
            "mean": rounded(unit(hidden.mean(0), dim=0)), "cls": rounded(unit(hidden[0], dim=0)), "max": rounded(unit(hidden.max(0).values, dim=0))})
    write_model(name, model_type, architecture, tokenizer, model, expected)


def write_reranker(name, model_type, architecture, tokenizer, model):
    model = randomise(model)
    specials = 4 if model_type == "xlm-roberta" else 3
    expected = []
    for query, passage in PAIRS:
        first, second = tokenizer.ids(query), tokenizer.ids(passage)
        first_kept, second_kept = longest_first(first, second, POSITIONS - tokenizer.first_position - specials)
        ids, types = tokenizer.input(first_kept, second_kept)
        expected.append({
            "query": query, "passage": passage, "ids": ids, "unseenQuery": len(first) - len(first_kept),
            "unseenPassage": len(second) - len(second_kept), "logit": rounded(model(torch.tensor(ids), torch.tensor(types)))[0]})
    write_model(name, model_type, architecture, tokenizer, model, expected)


if __name__ == "__main__":
    torch.manual_seed(4711)
    torch.set_num_threads(1)
    with torch.no_grad():
        write_encoder("bert-encoder", "bert", "BertModel", WordPieces())
        write_encoder("xlm-roberta-encoder", "xlm-roberta", "XLMRobertaModel", Pieces())
        write_reranker("bert-reranker", "bert", "BertForSequenceClassification", WordPieces(), BertReranker(len(WordPieces.pieces)))
        write_reranker(
            "xlm-roberta-reranker", "xlm-roberta", "XLMRobertaForSequenceClassification", Pieces(), RobertaReranker(len(Pieces.pieces)))
