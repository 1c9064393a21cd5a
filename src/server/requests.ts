import { badInput } from '../inspect/badInput.ts';
import type { InspectRequest } from '../inspect/inspector.ts';
import { ConfigCache } from './configCache.ts';
import type { FileState } from './fileState.ts';
import type { EngineChoice, ServerParts } from './parts.ts';
import { decodeText } from './paths.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';

/** Bytes of text that are read at all, whoever asks; a string cannot be much longer. */
const MOST_BYTES = 400e6;

/** What the editor and the project say, made into what the inspector is asked: engine, text and request of a file. */
export class Requests {
  settings: Settings = DEFAULT_SETTINGS;
  trusted = true;
  nativeFolder: string | undefined;
  /** The interpreter that the person's editor has chosen for Python. */
  interpreter: string | undefined;
  readonly configs: ConfigCache;
  readonly #files: ServerParts['files'];

  constructor(parts: ServerParts) {
    this.#files = parts.files;
    this.configs = new ConfigCache(parts.projectConfig);
  }

  /** The engine to use now. A restricted workspace never gets a native one. */
  choice(): EngineChoice {
    const { backend, workers } = this.settings;
    const native = this.trusted ? this.nativeFolder : undefined;
    const allowed = !this.trusted && backend === 'tensorflow' ? 'auto' : backend;
    return {
      backend: allowed,
      workers,
      trusted: this.trusted,
      ...(native === undefined ? {} : { nativeFolder: native }),
      ...(this.interpreter === undefined ? {} : { interpreter: this.interpreter }),
    };
  }

  /** What the inspector is asked about this text of a file; without a text it reads the file itself. */
  async of(state: FileState, text: string | undefined): Promise<InspectRequest> {
    const { config, options, data } = await this.configs.of(state.path);
    const { budgetSeconds, backend } = this.settings;
    const files = this.trusted ? config.files : config.files.map(({ data: _data, ...rest }) => rest);
    return {
      path: state.path,
      ...(text === undefined ? {} : { text }),
      options: this.trusted ? options : { ...options, allowEvaluation: false },
      backend: !this.trusted && backend === 'tensorflow' ? 'auto' : backend,
      budgetSeconds,
      config: { ...config, files },
      ...(data === undefined || !this.trusted ? {} : { data }),
      distributions: true,
    };
  }

  /**
   * The text to read: the open document's, else the file's; undefined for archives. What a person did not ask for is held to the
   * size limit. Throws in one line what is wrong.
   */
  async text(state: FileState, asked = false): Promise<string | undefined> {
    const limit = asked ? MOST_BYTES : this.settings.maxFileMegabytes * 1e6;
    if (state.open !== undefined) {
      if (state.open.text.length > limit) throw this.#tooLarge(state.open.text.length, asked);
      return state.open.text;
    }
    if (state.archive) return undefined;
    const size = await this.#files.size(state.path);
    if (size > limit) throw this.#tooLarge(size, asked);
    return decodeText(await this.#files.read(state.path));
  }

  #tooLarge(size: number, asked: boolean): Error {
    const found = `The file has ${Math.round(size / 1e6)} MB`;
    return badInput(
      asked
        ? `${found}; text above ${MOST_BYTES / 1e6} MB cannot be read.`
        : `${found}; files above ${this.settings.maxFileMegabytes} MB are not read by themselves (setting initscope.maxFileSize.megabytes). Inspect Model reads it.`,
    );
  }
}
