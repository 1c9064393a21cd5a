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
import decisions from './sandbox/decisions.sandbox.js';
import environment from './sandbox/environment.sandbox.js';
import layers from './sandbox/layers.sandbox.js';
import loaded from './sandbox/loaded.sandbox.js';
import loops from './sandbox/loops.sandbox.js';
import main from './sandbox/main.sandbox.js';
import models from './sandbox/models.sandbox.js';
import modules from './sandbox/modules.sandbox.js';
import natives from './sandbox/natives.sandbox.js';
import operations from './sandbox/operations.sandbox.js';
import react from './sandbox/react.sandbox.js';
import recorder from './sandbox/recorder.sandbox.js';
import tf from './sandbox/tf.sandbox.js';
import tensors from './sandbox/tensors.sandbox.js';
import trace from './sandbox/trace.sandbox.js';
import unknown from './sandbox/unknown.sandbox.js';
import { Places } from './places.ts';
import type { AloneParameter, Program } from './program.ts';
import { parseRecording, type Recording, type RecordedRef } from './recording.ts';
import type { EvaluationWatch } from './watch.ts';

const MEMORY_LIMIT = 96 * 1024 * 1024;
/** Memory beyond that in which our own code may hand over what was recorded. */
const RESULT_MEMORY = 64 * 1024 * 1024;
const STACK_LIMIT = 400 * 1024;
const WALL_LIMIT = 2300;
/** Time after that in which our own code may hand over what was recorded. */
const RESULT_LIMIT = 400;
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
  /** The last site before which the program said that a native method of QuickJS may run long; -1 before any. */
  lastMarked = -1;
  private readonly lineOf: (site: number) => number;
  /** Set when a limit was hit; what was recorded up to then stays. */
  private noted: Recording['ended'];

  private constructor(
    runtime: QuickJSRuntime,
    context: QuickJSContext,
    program: Program,
    shape: (recording: Recording, ref: RecordedRef) => readonly (number | null)[] | undefined,
    watch: EvaluationWatch,
  ) {
    const places = new Places(program);
    const lines = new Map<number, number>();
    this.lineOf = (site) => {
      const line = lines.get(site) ?? (program.sites[site]?.file === 0 ? places.line(site) : 0);
      lines.set(site, line);
      return line;
    };
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
      const found = shape(parseRecording(text, true), refOf(text));
      return found === undefined ? context.undefined : context.newString(JSON.stringify(found));
    });
    const markFunction = context.newFunction('mark', (site) => {
      this.lastMarked = context.getNumber(site);
      watch.at(this.lineOf(this.lastMarked));
    });
    const glue = `((json, shape, mark) => { const run = eval; const config = JSON.parse(json); Object.setPrototypeOf(config.answers, null); return ${expression(main)}(config, { shape, mark, start: (index) => run(config.files[index].code) }, [${[unknown, tensors, recorder, layers, operations, trace, models, loaded, tf, decisions, loops, control, natives, environment, modules, react].map(expression).join(',')}]); })`;
    const made = context.unwrapResult(context.evalCode(glue, 'initscope'));
    const json = context.newString(JSON.stringify(program.start));
    this.entries = context.unwrapResult(
      context.callFunction(made, context.undefined, json, shapeFunction, markFunction),
    );
    for (const handle of [made, json, shapeFunction, markFunction]) handle.dispose();
  }

  /**
   * A fresh instance: nothing of an earlier program is in it, and its memory goes with it when it is dropped. It is never freed
   * piece by piece: QuickJS aborts on objects that an interrupted program leaves behind.
   */
  static async open(
    program: Program,
    shape: (recording: Recording, ref: RecordedRef) => readonly (number | null)[] | undefined,
    watch: EvaluationWatch,
  ): Promise<Sandbox> {
    compiled ??= WebAssembly.compile(wasmBytes as BufferSource);
    const module = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: await compiled }));
    const runtime = module.newRuntime();
    watch.started();
    return new Sandbox(runtime, runtime.newContext(), program, shape, watch);
  }

  private call(name: string, work: number, ...args: (number | string)[]): unknown {
    const { context } = this;
    this.allow(work, name === 'result' ? RESULT_LIMIT : 0);
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
  private allow(work: number, more = 0): void {
    this.lastTick = this.ticks + work;
    this.deadline = this.started + WALL_LIMIT + more;
  }

  /** Work left before the program as a whole is stopped. */
  get left(): number {
    return this.late ? 0 : TOTAL_WORK - this.ticks;
  }

  private get late(): boolean {
    return performance.now() - this.started > WALL_LIMIT;
  }

  private note(error: unknown): void {
    const message =
      typeof error === 'object' && error !== null && 'message' in error
        ? String(error.message)
        : String(error);
    const stack =
      typeof error === 'object' && error !== null && 'stack' in error ? String(error.stack) : undefined;
    this.noted ??= { message, site: -1, stack: stack ?? '' };
  }

  /** What ended the program, as far as the host saw it. */
  get ended(): Recording['ended'] {
    return this.noted ?? (this.late ? { message: 'interrupted', site: -1, stack: '' } : undefined);
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
    owner: { readonly className: string; readonly params: readonly AloneParameter[] },
  ): void {
    this.call(
      'alone',
      work,
      run,
      number,
      JSON.stringify(params),
      JSON.stringify(tried),
      owner.className,
      JSON.stringify(owner.params),
    );
    this.drain();
  }

  /** What was recorded so far. It may take more memory and time than the program had. */
  result(): Recording {
    this.runtime.setMemoryLimit(MEMORY_LIMIT + RESULT_MEMORY);
    const json = this.call('result', 100);
    this.runtime.setMemoryLimit(MEMORY_LIMIT);
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
