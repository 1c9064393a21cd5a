import variant from '@jitl/quickjs-wasmfile-release-sync';
import wasmBytes from '@jitl/quickjs-wasmfile-release-sync/wasm';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import control from './sandbox/control.sandbox.js';
import environment from './sandbox/environment.sandbox.js';
import main from './sandbox/main.sandbox.js';
import recorder from './sandbox/recorder.sandbox.js';
import tensors from './sandbox/tensors.sandbox.js';
import unknown from './sandbox/unknown.sandbox.js';
import type { AloneParameter, Program } from './program.ts';
import { parseRecording, type Recording, type RecordedRef } from './recording.ts';

const MEMORY_LIMIT = 96 * 1024 * 1024;
const STACK_LIMIT = 400 * 1024;
const WALL_LIMIT = 2300;
/** Units of ten thousand calls and jumps. */
const TOTAL_WORK = 900;
const MAX_RESULT = 24_000_000;

/** A script that is one parenthesized function, as an expression. */
const expression = (script: string): string => `(${script.trim().replace(/;$/, '')})`;

let compiled: Promise<WebAssembly.Module> | undefined;

/** A program inside QuickJS: no files, network, timers or host objects; memory, stack and time are limited. */
export class Sandbox {
  private readonly runtime: QuickJSRuntime;
  private readonly context: QuickJSContext;
  private readonly entries: QuickJSHandle;
  private deadline = 0;
  private ticks = 0;
  private readonly started = performance.now();
  private lastTick = 0;
  /** Set when a limit was hit; the recording up to then stays. */
  stopped: string | undefined;

  private constructor(
    runtime: QuickJSRuntime,
    context: QuickJSContext,
    program: Program,
    shape: (recording: Recording, ref: RecordedRef) => readonly (number | null)[] | undefined,
  ) {
    this.runtime = runtime;
    this.context = context;
    runtime.setMemoryLimit(MEMORY_LIMIT);
    runtime.setMaxStackSize(STACK_LIMIT);
    runtime.setInterruptHandler(() => {
      this.ticks += 1;
      return this.ticks > this.lastTick || performance.now() > this.deadline;
    });
    this.allow(TOTAL_WORK);
    const shapeFunction = context.newFunction('shape', (json) => {
      const text = context.getString(json);
      const found = shape(parseRecording(text), refOf(text));
      return found === undefined ? context.undefined : context.newString(JSON.stringify(found));
    });
    const glue = `((json, shape) => { const run = eval; const config = JSON.parse(json); Object.setPrototypeOf(config.answers, null); return ${expression(main)}(config, { shape, start: (index) => run(config.files[index].code) }, [${[unknown, tensors, recorder, control, environment].map(expression).join(',')}]); })`;
    const made = context.unwrapResult(context.evalCode(glue, 'initscope'));
    const json = context.newString(JSON.stringify(program.start));
    this.entries = context.unwrapResult(context.callFunction(made, context.undefined, json, shapeFunction));
    for (const handle of [made, json, shapeFunction]) handle.dispose();
  }

  /**
   * A fresh instance: nothing of an earlier program is in it, and its memory goes with it when it is dropped. It is never freed
   * piece by piece: QuickJS aborts on objects that an interrupted program leaves behind.
   */
  static async open(
    program: Program,
    shape: (recording: Recording, ref: RecordedRef) => readonly (number | null)[] | undefined,
  ): Promise<Sandbox> {
    compiled ??= WebAssembly.compile(wasmBytes as BufferSource);
    const module = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: await compiled }));
    const runtime = module.newRuntime();
    return new Sandbox(runtime, runtime.newContext(), program, shape);
  }

  private call(name: string, work: number, ...args: (number | string)[]): unknown {
    const { context } = this;
    this.allow(work);
    const handles = args.map((arg) =>
      typeof arg === 'number' ? context.newNumber(arg) : context.newString(arg),
    );
    const entry = context.getProp(this.entries, name);
    try {
      const result = context.callFunction(entry, context.undefined, ...handles);
      if (result.error) {
        const error: unknown = context.dump(result.error);
        result.error.dispose();
        this.note(error);
        return undefined;
      }
      const value: unknown =
        context.typeof(result.value) === 'string'
          ? context.getString(result.value)
          : context.dump(result.value);
      result.value.dispose();
      return value;
    } finally {
      entry.dispose();
      for (const handle of handles) handle.dispose();
    }
  }

  /**
   * Lets the program run for a counted amount of work (QuickJS asks every ten thousand calls and jumps whether to stop), which
   * does not depend on the machine's load; the clock is only the backstop that keeps an answer within seconds.
   */
  private allow(work: number): void {
    this.lastTick = this.ticks + work;
    this.deadline = this.started + WALL_LIMIT;
  }

  /** Work left before the program as a whole is stopped. */
  get left(): number {
    return performance.now() - this.started > WALL_LIMIT ? 0 : TOTAL_WORK - this.ticks;
  }

  private note(error: unknown): void {
    const message =
      typeof error === 'object' && error !== null && 'message' in error
        ? String(error.message)
        : String(error);
    if (/interrupted/.test(message)) this.stopped = 'it ran longer than its time limit';
    else if (/out of memory/.test(message)) this.stopped = 'it asked for more memory than its limit';
    else if (/stack overflow/.test(message)) this.stopped = 'its calls are nested too deeply';
    else this.stopped ??= message.slice(0, 200);
  }

  private drain(): void {
    for (
      let rounds = 0;
      rounds < 400 && this.ticks <= this.lastTick && performance.now() < this.deadline;
      rounds += 1
    ) {
      const result = this.runtime.executePendingJobs(200);
      if (result.error) {
        this.note(this.context.dump(result.error));
        result.error.dispose();
        continue;
      }
      const ran = result.value;
      if (ran === 0) return;
    }
  }

  /** Runs a file's top level, then what it registered to run later (listeners, timers). */
  load(run: number, index: number, work: number): void {
    const end = this.ticks + work;
    this.call('load', work, run, index);
    this.drain();
    for (let round = 0; round < 8 && this.ticks < end; round += 1) {
      const count = this.call('callbacks', end - this.ticks);
      this.drain();
      if (count === 0 || count === undefined) return;
    }
  }

  /** Calls one function with defaults and unknowns. `tried`: values already taken for unknown choices. */
  alone(
    run: number,
    number: number,
    params: readonly AloneParameter[],
    tried: readonly (readonly [string, readonly unknown[]])[],
    work: number,
  ): void {
    this.call('alone', work, run, number, JSON.stringify(params), JSON.stringify(tried));
    this.drain();
  }

  result(): Recording {
    const json = this.call('result', 100);
    return parseRecording(typeof json === 'string' && json.length < MAX_RESULT ? json : '');
  }
}

function refOf(json: string): RecordedRef {
  const value: unknown = JSON.parse(json);
  const ref =
    typeof value === 'object' && value !== null && 'ref' in value
      ? (value.ref as Record<string, unknown>)
      : {};
  return { layer: Number(ref['layer']), call: Number(ref['call']), output: Number(ref['output']) };
}
