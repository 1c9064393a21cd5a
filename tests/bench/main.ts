import { printKernelRows } from './kernels.ts';
import { printTorchRows } from './torch.ts';

const json = process.argv.includes('--json');
const only = (name: string): boolean => process.argv.includes(`--${name}`);
if (!only('torch')) await printKernelRows(json);
if (!only('kernels')) await printTorchRows(json);
