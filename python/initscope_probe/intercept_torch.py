"""PyTorch's side effects answered: devices are the CPU, weights on disk and downloads are skipped, data is noise."""

import sys

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from .datasets import TORCHVISION
from .fakes import Blocked, FakeModule, StopProgram
from .notes import note

ACCELERATORS = ("cuda", "mps", "xpu", "npu", "hpu")


def _is_accelerator(device):
    return isinstance(device, (str, torch.device)) and str(device).split(":")[0] in ACCELERATORS


def _on_cpu(method):
    """`to` without accelerators."""

    def to(self, *args, **kwargs):
        args = tuple(
            "cpu" if _is_accelerator(a) or (i == 0 and type(a) is int) else a for i, a in enumerate(args)
        )
        if kwargs.get("device") is not None and str(kwargs["device"]) != "meta":
            kwargs = dict(kwargs, device="cpu")
        return method(self, *args, **kwargs)

    return to


def on_cpu(kwargs):
    """Keywords of a call that asks for no accelerator."""
    return dict(kwargs, device="cpu") if _is_accelerator(kwargs.get("device")) else kwargs


class OnCpu(TorchFunctionMode):
    """Every tensor that asks for an accelerator is made on the CPU."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        return func(*args, **on_cpu(kwargs or {}))


def _skip(what):
    def skipped(*_args, **_kwargs):
        note(f"{what} is skipped")
        raise Blocked(f"{what} is not run by the probe")

    return skipped


def _same(self, *_args, **_kwargs):
    return self


def _stop(reason):
    def stop(*_args, **_kwargs):
        raise StopProgram(reason)

    return stop


def intercept_torch():
    """Replaces what needs a device, a file, data or a training loop; returns the function mode to build under."""
    torch.Tensor.to, nn.Module.to = _on_cpu(torch.Tensor.to), _on_cpu(nn.Module.to)
    for name in ("cuda", "xpu", "npu"):
        setattr(torch.Tensor, name, _same)
        setattr(nn.Module, name, _same)
    for wrapper in (nn.DataParallel, nn.parallel.DistributedDataParallel):
        wrapper.__new__ = lambda cls, module, *_a, **_k: module
        wrapper.__init__ = lambda self, *_a, **_k: None
    torch.cuda.set_device = lambda *_a: None
    torch.load = _skip("torch.load")
    torch.hub.load = _skip("torch.hub.load")
    torch.hub.load_state_dict_from_url = _skip("a weights download")
    torch.hub.download_url_to_file = _skip("a download")
    model_zoo = sys.modules.get("torch.utils.model_zoo")
    if model_zoo is not None:
        model_zoo.load_url = torch.hub.load_state_dict_from_url
    nn.Module.load_state_dict = lambda self, *_a, **_k: note(
        "load_state_dict is skipped: weights are drawn fresh"
    )
    torch.save = lambda *_a, **_k: None
    torch.compile = lambda model=None, *_a, **_k: model if model is not None else (lambda f: f)
    for name in ("init_process_group", "barrier", "destroy_process_group"):
        if hasattr(torch.distributed, name):
            setattr(torch.distributed, name, lambda *_a, **_k: None)
    torch.Tensor._initscope_backward = torch.Tensor.backward
    torch.Tensor.backward = _stop("training")
    _intercept_data()
    if "tensorboard" not in sys.modules:
        sys.modules.setdefault("torch.utils.tensorboard", FakeModule("torch.utils.tensorboard"))
    return OnCpu()


def _intercept_data():
    from torch.utils import data

    original = data.DataLoader.__init__

    def init(self, dataset, *args, **kwargs):
        kwargs["num_workers"] = 0
        for key in ("prefetch_factor", "persistent_workers", "worker_init_fn"):
            kwargs.pop(key, None)
        try:
            original(self, dataset, *args, **kwargs)
        except Exception:
            object.__setattr__(self, "dataset", dataset)

    data.DataLoader.__init__ = init
    data.DataLoader.__iter__ = _stop("data")


class NoiseData(torch.utils.data.Dataset):
    """A torchvision data set's shapes and class names, with noise for pictures."""

    def __init__(self, name, transform=None):
        channels, height, width, classes = TORCHVISION[name]
        self.shape, self.transform = (channels, height, width), transform
        self.classes = [str(i) for i in range(classes)]
        self.class_to_idx = {c: i for i, c in enumerate(self.classes)}
        self.targets = self.train_labels = self.test_labels = torch.arange(256) % classes
        shape = (256, height, width) if channels == 1 else (256, height, width, channels)
        self.data = self.train_data = self.test_data = torch.randint(0, 256, shape, dtype=torch.uint8)
        self.imgs = self.samples = [("", 0)] * 256

    def __len__(self):
        return 256

    def __getitem__(self, index):
        if self.transform is None:
            return self.data[index], int(self.targets[index])
        return torch.rand(self.shape), int(self.targets[index])


def intercept_torchvision():
    """Data sets are noise, pretrained weights are not downloaded. Does nothing without torchvision."""
    datasets = sys.modules.get("torchvision.datasets")
    if datasets is None or isinstance(datasets, FakeModule):
        return
    for name in TORCHVISION:
        if hasattr(datasets, name):

            def replaced(*_args, _name=name, **kwargs):
                note(f"torchvision.datasets.{_name} is replaced by noise")
                return NoiseData(_name, kwargs.get("transform"))

            setattr(datasets, name, replaced)
    api = sys.modules.get("torchvision.models._api")
    if api is not None:
        api.WeightsEnum.get_state_dict = lambda self, *_a, **_k: note(f"{self} is not downloaded") or {}
