import { fileURLToPath } from 'node:url';
import { cerbosEngine } from '../peers/cerbos.ts';
import { decideBy, type FirstRequest } from './request.ts';

export const decide = (request: FirstRequest) =>
  decideBy(request, (world) => cerbosEngine(world, fileURLToPath(new URL('.', import.meta.url))));
