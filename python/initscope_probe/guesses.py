"""Conventional values for arguments that nobody gives; each use is reported as an assumption."""

import re

from .fakes import NeedValue

GUESS = [  # parameter name -> value; each use is reported as an assumption the user can change
    (
        r"^(in_channels?|in_ch|n_?channels|channels|nc|input_channels?|in_chans?|c_in|in_planes?|inplanes|img_channels|image_channels|input_nc|ch)$",
        3,
    ),
    (
        r"^(num_?class(es)?|n_?class(es)?|nclass|classes|class_num|n_?labels?|num_labels|k|num_?outputs?|output_nc|out_channels?|out_ch|c_out|outplanes|out_planes|planes)$",
        10,
    ),
    (
        r"(vocab|n_?token|num_\w*tokens|num_embeddings|vocab_size|n_words|src_vocab|trg_vocab|n_src|n_trg|dict_size|max_features|n_symbols)",
        1000,
    ),
    (r"^(pad_idx|src_pad_idx|trg_pad_idx|padding_idx|pad)$", 0),
    (r"^(drop\w*|p|rate|\w*_?dropout\w*|keep_prob|attn_drop|drop_rate)$", 0.1),
    (
        r"^(n_?layers?|num_layers|depth|nlayers|num_blocks?|n_blocks?|\w*_layers|e_layers|d_layers|n_repeats?|repeats?)$",
        2,
    ),
    (r"^(n_?heads?|nhead|num_heads|heads)$", 4),
    (r"^(d_k|d_v|head_dim|dim_head)$", 16),
    (
        r"^(max_len\w*|\w+_max_?len|block_size|seq_len\w*|max_seq\w*|context_length|n_positions?|n_position|maxlen|pred_len|label_len|n_step|window\w*)$",
        32,
    ),
    (
        r"^(img_size|image_size|input_size_img|resolution|size|img_dim|img_h|img_w|height|width_px|rows|cols|imageSize)$",
        32,
    ),
    (r"^(kernel_size|kernel|k_size|ksize)$", 3),
    (
        r"^(stride|dilation|groups|ngpu|n_gpus?|expansion|expand_ratio|upscale_factor|scale_factor|factor|level)$",
        1,
    ),
    (r"^(padding)$", 1),
    (r"^(patch_size|patch)$", 4),
    (r"^(latent_dims?|z_dim|nz|latent_size|latent)$", 32),
    (
        r"^(n_?states?|state_dims?|state_size|obs_dim|n_?features?|input_dims?|input_size|in_features?|in_dims?|dim_in|d_in|nfeat|n_input|n_inputs|num_inputs?|enc_in|dec_in|num_features|n_observations|input_shape)$",
        16,
    ),
    (r"^(n_?actions?|action_dims?|act_dim|action_size|num_actions)$", 4),
    (r"^(max_action|action_bound|scale|alpha|gain|temperature)$", 1.0),
    (r"^(eps|epsilon|layer_norm_eps)$", 1e-5),
    (
        r"(embed|emb_|_emb|d_model|ninp|hidden|dim|nhid|n_embd|width|units|d_ff|d_inner|d_word_vec|features?|n_units|ngf|ndf|filters|size|d_hidden|encoder_dim|decoder_dim|model_dim|mlp)",
        64,
    ),
    (r"^(bias|use_bias|batch_first|bn|batch_norm|use_bn|norm)$", True),
    (r"^(bidirectional|tie\w*|pretrained|weights|bilinear|\w*_pretrained)$", False),
    (r"^(device)$", "cpu"),
    (r"^(activation|act|nonlinearity)$", "relu"),
    (r"^(layers|num_blocks|nblocks|block_nums?|cfgs?_list)$", [2, 2, 2, 2]),
    (r"^num_channels$", [25, 25]),
    (r"^d_hid$", 64),
]


def guess(name):
    n = name.split(".")[-1].strip("()[]")
    for rx, v in GUESS:
        if re.search(rx, n, re.I):
            return v
    raise KeyError(name)


class ConfigGuess:
    """stands for a config/args object nobody gives: attributes are answers, else guessed by name, and reported"""

    def __init__(self, name, used, answers):
        self.__dict__.update(_name=name, _used=used, _vals={}, _answers=answers)

    def __getattr__(self, a):
        if a.startswith("__"):
            raise AttributeError(a)
        if a in self._vals:
            return self._vals[a]
        try:
            v = self._answers[a] if a in self._answers else guess(a)
        except KeyError:
            raise NeedValue(f"{self._name}.{a}")
        self._used[f"{self._name}.{a}"] = v
        self._vals[a] = v
        return v

    def __setattr__(self, a, v):
        self._vals[a] = v

    def __getitem__(self, a):
        return getattr(self, a) if isinstance(a, str) else (_ for _ in ()).throw(NeedValue(self._name))

    def get(self, a, d=None):
        return d if d is not None else getattr(self, a)

    def __contains__(self, a):
        return True
