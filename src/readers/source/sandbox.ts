import variant from '@jitl/quickjs-wasmfile-release-sync';
import wasmBytes from '@jitl/quickjs-wasmfile-release-sync/wasm';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import { Places } from './places.ts';
import type { AloneParameter, Program } from './program.ts';
import { parseRecording, type Recording, type RecordedRef } from './recording.ts';
import { SANDBOX_CODE } from './sandboxCode.ts';
import type { EvaluationWatch } from './watch.ts';

const MEMORY_LIMIT = 96 * 1024 * 1024;
/** Memory beyond that in which our own code may hand over what was recorded. */
const RESULT_MEMORY = 64 * 1024 * 1024;
const STACK_LIMIT = 400 * 1024;
/** Milliseconds that a program may use. */
const TIME_LIMIT = 2300;
/** Time after that in which our own code may hand over what was recorded. */
const RESULT_LIMIT = 400;
/** Units of ten thousand calls and jumps. */
const TOTAL_WORK = 900;
const MAX_RESULT = 24_000_000;

let compiled: Promise<WebAssembly.Module> | undefined;

/** A program inside QuickJS: no files, network, timers or host objects; memory, stack and time are limited. */
export class Sandbox {
  private readonly runtime: QuickJSRuntime;
  private readonly context: QuickJSContext;
  private readonly entries: QuickJSHandle;
  private readonly watch: EvaluationWatch;
  /** Milliseconds that the program has used up to when it last began to run, and when that was; undefined while it does not run. */
  private used = 0;
  private began: number | undefined;
  private limit = TIME_LIMIT;
  private ticks = 0;
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
    this.watch = watch;
    runtime.setMemoryLimit(MEMORY_LIMIT);
    runtime.setMaxStackSize(STACK_LIMIT);
    runtime.setInterruptHandler(() => {
      this.ticks += 1;
      const used = this.usedNow();
      if (this.began !== undefined) watch.alive(used);
      return this.ticks > this.lastTick || used > this.limit;
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
    const made = context.unwrapResult(context.evalCode(SANDBOX_CODE, 'initscope'));
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
      const result = this.running(() => context.callFunction(entry, context.undefined, ...handles));
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
   * does not depend on the machine's load; its time is only the backstop that keeps an answer within seconds.
   */
  private allow(work: number, more = 0): void {
    this.lastTick = this.ticks + work;
    this.limit = TIME_LIMIT + more;
  }

  /** Runs something of the program, and counts its time and lets the watch know. */
  private running<T>(run: () => T): T {
    this.began = this.watch.now();
    this.watch.alive(this.used);
    try {
      return run();
    } finally {
      this.used = this.usedNow();
      this.began = undefined;
      this.watch.paused();
    }
  }

  private usedNow(): number {
    return this.began === undefined ? this.used : this.used + this.watch.now() - this.began;
  }

  /** Work left before the program as a whole is stopped. */
  get left(): number {
    return this.late ? 0 : TOTAL_WORK - this.ticks;
  }

  private get late(): boolean {
    return this.usedNow() > TIME_LIMIT;
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
    for (let rounds = 0; rounds < 400 && this.ticks <= this.lastTick && this.used < this.limit; rounds += 1) {
      const result = this.running(() => this.runtime.executePendingJobs(200));
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
