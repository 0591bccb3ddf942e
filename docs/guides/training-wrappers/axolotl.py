"""Axolotl as a trainer of RagPlatform. Not run where it was written: no Axolotl could be installed there."""
import json
import os

import rag_protocol as rag

job = rag.job()
settings = job["hyper_parameters"]
rag.chats(job["training_file"], "data/train_messages.jsonl")
validation = rag.chats(job["validation_file"], "data/validation_messages.jsonl")
output = job["checkpoint_folder"]


def dataset(path):
    return {"path": path, "ds_type": "json", "type": "chat_template", "field_messages": "messages",
            "message_property_mappings": {"role": "role", "content": "content"}}


config = {
    "base_model": job["base_model_folder"] or job["base_model"], "adapter": "lora", "lora_target_linear": True,
    "lora_r": rag.number(settings, "lora_rank", 16), "lora_alpha": rag.number(settings, "lora_alpha", 32), "lora_dropout": rag.number(settings, "lora_dropout", 0.0),
    "datasets": [dataset("data/train_messages.jsonl")], "dataset_prepared_path": "data/prepared", "output_dir": output,
    "sequence_len": rag.number(settings, "max_tokens", 2048), "sample_packing": False,
    "micro_batch_size": rag.number(settings, "batch_size", 2), "gradient_accumulation_steps": rag.number(settings, "accumulation", 8),
    "num_epochs": rag.number(settings, "epochs", 3), "learning_rate": rag.number(settings, "learning_rate", 1e-4),
    "optimizer": "adamw_torch", "lr_scheduler": "cosine", "warmup_ratio": 0.1, "bf16": "auto", "logging_steps": 1,
    "save_steps": rag.number(settings, "checkpoint_every_steps", 100), "save_total_limit": 3, "seed": job["seed"] % 2**31,
}
if validation:
    config.update({"test_datasets": [{**dataset("data/validation_messages.jsonl"), "split": "train"}], "eval_steps": config["save_steps"]})
if job["resume_from"]:
    config["resume_from_checkpoint"] = job["resume_from"]
# Axolotl reads YAML, of which JSON is a part.
with open("axolotl.yaml", "w", encoding="utf-8") as file:
    json.dump(config, file, indent=2)

rag.say(type="used", facts={"trainer": "Axolotl"}, hyper_parameters={name: str(value) for name, value in config.items() if not isinstance(value, list)})
told, last = set(), 0


def poll():
    """The log of a checkpoint's trainer_state.json holds all that was measured up to it."""
    global last
    for step, folder in rag.checkpoints(output) if os.path.isdir(output) else []:
        if step in told:
            continue
        told.add(step)
        with open(f"{folder}/trainer_state.json", encoding="utf-8") as file:
            state = json.load(file)
        for entry in state["log_history"]:
            if entry["step"] <= last:
                continue
            for source, name in (("loss", "train_loss"), ("eval_loss", "validation_loss"), ("learning_rate", "learning_rate"), ("grad_norm", "gradient_norm")):
                if source in entry:
                    rag.say(type="metric", step=entry["step"], name=name, value=entry[source])
            if "loss" in entry:
                rag.say(type="progress", step=entry["step"], steps=state.get("max_steps", 0), epoch=entry.get("epoch", 0), loss=entry["loss"])
        last = step
        rag.say(type="checkpoint", step=step, path=folder)


rag.run(["axolotl", "train", "axolotl.yaml"], poll)
for name in ("adapter_config.json", "adapter_model.safetensors"):
    os.replace(f"{output}/{name}", f"{job['output_folder']}/{name}")
rag.say(type="result", folder=job["output_folder"])
