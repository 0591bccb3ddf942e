"""Writes adamw.json: what torch.optim.AdamW and clip_grad_norm_ make of given gradients in 20 steps.

Run beside this file:  python3 adamw.py   (Debian's python3-torch 1.13 made the committed values)

Three parameters: a matrix that decays, a bias that does not, and an embedding table of which a step touches few rows,
here trained densely.
"""
import json

import torch

torch.manual_seed(7)
STEPS, PEAK, LIMIT, DECAY = 20, 3e-3, 1.0, 0.1
values = [torch.randn(5, 7), torch.randn(1, 11) * 1e-3, torch.randn(9, 4)]
parameters = [torch.nn.Parameter(value.clone()) for value in values]
optimizer = torch.optim.AdamW([{"params": [parameters[0], parameters[2]], "weight_decay": DECAY}, {"params": [parameters[1]], "weight_decay": 0.0}], lr=PEAK)


def flat(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]


steps = []
for step in range(STEPS):
    rate = PEAK * (1 - step / STEPS)
    gradients = [torch.randn(5, 7) * 10 ** (step % 5 - 3), torch.randn(1, 11) * 1e-4, torch.zeros(9, 4)]
    rows = sorted({step % 4, (step * step) % 7})
    gradients[2][rows] = torch.randn(len(rows), 4) * 0.1
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, LIMIT)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    steps.append({
        "gradients": [flat(gradients[0]), flat(gradients[1]), flat(gradients[2][rows])],
        "rows": rows,
        "norm": float(norm),
        "values": [flat(parameter) for parameter in parameters],
    })

with open("adamw.json", "w") as file:
    json.dump({"peak": PEAK, "limit": LIMIT, "decay": DECAY, "values": [flat(value) for value in values], "steps": steps}, file)
    file.write("\n")
