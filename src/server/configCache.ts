import type { FoundConfig, ServerParts } from './parts.ts';

/** `initscope.json` by file, until a file of that name changes. A configuration that cannot be read counts as none. */
export class ConfigCache {
  readonly #load: ServerParts['projectConfig'];
  readonly #known = new Map<string, Promise<FoundConfig>>();
  /** Called once for each configuration that was loaded, with its problems. */
  onLoaded: (found: FoundConfig) => void = () => {};

  constructor(load: ServerParts['projectConfig']) {
    this.#load = load;
  }

  /** The configuration that holds for a file. */
  of(path: string): Promise<FoundConfig> {
    let found = this.#known.get(path);
    if (found === undefined) {
      found = this.#load(path).then((config) => {
        this.onLoaded(config);
        return config;
      });
      found.catch(() => this.#known.delete(path));
      this.#known.set(path, found);
    }
    return found;
  }

  /** Reads every known configuration again; the paths for which something else holds now. */
  async refresh(): Promise<ReadonlySet<string>> {
    const before = [...this.#known];
    this.#known.clear();
    const changed = new Set<string>();
    for (const [path, known] of before) {
      const [old, now] = await Promise.allSettled([known, this.of(path)]);
      if (JSON.stringify(old) !== JSON.stringify(now)) changed.add(path);
    }
    return changed;
  }

  /** Forgets everything; the next question reads again. */
  clear(): void {
    this.#known.clear();
  }
}
