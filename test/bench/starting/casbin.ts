import { casbinEngine } from '../peers/casbin.ts';
import { decideBy, type FirstRequest } from './request.ts';

export const decide = (request: FirstRequest) => decideBy(request, casbinEngine);
