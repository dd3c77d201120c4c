import {
  type Clinic,
  isAllowed,
  makeClinic,
  makeRequests,
  makeResources,
  type Request,
  type Resource,
} from './model.ts';

/** A clinic with its records, and the requests that everybody answers. */
export interface World {
  readonly clinic: Clinic;
  readonly resources: readonly Resource[];
  readonly requests: readonly Request[];
  /** The right answer to each request: 1 for allow. */
  readonly expected: Uint8Array;
}

export function makeWorld(seed: number): World {
  const clinic = makeClinic(seed);
  const resources = makeResources(clinic, 2_000, seed + 1);
  const requests = makeRequests(clinic, resources, 10_000, seed + 2);
  return { clinic, resources, requests, expected: Uint8Array.from(requests, (one) => Number(isAllowed(clinic, one))) };
}
