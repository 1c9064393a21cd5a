import { printKernelRows } from './kernels.ts';

await printKernelRows(process.argv.includes('--json'));
