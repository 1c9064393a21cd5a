import { EXIT } from './io.ts';
import { run } from './run.ts';

const controller = new AbortController();
let interrupts = 0;

process.on('SIGINT', () => {
  interrupts += 1;
  controller.abort(new DOMException('interrupted', 'AbortError'));
  if (interrupts > 1) process.exit(EXIT.interrupted);
});

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });

/** Waits until what was written has left the process, which ends only then. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}

const code = run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  cwd: process.cwd(),
  env: process.env,
  outIsTerminal: process.stdout.isTTY,
  errIsTerminal: process.stderr.isTTY,
  signal: controller.signal,
});

void code.then(async (exit) => {
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  process.exit(exit);
});
