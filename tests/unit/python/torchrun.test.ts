import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { executorOf } from '../../../src/cli/executor.ts';
import { UsageError } from '../../../src/cli/io.ts';
import { parseArguments } from '../../../src/cli/arguments.ts';
import { torchrunFailure } from '../../../src/node/python/torchrun.ts';

const SAID = `E1122 14:33:01 api.py:1002] failed (exitcode: -11) local_rank: 1 (pid: 12) of binary: python
Failures:
[1]:
  rank      : 0 (local_rank: 0)
  exitcode  : -15 (pid: 11)  (SIGTERM)
Root Cause (first observed failure):
[0]:
  rank      : 1 (local_rank: 1)
  exitcode  : CODE (pid: 12)
`;

describe('torchrun', () => {
  it('is asked for by its number of ranks', () => {
    const asked = (text: string) =>
      executorOf(parseArguments(['--executor', text], { executor: { type: 'string' } }));
    assert.deepEqual(asked('torchrun=2'), { kind: 'torchrun', ranks: 2 });
    for (const wrong of ['torchrun', 'torchrun=1', 'torchrun=2.5', 'torchrun=many', 'slurm'])
      assert.throws(() => asked(wrong), UsageError);
  });

  it('says in one line which rank ended and how, or what is not installed', () => {
    const failure = (said: string) => torchrunFailure(said, '/x/python');
    assert.equal(
      failure(SAID.replace('CODE', '-11')),
      'Rank 1 of torchrun was ended by signal 11, and the others with it',
    );
    assert.equal(
      failure(SAID.replace('CODE', '1')),
      'Rank 1 of torchrun ended with code 1, and the others with it',
    );
    assert.match(
      failure("/x/python: Error while finding module specification: No module named 'torch'") ?? '',
      /no PyTorch in/,
    );
    assert.match(failure('No module named torch.distributed.run') ?? '', /has no torchrun/);
    assert.match(
      failure("ModuleNotFoundError: No module named 'torch._C._distributed_c10d'") ?? '',
      /without torch\.distributed/,
    );
    assert.equal(failure('something else'), undefined);
  });
});
