import { DAY, LAST_INSTANT, type Zone } from './dates.ts';

/** A stretch of time in which the days of two zones are apart by just these bounds; ends are included. */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** Bounds of "day in the other zone - day in the one". */
  readonly apart: readonly [low: number, high: number];
}

const known = new WeakMap<Zone, WeakMap<Zone, readonly Window[]>>();

/** All of time, cut wherever the two zones begin to be otherwise apart. */
export function windowsOf(one: Zone, other: Zone): readonly Window[] {
  const ofOne = known.get(one) ?? new WeakMap<Zone, readonly Window[]>();
  known.set(one, ofOne);
  let windows = ofOne.get(other);
  if (!windows) {
    windows = cut(one, other);
    ofOne.set(other, windows);
  }
  return windows;
}

function cut(one: Zone, other: Zone): readonly Window[] {
  const starts = [one, other].flatMap(({ instants }) => Array.from(instants).slice(1));
  const cuts = [-LAST_INSTANT, ...[...new Set(starts)].sort((a, b) => a - b)];
  const windows: Window[] = [];
  cuts.forEach((from, at) => {
    const to = (cuts[at + 1] ?? LAST_INSTANT + 1) - 1;
    const apart = (offsetAt(other, from) - offsetAt(one, from)) / DAY;
    const bounds = [Math.floor(apart), Math.ceil(apart)] as const;
    const last = windows.at(-1);
    if (last && last.apart.join() === bounds.join()) windows[windows.length - 1] = { ...last, to };
    else windows.push({ from, to, apart: bounds });
  });
  return windows;
}

function offsetAt({ instants, offsets }: Zone, instant: number): number {
  let at = instants.length - 1;
  while (at > 0 && (instants[at] ?? 0) > instant) at--;
  return offsets[at] ?? 0;
}
