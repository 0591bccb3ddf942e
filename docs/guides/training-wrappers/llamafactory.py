"""LLaMA-Factory as a trainer of RagPlatform. Not run where it was written: no LLaMA-Factory could be installed there."""
import json
import os

import rag_protocol as rag

job = rag.job()
settings = job["hyper_parameters"]
count = rag.chats(job["training_file"], "data/train_messages.jsonl")
validation = rag.chats(job["validation_file"], "data/validation_messages.jsonl")
tags = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant", "system_tag": "system"}
columns = {"formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": tags}
with open("data/dataset_info.json", "w", encoding="utf-8") as file:
    json.dump({"train": {"file_name": "train_messages.jsonl", **columns}, "validation": {"file_name": "validation_messages.jsonl", **columns}}, file)

output = job["checkpoint_folder"]
config = {
    "model_name_or_path": job["base_model_folder"] or job["base_model"],
    "stage": "sft", "do_train": True, "finetuning_type": "lora", "lora_target": "all",
    "lora_rank": rag.number(settings, "lora_rank", 16), "lora_alpha": rag.number(settings, "lora_alpha", 32), "lora_dropout": rag.number(settings, "lora_dropout", 0.0),
    "dataset_dir": "data", "dataset": "train", "template": settings.get("template", "default"), "cutoff_len": rag.number(settings, "max_tokens", 2048),
    "output_dir": output, "overwrite_output_dir": job["resume_from"] is None, "logging_steps": 1,
    "save_strategy": "steps", "save_steps": rag.number(settings, "checkpoint_every_steps", 100), "save_total_limit": 3, "plot_loss": False, "report_to": "none",
    "per_device_train_batch_size": rag.number(settings, "batch_size", 2), "gradient_accumulation_steps": rag.number(settings, "accumulation", 8),
    "learning_rate": rag.number(settings, "learning_rate", 1e-4), "num_train_epochs": rag.number(settings, "epochs", 3),
    "lr_scheduler_type": "cosine", "warmup_ratio": 0.1, "seed": job["seed"] % 2**31,
}
if validation:
    config.update({"eval_dataset": "validation", "eval_strategy": "steps", "eval_steps": config["save_steps"]})
if job["resume_from"]:
    config["resume_from_checkpoint"] = job["resume_from"]
# LLaMA-Factory reads YAML, of which JSON is a part.
with open("llamafactory.yaml", "w", encoding="utf-8") as file:
    json.dump(config, file, indent=2)

rag.say(type="used", facts={"trainer": "LLaMA-Factory"}, hyper_parameters={name: str(value) for name, value in config.items()})
seen, told = 0, set()


def poll():
    global seen
    path = f"{output}/trainer_log.jsonl"
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file.read().splitlines(keepends=True) if line.endswith("\n")]
        for line in lines[seen:]:
            entry = json.loads(line)
            step = entry.get("current_steps", 0)
            rag.say(type="progress", step=step, steps=entry.get("total_steps", 0), epoch=entry.get("epoch", 0), loss=entry.get("loss", 0))
            for source, name in (("loss", "train_loss"), ("eval_loss", "validation_loss"), ("lr", "learning_rate"), ("learning_rate", "learning_rate")):
                if entry.get(source) is not None:
                    rag.say(type="metric", step=step, name=name, value=entry[source])
        seen = len(lines)
    for step, folder in rag.checkpoints(output) if os.path.isdir(output) else []:
        if step not in told:
            told.add(step)
            rag.say(type="checkpoint", step=step, path=folder)


rag.run(["llamafactory-cli", "train", "llamafactory.yaml"], poll)
for name in ("adapter_config.json", "adapter_model.safetensors"):
    os.replace(f"{output}/{name}", f"{job['output_folder']}/{name}")
rag.say(type="result", folder=job["output_folder"])
