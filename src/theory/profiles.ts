import type { Signal } from './signal.ts';

type Profile = readonly Float64Array[];

/** The axes made one by one; where `same` says that an axis is as the one before it (both sides of a square image), they share one. */
function byAxis(
  axes: Profile,
  same: (axis: number) => boolean,
  make: (values: Float64Array, axis: number) => Float64Array,
): Profile {
  const made: Float64Array[] = [];
  for (const [axis, values] of axes.entries()) {
    const before = made[axis - 1];
    made.push(before !== undefined && same(axis) ? before : make(values, axis));
  }
  return made;
}

/** A profile after an activation whose second moment goes as a power of its input's. */
export function bentProfile(profile: Profile, power: number): Profile {
  return byAxis(
    profile,
    (axis) => profile[axis] === profile[axis - 1],
    (values) => bend(values, power),
  );
}

function bend(axis: Float64Array, power: number): Float64Array {
  if (power > 0.999 && power < 1.001) return axis;
  const bent = axis.map((value) => value ** power);
  let sum = 0;
  for (const value of bent) sum += value;
  const average = sum / bent.length;
  return average > 0 ? bent.map((value) => value / average) : bent;
}

/** Profile of a sum or concatenation: the average weighted by second moments, axis by axis. */
export function mixProfiles(left: Signal, right: Signal): Profile | undefined {
  const axes = left.profile ?? right.profile;
  if (axes === undefined) return undefined;
  const total = left.second + right.second;
  const share = total > 0 ? left.second / total : 0.5;
  const alike = ({ profile }: Signal, axis: number): boolean => profile?.[axis] === profile?.[axis - 1];
  return byAxis(
    axes,
    (axis) => alike(left, axis) && alike(right, axis),
    (values, axis) => {
      const fit = (others: Float64Array | undefined): Float64Array | undefined =>
        others?.length === values.length ? others : undefined;
      const a = fit(left.profile?.[axis]);
      const b = fit(right.profile?.[axis]);
      return values.map((_, at) => share * (a?.[at] ?? 1) + (1 - share) * (b?.[at] ?? 1));
    },
  );
}
