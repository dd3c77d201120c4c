import { atomOf, FALSE, INSTANCES, TRUE, type Variable } from '../diagram/index.ts';
import type { Atom, Constant, Term } from '../lower/index.ts';
import { type Answer, createSolver, type SlotFacts, type Solver, type Zone } from '../solver/index.ts';
import { offsetsOf } from '../zone/index.ts';
import { search } from './search.ts';
import type { Part, Subject } from './subjects.ts';
import type { World } from './world.ts';

/** What each of some variables is. */
export type State = ReadonlyMap<Variable, number>;

/** Asks the solver whether a state of the world is possible, when this subject is who acts. */
export class Asker {
  readonly world: World;
  readonly subject: Subject;
  private readonly atoms = new Map<Variable, Atom>();
  private readonly solvers = new Map<boolean, Solver>();

  private readonly found = new Map<number, ReturnType<typeof search>>();

  constructor(world: World, subject: Subject) {
    this.world = world;
    this.subject = subject;
  }

  /** Which instance of an atom the part sees. */
  instanceOf(part: Part): (atom: number) => number {
    const { atoms } = this.world;
    const { varying } = this.subject;
    return (atom) => (part.instance > 0 && readsSettings(atoms[atom], varying) ? part.instance : 0);
  }

  /** As `search`; a function is searched once. */
  search(node: number): ReturnType<typeof search> {
    let found = this.found.get(node);
    if (found === undefined) {
      found = search(this, node);
      this.found.set(node, found);
    }
    return found;
  }

  solve(state: State): Answer {
    const literals = [...state].map(([variable, is]) => ({
      atom: this.atomFor(variable),
      is: is === TRUE ? ('true' as const) : is === FALSE ? ('false' as const) : ('unknown' as const),
    }));
    return this.solver(literals.some(({ atom }) => isAboutDays(atom))).solve(literals);
  }

  private solver(needsZone: boolean): Solver {
    let solver = this.solvers.get(needsZone);
    if (!solver) {
      const { policy } = this.world;
      const { attributes, parts } = this.subject;
      const slots = [...new Map(parts.map((part) => [part.instance, part])).values()].flatMap((part) =>
        slotsOf(part, this.subject.varying),
      );
      const zone = needsZone ? zoneOfPolicy(policy.timeZone) : null;
      solver = createSolver({ attributes, slots, ...(zone && { zone }) });
      this.solvers.set(needsZone, solver);
    }
    return solver;
  }

  private atomFor(variable: Variable): Atom {
    const known = this.atoms.get(variable);
    if (known) return known;
    const atom = this.world.atoms[atomOf(variable)] as Atom;
    const instance = variable % INSTANCES;
    const { varying } = this.subject;
    const rename = (side: Term | Constant) => (reads(side, varying) ? renamed(side, instance) : side);
    const own: Atom =
      instance === 0 ? atom : { ...atom, left: rename(atom.left), right: atom.right && rename(atom.right) };
    this.atoms.set(variable, own);
    return own;
  }
}

/** The slot of the policy that a name in an answer stands for, and whose it is. */
export function slotAndInstance(name: string): readonly [slot: string, instance: number] {
  const [slot = '', instance = '0'] = name.split('#');
  return [slot, Number(instance)];
}

function slotsOf({ slots, instance }: Part, varying: string | undefined): readonly SlotFacts[] {
  if (instance === 0) return slots;
  const own = slots.filter(({ setting }) => varying === undefined || setting === varying);
  return own.map((slot) => ({
    ...slot,
    name: `${slot.name}#${instance}`,
    setting: `${slot.setting}#${instance}`,
  }));
}

function renamed(side: Term | Constant, instance: number): Term | Constant {
  if (side.kind === 'constant' || side.source.kind === 'attribute') return side;
  const { source } = side;
  if (source.kind === 'slot') return { ...side, source: { ...source, slot: `${source.slot}#${instance}` } };
  return { ...side, source: { ...source, setting: `${source.setting}#${instance}` } };
}

/** Any setting, or this one. */
export function readsSettings(atom: Atom | undefined, setting?: string): boolean {
  return [atom?.left, atom?.right].some((side) => side != null && reads(side, setting));
}

function reads(side: Term | Constant, setting: string | undefined): boolean {
  if (side.kind === 'constant' || side.source.kind === 'attribute') return false;
  const { source } = side;
  return setting === undefined || setting === (source.kind === 'slot' ? source.slot.split('/')[0] : source.setting);
}

function isAboutDays({ left, right }: Atom): boolean {
  return [left, right].some((side) => side?.kind === 'term' && side.isDay);
}

const zones = new Map<string, Zone>();

function zoneOfPolicy(timeZone: string): Zone {
  const zone = zones.get(timeZone) ?? offsetsOf(timeZone);
  zones.set(timeZone, zone);
  return zone;
}
