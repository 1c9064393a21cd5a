"""Measures PyTorch models that are spread over the ranks of torchrun. Every rank passes the same batch, so that batch statistics and gradients are
those of one process; a parameter's statistics are made by one rank, from its gathered parts, while the others make those of other parameters."""

import gc

import torch
import torch.distributed as dist

from .agreement import section
from .deferred import Deferred
from .sharding import ShardedCapture, shard, to_meta
from .torchmodels import TorchModel, weight_stats


class ShardedModel(TorchModel):
    """A TorchModel of which every rank holds a part."""

    capture = ShardedCapture

    def drawn(self, seed, laws):
        """The model for a seed, spread over the ranks."""
        # FSDP's hooks and states hold the model before it in circles.
        self.session.finder.release(self.candidate)
        gc.collect()
        deferred = Deferred()
        with section():
            with deferred:
                model = self.build(seed)
            return shard(model, deferred, laws, seed)

    def find_feeds(self, shapes):
        """Decides the inputs on the meta device: every failed trial would otherwise leave the ranks with gathered parameters."""
        deferred = Deferred()
        with deferred:
            model = self.build(1)
        to_meta(model, deferred)
        with section(), torch.device("meta"):
            self.feed(model, shapes)

    def spec(self, model, facts):
        """The ModelSpec, from one pass over two samples on every rank."""
        with section():
            return super().spec(model, facts)

    def weights(self, capture):
        """WeightStats of every weight, shared among the ranks."""
        rank, world = dist.get_rank(), dist.get_world_size()
        found = [(layer, weight) for layer in capture.layers.values() for weight in layer.weights]
        own = {}
        for number, (layer, weight) in enumerate(found):
            stats = weight_stats(layer, weight, wanted=number % world == rank)
            if stats is not None:
                own[number] = stats
        parts = [None] * world
        dist.all_gather_object(parts, own)
        together = {number: stats for part in parts for number, stats in part.items()}
        return [together[number] for number in range(len(found))]

    def engine(self):
        """What measured it, for the Measurement."""
        return dict(super().engine(), kernels=f"torch, FSDP2 over {dist.get_world_size()} ranks")
