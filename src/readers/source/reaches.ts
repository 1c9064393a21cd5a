import { parametersOf, type AloneParameter, type NumberedFunction, type Program } from './program.ts';
import { componentClasses } from './statics.ts';

/** The class of a method and what its constructor takes. */
export function ownerOf(
  { file, info }: NumberedFunction,
  program: Program,
): { className: string; params: AloneParameter[] } {
  const { className = '' } = info;
  const made = program.functions.find(
    (other) => other.file === file && other.info.className === className && other.info.name === 'constructor',
  );
  return { className, params: made === undefined ? [] : parametersOf(made.info, program) };
}

/** The functions whose call reaches a model site, and the sites each reaches. */
export function reaches(program: Program): Map<NumberedFunction, Set<number>> {
  const own = new Map<NumberedFunction, Set<number>>();
  const functions = program.functions.filter((entry) => entry.file === 0);
  for (const entry of functions) own.set(entry, new Set());
  for (const site of program.modelSites) {
    const fn = functions.find((entry) => entry.number === program.sites[site]?.fn);
    if (fn !== undefined) own.get(fn)?.add(site);
  }
  // A model made by a constructor may get its layers from the class's other methods.
  for (const [entry, sites] of own) {
    const { className, name, builds } = entry.info;
    if (className === undefined || name === 'constructor' || !builds || sites.size > 0) continue;
    for (const [other, made] of own)
      if (other.info.className === className && other.info.name === 'constructor')
        for (const site of made) sites.add(site);
  }
  const shown = componentClasses(functions.map(({ info }) => info));
  const nameOf = (entry: NumberedFunction): string =>
    entry.info.name === 'constructor' ? (entry.info.className ?? '') : entry.info.name;
  for (let changed = true; changed;) {
    changed = false;
    for (const [entry, sites] of own) {
      for (const [other, more] of own) {
        const shows =
          shown.has(other.info.className ?? '') && entry.info.calls.has(other.info.className ?? '');
        const calls =
          entry !== other &&
          (shows || entry.info.calls.has(nameOf(other)) || other.info.parent === entry.info);
        if (!calls || nameOf(other) === '') continue;
        for (const site of more) {
          if (!sites.has(site)) {
            sites.add(site);
            changed = true;
          }
        }
      }
      for (const [other, more] of own) {
        if (other.info.parent !== entry.info || nameOf(other) !== '') continue;
        for (const site of more) if (!sites.has(site)) changed = Boolean(sites.add(site));
      }
    }
  }
  for (const [entry, sites] of own) if (sites.size === 0) own.delete(entry);
  return own;
}
