"""Fixtures of direct preference optimization, by trl 1.13.0, PEFT 0.21.0, transformers 5.18 and PyTorch 2.13.

    PYTHONPATH=SITE_WITH_TRL_AND_PEFT python core/src/test/python/make_dpo_fixtures.py

writes core/src/test/resources/dev/jumbo/dpo/expected.safetensors: ids and next tokens of three pairs, for the tiny Llama and the LoRA adapter of
make_peft_fixtures.py: losses, rewards and gradients by trl's own DPOTrainer, for each loss type, and of a full fine-tuning (policy.safetensors
beside base.safetensors as the reference). Label smoothing of sigmoid is the formula of conservative DPO on trl's score.
"""

import sys
import tempfile
from pathlib import Path

sys.modules["torchvision"] = None  # Nothing here needs it, and it is not always of torch's build.

import torch
import torch.nn.functional as F
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaForCausalLM
from trl import DPOConfig, DPOTrainer

PEFT = Path(__file__).parents[1] / "resources/dev/jumbo/peft"
OUT = Path(__file__).parents[1] / "resources/dev/jumbo/dpo"


def llama(seed=None):
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=24,
            hidden_size=16,
            intermediate_size=24,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=32,
            rope_theta=10000.0,
            tie_word_embeddings=False,
            attn_implementation="eager",
            rms_norm_eps=1e-6,
        )
    )
    model.load_state_dict(load_file(PEFT / "base.safetensors"))
    if seed is not None:
        torch.manual_seed(seed)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(0.05 * torch.randn_like(parameter))
    return model.eval()


PROMPTS = [[1, 2, 3], [4, 5], [6, 7, 8, 9]]
CHOSEN = [[10, 11, 12], [13, 14, 15, 16, 17], [18]]
REJECTED = [[12, 11], [17, 3], [19, 20, 21]]
LENGTH = 7


def batch():
    rows, masks, attention = [], [], []
    for answers in (CHOSEN, REJECTED):
        for prompt, answer in zip(PROMPTS, answers):
            ids = prompt + answer
            pad = LENGTH - len(ids)
            rows.append(ids + [0] * pad)
            masks.append([0] * len(prompt) + [1] * len(answer) + [0] * pad)
            attention.append([1] * len(ids) + [0] * pad)
    return {
        "input_ids": torch.tensor(rows),
        "completion_mask": torch.tensor(masks),
        "attention_mask": torch.tensor(attention),
    }


class Trl(DPOTrainer):
    """trl's own _compute_loss on given models, without data and optimizers."""

    def __init__(self, model, reference, loss_type, beta, smoothing):
        with tempfile.TemporaryDirectory() as directory:
            args = DPOConfig(
                output_dir=directory, beta=beta, loss_type=[loss_type], label_smoothing=smoothing, report_to=[], use_cpu=True, bf16=False
            )
            from datasets import Dataset
            from tokenizers import Tokenizer, models
            from transformers import PreTrainedTokenizerFast

            vocabulary = {f"t{i}": i for i in range(24)}
            tokenizer = PreTrainedTokenizerFast(
                tokenizer_object=Tokenizer(models.WordLevel(vocabulary, unk_token="t0")), pad_token="t0", eos_token="t1"
            )
            data = Dataset.from_dict({"prompt": ["t1"], "chosen": ["t2"], "rejected": ["t3"]})
            super().__init__(model=model, ref_model=reference, args=args, train_dataset=data, processing_class=tokenizer)


def record(out, name, model, reference, loss_type, beta, smoothing=0.0):
    trainer = Trl(model, reference, loss_type, beta, smoothing)
    model.zero_grad()
    loss = trainer._compute_loss(model, dict(batch()), False)
    loss.backward()
    out[name + ".loss"] = loss.detach().reshape(1)
    metrics = trainer._metrics["train" if model.training else "eval"]
    for key in ("rewards/chosen", "rewards/rejected", "rewards/accuracies", "rewards/margins"):
        out[name + "." + key] = torch.tensor([metrics[key][-1]])
    for key, parameter in model.named_parameters():
        if parameter.grad is not None and ("layers.1.mlp.down_proj" in key or "layers.0.self_attn.q_proj" in key):
            out[name + ".grad." + key.replace(".default", "")] = parameter.grad.clone().contiguous()


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    out = {}
    data = batch()
    labels = torch.full_like(data["input_ids"], -100)
    shifted = data["completion_mask"][:, 1:].bool()
    labels[:, :-1][shifted] = data["input_ids"][:, 1:][shifted]
    n = len(PROMPTS)
    out["chosen"], out["rejected"] = data["input_ids"][:n].clone(), data["input_ids"][n:].clone()
    out["chosen_next"], out["rejected_next"] = labels[:n].clone(), labels[n:].clone()
    for loss_type, smoothing in (("sigmoid", 0.0), ("ipo", 0.0), ("hinge", 0.0), ("robust", 0.1)):
        adapted = PeftModel.from_pretrained(llama(), PEFT / "lora", is_trainable=True).eval()
        record(out, "lora_" + loss_type, adapted, llama(), loss_type, 0.3, smoothing)
        record(out, "full_" + loss_type, llama(7), llama(), loss_type, 0.3, smoothing)
    save_file({k: v.detach().clone().contiguous() for k, v in llama(7).state_dict().items()}, OUT / "policy.safetensors")
    save_file(out, OUT / "expected.safetensors")
    for key, value in out.items():
        if ".grad." not in key and value.numel() == 1:
            print(key, value.item())


main()
