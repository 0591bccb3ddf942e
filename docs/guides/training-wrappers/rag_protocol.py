"""The training protocol of RagPlatform (docs/guides/training-protocol.md) for wrappers around other trainers."""
import json
import os
import subprocess
import sys
import threading


def say(**line):
    print(json.dumps(line), flush=True)


def job():
    with open("job.json", encoding="utf-8") as file:
        return json.load(file)


def number(settings, name, otherwise):
    value = settings.get(name, "auto")
    return otherwise if value in ("", "auto") else float(value) if "." in value or "e" in value else int(value)


def chats(source, target):
    """Chat and prompt/completion examples as OpenAI's messages, without the fields that only RagPlatform knows."""
    count = 0
    with open(source, encoding="utf-8-sig") as lines, open(target, "w", encoding="utf-8") as file:
        for line in lines:
            example = json.loads(line)
            messages = example.get("messages") or [
                {"role": "user", "content": example["prompt"]}, {"role": "assistant", "content": example["completion"]}]
            file.write(json.dumps({"messages": [{"role": m["role"], "content": m.get("content") or ""} for m in messages]}) + "\n")
            count += 1
    return count


def checkpoints(folder):
    """Whole checkpoints of transformers' Trainer, the oldest first: trainer_state.json is written last."""
    steps = [int(name.split("-")[1]) for name in os.listdir(folder) if name.startswith("checkpoint-") and name.split("-")[1].isdigit()]
    return [(step, f"{folder}/checkpoint-{step}") for step in sorted(steps) if os.path.exists(f"{folder}/checkpoint-{step}/trainer_state.json")]


def run(command, poll):
    """Runs the trainer; its output goes to standard error. Ends with the service; 'pause' ends it at its last checkpoint."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=False)
    paused = threading.Event()

    def listen():
        for line in sys.stdin:
            paused.set() if json.loads(line).get("type") == "pause" else None
            process.terminate()
        if not paused.is_set():
            process.kill()

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            code = process.wait(timeout=1)
            break
        except subprocess.TimeoutExpired:
            poll()
    poll()
    if paused.is_set() and code != 0:
        say(type="paused")
        sys.exit(0)
    if code != 0:
        sys.exit(code if code > 0 else 1)
