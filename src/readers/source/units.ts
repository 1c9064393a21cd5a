import type { Files } from '../../model/measurer.ts';
import { readHtml, type HtmlElement } from './html.ts';
import { gatherSaved, type SavedModels } from './savedModels.ts';
import { analyse, type Statics } from './statics.ts';
import { looksMinified, parseSource, type Syntax } from './syntax.ts';

/** A file that takes part in a run: a parsed source, or data. */
export interface Unit {
  readonly path: string;
  readonly source?: { readonly syntax: Syntax; readonly statics: Statics };
  readonly json?: string;
  /** Specifier as written → index of the unit. */
  readonly imports: Record<string, number>;
  /** A script that a page names by `src`: its names are global. */
  readonly classic: boolean;
}

/** The inspected source (index 0), what it imports from the workspace, scripts of its page, and files beside it that call it. */
export interface Units {
  readonly units: readonly Unit[];
  readonly classics: readonly number[];
  readonly callers: readonly number[];
  readonly elements: Readonly<Record<string, HtmlElement>>;
  /** Model files of the project that it loads. */
  readonly saved: SavedModels;
  /** Every file that was read: the result depends on them. */
  readonly read: readonly string[];
}

const MAX_FILES = 24;
const MAX_BYTES = 1_500_000;
const MAX_FILE = 600_000;
const ENDINGS = ['', '.js', '.ts', '.mjs', '.tsx', '.jsx', '.cjs', '.json', '/index.js', '/index.ts'];
const CALLERS = [
  'index',
  'main',
  'train',
  'app',
  'script',
  'train_node',
  'train-node',
  'train-rnn',
  'run',
  'demo',
  'ui',
  '../index',
  '../main',
  '../train',
  '../app',
  '../src/index',
];
const PAGES = ['index.html', 'public/index.html', '../index.html', 'demo.html'];

class Gatherer {
  private readonly files: Files;
  private bytes = 0;
  readonly units: Unit[] = [];
  readonly byPath = new Map<string, number>();
  readonly read: string[] = [];

  constructor(files: Files) {
    this.files = files;
  }

  private async text(path: string): Promise<string | undefined> {
    try {
      if (!(await this.files.exists(path))) return undefined;
      const size = await this.files.size(path);
      if (size > MAX_FILE || this.bytes + size > MAX_BYTES) return undefined;
      this.bytes += size;
      this.read.push(path);
      return new TextDecoder().decode(await this.files.read(path)).replace(/^\ufeff/, '');
    } catch {
      return undefined;
    }
  }

  /** Where a file that is named in another one lies, when it may be read. */
  private async place(base: string, name: string): Promise<string | undefined> {
    return this.files.imported === undefined
      ? this.files.beside(base, name)
      : this.files.imported(base, name);
  }

  async page(base: string): Promise<Readonly<Record<string, HtmlElement>>> {
    const own = base.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '.html');
    for (const name of [own, ...PAGES]) {
      const path = await this.place(base, name);
      const text = path === undefined ? undefined : await this.text(path);
      if (text !== undefined) return readHtml(text).elements;
    }
    return {};
  }

  /** Adds a source whose text is known and everything it imports, breadth first. */
  async add(path: string, text: string, classic: boolean): Promise<number> {
    const known = this.byPath.get(path);
    if (known !== undefined && known < this.units.length) return known;
    const index = this.units.length;
    this.byPath.set(path, index);
    if (/\.json$/i.test(path)) {
      try {
        JSON.parse(text);
        this.units.push({ path, json: text, imports: {}, classic });
      } catch {
        this.units.push({ path, json: 'null', imports: {}, classic });
      }
      return index;
    }
    const syntax = parseSource(path, text);
    const statics = analyse(syntax);
    const unit: Unit = {
      path,
      source: { syntax, statics },
      imports: Object.create(null) as Record<string, number>,
      classic,
    };
    this.units.push(unit);
    for (const name of new Set(statics.imports)) {
      const target = await this.resolve(path, name);
      if (target !== undefined) unit.imports[name] = target;
    }
    return index;
  }

  private async resolve(from: string, name: string): Promise<number | undefined> {
    if (!/^(\.\.?|[@~])\//.test(name) || this.units.length >= MAX_FILES) return undefined;
    const stem = name.replace(/\.(m|c)?js$/, '');
    for (const candidate of [...ENDINGS.map((end) => name + end), `${stem}.ts`, `${stem}.tsx`]) {
      const path = await this.place(from, candidate);
      if (path === undefined || !/\.(m|c)?[jt]sx?$|\.json$/i.test(path)) continue;
      const known = this.byPath.get(path);
      if (known !== undefined) return known;
      const text = await this.text(path);
      if (text === undefined || looksMinified(text)) continue;
      try {
        return await this.add(path, text, false);
      } catch {
        return undefined;
      }
    }
    return undefined;
  }

  async script(base: string, source: string): Promise<number | undefined> {
    if (/^(https?:)?\/\//i.test(source)) return undefined;
    const path = await this.place(base, source);
    if (path === undefined) return undefined;
    const text = await this.text(path);
    if (text === undefined || looksMinified(text)) return undefined;
    try {
      return await this.add(path, text, true);
    } catch {
      return undefined;
    }
  }

  async callers(path: string): Promise<number[]> {
    const found: number[] = [];
    const stem = path.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '');
    const ending = /\.tsx?$/i.test(path) ? ['.ts', '.js'] : ['.js'];
    for (const name of CALLERS.flatMap((caller) => ending.map((end) => caller + end))) {
      const beside = await this.place(path, name);
      if (beside === undefined || beside === path || this.units.length >= MAX_FILES) continue;
      if (this.byPath.has(beside)) continue;
      const text = await this.text(beside);
      if (text === undefined || looksMinified(text) || !text.includes(`/${stem}`)) continue;
      try {
        const index = await this.add(beside, text, false);
        if (Object.values(this.units[index]?.imports ?? {}).includes(0)) found.push(index);
      } catch {
        continue;
      }
    }
    return found;
  }
}

/** Reads the source and, from the workspace only and within limits, the files it lives with. Throws the source's own syntax error. */
export async function gatherUnits(path: string, text: string, files: Files): Promise<Units> {
  const gatherer = new Gatherer(files);
  const own = files.beside(path, path.replace(/^.*[\\/]/, ''));
  if (own !== undefined) gatherer.byPath.set(own, 0);
  await gatherer.add(path, text, false);
  const page = gatherer.units[0]?.source?.syntax.page;
  const classics: number[] = [];
  for (const source of page?.sources.slice(0, 8) ?? []) {
    const index = await gatherer.script(path, source);
    if (index !== undefined) classics.push(index);
  }
  const elements = page?.elements ?? (await gatherer.page(path));
  const callers = page === undefined ? await gatherer.callers(path) : [];
  const texts = gatherer.units.flatMap(({ source }) => source?.statics.modelPaths ?? []);
  const saved = await gatherSaved(path, texts, files);
  const read = [...gatherer.read, ...saved.models.map((model) => model.path)];
  return { units: gatherer.units, classics, callers, elements, saved, read };
}
