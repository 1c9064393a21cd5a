import { TextDocument } from 'vscode-languageserver-textdocument';
import type { StaticReading } from '../inspect/inspector.ts';
import type { ComparisonSet } from '../model/comparison.ts';
import type { ProbeSet } from '../model/probe.ts';
import type { Problem } from '../model/problem.ts';
import type { ScanSet } from '../model/scan.ts';
import type { Report, ReportSet } from '../model/report.ts';
import type { StartsSet } from '../model/startsSet.ts';
import { isPython } from '../protocol/candidate.ts';
import { formatJson, type FormattedText } from './formattedJson.ts';
import { type Move, moveBetween, withMove } from './textMoves.ts';

/** Characters of a line that an editor renders; what lies beyond can be neither seen nor clicked. */
export const RENDERED_LINE = 10_000;

/** A document as the editor has it. */
interface OpenText {
  readonly text: string;
  readonly version: number;
  readonly languageId: string;
}

/** What was read from one text. `text` is the virtual configuration for an archive, else the document's text. */
export interface Reading {
  readonly text: string;
  readonly document: TextDocument;
  readonly content: StaticReading;
}

/** Results of one inspection; `text` is the exact text they belong to, null for an archive's bytes. */
export interface Measured {
  readonly text: string | null;
  readonly set: ReportSet;
  readonly at: number;
}

/** What a study gave; `text` is the exact text it belongs to, null for an archive's bytes. */
export interface Study<T> {
  readonly text: string | null;
  readonly set: T;
}

/** What is being done for a file right now, besides reading it. */
export interface Work {
  readonly kind: 'measuring';
  readonly since: number;
  readonly detail: string;
}

/** Everything known of one file. One object per real URI; virtual documents have none of their own. */
export class FileState {
  readonly uri: string;
  readonly path: string;
  readonly archive: boolean;
  /** The open document; absent for files that were only named (archives, workspace runs). */
  open: OpenText | undefined;
  /** True for an open document that nobody looks at, which an editor does not pull: it is kept alive, or was opened by a program. */
  background = false;
  /** The file on disk as it was when it was last read from there; absent until then. */
  stamp: string | undefined;
  /** True while the file of the open document says something else than the document: someone else wrote it. */
  apart = false;
  reading: Reading | undefined;
  /** Readings begun: of several under way, only the newest counts. */
  readings = 0;
  /** Ends with the reading that was asked for last. */
  newestRead: Promise<void> = Promise.resolve();
  /** Since when the newest reading is under way; absent when there is none. */
  readingSince: number | undefined;
  /** Milliseconds that the last reading took. */
  readMs = 0;
  measured: Measured | undefined;
  /** URIs of a notebook's cells, where its findings are shown. */
  cells: readonly string[] = [];
  /** How the text of a Python file, whose results follow it, changed since the last measurement; only kept while there are any. */
  moves: readonly Move[] = [];
  comparison: Study<ComparisonSet> | undefined;
  probe: Study<ProbeSet> | undefined;
  scan: Study<ScanSet> | undefined;
  starts: Study<StartsSet> | undefined;
  work: Work | undefined;
  /** What ended the work on it: a fault of ours, a time-out, input that could not be had; what the text says wrong is in the reading's problems. */
  failure: Problem | undefined;
  /** True while nothing is done for the file unasked, since earlier servers ended in its work. */
  leftAlone = false;
  /** Bumped whenever the answer to a pull may differ. */
  revision = 0;
  /** True from an edit that broke the text until it can be read again, or is saved as it is. */
  holding = false;
  /** True when nothing is shown until asked for (Clear Results). */
  cleared = false;
  /** True when something besides the text changed since it was measured: a setting, `initscope.json`. */
  outdated = false;
  #formatted:
    { readonly text: string; readonly value: FormattedText; readonly document: TextDocument } | undefined;

  constructor(uri: string, path: string, archive: boolean) {
    this.uri = uri;
    this.path = path;
    this.archive = archive;
  }

  /** The results, when they belong to exactly the present text. */
  get fresh(): ReportSet | undefined {
    if (this.measured === undefined || this.outdated) return undefined;
    if (this.open === undefined) return this.measured.set;
    return this.measured.text === this.open.text ? this.measured.set : undefined;
  }

  /** The results and whether they belong to an earlier text. */
  get results(): { readonly set: ReportSet; readonly stale: boolean } | undefined {
    const measured = this.measured;
    return measured === undefined ? undefined : { set: measured.set, stale: this.fresh === undefined };
  }

  /** The document was opened, in front of a person. */
  opened(open: OpenText): void {
    this.open = open;
    this.background = false;
    this.cleared = false;
  }

  /** The document says something else now: what was being done was for another text. */
  edited(open: OpenText): void {
    const follows = isPython(this.path) && this.measured !== undefined;
    const move = follows && this.open !== undefined ? moveBetween(this.open.text, open.text) : undefined;
    if (move !== undefined) this.moves = withMove(this.moves, move);
    this.open = open;
    this.tryAgain();
    this.work = undefined;
  }

  /** The document was saved: its person wants it measured, as it is on disk. */
  saved(): void {
    this.cleared = false;
    this.apart = false;
    this.leftAlone = false;
  }

  /** Earlier servers ended in the work on this file: it waits until it is edited, saved or asked for. */
  leaveAlone(): void {
    this.leftAlone = true;
    this.failure = {
      file: this.path,
      severity: 'error',
      message:
        'The server ended twice while it worked on this file, which is left alone until it is edited or Inspect Model is run.',
    };
  }

  /** What failed before may work now. */
  tryAgain(): void {
    this.leftAlone = false;
    this.failure = undefined;
  }

  /** Forgets what was measured; nothing is shown until it is asked for. */
  clear(): void {
    this.measured = undefined;
    this.comparison = undefined;
    this.probe = undefined;
    this.scan = undefined;
    this.starts = undefined;
    this.failure = undefined;
    this.work = undefined;
    this.cleared = true;
  }

  /** The fresh reports of this file. */
  get reports(): readonly Report[] {
    return this.fresh?.reports ?? [];
  }

  /** Whether a study belongs to an earlier text. */
  outlived({ text }: Study<unknown>): boolean {
    return this.open !== undefined && text !== null && text !== this.open.text;
  }

  /** First line too long to be rendered, or -1. */
  get longLine(): number {
    const document = this.reading?.document;
    const text = document?.getText() ?? '';
    for (let start = 0; start + RENDERED_LINE < text.length;) {
      const shown = text.slice(start, start + RENDERED_LINE + 1);
      const feed = shown.lastIndexOf('\n');
      const end = feed < 0 ? shown.lastIndexOf('\r') : feed;
      if (end < 0) return document?.positionAt(start).line ?? -1;
      start += end + 1;
    }
    return -1;
  }

  /** The text laid out for people; undefined before anything was read. */
  formatted(): { readonly value: FormattedText; readonly document: TextDocument } | undefined {
    const text = this.reading?.text;
    if (text === undefined) return undefined;
    if (this.#formatted?.text !== text) {
      const value = this.archive ? same(text) : formatJson(text);
      const document = TextDocument.create('', 'json', 0, value.text);
      this.#formatted = { text, value, document };
    }
    return this.#formatted;
  }
}

function same(text: string): FormattedText {
  return { text, toFormatted: (offset) => offset, toOriginal: (offset) => offset };
}
