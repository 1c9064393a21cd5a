/** A PyTorch in name only, whose torchrun runs one rank in the same process. */
export const LAUNCHER = {
  'torch/__init__.py': '__version__ = "2.3.1"\nfrom . import distributed\n',
  'torch/distributed/run.py':
    'import os, runpy, sys\nos.environ["RANK"] = "0"\nrunpy.run_module(sys.argv[-1], run_name="__main__")\n',
};
const WITH = (available: boolean, gloo: boolean) => ({
  'torch/distributed/__init__.py': `def is_available():
    return ${available ? 'True' : 'False'}
def is_gloo_available():
    return ${gloo ? 'True' : 'False'}
`,
});
/** What an installation lacks, and what is said. */
export const LACKING: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
  [WITH(true, true), /PyTorch 2\.3\.1 has no fully_shard \(FSDP2\): --executor torchrun needs 2\.6 or newer/],
  [
    { ...WITH(true, false), 'torch/distributed/fsdp.py': 'fully_shard = None\n' },
    /PyTorch 2\.3\.1 is built without gloo, by which ranks on the CPU talk/,
  ],
  [WITH(false, false), /PyTorch 2\.3\.1 is built without torch\.distributed, by which ranks talk/],
  [
    { ...WITH(true, true), 'torch/distributed/run.py': 'from torch.distributed import TCPStore\n' },
    /The PyTorch in python3 is built without torch\.distributed, by which ranks talk/,
  ],
];
