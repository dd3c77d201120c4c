import type { Clinic, Person, Request } from '../clinic/model.ts';
import type { World } from '../clinic/world.ts';
import type { Engine } from '../rounds.ts';

/** What an application is asked first. `clinic.users` holds the asking user alone. */
export interface FirstRequest {
  readonly clinic: Clinic;
  readonly user: Person;
  readonly action: string;
  readonly resource: Request['resource'];
}

/** By an engine of W1 that is made for this request alone. */
export async function decideBy(
  { clinic, ...request }: FirstRequest,
  make: (world: World) => readonly Engine[] | Promise<readonly Engine[]>,
): Promise<boolean> {
  const world = { clinic, requests: [request], resources: [request.resource], expected: Uint8Array.of(1) };
  const [engine] = await make(world);
  const out = new Uint8Array(1);
  await engine?.answer(0, 1, out);
  await engine?.close?.();
  return out[0] === 1;
}
