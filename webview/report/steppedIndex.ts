/** Where a key leads along columns, from −1 (none) on; −1 for keys that lead nowhere. */
export function steppedIndex(key: string, from: number, count: number): number {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: Math.max(0, from - 1),
    ArrowRight: Math.min(count - 1, from + 1),
    Home: 0,
    End: count - 1,
  };
  return steps[key] ?? -1;
}
